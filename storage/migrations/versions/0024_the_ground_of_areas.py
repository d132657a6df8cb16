"""Where communes and hamlets lie: their outlines, or circles, as an admin's file draws them."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area_shape",
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("outline", sa.LargeBinary(), nullable=True),
        sa.Column("north", sa.Double(), nullable=False),
        sa.Column("east", sa.Double(), nullable=False),
        sa.Column("radius", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area"], ["area.code"], name=op.f("fk_area_shape_area")),
        sa.PrimaryKeyConstraint("area", name=op.f("pk_area_shape")),
    )
