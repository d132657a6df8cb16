"""What is no case has a history too, which is only ever added to; days away have a state."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_SQLITE = """
create trigger matter_event_no_{verb} before {verb} on matter_event
begin select raise(abort, 'the history of a matter is append-only'); end
"""
_POSTGRESQL = (
    """
create function matter_event_append_only() returns trigger language plpgsql as
$$ begin raise exception 'the history of a matter is append-only'; end $$
""",
    """
create trigger matter_event_append_only before update or delete on matter_event
for each row execute function matter_event_append_only()
""",
)


def upgrade() -> None:
    op.create_table(
        "matter_event",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "matter_id", "number", name=op.f("pk_matter_event")),
    )
    op.add_column("absence", sa.Column("state", sa.String(length=20), server_default="noted", nullable=False))
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(_SQLITE.format(verb=verb))
    else:
        for statement in _POSTGRESQL:
            op.execute(statement)
