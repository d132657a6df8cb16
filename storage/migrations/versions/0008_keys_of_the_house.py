"""Two people for the roles that open everything, who has read what, and a history under the desk's key."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SQLITE = """
create trigger access_no_{verb} before {verb} on access
begin select raise(abort, 'the access record is append-only'); end
"""
_POSTGRESQL = (
    """
create function access_append_only() returns trigger language plpgsql as
$$ begin raise exception 'the access record is append-only'; end $$
""",
    """
create trigger access_append_only before update or delete on access
for each row execute function access_append_only()
""",
)


def upgrade() -> None:
    op.create_table(
        "key_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("order", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_key_request_decided_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_key_request_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_request")),
    )
    op.create_table(
        "access",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_access_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_access_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_access_unit_id")),
        sa.PrimaryKeyConstraint("case_id", "person_id", "how", "at", name=op.f("pk_access")),
    )
    op.execute(
        "insert into access (case_id, person_id, how, at, role) "
        "select case_id, person_id, 'view', at, '' from seen"
    )
    op.drop_table("seen")
    for statement in _triggers(op.get_bind().dialect.name):
        op.execute(statement)
    op.create_table(
        "chain_fault",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_chain_fault")),
    )
    op.add_column("chat", sa.Column("joined_at", sa.BigInteger(), nullable=True))
    op.execute("update chat set joined_at = created_at where person_id is not null")


def _triggers(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [_SQLITE.format(verb=verb) for verb in ("update", "delete")]
    return list(_POSTGRESQL)
