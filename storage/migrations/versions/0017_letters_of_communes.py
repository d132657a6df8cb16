"""The two letters of a commune's case codes, where it has others than its initials; into what a unit went."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("area", sa.Column("prefix", sa.String(length=2), server_default="", nullable=False))
    op.add_column("unit", sa.Column("merged_into", sa.Uuid(), nullable=True))
