"""What is said in a chat while somebody has it is held, and found by this index."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    held = sa.text("state = 1")
    op.create_index("ix_inbox_held", "inbox", ["lane"], sqlite_where=held, postgresql_where=held)
