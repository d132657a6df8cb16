"""The file store: attachments' bytes, sealed, one file an id."""

import asyncio
import os
import secrets
from pathlib import Path

from storage.crypto import Keyring, sync_folder


class FileStore:
    """A folder of sealed files. A file is on disk, synced, before anything in the database names it."""

    def __init__(self, folder: Path, keyring: Keyring) -> None:
        self.folder = folder
        self._keyring = keyring

    async def put(self, file_id: str, content: bytes) -> None:
        """Store the bytes under the id."""
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

    def _path(self, file_id: str) -> Path:
        return self.folder / file_id[-2:] / file_id

    def _write(self, file_id: str, content: bytes) -> None:
        self._keep(self._path(file_id), self._keyring.seal(content, f"file {file_id}"))

    def _renew(self, file_id: str) -> None:
        path = self._path(file_id)
        if path.exists():
            self._keep(path, path.read_bytes())

    def _keep(self, path: Path, sealed: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}.part")  # its own: a repost may race it
        with draft.open("wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
        sync_folder(path.parent)
        sync_folder(self.folder)

    def _read(self, file_id: str) -> bytes:
        return self._keyring.unseal(self._path(file_id).read_bytes(), f"file {file_id}")
