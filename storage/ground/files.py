"""The file store: attachments' bytes, sealed, one file an id."""

import asyncio
import math
import os
import re
import secrets
import shutil
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from storage.ground.crypto import CannotOpen, Keyring, sync_folder

LEAST_FREE = 500 * 1024 * 1024
"""Bytes that are left to the database: years of words, and the log it writes ahead many times over."""
LITTLE = 0.05
"""The same as a part of a small disk, of which so many bytes would be much."""
LINGERS = 24 * 60 * 60.0
"""Seconds for which bytes without a row are left: whoever writes them may be about to write the row."""
_PART = ".part"
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Disk:
    """What is free of the disk under the files, of how much, and how much of it files must leave."""

    free: int
    total: int
    floor: int

    @property
    def takes_files(self) -> bool:
        """Whether there is room for files, which must not take it from the database."""
        return self.free >= self.floor

    @property
    def state(self) -> Literal["ample", "short", "full"]:
        """Say whether it is time to make room, or past it: a full one will soon take no words either."""
        little = int(LITTLE * self.total)
        if self.free < min(LEAST_FREE, little) or not self.takes_files:
            return "full"
        return "short" if self.free < max(LEAST_FREE, little) else "ample"


def disk_under(folder: Path, least_free: int = LEAST_FREE) -> Disk:
    """Look at the disk a folder is on, or will be."""
    usage = shutil.disk_usage(
        next((one for one in (folder, *folder.absolute().parents) if one.exists()), "/")
    )
    return Disk(usage.free, usage.total, min(least_free, int(LITTLE * usage.total)))


@dataclass(frozen=True, slots=True)
class Coming:
    """A file that has its room and not yet its row: whose it is, its bytes, and whether its chat is new."""

    chat_key: str
    size: int
    new: bool


class FileStore:
    """A folder of sealed files. A file is on disk, synced, before anything in the database names it.

    `coming` are those this process is about to write rows of: they are counted with the rows, and the next
    looks for room in its `turn`, so that many at once find no more of it than there is. Another replica does
    not know of them: it may be wrong by what is in hand here.
    """

    def __init__(self, folder: Path, keyring: Keyring, least_free: int = LEAST_FREE) -> None:
        self.folder = folder
        self.least_free = least_free
        self._keyring = keyring
        self.coming: list[Coming] = []
        self.turn = asyncio.Lock()

    async def put(self, file_id: str, content: bytes) -> None:
        """Store the bytes under the id. Raises OSError; then nothing of them is left."""
        await asyncio.to_thread(self._write, file_id, content)

    async def get(self, file_id: str) -> bytes:
        """Return the bytes stored under the id. Raises FileNotFoundError or CannotOpen."""
        return await asyncio.to_thread(self._read, file_id)

    async def remove(self, file_id: str) -> None:
        """Delete the bytes stored under the id; none there is as good."""
        await asyncio.to_thread(self._path(file_id).unlink, missing_ok=True)

    async def renew(self, file_id: str) -> None:
        """Write the bytes anew, as they are: when they came is no longer to be read from the folder."""
        await asyncio.to_thread(self._renew, file_id)

    def disk(self) -> Disk:
        """Look at the disk the folder is on, or will be."""
        return disk_under(self.folder, self.least_free)

    async def has_room(self, size: int = 0) -> bool:
        """Say whether so many bytes more leave enough of the disk to the database."""
        disk = await asyncio.to_thread(self.disk)
        return disk.free - size >= disk.floor

    async def stored(self) -> list[str]:
        """Return the ids of all bytes that are here."""
        return await asyncio.to_thread(self._ids)

    async def lingering(self) -> list[str]:
        """Return the ids of those that have been here for long."""
        return await asyncio.to_thread(lambda: self._ids(self._long_ago()))

    async def discard_halves(self) -> None:
        """Delete what was half written, long ago: whoever wrote it was killed."""
        await asyncio.to_thread(self._discard_halves)

    async def discard(self, file_ids: Collection[str]) -> None:
        """Delete bytes that have been here for long and that no row names. What was written anew stays."""
        await asyncio.to_thread(self._discard, file_ids)

    async def seal_anew(self, file_id: str) -> int:
        """Seal the bytes with the newest key, if an older one did. Returns how many files that were."""
        return await asyncio.to_thread(self._seal_anew, file_id)

    async def sealed_before(self) -> int:
        """Return how many files an older key sealed."""
        return await asyncio.to_thread(lambda: sum(map(self._is_older, self._ids())))

    def _is_older(self, file_id: str) -> bool:
        with suppress(FileNotFoundError), self._path(file_id).open("rb") as file:
            return file.read(len(self._keyring.key_id)) in self._keyring.older
        return False

    def _seal_anew(self, file_id: str) -> int:
        if not self._is_older(file_id):
            return 0
        with suppress(FileNotFoundError, CannotOpen):  # it was let go meanwhile, or is broken
            self._write(file_id, self._read(file_id))
            return 1
        return 0

    def _path(self, file_id: str) -> Path:
        return self.folder / file_id[-2:] / file_id

    def _write(self, file_id: str, content: bytes) -> None:
        self._keyring.refresh()
        self._keep(self._path(file_id), self._keyring.seal(content, f"file {file_id}"))

    def _renew(self, file_id: str) -> None:
        path = self._path(file_id)
        if path.exists():
            self._keep(path, path.read_bytes())

    def _keep(self, path: Path, sealed: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = _beside(path)
        try:
            with draft.open("wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
        sync_folder(self.folder)

    def _read(self, file_id: str) -> bytes:
        return self._keyring.unseal(self._path(file_id).read_bytes(), f"file {file_id}")

    def _ids(self, before: float = math.inf) -> list[str]:
        return [
            path.name for path in self.folder.glob("??/*") if _ID.fullmatch(path.name) and _old(path, before)
        ]

    def _discard_halves(self) -> None:
        before = self._long_ago()
        for path in (*self.folder.glob(f"??/*{_PART}"), *self.folder.glob(f"*{_PART}")):
            if _old(path, before):
                path.unlink(missing_ok=True)

    def _discard(self, file_ids: Collection[str]) -> None:
        """Take each aside first: what somebody writes under its id from then on is another file."""
        before = self._long_ago() if file_ids else 0.0
        for path in map(self._path, file_ids):
            aside = _beside(path)
            with suppress(FileNotFoundError):
                path.rename(aside)
                if _old(aside, before):
                    aside.unlink()
                else:  # written anew since it was looked at; what came a moment ago is as good, and stays
                    aside.rename(path)

    def _long_ago(self) -> float:
        """Return what is long ago by the clock of the disk itself, which is nobody else's."""
        mark = _beside(self.folder / "now")
        if not self.folder.exists():
            return 0.0
        mark.touch()
        try:
            return mark.stat().st_mtime - LINGERS
        finally:
            mark.unlink(missing_ok=True)


def _old(path: Path, before: float) -> bool:
    """Say whether a file is older than this; one that is gone meanwhile is not."""
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:
        return False


def _beside(path: Path) -> Path:
    """Return a name of its own beside a file's: a repost may be writing the same file."""
    return path.with_name(f"{path.name}.{secrets.token_hex(8)}{_PART}")
