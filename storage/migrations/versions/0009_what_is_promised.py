"""Officials whose own a case is, what else a citizen was promised, and when the latest word reaches them."""

import sqlalchemy as sa
from alembic import op


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("senders", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("case", sa.Column("promises", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("case", sa.Column("told_at", sa.BigInteger(), nullable=True))
    _name_senders()


def _name_senders() -> None:
    """Note with each case the officials who brought it, or whose own person did."""
    db = op.get_bind()
    chat = sa.table("chat", sa.column("key", sa.String()), sa.column("person_id", sa.Uuid()))
    case = sa.table(
        "case", sa.column("id", sa.Uuid()), sa.column("chat_key", sa.String()), sa.column("senders", sa.JSON())
    )
    follower = sa.table(
        "follower",
        sa.column("case_id", sa.Uuid()),
        sa.column("chat_key", sa.String()),
        sa.column("relative", sa.Boolean()),
    )
    own = sa.select(case.c.id, chat.c.person_id).join_from(case, chat, chat.c.key == case.c.chat_key)
    kin = sa.select(follower.c.case_id, chat.c.person_id).join_from(
        follower, chat, chat.c.key == follower.c.chat_key
    )
    queries = (own.where(chat.c.person_id.is_not(None)), kin.where(chat.c.person_id.is_not(None), follower.c.relative))
    found: dict[object, set[str]] = {}
    for query in queries:
        for case_id, person in db.execute(query):
            found.setdefault(case_id, set()).add(str(person))
    for case_id, people in found.items():
        db.execute(sa.update(case).where(case.c.id == case_id).values(senders=sorted(people)))
