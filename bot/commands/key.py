"""The secret key: another one for everything, and the end of the older ones."""

import time
from typing import Annotated

import typer

from bot.commands.running import Refused, perform
from bot.settings import Settings
from storage.ground import crypto
from storage.store import rotation
from storage.store.engine import Store

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="The secret key: change it, end older ones."
)

SEEN_BY_ALL = 60 * 60
"""Seconds after which no process seals with an older key any more, unless it stood still."""


@app.command()
def rotate() -> None:
    """Make a new key and seal everything with it, while the desk runs. Cut off, run it again."""
    perform(rotated)


Now = Annotated[bool, typer.Option("--now", help="Do not wait an hour after the change.")]


@app.command()
def retire(*, now: Now = False) -> None:
    """Take older keys out of the key file, once nothing is sealed with them any more."""
    perform(lambda store, settings: retired(store, settings, now=now))


async def rotated(store: Store, settings: Settings) -> list[str]:
    """Add a key, or go on with the one that was added, and seal all anew."""
    path = settings.key_file
    if not store.keyring.older:
        crypto.add_key(path)
        store.keyring.refresh()
    rows, files = await rotation.seal_all_anew(store)
    left = await rotation.left(store)
    lines = [f"sealed anew: {rows} rows, {files} files, with key {store.keyring.key_id.hex()}"]
    if left:
        return [*lines, f"still under an older key: {left}; run this again"]
    return [
        *lines,
        f"copy {path} to its backup now; keep the old copy as long as backups of the database from before",
        "after a day: python -m bot key retire",
    ]


async def retired(store: Store, settings: Settings, *, now: bool) -> list[str]:
    """Take the older keys away. Raises Refused while something needs them."""
    path = settings.key_file
    if not store.keyring.older:
        return ["there is one key only"]
    if not now and time.time() - path.stat().st_mtime < SEEN_BY_ALL:
        raise Refused("the key was changed less than an hour ago: wait, or --now")
    older = store.keyring.older
    await rotation.seal_all_anew(store)
    if left := await rotation.left(store):
        raise Refused(f"{left} rows and files are still under an older key: run key rotate, then doctor")
    crypto.drop(path, older)
    store.keyring.refresh()
    return [
        f"keys that open nothing any more and are gone from {path}: {len(older)}",
        "copy it to its backup now",
    ]
