"""Opening the desk's database the way every command and the running desk do."""

import secrets
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from bot.channels.zalo_oa import notices as zalo_notices
from bot.settings import Settings
from domain.understand import learned
from domain.understand.linear import Linear
from services.clock import histories
from storage import migrations
from storage.ground.crypto import KEY_BYTES, Keyring, load_or_create
from storage.ground.work import OwnPage
from storage.mail.webchat import ACCOUNT
from storage.office import notes
from storage.office.rulebook import Library
from storage.store import proof, rotation, stamps
from storage.store.engine import Replaced, Store, open_store

log = structlog.get_logger(__name__)


class CannotStart(Exception):
    """The key file or the database is not usable; the message is one line for the person at the console."""


class Away(CannotStart):
    """The database cannot be reached just now."""


@asynccontextmanager
async def opened(
    settings: Settings, *, only_look: bool = False, made_up: bool = False
) -> AsyncIterator[Store]:
    """Yield the open store, its tables brought to this version. Raises CannotStart.

    No key is ever made beside a database that is sealed. Where it is `only_look`, none is made at all: before
    the first start that is a look at an empty desk, which is gone afterwards. Of what is `made_up` nothing
    can be lost: nobody is warned that it is not there.
    """
    sealed = await sealed_by(settings)
    if not settings.key_file.exists() and sealed is not None:
        raise CannotStart(_MISSING.format(path=settings.key_file, id=sealed.hex()))
    if only_look and not settings.key_file.exists():
        with TemporaryDirectory() as nothing:
            url = f"sqlite+aiosqlite:///{nothing}/empty.sqlite3"
            store = open_store(url, Keyring.of(secrets.token_bytes(KEY_BYTES)), Path(nothing))
            async with _ready(settings, store, new=True):
                yield store
        return
    keep_private(settings.data_dir, settings.store_url)
    keyring, new = _keyring(settings.key_file)
    if not new and sealed is None and not made_up:
        log.warning("new_database_beside_a_key", file=str(settings.key_file), note=_NO_DATABASE)
    store = open_store(settings.store_url, keyring, settings.data_dir, least_free=settings.least_free)
    async with _ready(settings, store, new=new):
        yield store


_MISSING = (
    "SECRET_KEY_FILE: {path} is missing, and this database is sealed with it (key {id}). Put the key file "
    "back from its backup and start again; nothing was changed. A new key would open nothing that is there"
)
_NO_DATABASE = (
    "There is a key, but its database is new and empty. If there was one before, stop now and put it back "
    "from its backup: see docs/administering.md."
)


def keep_private(folder: Path, store_url: str) -> None:
    """Let nobody but the desk's own user read what it keeps, however it was made.

    What is another user's stays as it is, and so does a folder that many share, as its sticky bit says.
    """
    url = make_url(store_url)
    database = Path(url.database or "") if url.get_backend_name() == "sqlite" and url.database else None
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    files = [Path(f"{database}{part}") for part in ("", "-wal", "-shm")] if database else []
    for path, mode in ((folder, 0o700), (folder / "files", 0o700), *((file, 0o600) for file in files)):
        with suppress(OSError):
            found = path.stat().st_mode
            if found & 0o077 and not found & stat.S_ISVTX:
                path.chmod(mode)


def _is_new_file(settings: Settings) -> bool:
    url = make_url(settings.store_url)
    return url.get_backend_name() == "sqlite" and bool(url.database) and not Path(url.database or "").exists()


async def sealed_by(settings: Settings) -> bytes | None:
    """Return the id of the key the database was sealed with, without any key. Raises CannotStart."""
    if _is_new_file(settings):
        return None
    engine = open_store(settings.store_url, Keyring.of(bytes(KEY_BYTES)), settings.data_dir).engine
    try:
        return await stamps.sealed_by(engine)
    except (DBAPIError, OSError) as error:
        raise _unusable(error) from error
    finally:
        await engine.dispose()


@asynccontextmanager
async def _ready(settings: Settings, store: Store, *, new: bool) -> AsyncIterator[None]:
    """Bring the tables and the histories to this version while it is used, and close it at the end."""
    store.library = Library(settings.timezone, partial(model_of, settings.model_file))
    by_number = zalo_notices.ACCOUNT if settings.zalo_oa_app_id else ""
    store.page = replace(own_page(settings.public_url.rstrip("/")), by_number=by_number)
    store.accounts = settings.communes
    folder = settings.data_dir if settings.key_file.exists() else None
    try:
        try:
            if folder is not None and (folder / BOUND).exists():
                await _refuse_unbound(store, folder / BOUND)
            await migrations.upgrade(store.engine)
            await _check_key(store, settings.key_file, new=new)
            await _bind_rows(store, folder)
            await _seal_notes(store)
            await _key_histories(store, folder)
        except (DBAPIError, OSError, Replaced, migrations.DanglingReferences) as error:
            raise _unusable(error) from error
        yield
    finally:
        await store.close()


async def _seal_notes(store: Store) -> None:
    """Seal what an older version left in clear; cut off, the next start goes on."""
    count = 1
    while count:
        async with store.work() as work:
            count = await notes.seal_some(work)


async def _refuse_unbound(store: Store, marker: Path) -> None:
    """Do not begin with a database in which nothing opens: its conversations would be lost one by one."""
    has, _ = await migrations.versions(store.engine)
    if has is not None and has < _BOUND_SINCE:
        raise CannotStart(_UNBOUND.format(path=marker))


_BOUND_SINCE = "0014"
_UNBOUND = (
    "DATABASE_URL: this database is from before sealed values were bound to their rows, and {path} says that "
    "they are. If you put back a backup of that time, take that file away and start again"
)


async def _bind_rows(store: Store, folder: Path | None) -> None:
    """Bind to its row what an older version sealed without, once; cut off, the next start goes on.

    It comes before all else is read: nothing that was sealed so opens otherwise. The file is as below.
    """
    marker = folder / BOUND if folder is not None else None
    if marker is not None and marker.exists():
        return
    if rows := await rotation.bind_all(store):
        log.warning("rows_bound", rows=rows, note=_BOUND)
    if marker is not None:
        marker.write_text(_BOUND + "\n", encoding="utf-8")


BOUND = "rows-are-bound"
"""The file in DATA_DIR that says that no value is sealed without its row any more."""
_BOUND = (
    "What is sealed is bound to its row. Without this file the next start binds what is not to where it is."
)


async def _key_histories(store: Store, folder: Path | None) -> None:
    """Chain what an older version left without a key, once; cut off, the next start goes on.

    That it is done stands in a file of each: whoever can write to the database cannot have it done again
    there, after they took the marks off and changed the lines.
    """
    for name, key_some in _KEYING.items():
        marker = folder / name if folder is not None else None
        if marker is not None and marker.exists():
            continue
        done = 0
        while count := await key_some(store):
            done += count
        if done:
            log.warning("histories_chained_anew", rows=done, note=_ONCE)
        if marker is not None:
            marker.write_text(_ONCE + "\n", encoding="utf-8")


KEYED, MATTERS_KEYED = "histories-are-keyed", "matters-are-keyed"
"""The files in DATA_DIR that say that no history of a case, or of another matter, is without a key."""
_KEYING = {KEYED: histories.key_some, MATTERS_KEYED: histories.chain_some_of_matters}
_ONCE = "The histories stand under the key. Without this file the next start chains those that do not."


def model_of(path: Path) -> Linear:
    """Return the model that this desk has learned, the packaged one where there is none that can be used."""
    try:
        return learned.load(path) or Linear.load()
    except learned.Unusable as why:
        log.warning("learned_model_refused", file=str(path), why=str(why), note=_PACKAGED)
        return Linear.load()


_PACKAGED = "The packaged model reads messages. `python -m bot learn` learns anew; with --back the file goes."


def own_page(public_url: str) -> OwnPage:
    """Return our own page as conversations know it, at the address people reach us by if there is one."""
    return OwnPage(ACCOUNT, f"{public_url}/chat?start=" if public_url else "")


def _keyring(path: Path) -> tuple[Keyring, bool]:
    try:
        keyring, new = load_or_create(path)
    except (ValueError, OSError) as error:
        raise CannotStart(f"SECRET_KEY_FILE: {path} is not a usable secret key: {error}") from error
    if new:
        note = "Back it up now, apart from the database: without it nothing sealed can ever be read again."
        log.warning("new_secret_key", file=str(path), note=note)
    return keyring, new


async def _check_key(store: Store, path: Path, *, new: bool) -> None:
    async with store.writing() as session:
        ours = await stamps.is_sealed_with_ours(session, store.keyring)
    if not ours:
        raise _another_key(path, new=new)


def _another_key(path: Path, *, new: bool) -> CannotStart:
    if new:  # leave the place free for the key that is missing there
        path.unlink(missing_ok=True)
    said = f"this database was sealed with another key than {path}"
    return CannotStart(f"SECRET_KEY_FILE: {said}: put the right key there, from its backup")


def _unusable(error: Exception) -> CannotStart:
    said = str(error.orig if isinstance(error, DBAPIError) else error) or type(error).__name__
    kind = Away if proof.is_away(error) else CannotStart
    return kind(f"DATABASE_URL: the database cannot be used: {said.partition(chr(10))[0]}")
