"""Cases that are worked on together: which one a case is joined to, and which are joined to it."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("joined", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("case", sa.Column("together", sa.JSON(), server_default="[]", nullable=False))
