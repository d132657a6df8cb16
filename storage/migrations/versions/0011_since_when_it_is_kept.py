"""Since when a case is kept from somebody that anybody could look up until then; unknown of older ones."""

import sqlalchemy as sa
from alembic import op


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("kept_since", sa.BigInteger(), nullable=True))
