"""The process that seals everything anew is killed within its transactions, while the desk goes on."""

import asyncio
import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.desk import Desk
from services.clock import histories
from storage.ground import crypto
from storage.ground.tables import Case, CaseEvent, Chat, Outbox
from storage.store import rotation
from storage.store.engine import Store, open_store
from tests.conversations.paper import Paper
from tests.storage import commune
from tests.storage.commune import STORY, put_in, said

pytestmark = pytest.mark.crash

KILLED_AT = (1, 4)
"""The transactions within which it is killed; then it is left to finish."""


def seal_anew(url: str, folder: Path, dies_at: int) -> None:
    """Seal all with the newest key, and die within a transaction of this number; 0: in none."""
    asyncio.run(_seal_anew(url, folder, dies_at))


async def _seal_anew(url: str, folder: Path, dies_at: int) -> None:
    rotation.BATCH, step, count = 3, rotation._seal_some, 0

    async def deadly(*args: Any, **more: Any) -> Any:  # noqa: ANN401 - as what it stands in for
        nonlocal count
        found, count = await step(*args, **more), count + 1
        if count == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    rotation._seal_some = deadly
    store = open_store(url, crypto.load(folder / "secret.key"), folder)
    await rotation.seal_all_anew(store)
    await store.close()


@pytest.mark.storm
@pytest.mark.long
async def test_killed_within_a_transaction_nothing_is_lost(store: Store, tmp_path: Path) -> None:
    """Who writes meanwhile is answered, once; in the end all is under the new key, every history whole."""
    (tmp_path / "secret.key").write_text((b"k" * 32).hex() + "\n")
    ring = crypto.load(tmp_path / "secret.key")
    crypto.lend(store.engine.sync_engine.dialect, ring)
    store.keyring = store.files._keyring = ring
    await commune.settle(store)
    desk = Desk(store, [Paper()])
    await put_in(store, *(said(f"citizen{n}", STORY) for n in range(9)))
    await commune.work_off(desk)
    crypto.add_key(tmp_path / "secret.key")
    url = store.engine.url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("forkserver")
    for turn, dies_at in enumerate((*KILLED_AT, 0)):
        process = context.Process(target=seal_anew, args=(url, tmp_path, dies_at))
        process.start()
        await put_in(store, said(f"late{turn}", STORY), said(f"citizen{turn}", "1"))
        await commune.work_off(desk)
        await asyncio.to_thread(process.join, 60)
        assert process.exitcode == (-signal.SIGKILL if dies_at else 0)
    await rotation.seal_all_anew(store)
    assert await rotation.left(store) == 0
    crypto.drop(tmp_path / "secret.key", crypto.load(tmp_path / "secret.key").older)
    async with store.work() as work:
        assert not work.keyring.older
        stories = list(await work.session.scalars(select(Case.story)))
        assert stories[0] == STORY
        await work.session.scalars(select(CaseEvent.detail))
        await work.session.scalars(select(Chat.talk))
        replies = select(func.count()).where(Outbox.key.like("reply:%"))
        assert await work.session.scalar(replies) == 9 + 2 * (len(KILLED_AT) + 1)
        assert await histories.look(work, 1000) == ([], [])
