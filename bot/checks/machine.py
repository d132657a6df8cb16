"""The machine: the secret key, the disk, the files, and what is kept against the day it burns."""

import asyncio
import os
import stat
from datetime import datetime, timedelta
from pathlib import Path

from bot.findings import Finding, fault, ok, warning
from bot.settings import Settings
from services.clock.orphans import without_rows
from storage.ground.crypto import load
from storage.ground.files import Disk, FileStore, disk_under
from storage.store.engine import Store

FRESH = timedelta(days=2)
"""A backup that is older is none for the days since."""
_MB = 1024 * 1024


async def examine(settings: Settings, now: datetime) -> list[Finding]:
    """Look at key, disk, data folder and backups."""
    return await asyncio.to_thread(_examine, settings, now)


def _examine(settings: Settings, now: datetime) -> list[Finding]:
    there = (
        [key(settings.key_file)] if settings.key_file.exists() else []
    )  # without one, it is the database's
    return [*there, *disk(settings.data_dir), backups(settings, now)]


def key(path: Path) -> Finding:
    """Look at the file without which nothing sealed can be read."""
    try:
        ring = load(path)
    except (OSError, ValueError):
        return fault(
            "key", f"{path} cannot be read as a secret key", "put the right key there, from its backup"
        )
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return fault("key", f"{path} can be read by others", f"chmod 600 {path}")
    if ring.older:
        so = f"{len(ring.older)} older key still opens what a change of the key has sealed anew"
        return warning("key", so, "once all replicas have run for a day: python -m bot key retire")
    return ok("key", f"{path} is readable by its owner alone; keep a copy apart from the database")


def disk(folder: Path) -> list[Finding]:
    """Look for room on the disk, and whether the folder can be written to."""
    return [_room(disk_under(folder)), _writable(folder)]


def _room(disk: Disk) -> Finding:
    so = f"{disk.free // _MB} MB of {disk.total // _MB} MB are free"
    if disk.state == "full":
        return fault("disk", so, "make room: with a full disk nothing that comes can be kept")
    return warning("disk", so, "make room soon") if disk.state == "short" else ok("disk", so)


def _writable(folder: Path) -> Finding:
    standing = next((one for one in (folder, *folder.absolute().parents) if one.exists()), Path("/"))
    if not os.access(standing, os.W_OK | os.X_OK):
        return fault(
            "disk", f"DATA_DIR ({folder}) cannot be written to", "give the folder to the desk's user"
        )
    return ok("disk", f"DATA_DIR ({folder}) can be written to")


async def files(store: FileStore) -> Finding:
    """Look at the folder of what people sent, and whether more is taken."""

    def look() -> Finding:
        disk = store.disk()
        if not disk.takes_files:
            so = f"{disk.free // _MB} MB are free, not {disk.floor // _MB}: files are refused, words heard"
            return fault("files", so, "make room, or set MIN_FREE_MB lower")
        if not store.folder.exists():
            return ok("files", "no file was ever kept")
        if not os.access(store.folder, os.R_OK | os.W_OK | os.X_OK):
            return fault("files", f"{store.folder} cannot be used", "give the folder to the desk's user")
        return ok("files", f"{store.folder} can be read and written")

    return await asyncio.to_thread(look)


async def strangers(store: Store) -> list[Finding]:
    """Look for bytes that no row names, where they are so many that the clock leaves them alone."""
    found, orphans = await without_rows(store, await store.files.stored())
    if orphans:
        return []
    so = f"the database knows nothing of {len(found)} files in {store.files.folder}, most of all there are"
    return [fault("files", so, "see whether DATA_DIR and DATABASE_URL belong together; nothing is deleted")]


def backups(settings: Settings, now: datetime) -> Finding:
    """Look for the newest file in DATA_DIR/backups; the desk makes none itself."""
    folder = settings.data_dir / "backups"
    found = [path.stat().st_mtime for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    database = (
        "what pg_dump writes" if "postgres" in settings.store_url else "what `sqlite3 FILE .backup` writes"
    )
    do = f"each day copy {database} and {settings.data_dir / 'files'} there, and the key to another place"
    if not found:
        return warning("backups", f"no backup was found in {folder}", do)
    age = now.timestamp() - max(found)
    if age > FRESH.total_seconds():
        return warning("backups", f"the newest backup in {folder} is {age / 86400:.0f} days old", do)
    return ok("backups", f"the newest backup in {folder} is {max(age, 0) / 3600:.0f} hours old")
