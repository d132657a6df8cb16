"""A fire kept close and taken: each call to those who can go there once, over replicas and restarts."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.cases import Act
from scheduler.clock import tick
from services.acts.act import act
from services.acts.rescuing import Go
from services.intake import new_cases
from services.intake.new_cases import Draft
from services.saying import rescue
from services.standing import parties
from storage.cases import cases
from storage.ground.tables import CaseEvent, Outbox
from storage.people import people, reached
from storage.store.engine import Store, open_store
from tests.conftest import KEYS, StoppedClock
from tests.storage import commune
from tests.storage.commune import found

FIRE = "cháy nhà ở thôn 3, có người mắc kẹt"


@pytest.fixture
async def desk(store: Store) -> Store:
    """Open a database with a commune in it."""
    await commune.settle(store)
    return store


async def taken(store: Store) -> tuple[str, list[str]]:
    """Let a fire be told, kept close, and taken by the head; returns its code and who can go there."""
    async with store.work() as work:
        (chat,) = await commune.chats_of(work, ["người dân"])
        heard = work.rules.understanding.read(FIRE)
        case = await new_cases.open_case(work, chat, Draft(heard, "thôn 3", heard.topic))
        case.confidential = True
    async with store.work() as work:
        await reached.load(work)
        found_case = await cases.by_code(work, case.code)
        assert found_case is not None
        head = await people.person_by_code(work, "ha")
        assert head is not None
        (chat,) = await people.chats_of(work, [head.id])
        await act(work, found_case, Act.TAKE_OVER, parties.Actor.of(chat))
        called = await parties.chats(work, rescue.rescuers(work, found_case))
        return case.code, [chat.key for chat in called]


async def calls(store: Store) -> list[int]:
    """Return after how many minutes those who can go there were called."""
    lines = select(CaseEvent).where(CaseEvent.act == str(Act.CALL_OUT)).order_by(CaseEvent.number)
    return [line.detail["n"] for line in await found(store, lines)]


async def told(store: Store, key: str) -> int:
    """Count the calls to a chat."""
    keys = await found(store, select(Outbox.key).where(Outbox.lane == key))
    return sum(":call:" in one for one in keys)


async def test_two_engines_call_once_at_each_step(desk: Store, clock: StoppedClock) -> None:
    """At the steps that are for those on duty, whoever looks."""
    _, called = await taken(desk)
    assert called
    other = open_store(desk.engine.url.render_as_string(hide_password=False), KEYS, desk.files.folder, clock)
    for minutes in (4, 1, 4, 1, 14, 1, 15):
        clock.pass_(minutes=minutes)
        await asyncio.gather(tick(desk), tick(other))
    await other.close()
    assert await calls(desk) == [10, 25, 40]
    assert [await told(desk, key) for key in called] == [3] * len(called)
    assert await commune.lanes_agree(desk)


async def test_after_an_outage_it_calls_once(desk: Store, clock: StoppedClock) -> None:
    """Then a step at a time again."""
    _, called = await taken(desk)
    clock.pass_(minutes=24 * 60)
    await tick(desk)
    await tick(desk)
    assert len(await calls(desk)) == 1
    assert await told(desk, called[0]) == 1
    clock.pass_(minutes=15)
    await tick(desk)
    assert len(await calls(desk)) == 2


async def test_who_goes_is_looked_after_without_a_word(desk: Store, clock: StoppedClock) -> None:
    """No call while they can; once they are out of reach the next look calls, and forgets them."""
    code, called = await taken(desk)
    async with desk.work() as work:
        await reached.load(work)
        case = await cases.by_code(work, code)
        assert case is not None
        chat = await people.chat(work, called[0])
        await act(work, case, Go(there=True), parties.Actor.of(chat))
    clock.pass_(minutes=45)
    await tick(desk)
    assert await calls(desk) == []
    async with desk.work() as work:
        (await people.chat(work, called[0])).blocked_at = clock.at - timedelta(minutes=1)
    clock.pass_(minutes=15)
    await tick(desk)
    await tick(desk)
    assert len(await calls(desk)) == 1
    async with desk.read() as work:
        case = await cases.look_at(work, code)
        assert case is not None
        assert not case.going


@pytest.mark.parametrize("said_again", [False, True])
async def test_that_somebody_goes_counts_for_a_step(
    desk: Store, clock: StoppedClock, *, said_again: bool
) -> None:
    """Then the others are called, by one engine, and whoever went is asked; said again it counts anew."""
    code, called = await taken(desk)
    other = open_store(desk.engine.url.render_as_string(hide_password=False), KEYS, desk.files.folder, clock)
    for minutes in (1, 13):
        clock.pass_(minutes=minutes)
        async with desk.work() as work:
            await reached.load(work)
            case = await cases.by_code(work, code)
            assert case is not None
            if minutes == 1 or said_again:
                await act(work, case, Act.GO, parties.Actor.of(await people.chat(work, called[0])))
    clock.pass_(minutes=2)
    await asyncio.gather(tick(desk), tick(other))
    await other.close()
    assert await calls(desk) == ([] if said_again else [16])
    clock.pass_(minutes=14)
    await tick(desk)
    assert len(await calls(desk)) == (1 if said_again else 2)
    assert await commune.lanes_agree(desk)


async def test_who_went_before_there_was_an_end_to_it_still_goes(desk: Store, clock: StoppedClock) -> None:
    """Their ids alone stand in the row."""
    code, called = await taken(desk)
    async with desk.work() as work:
        case = await cases.by_code(work, code)
        chat = await people.chat(work, called[0])
        assert case is not None
        case.going = [str(chat.person_id)]  # type: ignore[assignment]
    clock.pass_(minutes=45)
    await tick(desk)
    assert await calls(desk) == []
