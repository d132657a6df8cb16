"""Another key for everything: what older ones sealed is sealed with the newest, while the desk runs.

Which key sealed a value stands in its first bytes, so that nothing need be remembered: whatever an older key
sealed is still to be done. Cut off anywhere, the next run goes on with the rest.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    LargeBinary,
    MetaData,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
    update,
)

from storage import append_only, stamps
from storage.crypto import CannotOpen, Keyring, Sealed
from storage.engine import Store
from storage.tables import Base
from storage.work import Work

BATCH = 200


def _as_bytes(table: Table) -> Table:
    """Return the same table whose sealed columns are the bytes that lie there."""
    plain = (Column(c.name, LargeBinary if isinstance(c.type, Sealed) else c.type) for c in table.columns)
    return Table(table.name, MetaData(), *plain)


TABLES: Sequence[tuple[Table, Table, Mapping[str, str]]] = [
    (table, _as_bytes(table), {c.name: c.type.column for c in table.columns if isinstance(c.type, Sealed)})
    for table in Base.metadata.sorted_tables
    if any(isinstance(column.type, Sealed) for column in table.columns)
]
"""Every table with sealed columns, the same as bytes, and what each of those columns is sealed for."""


async def seal_all_anew(store: Store) -> tuple[int, int]:
    """Seal with the newest key whatever an older one sealed. Returns how many rows and files that were.

    What is written meanwhile by a process that has not seen the key yet is found by another run.
    """
    rows = files = 0
    for table, plain, sealed in TABLES:
        last: Sequence[object] | None = None
        while True:
            async with store.work() as work:
                done, last = await _seal_some(work, table, plain, sealed, last)
            rows += done
            if last is None:
                break
    async with store.work() as work:
        await stamps.take_newest(work)
    for file_id in await store.files.stored():
        files += await store.files.seal_anew(file_id)
    return rows, files


async def left(store: Store) -> int:
    """Return how many rows and files an older key sealed."""
    count = 0
    async with store.read() as work:
        for _, plain, sealed in TABLES:
            older = select(func.count()).select_from(plain).where(_by_an_older(work.keyring, plain, sealed))
            count += await work.session.scalar(older) or 0
    return count + await store.files.sealed_before()


def _by_an_older(keyring: Keyring, plain: Table, sealed: Mapping[str, str]) -> Any:  # noqa: ANN401 - SQLAlchemy's
    return or_(*(func.substr(plain.c[name], 1, len(keyring.key_id)).in_(keyring.older) for name in sealed))


async def _seal_some(
    work: Work, table: Table, plain: Table, sealed: Mapping[str, str], after: Sequence[object] | None
) -> tuple[int, Sequence[object] | None]:
    """Seal some rows anew, behind one of them; returns how many, and the last that was looked at if any was.

    Rows that another transaction holds are passed over: it may write them itself, or the next run does.
    """
    keys = [plain.c[column.name] for column in table.primary_key.columns]
    statement = select(*keys, *(plain.c[name] for name in sealed)).order_by(*keys).limit(BATCH)
    statement = statement.where(_by_an_older(work.keyring, plain, sealed)).with_for_update(skip_locked=True)
    if after is not None:
        statement = statement.where(tuple_(*keys) > tuple_(*after))
    rows = (await work.session.execute(statement)).all()
    if not rows:
        return 0, None
    changed = [found for row in rows if (found := _anew(work.keyring, row._asdict(), sealed)) is not None]
    if changed:
        where = and_(*(key == bindparam(f"k_{key.name}") for key in keys))
        change = update(plain).where(where).values({name: bindparam(f"v_{name}") for name in sealed})
        values = [
            {f"k_{key.name}": row[key.name] for key in keys} | {f"v_{name}": row[name] for name in sealed}
            for row in changed
        ]
        connection = await work.session.connection()
        if table.name in append_only.TABLES:
            async with append_only.open_to_change(work, table.name):
                await connection.execute(change, values)
        else:
            await connection.execute(change, values)
    return len(changed), tuple(rows[-1][: len(keys)])


def _anew(keyring: Keyring, row: Mapping[str, Any], sealed: Mapping[str, str]) -> dict[str, Any] | None:
    """Return a row's values sealed with the newest key; None where one does not open: it is left as it is."""
    try:
        return dict(row) | {
            name: keyring.seal(keyring.unseal(row[name], column), column)
            for name, column in sealed.items()
            if row[name] is not None
        }
    except CannotOpen:
        return None
