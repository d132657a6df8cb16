"""A bar is of the commune that set it: where it holds, and to the end of which day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def upgrade() -> None:
    op.add_column("chat", sa.Column("bars", sa.JSON(), server_default="{}", nullable=False))
    connection = op.get_bind()
    chat = sa.table("chat", *map(sa.column, ("key", "home", "barred_until")), sa.column("bars", sa.JSON()))
    barred = connection.execute(sa.select(chat).where(chat.c.barred_until.is_not(None))).all()
    kinds = {code: (kind, parent) for code, kind, parent in connection.execute(_AREAS).all()}
    for row in barred:
        where = connection.execute(_BARRED_IN, {"chat_key": row.home or row.key}).scalar()
        ends = datetime.fromtimestamp(row.barred_until / 1000, UTC).astimezone(_ZONE)
        last = (ends - timedelta(milliseconds=1)).date().isoformat()
        bars = {_commune(kinds, where): last}
        connection.execute(chat.update().where(chat.c.key == row.key).values(bars=bars))
    with op.batch_alter_table("chat", schema=None) as batch_op:
        batch_op.drop_column("barred_until")


_AREAS = sa.text("select code, kind, parent from area")
_BARRED_IN = sa.text(
    "select area from \"case\" join case_event on case_event.case_id = \"case\".id "
    "where chat_key = :chat_key and act = 'bar' order by case_event.at desc limit 1"
)


def _commune(kinds: dict[str, tuple[str, str | None]], area: str | None) -> str:
    """Return the commune of the case for which somebody was barred; else the only one, or what is above."""
    while area in kinds and kinds[area][0] != "commune":
        area = kinds[area][1]
    if area in kinds:
        return str(area)
    communes = sorted(code for code, (kind, _) in kinds.items() if kind == "commune")
    above = sorted(code for code, (kind, _) in kinds.items() if kind == "province")
    return communes[0] if len(communes) == 1 else next(iter(above or communes), "")
