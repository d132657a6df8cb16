"""A desk of many communes knows of which a chat's matters are."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chat", sa.Column("commune", sa.String(length=40), nullable=True))
