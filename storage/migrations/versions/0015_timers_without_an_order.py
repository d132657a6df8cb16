"""Timers lie by their names on SQLite: in the order in which they were wound they would tell who wrote when."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.rename_table("timer", "timer_by_order")
    op.drop_index("ix_timer_due", "timer_by_order")
    op.create_table(
        "timer",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_timer")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_timer_due", "timer", ["due_at"])
    op.execute("insert into timer select kind, subject, due_at, attempts from timer_by_order order by kind, subject")
    op.drop_table("timer_by_order")
