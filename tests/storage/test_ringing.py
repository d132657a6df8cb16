"""A fire nobody takes: each ring once over replicas and restarts, until somebody has it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from domain.cases import Act
from scheduler.clock import tick
from services.acts.act import act
from services.clock import alarms
from services.intake import new_cases
from services.intake.new_cases import Draft
from services.office import directory
from services.saying import ringing
from services.standing import parties
from services.standing.kinds import ACTS
from storage.cases import cases
from storage.ground.tables import DEAD, CaseEvent, Chat, Outbox
from storage.ground.work import Work
from storage.people import people
from storage.store.engine import Store, open_store
from tests.conftest import KEYS, StoppedClock
from tests.storage import commune
from tests.storage.commune import Case, found

ADMIN = "  - {code: bao, name: Phạm Quốc Bảo, roles: [{role: admin, unit: vp_xa, from: 2025-07-01}]}\n"
FIRE = "cháy nhà ở thôn 3, có người mắc kẹt"
HEAD, CHIEF, OFFICER, DUTY, OWNER = "ha", "tuan", "minh", "lan", "bao"


@pytest.fixture
async def desk(store: Store) -> Store:
    """Open a database with a commune in it, whose admin has joined."""
    await commune.settle(store)
    async with store.work() as work:
        await directory.seed(work, (commune.SEED + ADMIN).encode(), "seed.yaml")
    async with store.work() as work:
        admin = await people.person_by_code(work, OWNER)
        assert admin is not None
        commune.chat_of(work, OWNER).person_id = admin.id
    return store


async def fire(store: Store, *, confidential: bool = False, unit: str = "") -> str:
    """Let somebody cry for help; returns the case's code."""
    async with store.work() as work:
        (chat,) = await commune.chats_of(work, ["người dân"])
        heard = work.rules.understanding.read(FIRE)
        case = await new_cases.open_case(work, chat, Draft(heard, "thôn 3", heard.topic))
        case.confidential = confidential
        if unit:
            case.unit_id = next(one.id for one in work.rules.directory.units if one.code == unit)
        return case.code


async def rings(store: Store) -> list[int]:
    """Return after how many minutes it rang."""
    lines = await found(
        store, select(CaseEvent).where(CaseEvent.act == str(Act.RING)).order_by(CaseEvent.number)
    )
    return [line.detail["n"] for line in lines]


async def told(store: Store, address: str, part: str) -> int:
    """Count the messages to somebody whose keys hold this."""
    key = store.keyring.blind("chat", "paper", address)
    keys = await found(store, select(Outbox.key).where(Outbox.lane == key))
    return sum(part in one for one in keys)


async def do(store: Store, code: str, address: str, what: Act, **detail: Any) -> None:  # noqa: ANN401 - as `act`
    """Let somebody do something to the case."""
    async with store.work() as work:
        case = await cases.by_code(work, code)
        (chat,) = await commune.chats_of(work, [address])
        assert case is not None
        await act(work, case, ACTS[what].of_json(detail), parties.Actor.of(chat))


async def at(store: Store, clock: StoppedClock, minutes: int) -> int:
    """Look at the clock so many minutes later."""
    clock.pass_(minutes=minutes)
    return await tick(store)


async def test_two_engines_ring_a_fire_once_at_each_step(desk: Store, clock: StoppedClock) -> None:
    """Heads after 5 minutes, everybody and the admin after 10, and then each quarter: once, whoever looks."""
    await fire(desk)
    other = open_store(desk.engine.url.render_as_string(hide_password=False), KEYS, desk.files.folder, clock)
    for minutes in (4, 1, 4, 1, 14, 1, 15):
        clock.pass_(minutes=minutes)
        await asyncio.gather(tick(desk), tick(other))
    await other.close()
    assert await rings(desk) == [5, 10, 25, 40]
    assert [await told(desk, one, ":ring:") for one in (HEAD, DUTY, OWNER)] == [4, 3, 3]
    assert await commune.lanes_agree(desk)


async def test_a_ring_that_failed_rings_once_when_it_can(
    desk: Store, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that dies in the middle of ringing leaves nothing behind, and the next one rings."""
    await fire(desk)
    ring = alarms.ring

    async def die(work: Work, case_id: Any) -> None:  # noqa: ANN401 - as `ring`
        await ring(work, case_id)
        raise RuntimeError

    monkeypatch.setattr(alarms, "ring", die)
    assert await at(desk, clock, 5) == 0
    assert await rings(desk) == []
    monkeypatch.setattr(alarms, "ring", ring)
    assert await at(desk, clock, 1) == 1
    assert await rings(desk) == [5]
    assert await told(desk, HEAD, ":ring:") == 1


async def test_after_an_outage_over_a_weekend_it_rings_once(desk: Store, clock: StoppedClock) -> None:
    """One ring, of how long nobody has taken it, for everybody it would have been for; then each quarter."""
    await fire(desk)
    assert await at(desk, clock, 2 * 24 * 60) == 1
    assert await tick(desk) == 0
    assert await rings(desk) == [2 * 24 * 60 - 5]
    assert [await told(desk, one, ":ring:") for one in (HEAD, DUTY, OWNER)] == [1, 1, 1]
    await at(desk, clock, 10)
    assert len(await rings(desk)) == 2


@pytest.mark.parametrize("what", [Act.ACCEPT, Act.CALM])
async def test_it_stops_when_somebody_takes_it_or_it_is_not_urgent(
    desk: Store, clock: StoppedClock, what: Act
) -> None:
    """Whoever it rang for hears that once, the admin too; nothing rings any more."""
    code = await fire(desk)
    await at(desk, clock, 10)
    await do(desk, code, DUTY, what)
    line = 4 if what is Act.ACCEPT else 3
    assert [await told(desk, one, f"{code}:{await _last(desk)}:") for one in (HEAD, OWNER)] == [1, 1], line
    await at(desk, clock, 60)
    assert await rings(desk) == [10]


async def _last(store: Store) -> int:
    return max(await found(store, select(CaseEvent.number)))


async def test_handing_it_on_rings_anew_for_the_new_unit(desk: Store, clock: StoppedClock) -> None:
    """The steps begin again when another unit has it: at once its people, after 5 minutes the heads."""
    code = await fire(desk)
    await at(desk, clock, 10)
    async with desk.read() as work:
        unit = str(next(one.id for one in work.rules.directory.units if one.code == "kt_xa"))
    clock.pass_(minutes=1)
    await do(desk, code, HEAD, Act.REASSIGN, unit_id=unit)
    assert await told(desk, CHIEF, f"{code}:{await _last(desk)}:") == 1
    async with desk.read() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        assert await ringing.rung(work, case) == ringing.handed_to(work, case), "nobody else has heard of it"
    await at(desk, clock, 4)
    assert await rings(desk) == [10]
    await at(desk, clock, 1)
    await at(desk, clock, 5)
    assert await rings(desk) == [10, 5, 10]
    assert await told(desk, OFFICER, ":ring:") == 1


async def test_a_new_calendar_rings_nothing_twice(desk: Store, clock: StoppedClock) -> None:
    """Reckoning due dates anew, nearer or not, leaves what has rung rung."""
    code = await fire(desk)
    await at(desk, clock, 10)
    async with desk.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        case.due_at += timedelta(days=3)
        case.due_on += timedelta(days=3)
        await act(work, case, Act.RECOMPUTE, parties.CLOCK)
    clock.pass_(minutes=1)
    assert await tick(desk) == 0
    assert await rings(desk) == [10]


async def test_an_admin_reads_no_word_of_what_is_kept_close(desk: Store, clock: StoppedClock) -> None:
    """Only code, field and unit: not the story, nor its place."""
    await fire(desk, confidential=True)
    await at(desk, clock, 10)
    key = desk.keyring.blind("chat", "paper", OWNER)
    (post,) = await found(desk, select(Outbox).where(Outbox.lane == key))
    text = str(post.body)
    assert "CHƯA AI NHẬN" in text
    assert not any(word in text for word in ("mắc kẹt", "thôn 3", "cháy nhà"))


async def test_only_who_was_really_told_is_counted(desk: Store, clock: StoppedClock) -> None:
    """Who shuts the desk out, or lost the message, is told no more, and the citizen hears it."""
    code = await fire(desk)
    assert await _standing(desk, code) == "Đã báo 2 người, chưa ai nhận."
    async with desk.work() as work:
        lost = desk.keyring.blind("chat", "paper", DUTY)
        await work.session.execute(update(Outbox).where(Outbox.lane == lost).values(state=DEAD))
    assert await _standing(desk, code) == "Đã báo 1 người, chưa ai nhận."
    async with desk.work() as work:
        await work.session.execute(
            update(Chat).where(Chat.person_id.is_not(None)).values(blocked_at=clock.at)
        )
    assert await _standing(desk, code) == "Chưa báo được ai: GỌI NGAY 114, 112."
    await at(desk, clock, 5)
    assert await told(desk, "người dân", ":ring:") == 1


async def _standing(store: Store, code: str) -> str:
    async with store.read() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        from storage.people import reached  # noqa: PLC0415

        await reached.load(work)
        return await ringing.standing(work, case, "vi")


async def test_what_is_not_urgent_never_rings(desk: Store, clock: StoppedClock) -> None:
    """An ordinary case waits for the morning."""
    await commune.open_cases(desk, 1)
    assert await at(desk, clock, 60) == 0
    assert await found(desk, select(Case.alarmed_at)) == await found(desk, select(Case.opened_at))
