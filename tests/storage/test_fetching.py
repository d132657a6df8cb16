"""Files of stored messages: fetched once, by one, and a file that hangs holds up its own chat alone."""

import asyncio
from typing import Any

import pytest

from bot import fetcher
from bot.channels.channel import NotThere, Read, Remote, RemoteFile
from bot.desk import Desk
from domain.messages import FileRef
from storage.ground.tables import OPEN, Attachment, Inbox
from storage.ground.work import Work
from storage.mail import inbox
from storage.mail.inbox import FETCH_LEASE, Arrived
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.conversations.paper import Paper
from tests.storage import commune
from tests.storage.commune import put_in

PDF = b"%PDF-1.4 a letter"


class Remotely(Paper):
    """Paper whose files lie elsewhere; one that "hangs" never comes, one that is "gone" is not there."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.fails = False
        self.began = {name: asyncio.Event() for name in ("hangs", "letter", "gone")}

    def normalize(self, body: Any) -> Read | None:  # noqa: ANN401 - as Paper's
        if "remote" not in body:
            return super().normalize(body)
        return Remote((RemoteFile(body["remote"]),), body.get("text", ""))

    async def fetch(self, file: RemoteFile, most: int) -> bytes:
        """Take a file from its place."""
        if self.fails:
            raise OSError("502")
        self.fetched.append(file.ref)
        self.began[file.ref].set()
        if file.ref == "hangs":
            await asyncio.Event().wait()
        if file.ref == "gone":
            raise NotThere(file.ref, most)
        return PDF


def sent(who: str, ref: str) -> Arrived:
    """Make a message with a file."""
    return Arrived("paper", f"{who}-{ref}", who, {"remote": ref}, files=True)


async def test_a_file_that_hangs_holds_up_no_other_chat(sqlite_store: Store) -> None:
    """What is sent after it is fetched while it hangs."""
    channel = Remotely()
    desk, stop = Desk(sqlite_store, [channel]), asyncio.Event()
    await desk.ingest(sent("an", "hangs"))
    fetching = asyncio.create_task(desk.fetchers[0].run(stop))
    async with asyncio.timeout(5):
        await channel.began["hangs"].wait()
        await desk.ingest(sent("ba", "letter"))
        await channel.began["letter"].wait()
    fetching.cancel()
    await asyncio.gather(fetching, return_exceptions=True)


async def test_files_that_hang_make_room_for_one_that_comes(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as are fetched side by side hang: a ninth person's photo is fetched all the same."""
    monkeypatch.setattr(fetcher, "SLOW", 0.1)
    channel = Remotely()
    desk, stop = Desk(sqlite_store, [channel]), asyncio.Event()
    await put_in(sqlite_store, *(sent(f"an-{n}", "hangs") for n in range(fetcher.AT_ONCE)))
    fetching = asyncio.create_task(desk.fetchers[0].run(stop))
    async with asyncio.timeout(20):
        await channel.began["hangs"].wait()  # all of them are taken at once
        await desk.ingest(sent("ba", "letter"))
        await channel.began["letter"].wait()
    fetching.cancel()
    await asyncio.gather(fetching, return_exceptions=True)


async def test_two_replicas_fetch_a_file_once_and_one_that_died_is_made_up_for(
    store: Store, clock: StoppedClock
) -> None:
    """A lease keeps the second away; when it ends the file is fetched again, and is the same file."""
    channel = Remotely()
    one, other = Desk(store, [channel]), Desk(store, [channel])
    await put_in(store, sent("an", "letter"), sent("ba", "gone"))
    async with store.work() as work:  # a replica takes them, keeps a file, and dies
        (letter, _) = sorted(await inbox.to_fetch(work, "paper", 8), key=lambda m: m.external_id)
    await one.fetchers[0]._all(letter)
    assert await other.fetchers[0].step() == 0
    clock.pass_(seconds=FETCH_LEASE.total_seconds())
    assert sum(await asyncio.gather(one.fetchers[0].step(), other.fetchers[0].step())) == 2
    assert sorted(channel.fetched) == ["gone", "letter", "letter"]
    (row,) = await commune.rows(store, Attachment)
    bodies = {row.external_id: row.body["files"] for row in await commune.rows(store, Inbox)}
    assert FileRef(**bodies["an-letter"][0]).id == str(row.id)
    assert bodies["ba-gone"] == [{"refused": "upload.lost"}]
    assert await commune.lanes_agree(store)


FIRE = "chay nha o thon 3, co nguoi ket ben trong"


async def test_a_cry_is_heard_before_a_photo_that_hangs(store: Store) -> None:
    """What was said before it and can wait keeps its turn; the photo is taken when it comes."""
    await commune.settle(store)
    channel = Remotely()
    desk = Desk(store, [channel])
    await put_in(store, sent("an", "letter"), commune.said("an", "menu"), commune.said("an", FIRE))
    await commune.work_off(desk)
    told = [one.message.text for one in channel.told if one.address == "an"]
    assert len(told) == 1
    assert "114" in told[0]
    assert await desk.fetchers[0].step() == 1
    await commune.work_off(desk)
    assert len([one for one in channel.told if one.address == "an"]) > len(told)
    assert await commune.counted(store, Inbox.state == OPEN) == 0
    assert await commune.lanes_agree(store)


async def test_a_cry_under_a_photo_that_never_comes_is_heard(store: Store, clock: StoppedClock) -> None:
    """Ten seconds are enough to wait for a picture of a fire."""
    await commune.settle(store)
    channel = Remotely()
    channel.fails = True
    desk = Desk(store, [channel])
    body = {"remote": "letter", "text": FIRE}
    await put_in(store, Arrived("paper", "an-fire", "an", body, files=True))
    for _ in range(4):
        await desk.fetchers[0].step()
        clock.pass_(seconds=5)
    await commune.work_off(desk)
    assert any("114" in one.message.text for one in channel.told if one.address == "an")


async def test_a_cry_that_fails_before_a_photo_is_tried_like_any(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its attempts are counted: it is not tried on and on until the photo is here."""
    await commune.settle(store)
    desk, tries = Desk(store, [Remotely()]), 0

    async def fails(_work: Work, _incoming: object) -> None:
        nonlocal tries
        tries += 1
        raise RuntimeError

    monkeypatch.setattr("bot.worker.receive", fails)
    await put_in(store, sent("an", "letter"), commune.said("an", FIRE))
    for _ in range(20):
        await desk.worker.step()
    assert tries <= 2
    assert await commune.counted(store, Inbox.attempts == 1) == 1
