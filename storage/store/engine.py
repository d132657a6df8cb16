"""The database as the desk uses it: one write transaction is one unit of work.

PostgreSQL gives locks and replicas; SQLite (WAL, synchronous=FULL) is the embedded default. On SQLite a
writer begins with BEGIN IMMEDIATE, and writers of one process queue up in memory rather than on the file.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from random import Random, SystemRandom
from typing import Any, Protocol

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from storage.cases import access, attachments
from storage.ground import bound, crypto
from storage.ground.files import LEAST_FREE, FileStore
from storage.ground.instant import from_ms
from storage.ground.work import Numbers, OwnPage, Tally, Work
from storage.mail import forgetting, outbox
from storage.office.rulebook import Library
from storage.store import setwise
from storage.time import timers

_NOW = {
    "sqlite": "select cast((julianday('now') - 2440587.5) * 86400000 as integer)",
    "postgresql": "select (extract(epoch from clock_timestamp()) * 1000)::bigint",
}
_SQLITE_PRAGMAS = (
    "journal_mode = wal",
    "synchronous = full",
    "foreign_keys = on",
    "busy_timeout = 10000",
    "secure_delete = on",
    "schema_version",  # reading opens the `-wal`, which SQLite keeps from then on until this connection ends
)
# A replica that is cut off in mid-transaction must not keep a chat for ever (docs/adr/0003).
_OF_THE_DRIVER = frozenset({"host", "port", "command_timeout", "prepared_statement_cache_size"})
_OPTION = re.compile(r"(?:-c ?|--)([\w.]+=[^\s\\]+)")
_OPTIONS = re.compile(rf"\s*(?:{_OPTION.pattern}\s*)+")
_POSTGRES_SETTINGS = {"idle_in_transaction_session_timeout": "30000", "jit": "off"}


class Clock(Protocol):
    """Where the desk's time comes from."""

    async def now(self, connection: AsyncConnection) -> datetime:
        """Return the present moment, aware and in UTC."""
        ...


class DatabaseClock:
    """The database's own clock, so that replicas cannot disagree; `shift` is what the demo added to it."""

    def __init__(self) -> None:
        self.shift = timedelta(0)

    async def now(self, connection: AsyncConnection) -> datetime:
        """Read the database's clock."""
        result = await connection.exec_driver_sql(_NOW[connection.dialect.name])
        return from_ms(int(result.scalar_one())) + self.shift


class Replaced(Exception):
    """The database's file, or its `-wal`, was taken away while it was open, or another lies in its place.

    What would be written goes with it, so nothing is read, stored or acknowledged any more.
    """


def name_of(file: os.stat_result) -> str:
    """Tell a file from any other that may lie in its place."""
    return f"{file.st_dev}:{file.st_ino}"


def _file_at(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


class Place:
    """Where an SQLite file lies, and which one it was when it was opened.

    What was committed last is in its `-wal`. SQLite removes that with the last connection of all processes,
    so it is known only while this process has one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log_path = path.with_name(f"{path.name}-wal")
        self._file: os.stat_result | None = None
        self._log: os.stat_result | None = None
        self._open: set[Any] = set()

    def opened(self, connection: Any, *_: object) -> None:  # noqa: ANN401 - the driver's own class
        """Remember which files the first connection has open."""
        self._file = self._file or self._path.stat()
        self._log = self._log or _file_at(self._log_path)
        self._open.add(connection)

    def closing(self, connection: Any, *_: object) -> None:  # noqa: ANN401 - as above
        """Forget the `-wal` before the last connection ends."""
        self._open.discard(connection)
        if not self._open:
            self._log = None

    @property
    def name(self) -> str:
        """Tell the file that is open from any other; empty before it is."""
        return name_of(self._file) if self._file is not None else ""

    def check(self) -> None:
        """Raise Replaced where one of them is not the same."""
        for path, opened in ((self._path, self._file), (self._log_path, self._log)):
            if opened is None:
                continue
            found = _file_at(path)
            if found is None or not os.path.samestat(opened, found):
                raise Replaced(f"{path} is not the file that was opened")


class Store:
    """The open database with its keys, its files, its clock, its dice and the rules read from it."""

    def __init__(
        self,
        engine: AsyncEngine,
        keyring: crypto.Keyring,
        files: FileStore,
        clock: Clock,
        place: Place | None = None,
    ) -> None:
        self.engine = engine
        self._place = place
        self.keyring = keyring
        self.files = files
        self.clock = clock
        self.library = Library()
        self.page = OwnPage()
        self.accounts: Mapping[str, str] = {}
        self.dice: Random = SystemRandom()
        self._numbers, self._tally = Numbers(), Tally()
        self._writer = engine.execution_options(desk_writes=True)
        # One writer at a time inside a process: queueing in memory is 20 times faster than on SQLite's lock.
        self._turn: Any = asyncio.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @property
    def file(self) -> str:
        """Tell the open database's file from any other in its place; empty where it is no file."""
        return self._place.name if self._place is not None else ""

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """Open one unit of work; it is flushed and committed at the end, or rolled back whole."""
        async with self.writing() as session:
            work = await self._begin(session)
            yield work
            await _flush(work)
        for tell in work.after_commit:
            tell()
        for file_id in work.files_gone:
            await self.files.remove(file_id)
        for file_id in work.files_renewed - work.files_gone:
            await self.files.renew(file_id)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """Open a transaction that writes and needs no rules; it is committed at the end, or rolled back."""
        self.keyring.refresh()  # what it seals is sealed with the newest key there is
        async with self._turn, AsyncSession(self._writer, expire_on_commit=False, autoflush=False) as session:
            self._check_place()
            yield session
            await session.commit()
            self._check_place()  # what was committed into a file that is gone is not acknowledged

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Work]:
        """Open a unit of work that only reads."""
        async with AsyncSession(self.engine, expire_on_commit=False, autoflush=False) as session:
            self._check_place()
            yield await self._begin(session)

    def _check_place(self) -> None:
        if self._place is not None:
            self._place.check()

    async def _begin(self, session: AsyncSession) -> Work:
        now = await self.clock.now(await session.connection())
        rules = await self.library.rules(session)
        rules = rules.on(rules.calendar.local(now).date())
        return Work(
            session,
            now,
            self.keyring,
            rules,
            self._numbers,
            self._tally,
            disk=self.files.disk,
            page=self.page,
            accounts=self.accounts,
            dice=self.dice,
        )

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


async def _flush(work: Work) -> None:
    """Write a unit of work's changes, set-wise: the statements do not grow with its messages.

    Timers come first: a tick holds timers while it waits for a chat's row, so nobody may hold a chat's row
    while waiting for a timer.
    """
    await timers.flush(work, work.timers)
    await setwise.write_changes(work)
    await work.session.flush()
    await access.flush(work, work.readings.values())
    await outbox.flush(work, work.posts)
    await forgetting.flush(work, work.forgotten)
    await attachments.flush(work)


def open_store(
    url: str,
    keyring: crypto.Keyring,
    data_dir: Path,
    clock: Clock | None = None,
    least_free: int = LEAST_FREE,
) -> Store:
    """Open the database at an SQLAlchemy URL (`sqlite+aiosqlite:///...` or `postgresql+asyncpg://...`).

    Files are taken while `least_free` bytes of their disk stay free, or a twentieth of a small one.
    Its errors, which are logged, never say what was to be written.
    """
    parsed, place = make_url(url), None
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and not parsed.database.startswith((":memory:", "file:")):
            place = Place(Path(parsed.database))
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_async_engine(parsed, pool_size=8, hide_parameters=True)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        if place is not None:
            event.listen(engine.sync_engine, "connect", place.opened)
            for ending in ("close", "close_detached"):
                event.listen(engine.sync_engine, ending, place.closing)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        event.listen(engine.sync_engine, "invalidate", _let_go_sqlite)
    else:
        address, arguments = postgres_arguments(parsed)
        engine = create_async_engine(
            address, pool_size=8, pool_pre_ping=True, hide_parameters=True, connect_args=arguments
        )
    crypto.lend(engine.sync_engine.dialect, keyring)
    bound.install(engine.sync_engine)
    files = FileStore(data_dir / "files", keyring, least_free)
    return Store(engine, keyring, files, clock or DatabaseClock(), place)


def postgres_arguments(address: URL) -> tuple[URL, dict[str, Any]]:
    """Return an address without libpq's parameters, and what these mean to the driver.

    Raises ValueError, which names the parameter that is not understood.
    """
    settings: dict[str, str] = dict(_POSTGRES_SETTINGS)
    kept = {name: value for name, value in address.query.items() if name in _OF_THE_DRIVER}
    found: dict[str, Any] = {"server_settings": settings}
    for name, written in address.normalized_query.items():
        value = written[-1]
        if name in kept:
            continue
        if name in {"sslmode", "ssl"}:
            found["ssl"] = value
        elif name == "connect_timeout" and value.isdecimal():
            found["timeout"] = int(value) or None
        elif name == "application_name":
            settings[name] = value
        elif name == "options" and (given := _OPTIONS.fullmatch(value)):
            settings.update(pair.split("=", 1) for pair in _OPTION.findall(given[0]))
        else:
            raise ValueError(f"{name} in it is not understood; leave it out")
    return address.set(query=kept), found


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own class
    connection.isolation_level = None  # the driver must not begin transactions behind our back
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(f"pragma {pragma}")
    cursor.close()


def _let_go_sqlite(connection: Any, _record: object, error: BaseException | None) -> None:  # noqa: ANN401 - as above
    """Roll back what was cut off in mid-statement: closed as it is, it would go on holding the write lock."""
    if isinstance(error, asyncio.CancelledError):
        connection.rollback()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("desk_writes")
    connection.exec_driver_sql("begin immediate" if writes else "begin")
