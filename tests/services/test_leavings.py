"""Files that belong to no case go with their draft: row and bytes, at once, and never those of a case."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from bot.desk import Desk
from scheduler.clock import tick
from services.intake.attachments import Clean, keep
from storage.cases import attachments
from storage.ground.tables import Attachment
from storage.ground.work import Work
from storage.mail.inbox import Arrived
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.conversations.paper import Paper
from tests.storage import commune
from tests.storage.commune import STORY, put_in, said

WHO = "an"
_AS_JSON = ("id", "media", "mime", "size", "name", "traced")


class Teller:
    """Somebody who tells the desk things, with files that really lie on its disk."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.channel = Paper()
        self.desk = Desk(store, [self.channel])

    @property
    def key(self) -> str:
        """The key of their chat."""
        return self.store.keyring.blind("chat", "paper", WHO)

    async def tell(self, *texts: str) -> None:
        """Say these things, one after the other."""
        for text in texts:
            await put_in(self.store, said(WHO, text))
            await commune.work_off(self.desk)

    async def send(self, caption: str = "") -> Path:
        """Send a paper. Returns where its bytes lie."""
        content = Clean("pdf", "application/pdf", b"%PDF-1.4 to the office", "don.pdf")
        one = await keep(self.store.files, self.store.keyring, self.key, uuid4().hex, content)
        async with self.store.work() as work:
            await attachments.add(work, self.key, [one])
        ref = {name: getattr(one.ref, name) for name in _AS_JSON}
        body = {"files": [ref], "caption": caption, "refused": []}
        await put_in(self.store, Arrived("paper", f"m{uuid4().hex}", WHO, body))
        await commune.work_off(self.desk)
        return self.store.files._path(one.ref.id)

    @property
    def last(self) -> str:
        """What they were told last."""
        return [one.message.text for one in self.channel.told if one.address == WHO][-1]


@pytest.fixture
async def teller(store: Store) -> Teller:
    """Let somebody stand before the desk of a small commune."""
    await commune.settle(store)
    return Teller(store)


async def kept(teller: Teller) -> int:
    """Return how many rows of files there are."""
    return await commune.counted(teller.store, Attachment.id.is_not(None))


async def test_a_dropped_draft_takes_its_files_along(teller: Teller) -> None:
    """Row and bytes, with the message that drops it."""
    await teller.tell(STORY)
    path = await teller.send()
    assert path.exists()
    assert await kept(teller) == 1
    await teller.tell("huy")
    assert "bỏ bản nháp" in teller.last
    assert not path.exists()
    assert await kept(teller) == 0


async def test_a_dropped_sealed_draft_leaves_nothing_on_disk(teller: Teller) -> None:
    """Evidence of what was never sent is gone at once, whichever way it is left."""
    for leave in ("huy", "menu"):
        await teller.tell("gui kin", f"{STORY}, trưởng thôn bớt tiền của dân")
        path = await teller.send()
        there = path.exists()
        await teller.tell(leave, "huy")
        assert there
        assert not path.exists()
        assert await kept(teller) == 0


async def test_files_of_a_report_that_is_sent_are_the_cases(teller: Teller) -> None:
    """They leave the talk with it, and stay."""
    await teller.tell(STORY)
    path = await teller.send()
    await teller.tell("gui", "gui")
    (case,) = await commune.rows(teller.store, commune.Case)
    assert case.files == 1
    assert path.exists()
    later = await teller.send("ảnh thêm của việc đó")
    assert later.exists()
    assert await kept(teller) == 2


async def test_a_draft_that_runs_out_takes_its_files_along(teller: Teller, clock: StoppedClock) -> None:
    """After its days, with the words; until then both are there."""
    await teller.tell(STORY)
    path = await teller.send()
    clock.at += timedelta(days=2)
    await tick(teller.store)
    assert path.exists()
    clock.at += timedelta(days=6)
    await tick(teller.store)
    assert not path.exists()
    assert await kept(teller) == 0


async def test_a_file_no_question_takes_is_let_go(teller: Teller) -> None:
    """The desk says to send it again later; it keeps none that nothing leads to."""
    await teller.tell("goi lai cho toi")
    path = await teller.send()
    assert "chưa nhận tệp" in teller.last
    assert not path.exists()
    assert await kept(teller) == 0


async def test_a_failure_deletes_nothing(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would have dropped a draft and fails is undone whole: bytes go after the commit."""
    await teller.tell(STORY)
    path = await teller.send()
    await put_in(teller.store, said(WHO, "huy"))
    flushed = attachments.flush

    async def fails(work: Work) -> None:
        await flushed(work)
        if work.files_gone:
            raise OSError("the database went away")

    with monkeypatch.context() as patched:
        patched.setattr("storage.store.engine.attachments.flush", fails)
        await teller.desk.worker.step()
    assert path.exists()
    assert await kept(teller) == 1
