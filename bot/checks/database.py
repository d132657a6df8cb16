"""The database: reachable, of the right version, with our tables, our key and the right time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from bot import marks
from bot.findings import Finding, fault, ok, warning
from bot.settings import Settings
from storage import migrations
from storage.ground.crypto import Keyring, load
from storage.ground.work import Work
from storage.mail import unopenable
from storage.office.rulebook import Library
from storage.store import server, stamps
from storage.store.engine import Store, name_of, open_store
from storage.store.server import Server

OLDEST = {"postgresql": (15,), "sqlite": (3, 35)}
"""The first version with everything the desk uses."""
LATEST = 300
"""Rows of each table whose sealed values are tried."""
APART = 5.0
"""Seconds two clocks may differ: more, and what is due and what is signed no longer fit together."""
WITHIN = 5.0
_NEW = b"\0" * 32


@asynccontextmanager
async def looked_at(settings: Settings) -> AsyncIterator[Store]:
    """Open the store to look at it: no key is made, no table changed; without a database, an empty one."""
    with TemporaryDirectory() as nothing:
        file = _file(settings)
        missing = file is not None and not file.exists()
        url = f"sqlite+aiosqlite:///{nothing}/empty.sqlite3" if missing else settings.store_url
        keyring, least = _keyring(settings.key_file), settings.least_free
        store = open_store(url, keyring, settings.data_dir, least_free=least)
        store.library = Library(settings.timezone)
        try:
            yield store
        finally:
            await store.close()


def _file(settings: Settings) -> Path | None:
    url = make_url(settings.store_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _keyring(path: Path) -> Keyring:
    try:
        return load(path)
    except (OSError, ValueError):
        return Keyring.of(_NEW)


async def examine(settings: Settings, store: Store) -> tuple[list[Finding], bool]:
    """Look at the database; says too whether its tables can be read."""
    file = _file(settings)
    if file is not None and (replaced := _replaced(settings, file)):
        return replaced, False
    if file is not None and not file.exists():
        return [*_no_key(settings, None), _no_database(settings, file)], False
    try:
        async with asyncio.timeout(WITHIN):
            tables = await _tables(store)
            sealed = await stamps.sealed_by(store.engine)
            keys = [*_no_key(settings, sealed), *_another_key(store, settings, sealed)]
            if tables.level != "ok":
                return [tables, *keys], False
            async with store.read() as work:
                return [tables, *_server(await server.read(work)), *keys], not keys
    except (DBAPIError, OSError) as error:
        said = str(error.orig if isinstance(error, DBAPIError) else error) or type(error).__name__
        return [fault("database", f"it cannot be used: {said}", "look at DATABASE_URL and the server")], False


def _replaced(settings: Settings, file: Path) -> list[Finding]:
    """Look whether the desk that runs has another file open than the one that lies there now."""
    open_now = {name for name in marks.held(settings.data_dir) if name}
    if open_now <= ({name_of(file.stat())} if file.exists() else set()):
        return []
    so = f"{file} was deleted or replaced while the desk ran: it stores and acknowledges nothing any more"
    return [fault("database", so, "stop the desk, put that file back, or its newest backup, and start")]


async def opening(work: Work) -> list[Finding]:
    """Say of the latest values of each column whether they open."""
    lost = await unopenable.found(work, LATEST)
    do = "find out who can write to the database, and compare with a backup: see docs/administering.md"
    found = [
        fault("database", f"{len(rows)} of {column} do not open: {', '.join(rows[:3])}", do)
        for column, rows in lost.items()
    ]
    return found or [ok("database", "what is sealed opens, of the latest rows")]


def _no_database(settings: Settings, file: Path) -> Finding:
    """Tell a desk that was never started from one whose database is gone."""
    if not settings.key_file.exists():
        return warning("database", f"there is no database yet at {file}", "`python -m bot run` makes it")
    do = "if there was one, put it back from its backup first of all; else `python -m bot run` makes it"
    return warning("database", f"there is no database at {file}, but there is its key", do)


def _no_key(settings: Settings, sealed: bytes | None) -> list[Finding]:
    path = settings.key_file
    if path.exists():
        return []
    if sealed is None:
        return [warning("key", f"there is no secret key yet at {path}", "start the desk once: it makes one")]
    so = f"{path} is missing, and the database is sealed with it (key {sealed.hex()})"
    do = "put the key file back from its backup, then start; a new key would open nothing that is there"
    return [fault("key", so, do)]


async def _tables(store: Store) -> Finding:
    has, wanted = await migrations.versions(store.engine)
    if has == wanted:
        return ok("database", f"its tables are those of this version ({wanted})")
    if has is not None and wanted is not None and has > wanted:
        so = f"its tables ({has}) are newer than this program ({wanted})"
        return fault("database", so, "run the newer version of the program")
    so = f"its tables ({has or 'none'}) are older than this program ({wanted})"
    return warning("database", so, "start the desk: it brings them up to date; make a backup first")


def _server(found: Server) -> list[Finding]:
    version = ".".join(map(str, found.version))
    so = f"{found.kind} {version}"
    findings = [ok("database", f"{so} answers")]
    if found.version < OLDEST[found.kind]:
        findings = [fault("database", f"{so} is too old", f"use {_written(OLDEST[found.kind])} or newer")]
    if found.kind == "sqlite" and found.journal != "wal":
        do = "keep it on a local disk of its own: a network folder cannot hold it"
        findings.append(fault("database", f"it is in journal mode {found.journal}, not WAL", do))
    return [*findings, clocks(found.now, datetime.now(UTC))]  # noqa: TID251 - the machine's own, to compare


def _written(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def clocks(database: datetime, machine: datetime) -> Finding:
    """Compare the database's clock, which the desk goes by, with this machine's."""
    apart = abs((database - machine).total_seconds())
    if apart > APART:
        so = f"the clocks of the database and of this machine are {apart:.0f} seconds apart"
        return fault("database", so, "let both take their time from the same server (NTP)")
    return ok("database", "its clock agrees with this machine's")


def _another_key(store: Store, settings: Settings, sealed: bytes | None) -> list[Finding]:
    if sealed is None or store.keyring.opens(sealed) or not settings.key_file.exists():
        return []
    so = f"it was sealed with another key than {settings.key_file}"
    return [fault("key", so, "put the right key there, from its backup")]
