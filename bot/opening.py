"""Opening the desk's database the way every command and the running desk do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError

from bot.channels.zalo_oa import notices as zalo_notices
from bot.settings import Settings
from services import histories
from storage import migrations, stamps
from storage.crypto import Keyring, load_or_create
from storage.engine import Store, open_store
from storage.rulebook import Library
from storage.webchat import ACCOUNT
from storage.work import OwnPage

log = structlog.get_logger(__name__)


class CannotStart(Exception):
    """The key file or the database is not usable; the message is one line for the person at the console."""


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    """Yield the open store, its tables brought to this version. Raises CannotStart."""
    keyring, new = _keyring(settings.key_file)
    store = open_store(settings.store_url, keyring, settings.data_dir)
    store.library = Library(settings.timezone)
    by_number = zalo_notices.ACCOUNT if settings.zalo_oa_app_id else ""
    store.page = replace(own_page(settings.public_url.rstrip("/")), by_number=by_number)
    try:
        await _upgrade(store)
        await _check_key(store, settings.key_file, new=new)
        await _key_histories(store)
        yield store
    finally:
        await store.close()


async def _key_histories(store: Store) -> None:
    """Chain what an older version left without a key, a batch at a time: cut off, the next start goes on."""
    done = 0
    while count := await histories.key_some(store):
        done += count
    if done:
        note = "Right after an update this is as it should be; at any other start, look who wrote there."
        log.warning("histories_chained_anew", rows=done, note=note)


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
    async with store.work() as work:
        ours = await stamps.is_sealed_with_ours(work)
    if not ours:
        raise _another_key(path, new=new)


def _another_key(path: Path, *, new: bool) -> CannotStart:
    if new:  # leave the place free for the key that is missing there
        path.unlink(missing_ok=True)
    return CannotStart(f"SECRET_KEY_FILE: this database was sealed with another key than {path}")


async def _upgrade(store: Store) -> None:
    try:
        await migrations.upgrade(store.engine)
    except (DBAPIError, OSError, migrations.DanglingReferences) as error:
        said = str(error.orig if isinstance(error, DBAPIError) else error) or type(error).__name__
        raise CannotStart(f"DATABASE_URL: the database cannot be used: {said}") from error
