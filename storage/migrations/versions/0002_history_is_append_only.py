"""History is append-only."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SQLITE = """
create trigger case_event_no_{verb} before {verb} on case_event
begin select raise(abort, 'the history of a case is append-only'); end
"""
_POSTGRESQL = (
    """
create function case_event_append_only() returns trigger language plpgsql as
$$ begin raise exception 'the history of a case is append-only'; end $$
""",
    """
create trigger case_event_append_only before update or delete on case_event
for each row execute function case_event_append_only()
""",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(_SQLITE.format(verb=verb))
    else:
        for statement in _POSTGRESQL:
            op.execute(statement)
