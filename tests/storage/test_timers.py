"""Timers: each rings once, whoever rings it, and what fails holds no other up."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import structlog
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

import bot.worker
from domain.alarms import Level
from domain.cases import Act
from domain.messages import Incoming
from handlers.door.receive import receive
from scheduler.clock import Ticker, tick
from services.acts.moments import moments
from services.clock import alarms
from storage.cases import cases
from storage.ground.tables import CaseEvent, Outbox, Timer
from storage.ground.work import Work
from storage.store.engine import Store, open_store
from storage.time import timers
from tests.conftest import KEYS, StoppedClock
from tests.storage import commune
from tests.storage.commune import Case, counted, found, open_cases, rows

CLOCKS_OWN = CaseEvent.actor == "clock"


@pytest.fixture
async def desk(store: Store) -> Store:
    """Open a database with a commune in it."""
    await commune.settle(store)
    return store


async def broken_chains(store: Store) -> list[int]:
    """Return the first broken line of every case whose history does not hold."""
    async with store.read() as work:
        lines = [
            await cases.first_broken_line(work, case) for case in await work.session.scalars(select(Case))
        ]
    return [line for line in lines if line is not None]


async def said_by_clock(store: Store) -> list[str]:
    """Return the keys of what the officer was told after the cards of the cases themselves."""
    keys = await found(store, select(Outbox.key))
    return [key for key in keys if key.split(":")[1] != "1"]


async def test_two_engines_ring_each_timer_once(desk: Store, clock: StoppedClock) -> None:
    """Two engines of their own ringing the same 300 due timers leave 300 reminders, each told once."""
    await open_cases(desk, 300)
    other = open_store(desk.engine.url.render_as_string(hide_password=False), KEYS, desk.files.folder, clock)
    (first,) = set(await found(desk, select(Timer.due_at)))
    clock.at = first
    rung = await asyncio.gather(tick(desk), tick(other))
    assert sum(rung) == 300
    assert await counted(desk, CLOCKS_OWN) == 300
    told = await said_by_clock(desk)
    assert len(told) == len(set(told))
    assert len(set(Counter(key.split(":")[0] for key in told).values())) == 1  # of each case as much
    assert await counted(desk, Timer.due_at <= clock.at) == 0
    assert await counted(desk, Timer.due_at > clock.at) == 300
    assert await tick(other) == 0
    assert await broken_chains(desk) == []
    assert await commune.lanes_agree(desk)
    await other.close()


async def test_a_failing_timer_is_put_off_and_the_others_ring(
    desk: Store, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried again after 1, 2, 4 … minutes, leaves nothing behind, and rings when it can."""
    codes = await open_cases(desk, 5)
    ring = alarms.ring

    async def fail(work: Work, case_id: UUID) -> None:
        await ring(work, case_id)
        if work.cases[case_id].code == codes[2]:
            raise RuntimeError

    monkeypatch.setattr(alarms, "ring", fail)
    clock.at = (await found(desk, select(Timer.due_at)))[0]
    waits = []
    with structlog.testing.capture_logs() as logged:
        assert await tick(desk) == 4
        assert await tick(desk) == 0
        for _ in range(3):
            (late,) = await found(desk, select(Timer).where(Timer.attempts > 0))
            waits.append(late.due_at - clock.at)
            clock.at = late.due_at
            assert await tick(desk) == 0
    assert [line["event"] for line in logged].count("timer_failed") == 4
    assert waits == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert await counted(desk, CLOCKS_OWN) == 4
    monkeypatch.setattr(alarms, "ring", ring)
    clock.pass_(minutes=8)
    assert await tick(desk) == 1
    assert await counted(desk, CLOCKS_OWN) == 5
    assert await counted(desk, Timer.attempts > 0) == 0
    assert await broken_chains(desk) == []


async def test_after_an_outage_each_level_hears_once(desk: Store, clock: StoppedClock) -> None:
    """However many alarms were missed, a level is told only the most pressing of its own."""
    await open_cases(desk, 3)
    async with desk.read() as work:
        case = (await work.session.scalars(select(Case))).first()
        assert case is not None
        missed = [m for m in moments(work, case) if m.alarm]
    clock.at = max(m.at for m in missed) + timedelta(days=30)
    assert await tick(desk) == 3
    assert await tick(desk) == 0
    lines = await found(desk, select(CaseEvent).where(CLOCKS_OWN))
    heard = Counter((line.case_id, line.detail["level"]) for line in lines)
    climbed = {m.alarm.level for m in missed if m.alarm} - {Level.OFFICER}  # there is no province above
    assert len(missed) > len(climbed) > 1
    assert set(heard.values()) == {1}
    above = {(case.id, str(level)) for case in await rows(desk, Case) for level in climbed}
    assert heard.keys() >= above
    last = {m.alarm.level: m.alarm.key for m in sorted(missed, key=lambda m: m.at) if m.alarm}
    told = {line.detail["level"]: (line.detail["alarm"], line.detail["n"]) for line in lines}
    assert {level: f"{kind}_{n}" if n else kind for level, (kind, n) in told.items()}.items() <= last.items()


async def test_a_case_in_other_hands_keeps_its_timer(
    postgres_store: Store, tmp_path: Path, clock: StoppedClock
) -> None:
    """A timer of a case that another transaction holds is left for the next tick; it is not waited for."""
    await commune.settle(postgres_store)
    codes = await open_cases(postgres_store, 3)
    url = postgres_store.engine.url.render_as_string(hide_password=False)
    other = open_store(url, KEYS, tmp_path, clock)
    clock.at = (await found(postgres_store, select(Timer.due_at)))[0]
    async with other.work() as work:
        assert await cases.by_code(work, codes[1]) is not None
        async with asyncio.timeout(10):
            assert await tick(postgres_store) == 2
    assert await tick(postgres_store) == 1
    assert await counted(postgres_store, CLOCKS_OWN) == 3
    await other.close()


async def test_a_worker_and_a_tick_do_not_wait_for_each_other(
    postgres_store: Store, tmp_path: Path, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have the officer's chat to write, and the tick holds the timer of the case the worker holds."""
    await commune.settle(postgres_store)
    codes = await open_cases(postgres_store, 3)
    other = open_store(postgres_store.engine.url.render_as_string(hide_password=False), KEYS, tmp_path, clock)
    clock.at = (await found(postgres_store, select(Timer.due_at)))[0]
    desk = commune.Desk(other, [commune.Paper()])
    await commune.put_in(other, commune.said("minh", f"nhận {codes[0]}"))
    answered, ringing, ring = asyncio.Event(), asyncio.Event(), alarms.ring

    async def receive_then_wait(work: Work, incoming: Incoming) -> None:
        await receive(work, incoming)
        answered.set()
        await ringing.wait()

    async def ring_late(work: Work, case_id: UUID) -> None:
        await ring(work, case_id)
        ringing.set()
        await asyncio.sleep(0.2)  # meanwhile the worker writes as far as it can

    async def tick_after() -> int:
        await answered.wait()
        return await tick(postgres_store)

    monkeypatch.setattr(bot.worker, "receive", receive_then_wait)
    monkeypatch.setattr(alarms, "ring", ring_late)
    with structlog.testing.capture_logs() as logged:
        async with asyncio.timeout(20):
            assert await asyncio.gather(desk.worker.step(), tick_after()) == [1, 2]
    assert logged == []  # neither was rolled back by the database to end a deadlock
    assert await counted(postgres_store, Case.state == "accepted") == 1
    assert await broken_chains(postgres_store) == []
    await other.close()


async def test_a_tick_costs_what_is_due(desk: Store, clock: StoppedClock) -> None:
    """The statements of a tick do not grow with the timers there are, nor with those that ring together."""
    prices = []
    for more in (1, 60):
        await open_cases(desk, more)
        with commune.statements(desk) as idle:
            assert await tick(desk) == 0
        clock.at = max(await found(desk, select(Timer.due_at).where(Timer.attempts == 0)))
        with commune.statements(desk) as busy:
            rung = await tick(desk)
        assert rung >= more
        prices.append((len(idle), len(busy)))
        clock.pass_(minutes=1)
    assert prices[0][0] == prices[1][0] <= 6
    assert prices[1][1] <= prices[0][1] + 2


async def test_finding_what_is_due_uses_the_index(desk: Store, clock: StoppedClock) -> None:
    """Among twenty thousand timers nothing is read but those that are due."""
    async with desk.work() as work:
        work.session.add_all(
            Timer(kind="case", subject=str(n), due_at=clock.at + timedelta(days=1 + n % 99), attempts=0)
            for n in range(20_000)
        )
    explain = "explain" if desk.engine.dialect.name == "postgresql" else "explain query plan"
    async with desk.engine.connect() as connection:
        if explain == "explain":
            await connection.execute(text("analyze timer"))
        due = text(f"{explain} select * from timer where due_at <= 1 order by due_at limit 200")  # noqa: S608 - ours
        plan = " ".join(str(line) for line in await connection.execute(due))
    assert "ix_timer_due" in plan


async def test_a_timer_is_wound_anew_and_unwound(desk: Store, clock: StoppedClock) -> None:
    """A subject has one timer, its latest; unwinding takes it away; `next_due` is the nearest."""
    async with desk.work() as work:
        work.wind("case", "a", clock.at + timedelta(hours=1))
        work.wind("case", "b", clock.at + timedelta(hours=3))
    async with desk.work() as work:
        work.wind("case", "a", clock.at + timedelta(hours=5))
        work.wind("case", "c", None)
        assert await timers.next_due(work) == clock.at + timedelta(hours=1)
    async with desk.work() as work:
        assert await timers.next_due(work) == clock.at + timedelta(hours=3)
        work.wind("case", "b", None)
    assert [timer.subject for timer in await rows(desk, Timer)] == ["a"]


async def test_a_stop_lets_the_tick_finish(desk: Store, clock: StoppedClock) -> None:
    """A ticker asked to stop in the middle of a tick ends after it; everything due has rung."""
    await open_cases(desk, 30)
    clock.at = (await found(desk, select(Timer.due_at)))[0]
    stop, rang = asyncio.Event(), asyncio.Event()
    read = desk.clock.now

    async def now(connection: AsyncConnection) -> datetime:
        stop.set()  # somebody asks to stop as soon as the tick has begun
        return await read(connection)

    desk.clock.now = now  # type: ignore[method-assign]
    async with asyncio.timeout(10):
        await Ticker(desk, rang.set, every=0.01).run(stop)
    assert rang.is_set()
    assert await counted(desk, CLOCKS_OWN, CaseEvent.act == Act.REMIND) == 30
