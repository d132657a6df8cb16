"""A message to a hamlet: two people, everybody it is for, each once, however many replicas send."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from domain.broadcasts import Broadcasting
from domain.cases import NotAllowed
from scheduler.clock import tick
from services.office import broadcasts
from services.standing.refusals import BroadcastDecided, OwnBroadcast
from storage.ground.tables import Broadcast, Case, Follower, Outbox, Timer
from storage.ground.work import Work
from storage.people import people
from storage.people.people import Chat
from storage.store.engine import Store, open_store
from tests.conftest import KEYS, StoppedClock
from tests.storage import commune
from tests.storage.commune import counted, found, open_cases, rows

BODY = "Thứ Tư từ 7 giờ cắt điện."


@pytest.fixture
async def desk(store: Store) -> Store:
    """Open a database with a commune in it."""
    await commune.settle(store)
    return store


async def official(work: Work, name: str) -> Chat:
    """Return an official's chat."""
    (chat,) = await commune.chats_of(work, [name])
    return chat


async def proposed(store: Store, area: str = "thon_3", by: str = "tuan") -> UUID:
    """Let a chief hand a message in."""
    async with store.work() as work:
        return (await broadcasts.propose(work, await official(work, by), area, BODY)).id


async def approved(store: Store, broadcast_id: UUID) -> None:
    """Let the head approve it."""
    async with store.work() as work:
        await broadcasts.approve(work, await official(work, "ha"), broadcast_id)


async def sent(store: Store) -> Counter[str]:
    """Count the messages each chat got."""
    keys = (Outbox.key.startswith("broadcast:"), Outbox.priority == 9)
    return Counter(await found(store, select(Outbox.lane).where(*keys)))


async def set_batch(store: Store, size: int) -> None:
    """Let so many chats be written to in one transaction."""
    async with store.read() as work:
        object.__setattr__(work.rules, "broadcasting", Broadcasting(batch=size))


async def test_replicas_send_each_chat_one(desk: Store, clock: StoppedClock) -> None:
    """A hundred chats in batches of seven, by two replicas at once: each once, and both people hear."""
    await open_cases(desk, 100)
    broadcast_id = await proposed(desk)
    await approved(desk, broadcast_id)
    replica = open_store(
        desk.engine.url.render_as_string(hide_password=False), KEYS, desk.files.folder, clock
    )
    for store in (desk, replica):
        await set_batch(store, 7)
    await asyncio.gather(tick(desk), tick(replica))
    clock.pass_(seconds=1)
    await asyncio.gather(tick(desk), tick(replica))
    told = await sent(desk)
    assert len(told) == 100
    assert set(told.values()) == {1}
    (row,) = await rows(desk, Broadcast)
    assert (row.state, row.recipients) == ("sent", 100)
    assert await counted(desk, Outbox.key.startswith("broadcast.sent:")) == 2
    assert await counted(desk, Timer.kind == broadcasts.KIND) == 0
    assert await commune.lanes_agree(desk)
    await replica.close()


async def test_who_is_reached(desk: Store) -> None:
    """Who has or follows a case there; nobody muted, barred, gone, sealed or at the counter, nobody else."""
    codes = await open_cases(desk, 8)
    async with desk.work() as work:
        cases = {c.code: c for c in await work.session.scalars(select(Case))}
        keys = [cases[code].chat_key for code in codes]
        changes = (
            {"muted": True},
            {"bars": {"xa": work.today.isoformat()}},
            {"blocked_at": work.now},
            {"account": people.SEALED},
            {"account": people.COUNTER},
            {"bars": {"xa": (work.today - timedelta(days=1)).isoformat()}},
        )
        for key, values in zip(keys, changes, strict=False):
            await work.session.execute(update(Chat).where(Chat.key == key).values(**values))
        elsewhere = cases[codes[7]]
        await work.session.execute(update(Case).where(Case.id == elsewhere.id).values(area="thon_1"))
        (follower,) = await commune.chats_of(work, ["người theo dõi"])
        await work.session.flush()
        work.session.add(Follower(case_id=cases[codes[0]].id, chat_key=follower.key, at=work.now))
    wanted = {keys[5], keys[6], follower.key}
    await approved(desk, await proposed(desk))
    await tick(desk)
    assert await sent(desk) == dict.fromkeys(wanted, 1)
    await approved(desk, await proposed(desk, "xa"))
    await tick(desk)
    assert await sent(desk) == dict.fromkeys(wanted, 2) | {elsewhere.chat_key: 1}


async def test_two_people(desk: Store) -> None:
    """Nobody lets their own go, no officer any, and what is decided stays decided."""
    await open_cases(desk, 1)
    broadcast_id = await proposed(desk)
    async with desk.work() as work:
        with pytest.raises(NotAllowed):
            await broadcasts.propose(work, await official(work, "minh"), "thon_3", BODY)
        with pytest.raises(OwnBroadcast):
            await broadcasts.approve(work, await official(work, "tuan"), broadcast_id)
        with pytest.raises(NotAllowed):
            await broadcasts.approve(work, await official(work, "lan"), broadcast_id)
        await broadcasts.give_back(work, await official(work, "ha"), broadcast_id, "thiếu số gọi")
        with pytest.raises(BroadcastDecided):
            await broadcasts.approve(work, await official(work, "ha"), broadcast_id)
    await tick(desk)
    assert await sent(desk) == {}
    assert [(row.state, row.recipients) for row in await rows(desk, Broadcast)] == [("returned", 1)]


async def test_at_night_it_waits(desk: Store, clock: StoppedClock) -> None:
    """What is approved late reaches nobody before the morning."""
    await open_cases(desk, 2)
    clock.pass_(hours=13)
    await approved(desk, await proposed(desk))
    await tick(desk)
    held = await found(desk, select(Outbox.hold_until).where(Outbox.priority == 9))
    assert len(held) == 2
    assert all(until is not None and until > clock.at for until in held)


async def test_what_a_month_has_carried(desk: Store, clock: StoppedClock) -> None:
    """What answered nobody counts, this month's only."""
    await open_cases(desk, 3)
    async with desk.read() as work:
        before = (await broadcasts.reach(work, "thon_3")).used
    await approved(desk, await proposed(desk))
    await tick(desk)
    async with desk.read() as work:
        reach = await broadcasts.reach(work, "thon_3")
    assert dict(reach.wanted) == {"paper": 3}
    assert reach.used["paper"] >= before.get("paper", 0) + 3
    clock.pass_(days=20)
    async with desk.read() as work:
        assert (await broadcasts.reach(work, "thon_3")).used == {}
