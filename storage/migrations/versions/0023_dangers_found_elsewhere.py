"""Who had a danger that turned out to be in another commune goes on with it until somebody there takes it."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("until_taken", sa.JSON(), server_default="[]", nullable=False))
