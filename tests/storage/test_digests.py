"""What the clock says to those who work: once each, whoever rings it, and nothing is lost on the way."""

import asyncio
from collections import Counter
from datetime import datetime
from types import SimpleNamespace

import pytest
import structlog
from sqlalchemy import select

from domain.cases import Act
from domain.messages import MESSAGE, Message
from scheduler.clock import begin, tick
from services.acts.act import act
from services.clock import digests, hotspots
from services.office import absences, directory
from services.standing import rounds
from services.standing.parties import Actor
from storage.cases import cases
from storage.ground.tables import CaseEvent, Outbox, Timer
from storage.people import people
from storage.store.engine import Store, open_store
from storage.time import timers
from storage.time.timers import Due
from tests.conftest import KEYS, StoppedClock
from tests.storage import commune
from tests.storage.commune import counted, found, open_cases, statements

BY_CLOCK = CaseEvent.actor == "clock"


@pytest.fixture
async def desk(store: Store) -> Store:
    """Open a database with a commune in it, whose own timers are wound."""
    await commune.settle(store)
    await begin(store)
    return store


def other(desk: Store, clock: StoppedClock) -> Store:
    """Open the same database as another replica does."""
    return open_store(desk.engine.url.render_as_string(hide_password=False), KEYS, desk.files.folder, clock)


async def said_to(store: Store, name: str, *keys: str) -> list[Message]:
    """Return what somebody was told whose key begins with one of these words."""
    lane = store.keyring.blind("chat", "paper", name)
    rows = await found(store, select(Outbox).where(Outbox.lane == lane).order_by(Outbox.seq))
    return [MESSAGE.validate_python(row.body) for row in rows if row.key.startswith(keys)]


async def due(store: Store, subject: str) -> datetime:
    """Return when one of the desk's own timers rings."""
    (timer,) = await found(store, select(Timer).where(Timer.kind == digests.KIND, Timer.subject == subject))
    return timer.due_at


async def next_morning(desk: Store, clock: StoppedClock, *, after: int = 1) -> None:
    """Put the clock on the morning at which the cases' so many-th reminder rings."""
    for _ in range(after):
        clock.at = min(await found(desk, select(Timer.due_at).where(Timer.kind == "case")))


async def both_tick(desk: Store, replica: Store, clock: StoppedClock) -> None:
    """Let two replicas tick at once, and again a second later."""
    await asyncio.gather(tick(desk), tick(replica))
    clock.pass_(seconds=1)
    await asyncio.gather(tick(desk), tick(replica))


async def test_replicas_wind_the_desks_timers_once(desk: Store, clock: StoppedClock) -> None:
    """Whichever comes first; what is wound stays as it is."""
    wound = [await due(desk, subject) for subject in (rounds.MORNING, rounds.EVENING)]
    clock.pass_(days=5)
    replica = other(desk, clock)
    await asyncio.gather(begin(desk), begin(replica))
    assert [await due(desk, subject) for subject in (rounds.MORNING, rounds.EVENING)] == wound
    assert await counted(desk, Timer.kind == digests.KIND) == 2
    await replica.close()


async def test_a_morning_is_one_message_a_chat(desk: Store, clock: StoppedClock) -> None:
    """Three hundred reminders in several transactions of two replicas: the officer reads one message."""
    await open_cases(desk, 300)
    replica = other(desk, clock)
    await next_morning(desk, clock)
    await both_tick(desk, replica, clock)
    assert await counted(desk, BY_CLOCK) == 300
    (told,) = await said_to(desk, "minh", "digest", "group")
    everything = [key for key in await found(desk, select(Outbox.key)) if key.startswith(("digest", "group"))]
    assert len(everything) == 1
    assert "300" in told.text
    assert len(told.choices) == 9
    assert await due(desk, rounds.MORNING) > clock.at
    assert await commune.lanes_agree(desk)
    await replica.close()


async def test_a_morning_that_fails_loses_nothing(
    desk: Store, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reminders have rung by then: the message names them when it can be written, and once."""
    await open_cases(desk, 3)
    await next_morning(desk, clock)
    news = absences.news

    async def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(absences, "news", fail)
    with structlog.testing.capture_logs() as logged:
        await tick(desk)
    assert "timer_failed" in [line["event"] for line in logged]
    assert await counted(desk, BY_CLOCK) == 3
    assert await said_to(desk, "minh", "digest", "group") == []
    monkeypatch.setattr(absences, "news", news)
    clock.pass_(minutes=1)
    await tick(desk)
    (told,) = await said_to(desk, "minh", "digest", "group")
    assert len([choice for choice in told.choices if choice.action.startswith("show:")]) == 3
    before = await counted(desk, Outbox.key.is_not(None))
    await tick(desk)
    assert await counted(desk, Outbox.key.is_not(None)) == before


ADMIN = """
people:
  - {code: bao, name: Phạm Quốc Bảo, roles: [{role: admin, unit: vp_xa, from: 2025-07-01}]}
"""


@pytest.mark.parametrize(
    ("free", "said"),
    [(200, "⚠️ Máy chủ hết chỗ (còn 200 MB)"), (9000, "⚠️ Máy chủ sắp hết chỗ: còn 9000 MB")],
)
async def test_the_morning_tells_admins_of_a_disk_that_is_nearly_full(
    desk: Store, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch, free: int, said: str
) -> None:
    """Nobody else, and not while there is room: on each morning as doctor says it then."""
    async with desk.work() as work:
        await directory.seed(work, ADMIN.encode(), "more.yaml")
    async with desk.work() as work:
        admin = await people.person_by_code(work, "bao")
        assert admin is not None
        commune.chat_of(work, "bao").person_id = admin.id
    clock.at = await due(desk, rounds.MORNING)
    await tick(desk)
    assert await said_to(desk, "bao", "digest") == []
    disk = SimpleNamespace(total=2**40, used=0, free=free * 2**20)
    monkeypatch.setattr("shutil.disk_usage", lambda _: disk)
    clock.at = await due(desk, rounds.MORNING)
    await tick(desk)
    (told,) = await said_to(desk, "bao", "digest")
    assert told.text.startswith(said)
    assert await said_to(desk, "tuan", "digest") == []


async def test_who_hears_of_one_reminder_hears_it_in_full(desk: Store, clock: StoppedClock) -> None:
    """One case and nothing besides is told as ever: in its own words, with its own button."""
    (code,) = await open_cases(desk, 1)
    await next_morning(desk, clock)
    await tick(desk)
    assert await said_to(desk, "minh", "digest", "group") == []
    *_, told = await said_to(desk, "minh", code)
    assert [choice.action for choice in told.choices] == [f"accept:{code}:1", f"show:{code}:1"]


async def test_one_new_case_is_said_by_its_card(desk: Store, clock: StoppedClock) -> None:
    """Who got a card since yesterday and has nothing else is left alone; two such cases are counted."""
    clock.pass_(hours=13)  # held over night, it arrives half an hour before the morning message
    for number in (1, 2):
        await open_cases(desk, number)
        clock.at = await due(desk, rounds.MORNING)
        await tick(desk)
        assert len(await said_to(desk, "minh", "digest")) == number - 1
        clock.pass_(hours=15)


async def test_what_is_urgent_is_not_said_twice(desk: Store, clock: StoppedClock) -> None:
    """An urgent case that rings with the morning message stands alone, and is named on the days after."""
    (code,) = await open_cases(desk, 1)
    async with desk.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        case.urgency = "khan"
    mornings = []
    for _ in range(10):
        clock.at = await due(desk, rounds.MORNING)
        before = len(await said_to(desk, "minh", code, "digest"))
        await tick(desk)
        mornings.append(len(await said_to(desk, "minh", code, "digest")) - before)
    assert set(mornings) <= {0, 1}
    assert sum(mornings) >= 8


async def test_reminders_at_another_hour_come_together(desk: Store, clock: StoppedClock) -> None:
    """What rings when no morning message is due is one message a chat too; what is urgent stands alone."""
    codes = await open_cases(desk, 4)
    async with desk.work() as work:
        work.wind(digests.KIND, rounds.MORNING, None)
        urgent = await cases.by_code(work, codes[0])
        assert urgent is not None
        urgent.urgency = "khan"
    await next_morning(desk, clock)
    await tick(desk)
    (together,) = await said_to(desk, "minh", "group")
    assert {choice.action.split(":")[1] for choice in together.choices} == set(codes[1:])
    assert len(await said_to(desk, "minh", codes[0])) == 2  # its card, its reminder
    cards = [await said_to(desk, "minh", code) for code in codes[1:]]
    assert [len(card) for card in cards] == [1, 1, 1]


async def test_an_evening_is_said_once(desk: Store, clock: StoppedClock) -> None:
    """Two replicas at the same moment: each chief has one list, and officers have none."""
    await open_cases(desk, 12)
    replica = other(desk, clock)
    clock.pass_(days=8)
    await tick(desk)
    clock.at = await due(desk, rounds.EVENING)
    await asyncio.gather(tick(desk), tick(replica))
    lists = Counter(key.split(":")[0] for key in await found(desk, select(Outbox.key)))["overdue"]
    (chief,) = await said_to(desk, "tuan", "overdue")
    assert "12" in chief.text
    assert [choice.action.split(":")[0] for choice in chief.choices] == ["show"] * 8 + ["menu"]
    assert lists == len(await said_to(desk, "ha", "overdue")) + 1
    assert await said_to(desk, "minh", "overdue") == []
    await replica.close()


async def test_an_evening_missed_is_not_said_the_next_morning(desk: Store, clock: StoppedClock) -> None:
    """After an outage over night the next evening's list says everything."""
    await open_cases(desk, 2)
    clock.pass_(days=8, hours=-2)
    await tick(desk)
    assert await said_to(desk, "tuan", "overdue") == []
    clock.at = await due(desk, rounds.EVENING)
    await tick(desk)
    assert len(await said_to(desk, "tuan", "overdue")) == 1


async def test_a_case_kept_close_is_in_nobody_elses_list(desk: Store, clock: StoppedClock) -> None:
    """Neither the accused unit's chief nor its officers read a line or a number of it."""
    (code,) = await open_cases(desk, 1)
    async with desk.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        case.confidential, case.excluded = True, [str(case.unit_id)]
    for _ in range(12):
        clock.at = await due(desk, rounds.MORNING)
        await tick(desk)
        clock.at = await due(desk, rounds.EVENING)
        await tick(desk)
    for name in ("tuan", "minh", "lan"):
        assert await said_to(desk, name, "digest", "overdue", "group") == []
    assert await said_to(desk, "ha", "overdue")


async def test_putting_off_is_for_who_asked(desk: Store, clock: StoppedClock) -> None:
    """Again at the hour for it, once, and only while something waits."""
    codes = await open_cases(desk, 2)
    await next_morning(desk, clock)
    await tick(desk)
    async with desk.work() as work:
        minh = await people.person_by_code(work, "minh")
        assert minh is not None
        at = digests.snooze(work, minh.id)
        assert work.rules.calendar.local(at).hour == 14
    clock.at = at
    await asyncio.gather(tick(desk), tick(desk))
    assert len(await said_to(desk, "minh", "snooze")) == 1
    assert await said_to(desk, "tuan", "snooze") == []
    async with desk.work() as work:
        for code in codes:
            case = await cases.by_code(work, code)
            assert case is not None
            await act(work, case, Act.WITHDRAW, Actor(case.chat_key))
        clock.at = digests.snooze(work, minh.id)
    await tick(desk)
    assert len(await said_to(desk, "minh", "snooze")) == 1
    assert await counted(desk, Timer.kind == digests.SNOOZE) == 0


async def test_the_price_of_a_morning_does_not_grow(desk: Store, clock: StoppedClock) -> None:
    """However many cases are open, the morning and the evening take the same statements."""
    prices = []
    for more in (2, 60):
        await open_cases(desk, more)
        async with desk.work() as work:  # so many who tell of one drain are told of apart, at their own price
            work.wind(hotspots.KIND, "nightly", None)
        for subject in (rounds.MORNING, rounds.EVENING):
            clock.at = await due(desk, subject)
            with statements(desk) as seen:
                await tick(desk)
            prices.append(len(seen))
    assert prices[2] <= prices[0] + 3
    assert prices[3] <= prices[1] + 3


async def test_the_morning_waits_for_what_others_ring(postgres_store: Store, clock: StoppedClock) -> None:
    """While another replica rings cases the message is not written: it would not name them."""
    await commune.settle(postgres_store)
    await begin(postgres_store)
    await open_cases(postgres_store, 2)
    await next_morning(postgres_store, clock)
    replica = other(postgres_store, clock)
    async with replica.work() as work:
        row, *_ = await found(postgres_store, select(Timer).where(Timer.kind == "case"))
        assert await timers.lock(work, Due(row.kind, row.subject, row.due_at, row.attempts))
        assert await tick(postgres_store) >= 1
        assert await said_to(postgres_store, "minh", "digest") == []
    clock.pass_(seconds=1)
    await tick(postgres_store)
    (told,) = await said_to(postgres_store, "minh", "digest", "group")
    assert len([choice for choice in told.choices if choice.action.startswith("show:")]) == 2
    await replica.close()
