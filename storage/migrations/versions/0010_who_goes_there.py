"""Who said that they go where a danger is that is told together with what is kept close."""

import sqlalchemy as sa
from alembic import op


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("going", sa.JSON(), server_default="[]", nullable=False))
