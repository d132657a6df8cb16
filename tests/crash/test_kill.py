"""Real processes are killed in the middle of their work: nothing is lost, nothing is done twice."""

import asyncio
import multiprocessing
import signal
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from domain import codes
from services.standing.reckoning import KIND
from storage.cases import cases
from storage.ground.tables import DEAD, DONE, OPEN, SENDING, Inbox, Lane, Outbox, Timer
from storage.mail import inbox
from storage.mail.inbox import Arrived
from storage.store.engine import DatabaseClock, Store
from tests.crash.desk_process import MOMENTS, POISON, die_once, ready_file, run, told_file
from tests.storage import commune
from tests.storage.commune import OWN, Case, counted, found, put_in, said

pytestmark = pytest.mark.crash

SCRIPT = tuple(text for story in OWN for text in (story, "1", "tiến độ", "tro giup", "menu"))
"""What each citizen says: two stories, each sent; an answer out of order would lose a case."""
AT_ONCE = 32
"""Chats one sender has in hand when it is killed."""
LATER = timedelta(minutes=5)
"""So much later every lease has run out and every chat that waits may be tried again."""


class House:
    """Starts desk processes on one database and sees to their end."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.folder = folder
        self.kills = 0
        self._url = store.engine.url.render_as_string(hide_password=False)
        self._running: list[ForkServerProcess] = []
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([run.__module__])

    def start(self, name: str = "only", ahead: timedelta = timedelta(0)) -> ForkServerProcess:
        """Start a desk; one of the same name that ended uncleanly makes it careful."""
        process = self._context.Process(target=run, args=(self._url, self.folder, name, ahead))
        process.start()
        self._running.append(process)
        return process

    async def kill(self, process: ForkServerProcess) -> None:
        """End a process as a power cut does."""
        process.kill()
        self.kills += await self.died(process)

    async def stop(self, process: ForkServerProcess) -> None:
        """Ask a process to end, as soon as it can hear that; it must end by itself and cleanly."""
        async with asyncio.timeout(20):
            while process.is_alive() and not ready_file(self.folder, process.pid).exists():
                await asyncio.to_thread(process.join, 0.02)
        process.terminate()
        assert not await self.died(process)
        assert process.exitcode == 0

    async def died(self, process: ForkServerProcess) -> bool:
        """Wait until a process has ended; says whether it was killed."""
        await asyncio.to_thread(process.join, 20)
        assert process.exitcode is not None, "it still runs"
        return process.exitcode == -signal.SIGKILL

    async def finish(self, ahead: timedelta = LATER) -> None:
        """Let one more desk finish everything, and end it by asking."""
        process = self.start(ahead=ahead)
        async with asyncio.timeout(20):
            while await self.pending():
                await asyncio.to_thread(process.join, 0.02)
                assert process.is_alive(), process.exitcode
        await self.stop(process)

    async def pending(self) -> int:
        """Return how many messages of all lanes wait."""
        async with commune.reading(self.store) as session:
            return await session.scalar(select(func.sum(Lane.pending))) or 0

    def told(self) -> Counter[str]:
        """Count how often each message was delivered."""
        file = told_file(self.folder)
        return Counter(file.read_text().split("\n")[:-1] if file.exists() else [])

    def close(self) -> None:
        """Leave no process behind."""
        for process in self._running:
            process.kill()
            process.join()
            process.close()


@pytest.fixture
async def house(store: Store, tmp_path: Path) -> AsyncIterator[House]:
    """Open a house on a seeded database, with the database's own clock."""
    store.clock = DatabaseClock()
    await commune.settle(store)
    opened = House(store, tmp_path)
    yield opened
    opened.close()


async def assert_whole(house: House, messages: Sequence[Arrived], dead: Sequence[str] = ()) -> None:
    """Assert that each message was handled once, and that everything that must fit together does."""
    store = house.store
    states = {row.external_id: row.state for row in await commune.rows(store, Inbox)}
    assert states == {m.external_id: DEAD if m.external_id in dead else DONE for m in messages}
    replies = Counter(key for key in await found(store, select(Outbox.key)) if key.startswith("reply:"))
    assert replies == {f"reply:paper:{m.external_id}": 1 for m in messages if m.external_id not in dead}
    assert await house.pending() == 0
    assert await commune.lanes_agree(store)
    assert await counted(store, Outbox.state.in_([OPEN, SENDING])) == 0
    async with store.read() as work:
        opened = list(await work.session.scalars(select(Case)))
        assert [await cases.first_broken_line(work, case) for case in opened] == [None] * len(opened)
        timers = select(func.count()).select_from(Timer).where(Timer.kind == KIND)
        assert await work.session.scalar(timers) == len(opened)
    await assert_told(house)


async def assert_told(house: House) -> None:
    """Assert that what carries a code, or asks something, was told, if need be twice; all else once."""
    told = house.told()
    replies = await found(house.store, select(Outbox).where(Outbox.key.startswith("reply:")))
    urgent = {row.key for row in replies if codes.find(row.body["text"])}
    may_come_twice = urgent | {row.key for row in replies if row.body.get("choices")}
    sent = {row.key for row in replies if row.state == DONE}
    dropped = {row.key for row in replies if row.state == DEAD}
    assert sent | dropped == {row.key for row in replies}
    assert sent - told.keys() == set()
    assert dropped & urgent == set()
    assert {key: times for key, times in told.items() if times > 1 and key in sent - may_come_twice} == {}
    assert len(dropped) + sum(times - 1 for times in told.values()) <= house.kills * AT_ONCE


@pytest.mark.storm
@pytest.mark.long
@pytest.mark.timeout(600)
async def test_a_storm_of_kills_loses_and_doubles_nothing(house: House) -> None:
    """Three hundred messages of thirty chats arrive while two desks are killed at random, again and again."""
    random = Random(7)
    people = [f"dân {n}" for n in range(30)]
    messages = [said(who, text, f"{who}-{n}") for n, text in enumerate(SCRIPT) for who in people]
    desks = [house.start("a"), house.start("b")]
    for first in range(0, len(messages), 30):
        await put_in(house.store, *messages[first : first + 30])
        victim = random.randrange(2)
        await asyncio.to_thread(desks[victim].join, random.uniform(0.05, 0.5))
        await house.kill(desks[victim])
        desks[victim] = house.start("ab"[victim])
        await put_in(house.store, *messages[first : first + 30])  # the platform did not hear our 200
    for desk in desks:
        await house.kill(desk)
    await house.finish()
    assert house.kills == 12
    await assert_whole(house, messages)
    per_chat = Counter(await found(house.store, select(Case.chat_key)))
    assert len(per_chat) == 30
    assert set(per_chat.values()) == {2}


@pytest.mark.storm
@pytest.mark.long
@pytest.mark.timeout(300)
async def test_death_at_each_moment_of_a_message(house: House) -> None:
    """Reading, answering, after the commit, before and after the call: each death is made up for."""
    messages = [said("an", OWN[0], "1"), said("an", "1", "2")]
    await put_in(house.store, *messages)
    for n, moment in enumerate(MOMENTS):
        # Its key carries the words to the sender, its text to the worker.
        deadly = said(f"người {n}", die_once(moment), f"{die_once(moment)} {n}")
        messages += [deadly, said(f"người {n}", OWN[0], f"{n}a"), said(f"người {n}", "1", f"{n}b")]
        await put_in(house.store, *messages[-3:])
        house.kills += await house.died(house.start(ahead=n * LATER))
        assert house.kills == n + 1, moment
    await house.finish(ahead=len(MOMENTS) * LATER)
    await assert_whole(house, messages)
    assert await counted(house.store, Case.id.is_not(None)) == len(MOMENTS) + 1


@pytest.mark.storm
@pytest.mark.long
@pytest.mark.timeout(300)
async def test_a_message_that_kills_ends_as_a_dead_letter(house: House) -> None:
    """Every start after an unclean end is careful: the poison is given up, and all others are answered."""
    messages = [said("độc", POISON, "poison"), said("độc", "chào", "after"), said("an", OWN[0], "1")]
    messages += [said(f"dân {n}", "chào", f"other{n}") for n in range(5)]
    await put_in(house.store, *messages)
    for n in range(inbox.MAX_ATTEMPTS + 1):
        house.kills += await house.died(house.start(ahead=n * LATER))
        assert house.kills == n + 1
        if n == 2:
            assert await counted(house.store, Inbox.state == DONE) == len(messages) - 2
    await house.finish(ahead=(house.kills + 1) * LATER)
    await assert_whole(house, messages, dead=["poison"])
    (letter,) = await found(house.store, select(Inbox).where(Inbox.state == DEAD))
    assert letter.body["raw"] == {"text": POISON}
    assert letter.attempts == inbox.MAX_ATTEMPTS


@pytest.mark.storm
@pytest.mark.long
@pytest.mark.timeout(300)
async def test_asked_to_stop_it_finishes_what_it_has_in_hand(house: House) -> None:
    """After SIGTERM nothing is half done: no lease is left, each message is answered or untouched."""
    messages = [said(f"dân {n % 40}", text, f"{n}") for n, text in enumerate([OWN[0]] * 40 + ["1"] * 40)]
    process = house.start()
    handled = 0
    for first in range(0, 80, 8):
        await put_in(house.store, *messages[first : first + 8])
        handled = await counted(house.store, Inbox.state == DONE)
        if handled:
            break
        await asyncio.to_thread(process.join, 0.05)
    await asyncio.gather(house.stop(process), put_in(house.store, *messages))
    assert await counted(house.store, Outbox.state == SENDING) == 0
    done = await counted(house.store, Inbox.state == DONE)
    assert await counted(house.store, Outbox.key.startswith("reply:")) == done
    assert await commune.lanes_agree(house.store)
    await house.finish()
    await assert_whole(house, messages)
    assert max(house.told().values()) == 1
