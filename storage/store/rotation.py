"""All that is sealed, sealed anew: with another key while the desk runs, and bound to its row, once.

Which key sealed a value, and whether with its row, stands in its first bytes, so that nothing need be
remembered: what begins with certain bytes is still to be done. Cut off anywhere, the next run goes on.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Column, LargeBinary, MetaData, Table, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from storage.ground import append_only, bound
from storage.ground.bound import Sealed
from storage.ground.crypto import CannotOpen, Keyring
from storage.ground.tables import Base
from storage.store import stamps
from storage.store.engine import Store

BATCH = 200


class Raw(NamedTuple):
    """A table with sealed columns as the bytes that lie there.

    With the columns its rows are known by, and what each of the sealed ones is sealed for.
    """

    table: Table
    row: tuple[str, ...]
    sealed: Mapping[str, str]


def _raw(table: Table) -> Raw:
    plain = (
        Column(c.name, LargeBinary if isinstance(c.type, Sealed) else c.type, primary_key=c.primary_key)
        for c in table.columns
    )
    sealed = {c.name: c.type.column for c in bound.sealed_of(table)}
    return Raw(Table(table.name, MetaData(), *plain), tuple(c.name for c in bound.row_of(table)), sealed)


TABLES: Sequence[Raw] = [_raw(table) for table in Base.metadata.sorted_tables if bound.sealed_of(table)]
"""Every table with sealed columns."""


async def seal_all_anew(store: Store) -> tuple[int, int]:
    """Seal with the newest key whatever an older one sealed. Returns how many rows and files that were.

    What is written meanwhile by a process that has not seen the key yet is found by another run.
    """
    rows = 0
    for raw in TABLES:
        rows += await _seal_table(store, raw, bind=False)
    async with store.work() as work:
        await stamps.take_newest(work)
    files = 0
    for file_id in await store.files.stored():
        files += await store.files.seal_anew(file_id)
    return rows, files


async def bind_all(store: Store) -> int:
    """Bind to the row it is in whatever was sealed without. Returns how many rows that were.

    What does not open stays as it is. Until this was done, what it binds opens nowhere else.
    """
    return sum([await _seal_table(store, raw, bind=True) for raw in TABLES])


async def left(store: Store) -> int:
    """Return how many rows and files an older key sealed."""
    count = 0
    async with store.read() as work:
        for raw in TABLES:
            of = _begins_with(raw, work.keyring.older_of_rows)
            count += await work.session.scalar(select(func.count()).select_from(raw.table).where(of)) or 0
    return count + await store.files.sealed_before()


async def _seal_table(store: Store, raw: Raw, *, bind: bool) -> int:
    rows, last = 0, None
    while True:
        async with store.writing() as session:
            done, last = await _seal_some(session, store.keyring, raw, last, bind=bind)
        rows += done
        if last is None:
            return rows


def _begins_with(raw: Raw, ids: Sequence[bytes]) -> Any:  # noqa: ANN401 - SQLAlchemy's
    return or_(*(func.substr(raw.table.c[name], 1, 4).in_(ids) for name in raw.sealed))


async def _seal_some(
    session: AsyncSession, keyring: Keyring, raw: Raw, after: Sequence[object] | None, *, bind: bool
) -> tuple[int, Sequence[object] | None]:
    """Seal some rows anew, behind one of them; returns how many, and the last that was looked at if any was.

    Rows that another transaction holds are passed over, unless it is to `bind` them, which is done once: it
    may write them itself, or the next run does.
    """
    ids = keyring.unbound if bind else keyring.older_of_rows
    table = raw.table
    keys = [*table.primary_key]
    columns = dict.fromkeys([*keys, *(table.c[name] for name in (*raw.row, *raw.sealed))])
    statement = select(*columns).where(_begins_with(raw, ids)).order_by(*keys).limit(BATCH)
    if after is not None:
        statement = statement.where(tuple_(*keys) > tuple_(*after))
    rows = (await session.execute(statement.with_for_update(skip_locked=not bind))).all()
    if not rows:
        return 0, None
    anew = [(row, _anew(keyring, raw, row._asdict(), ids)) for row in rows]
    changed = [bound.key(table, *row[: len(keys)]) | values for row, values in anew if values is not None]
    if table.name in append_only.TABLES and changed:
        async with append_only.open_to_change(session, table.name):
            await bound.rewrite(session, table, changed)
    else:
        await bound.rewrite(session, table, changed)
    return len(changed), tuple(rows[-1][: len(keys)])


def _anew(
    keyring: Keyring, raw: Raw, row: Mapping[str, Any], ids: Sequence[bytes]
) -> dict[str, bytes | None] | None:
    """Return what lies in a row with all of these sealed anew, None where there is nothing to be changed.

    A value that does not open is left as it is.
    """
    name = bound.row_name([row[column] for column in raw.row])
    values: dict[str, bytes | None] = {column: row[column] for column in raw.sealed}
    for column, sealed_for in raw.sealed.items():
        lies = values[column]
        if lies is None or lies[:4] not in ids:
            continue
        try:
            plain = keyring.unseal(lies, sealed_for, None if lies[:4] in keyring.unbound else name)
        except CannotOpen:
            continue
        values[column] = keyring.seal(plain, sealed_for, name)
    return None if all(values[column] is row[column] for column in raw.sealed) else values
