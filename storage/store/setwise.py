"""Changed rows, written in one statement for each kind of row.

By itself the session writes a statement for each run of rows in which the very same columns changed: where
one chat begins a question and the next ends it, that is a statement a chat.
"""

from collections.abc import Sequence

from sqlalchemy import Table
from sqlalchemy.orm.attributes import get_history

from storage.ground import bound
from storage.ground.tables import Case, Chat
from storage.ground.work import Work

_KEYS: dict[type[Case | Chat], str] = {Case: "id", Chat: "key"}


async def write_changes(work: Work) -> None:
    """Write the cases and chats that have changed, by key, and take them out of the session.

    Cases are locked, and the chats heard now or held are in our lanes: any of their columns may be written.
    Of a chat that is only told something, only what telling changes: its own lane may change the rest.
    """
    changed = [row for row in work.session.dirty if isinstance(row, Case | Chat)]
    chats = [row for row in changed if isinstance(row, Chat)]
    heard = {id(row) for row in chats if row.heard_at == work.now or row.key in work.held}
    await _write(work, Case, [row for row in changed if isinstance(row, Case)])
    await _write(work, Chat, [row for row in chats if id(row) in heard])
    await _write(work, Chat, [row for row in chats if id(row) not in heard])


async def _write(work: Work, kind: type[Case | Chat], rows: Sequence[Case | Chat]) -> None:
    table: Table = kind.__table__  # type: ignore[assignment]
    names = [n for n in table.c.keys() if any(get_history(row, n).has_changes() for row in rows)]  # noqa: SIM118 - no dict
    if not names:
        return
    keyed = sorted([(getattr(row, _KEYS[kind]), row) for row in rows], key=lambda pair: str(pair[0]))
    values = [bound.key(table, key) | {name: getattr(row, name) for name in names} for key, row in keyed]
    await bound.rewrite(work.session, table, values)
    for row in rows:
        work.session.expunge(row)
