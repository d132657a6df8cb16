"""Files that lead to nobody are swept by the clock; what lives or may be come back for stays."""

import asyncio
import os
from dataclasses import asdict
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import LargeBinary, delete, literal, select, text, update

from bot.desk import Desk
from scheduler import clock as clocks
from scheduler.clock import Ticker
from services.clock import orphans
from services.intake import leavings
from services.intake.attachments import Clean, keep
from storage.cases import attachments
from storage.cases.attachments import Kept
from storage.ground.tables import DEAD, Attachment, Chat, Inbox
from storage.mail import lanes
from storage.mail.inbox import Arrived
from storage.people import people, sealed
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.conversations.paper import Paper
from tests.storage import commune
from tests.storage.commune import STORY, put_in, said

WHO = "an"
PDF = Clean("pdf", "application/pdf", b"%PDF-1.4 to the office", "don.pdf")
TWO_DAYS = 2 * 24 * 60 * 60


def key(store: Store, who: str = WHO) -> str:
    """Return the key of somebody's chat."""
    return store.keyring.blind("chat", "paper", who)


async def a_file(store: Store, who: str = WHO) -> Kept:
    """Keep a file of somebody's, with its row."""
    one = await keep(store.files, store.keyring, key(store, who), uuid4().hex, PDF)
    async with store.work() as work:
        await attachments.add(work, key(store, who), [one])
    return one


def lies(store: Store, one: Kept) -> bool:
    """Say whether a file's bytes are there."""
    return store.files._path(one.ref.id).exists()


async def has_row(store: Store, one: Kept) -> bool:
    """Say whether a file has its row."""
    async with store.read() as work:
        return bool(await attachments.known(work, [one.ref.id]))


def sent(*files: Kept, caption: str = "") -> Arrived:
    """Make a message of files."""
    body = {"files": [asdict(one.ref) for one in files], "caption": caption, "refused": []}
    return Arrived("paper", f"m{uuid4().hex}", WHO, body)


def age(*paths: Path) -> None:
    """Let files be two days old."""
    for path in paths:
        at = path.stat().st_mtime - TWO_DAYS
        os.utime(path, (at, at))


# --- rows ----------------------------------------------------------------------------------------


async def test_rows_nothing_leads_to_go_when_a_draft_would(store: Store, clock: StoppedClock) -> None:
    """A file whose message never came: its row and its bytes, not before the days of a draft are over."""
    one = await a_file(store)
    clock.pass_(days=6, hours=23)
    assert await orphans.sweep(store) == 0
    assert await has_row(store, one)
    clock.pass_(hours=2)
    assert await orphans.sweep(store) == 1
    assert not await has_row(store, one)
    assert not lies(store, one)


async def test_a_photo_that_was_never_spoken_of_goes_out_of_the_talk_too(
    store: Store, clock: StoppedClock
) -> None:
    """What is told a week later is told without it."""
    await commune.settle(store)
    desk, one = Desk(store, [Paper()]), await a_file(store)
    await put_in(store, sent(one))
    await commune.work_off(desk)
    clock.pass_(days=8)
    await orphans.sweep(store)
    assert not lies(store, one)
    async with store.read() as work:
        chat = await work.session.get(Chat, key(store))
        assert chat is not None
        assert one.ref.id not in leavings.held(chat.talk)


async def test_files_of_a_draft_that_goes_on_stay(store: Store, clock: StoppedClock) -> None:
    """However old they are: its own timer ends it."""
    await commune.settle(store)
    desk, one = Desk(store, [Paper()]), await a_file(store)
    await put_in(store, said(WHO, STORY), sent(one))
    await commune.work_off(desk)
    clock.pass_(days=6)
    await put_in(store, said(WHO, "ở gần nhà văn hóa"))
    await commune.work_off(desk)
    clock.pass_(days=3)
    await orphans.sweep(store)
    assert await has_row(store, one)
    assert lies(store, one)


async def test_a_draft_that_is_about_to_end_keeps_its_files_until_then(
    store: Store, clock: StoppedClock
) -> None:
    """Its last word may wait for the morning: until then it is whole."""
    await commune.settle(store)
    one = await a_file(store)
    await put_in(store, said(WHO, STORY), sent(one))
    await commune.work_off(Desk(store, [Paper()]))
    clock.pass_(days=7, hours=1)
    await orphans.sweep(store)
    assert lies(store, one)
    await clocks.tick(store)
    assert not lies(store, one)


async def test_what_waits_to_be_handled_or_in_an_envelope_stays(store: Store, clock: StoppedClock) -> None:
    """A message nobody has answered yet, a dead letter an admin may have tried again, a sealed report."""
    waits, dead, boxed = [await a_file(store) for _ in range(3)]
    await put_in(store, sent(waits), sent(dead))
    async with store.work() as work:
        rows = await work.session.scalars(select(Inbox))
        (second,) = [row for row in rows if dead.ref.id in str(row.body)]
        second.state = DEAD
        await sealed.box_files(work, [boxed.ref.id], people.open_chat(work, "paper", key(store), WHO))
    clock.pass_(days=30)
    await orphans.sweep(store)
    assert all([await has_row(store, one) and lies(store, one) for one in (waits, dead, boxed)])


async def test_a_chat_that_is_heard_just_now_is_left_alone(store: Store, clock: StoppedClock) -> None:
    """Whoever holds its lane may be giving the file to a case."""
    one = await a_file(store)
    await commune.settle(store)
    await put_in(store, said(WHO, "menu"))
    await commune.work_off(Desk(store, [Paper()]))
    clock.pass_(days=8)
    if store.engine.dialect.name == "postgresql":  # on SQLite one transaction writes at a time
        async with store.work() as busy:
            assert await lanes.hold(busy.session, "in", [key(store)])
            await orphans.sweep(store)
        assert await has_row(store, one)
    await orphans.sweep(store)
    assert not await has_row(store, one)


async def test_a_chat_that_does_not_open_stops_no_sweep(store: Store, clock: StoppedClock) -> None:
    """Its own files stay, as nobody can say what it holds; everybody else's go."""
    mine, other = await a_file(store), await a_file(store, "binh")
    await commune.settle(store)
    await put_in(store, *(said(who, "menu") for who in (WHO, "binh")))
    await commune.work_off(Desk(store, [Paper()]))
    async with store.work() as work:
        broken = update(Chat.__table__).where(Chat.key == key(store))
        await work.session.execute(broken.values(talk=literal(b"no key's", LargeBinary)))
    clock.pass_(days=8)
    assert await orphans.sweep(store) == 1
    assert await has_row(store, mine)
    assert not await has_row(store, other)


async def test_a_chat_whose_state_was_lost_keeps_its_files(store: Store, clock: StoppedClock) -> None:
    """With another's in its place nobody can say what it held."""
    mine, other = await a_file(store), await a_file(store, "binh")
    await commune.settle(store)
    await put_in(store, *(said(who, "menu") for who in (WHO, "binh")))
    await commune.work_off(Desk(store, [Paper()]))
    async with store.writing() as session:
        keys = {"mine": key(store), "theirs": store.keyring.blind("chat", Paper.account, "binh")}
        steal = "update chat set talk = (select talk from chat where key = :theirs) where key = :mine"
        await session.execute(text(steal), keys)
    clock.pass_(days=8)
    assert await orphans.sweep(store) == 1
    assert await has_row(store, mine)
    assert not await has_row(store, other)


async def test_many_rows_are_swept_a_batch_at_a_time(
    sqlite_store: Store, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that stay hold up none behind them."""
    monkeypatch.setattr(orphans, "MOST", 2)
    staying = [await a_file(sqlite_store) for _ in range(3)]
    await put_in(sqlite_store, sent(*staying))
    going = [await a_file(sqlite_store, "ba") for _ in range(3)]
    clock.pass_(days=8)
    assert await orphans.sweep(sqlite_store) == 3
    assert [lies(sqlite_store, one) for one in (*staying, *going)] == [True] * 3 + [False] * 3


# --- bytes ---------------------------------------------------------------------------------------


async def test_bytes_without_a_row_go_a_day_later(store: Store) -> None:
    """Half-written ones too; what lives, what is young and what is not ours stays."""
    lives, lost, young = [await a_file(store) for _ in range(3)]
    async with store.work() as work:
        for one in (lost, young):
            await work.session.execute(delete(Attachment).where(Attachment.id == UUID(one.ref.id)))
    folder = store.files.folder
    half, mark = store.files._path(lives.ref.id).with_suffix(".0f.part"), folder / "now.0f.part"
    new, other = store.files._path(lives.ref.id).with_suffix(".1f.part"), half.with_name("README")
    for path in (half, mark, new, other):
        path.write_bytes(b"x")
    age(*(store.files._path(one.ref.id) for one in (lives, lost)), half, mark, other)
    assert await orphans.sweep(store) == 1
    assert [lies(store, one) for one in (lives, lost, young)] == [True, False, True]
    assert [path.exists() for path in (half, mark, new, other)] == [False, False, True, True]
    assert await store.files.get(lives.ref.id) == PDF.content


async def test_what_is_written_anew_while_it_is_swept_stays(store: Store) -> None:
    """A repost writes the same file again: its bytes are whole, and are there when the row comes."""
    one = await keep(store.files, store.keyring, key(store), "m1", PDF)
    age(store.files._path(one.ref.id))
    (found,) = await store.files.lingering()
    await store.files.put(found, PDF.content)
    await store.files.discard([found])
    assert await store.files.get(found) == PDF.content


async def test_files_of_another_database_are_left_alone(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that knows none of the files is the wrong one, or an old copy: nothing is deleted."""
    monkeypatch.setattr(orphans, "TOO_MANY", 3)
    strange = [await keep(sqlite_store.files, sqlite_store.keyring, "x", f"m{n}", PDF) for n in range(3)]
    age(*(sqlite_store.files._path(one.ref.id) for one in strange))
    assert await orphans.sweep(sqlite_store) == 0
    assert all(lies(sqlite_store, one) for one in strange)
    living = [await a_file(sqlite_store) for _ in range(3)]
    age(*(sqlite_store.files._path(one.ref.id) for one in living))
    assert await orphans.sweep(sqlite_store) == 3


async def test_the_clock_sweeps_by_itself(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the clock need do nothing."""
    one = await keep(sqlite_store.files, sqlite_store.keyring, "x", "m1", PDF)
    age(sqlite_store.files._path(one.ref.id))
    monkeypatch.setattr(clocks, "SWEEP", 0.05)
    stop = asyncio.Event()
    running = asyncio.create_task(Ticker(sqlite_store, lambda: None).run(stop))
    async with asyncio.timeout(10):
        while lies(sqlite_store, one):  # noqa: ASYNC110 - a folder is looked at
            await asyncio.sleep(0.02)
    stop.set()
    await running
