"""What is said in a chat while somebody has it: stored at once, and handled once, in its order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import bot.worker
from bot.desk import Desk
from domain.messages import Incoming, Text
from handlers.door.receive import receive
from storage.ground.tables import DEAD, DONE, HELD, OPEN, Inbox
from storage.ground.work import Work
from storage.mail import inbox
from storage.mail.inbox import Lanes
from storage.store import health
from storage.store.engine import Store, open_store
from tests.conftest import KEYS, StoppedClock
from tests.conversations.paper import Paper
from tests.storage import commune
from tests.storage.commune import counted, put_in, said

LONG = 15
"""Seconds after which something waits for a lock; less than PostgreSQL lets a frozen worker keep it."""


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note what is heard, and from whom."""
    notes: list[str] = []

    async def hear(work: Work, incoming: Incoming) -> None:
        assert isinstance(incoming.said, Text)
        notes.append(f"{incoming.address}: {incoming.said.text}")
        await receive(work, incoming)

    monkeypatch.setattr(bot.worker, "receive", hear)
    return notes


@pytest.fixture
async def desk(postgres_store: Store) -> Desk:
    """Open a desk with officials on paper."""
    await commune.settle(postgres_store)
    return Desk(postgres_store, [Paper()])


@asynccontextmanager
async def frozen(store: Store, clock: StoppedClock, *, marked: bool = False) -> AsyncIterator[int]:
    """Have all chats that are ready as a worker does that stops in the middle, with its marks made or not.

    Yields the number of its connection. What it did is rolled back.
    """
    url = store.engine.url.render_as_string(hide_password=False)
    other = open_store(url, KEYS, store.files.folder.parent, clock)
    with suppress(_StoppedError, DBAPIError):  # the other's connection may be cut off meanwhile
        async with other.work() as work:
            taken: Lanes = await inbox.take(work, 64, 4)
            assert taken
            if marked:
                await inbox.done(work, taken, {})
            yield int(await work.session.scalar(text("select pg_backend_pid()")) or 0)
            raise _StoppedError
    await other.close()


class _StoppedError(Exception):
    pass


@pytest.mark.parametrize("marked", [False, True])
async def test_a_frozen_worker_holds_nobodys_message_up(
    desk: Desk, postgres_store: Store, clock: StoppedClock, heard: list[str], *, marked: bool
) -> None:
    """Its chats' new words, a redelivery and strangers are stored meanwhile, and heard once, in order."""
    store = postgres_store
    await put_in(store, said("an", "một", "1"), said("ba", "một"))
    async with frozen(store, clock, marked=marked), asyncio.timeout(LONG):
        await put_in(store, said("an", "hai", "2"), said("lạ", "chào"), said("an", "một", "1"))
        await put_in(store, said("an", "ba", "3"), said("an", "hai", "2"))
        assert await counted(store, Inbox.state == HELD) == 2
        await commune.work_off(desk)
        assert heard == ["lạ: chào"]
        assert await commune.lanes_agree(store)
        async with store.read() as work:
            (queue,) = [one for one in await health.queues(work) if one.direction == "in"]
            assert (queue.waiting, await health.miscounted(work)) == (4, 0)
    await put_in(store, said("an", "bốn", "4"))
    assert await counted(store, Inbox.state == HELD) == 3  # not before those that came before it
    await commune.work_off(desk)
    assert [line for line in heard if line.startswith("an")] == [
        f"an: {n}" for n in ("một", "hai", "ba", "bốn")
    ]
    assert len(heard) == 6
    assert await counted(store, Inbox.state == DONE) == 6
    assert await commune.lanes_agree(store)


async def test_what_was_held_is_heard_though_both_who_stored_it_and_who_had_the_chat_are_gone(
    desk: Desk, postgres_store: Store, clock: StoppedClock, heard: list[str]
) -> None:
    """The frozen worker's connection is cut off; another process, which knows of nothing, handles it all."""
    store = postgres_store
    await put_in(store, said("an", "một"))
    async with asyncio.timeout(LONG), frozen(store, clock) as number:
        await desk.ingest(said("an", "hai"))
        async with store.work() as work:
            await work.session.execute(text("select pg_terminate_backend(:number)"), {"number": number})
    url = store.engine.url.render_as_string(hide_password=False)
    other = open_store(url, KEYS, store.files.folder.parent, clock)
    await commune.work_off(Desk(other, [Paper()]))
    assert heard == ["an: một", "an: hai"]
    assert await counted(store, Inbox.state == OPEN) == 0
    assert await commune.lanes_agree(store)
    await other.close()


async def test_what_is_held_and_does_not_open_holds_nobody_up(
    desk: Desk, postgres_store: Store, clock: StoppedClock, heard: list[str]
) -> None:
    """It is a dead letter like any other, and the counters stay true."""
    store = postgres_store
    await put_in(store, said("an", "một"))
    async with frozen(store, clock), asyncio.timeout(LONG):
        await put_in(store, said("an", "hai", "2"), said("an", "ba", "3"))
        async with store.work() as work:
            spoil = "update inbox set body = '\\x00' where external_id = '2'"
            await work.session.execute(text(spoil))
    await commune.work_off(desk)
    assert heard == ["an: một", "an: ba"]
    assert await counted(store, Inbox.state == DEAD) == 1
    assert await commune.lanes_agree(store)
