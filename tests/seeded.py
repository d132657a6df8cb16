"""Desks on SQLite made quickly: what one test seeded, read and compiled is another's too."""

import sqlite3
from asyncio import Lock
from collections.abc import Awaitable, Callable, Hashable
from contextlib import closing
from copy import copy
from typing import Any, TypeVar

from sqlalchemy import Engine, event

from storage.ground.tables.base import Base
from storage.office.rulebook import Library
from storage.store.engine import Store

T = TypeVar("T")

_seeded: dict[Hashable, tuple[sqlite3.Connection, Library]] = {}
_first: list[Engine] = []


def quick(store: Store) -> Store:
    """Let a desk use what the first of this process compiled, and wait neither for the disk nor for a thread.

    Here no power is cut, and hundreds of commits are made; to hand a statement to the driver's thread and
    back takes longer than SQLite does.
    """
    own = store.engine.sync_engine
    _first[:] = _first or [own]
    for engine in (own, store._writer.sync_engine):
        engine.dialect = engine.pool._dialect = _first[0].dialect
        engine._compiled_cache = _first[0]._compiled_cache
    event.listen(own, "connect", _without_waiting)
    return store


def _without_waiting(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own class
    connection.driver_connection._execute = _execute
    connection.execute("pragma synchronous = off").close()


async def _execute(do: Callable[..., T], *told: object, **named: object) -> T:
    return do(*told, **named)


async def once(store: Store, name: Hashable, seed: Callable[[Store], Awaitable[None]]) -> None:
    """Seed a fresh desk, or bring what was seeded so in this process, with the rules that were read from it.

    On PostgreSQL each is seeded for itself.
    """
    if store.engine.dialect.name != "sqlite":
        await seed(store)
        return
    if name in _seeded and _is_fresh(store):
        rows, library = _seeded[name]
        with closing(_file_of(store)) as file:
            rows.backup(file)
        store.library = _of_its_own(library)
        return
    keeps = name not in _seeded and _is_fresh(store)
    await seed(store)
    if not keeps:
        return
    async with store.read():
        pass  # reads the rules
    rows = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(_file_of(store)) as file:
        file.backup(rows)
    _seeded[name] = rows, _of_its_own(store.library)


def _is_fresh(store: Store) -> bool:
    """Say whether nothing was put into a desk yet, nor read from it."""
    with closing(_file_of(store)) as file:
        tables = (table.name for table in Base.metadata.sorted_tables)
        counted = (file.execute(f'select exists (select 1 from "{name}")').fetchone()[0] for name in tables)  # noqa: S608 - our own
        return not any(counted)


def _file_of(store: Store) -> sqlite3.Connection:
    return sqlite3.connect(str(store.engine.url.database))


def _of_its_own(library: Library) -> Library:
    """Return the same rules for another desk, which reads its own where they change."""
    found = copy(library)
    found._reading = Lock()
    return found
