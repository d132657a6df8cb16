"""A request that waits for a second person is a matter: its timers bear the name of its table, as all do."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("update timer set kind = 'key_request' where kind = 'key'")
