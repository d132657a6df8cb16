"""Histories of matters are chained as those of cases; timers of what waits for a second person bear its name."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("matter_event", sa.Column("hash", sa.String(length=64), server_default="", nullable=False))
    op.create_table(
        "matter_history",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("history_length", sa.Integer(), nullable=False),
        sa.Column("history_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_history")),
    )
    op.execute("update timer set kind = 'key_request' where kind = 'key'")
