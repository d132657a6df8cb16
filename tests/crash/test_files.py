"""A process is killed between the commit that deletes a file's row and the deletion of its bytes."""

import asyncio
import multiprocessing
import os
import signal
from pathlib import Path
from uuid import uuid4

import pytest

from services.clock import orphans
from services.intake.attachments import Clean, keep
from storage.cases import attachments
from storage.ground.files import FileStore
from storage.store.engine import Store, open_store
from tests.conftest import KEYS

pytestmark = pytest.mark.crash

CHAT = "c" * 32
PDF = Clean("pdf", "application/pdf", b"%PDF-1.4 to the office", "don.pdf")


def let_go(url: str, folder: Path, file_id: str) -> None:
    """Let go of a file, and die where its bytes would be deleted."""
    asyncio.run(_let_go(url, folder, file_id))


async def _let_go(url: str, folder: Path, file_id: str) -> None:
    FileStore.remove = _die  # type: ignore[method-assign]
    store = open_store(url, KEYS, folder)
    async with store.work() as work:
        attachments.let_go(work, CHAT, [file_id])


async def _die(_files: FileStore, _file_id: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def test_what_a_kill_left_on_disk_is_swept_and_nothing_else(store: Store) -> None:
    """The row is gone and the bytes are there: nobody can open them, and a day later they are gone too."""
    gone, lives = [await keep(store.files, store.keyring, CHAT, uuid4().hex, PDF) for _ in range(2)]
    async with store.work() as work:
        await attachments.add(work, CHAT, [gone, lives])
    url, folder = store.engine.url.render_as_string(hide_password=False), store.files.folder
    context = multiprocessing.get_context("forkserver")
    process = context.Process(target=let_go, args=(url, folder.parent, gone.ref.id))
    process.start()
    await asyncio.to_thread(process.join, 30)
    assert process.exitcode == -signal.SIGKILL
    async with store.read() as work:
        assert await attachments.known(work, [gone.ref.id, lives.ref.id]) == {lives.ref.id}
    assert await store.files.get(gone.ref.id) == PDF.content
    assert await orphans.sweep(store) == 0
    for one in (gone, lives):
        path = store.files._path(one.ref.id)
        os.utime(path, (path.stat().st_mtime - 2 * 24 * 3600,) * 2)
    assert await orphans.sweep(store) == 1
    assert not store.files._path(gone.ref.id).exists()
    assert await store.files.get(lives.ref.id) == PDF.content
