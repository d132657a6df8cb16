"""What was told lately in a commune is found by the commune: it costs the same however many the desk serves."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_case_area_topic_opened_at", "case", ["area", "topic", "opened_at"])
