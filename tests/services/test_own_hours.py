"""A commune with days and hours of its own: each date of its cases is reckoned by them, and nobody else's."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from domain import law, overlays
from domain.calendar import WorkCalendar
from domain.cases import Act
from domain.people import Absence
from scheduler.clock import begin, tick
from services.acts import moments
from services.acts.act import act
from services.acts.answering import Answer
from services.office import rulebook
from services.saying.telling import Telling
from services.standing import homes, reckoning, rounds
from services.standing.parties import CLOCK, Actor
from storage.ground.tables import Outbox, Timer
from storage.ground.work import Work
from storage.people import people
from tests.services.levels import WHY, Province
from tests.services.two_channels import case_of, key
from tests.storage.commune import found
from tests.storage.province import NEIGHBOUR, OURS

FESTIVAL = date(2026, 11, 18)
OFFICE = {
    "hours": {"sessions": [{"from": "08:30", "until": "11:30"}, {"from": "13:00", "until": "16:00"}]},
    "quiet": {"from": "18:00", "until": "08:00", "release": "08:15"},
    "morning": {"at": "08:45"},
    "evening": {"at": "15:30"},
    "snooze": {"at": "13:15"},
}
HOLIDAYS = {"years": {"2026": {"days_off": [{"date": FESTIVAL.isoformat(), "name": "Lễ hội của xã"}]}}}
LATE_EVENING = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)  # 19:00 there


@pytest.fixture
async def own(wide: Province) -> AsyncIterator[Province]:
    """Let the neighbour have its own hours, and a day off."""
    wide.store.library._rules = wide.store.library._versions = None
    async with wide.store.work() as work:
        await rulebook.put(work, f"office@{NEIGHBOUR}", OFFICE, "giờ của xã")
        await rulebook.put(work, f"holidays@{NEIGHBOUR}", HOLIDAYS, "lễ của xã")
    await begin(wide.store)
    yield wide
    wide.store.library._rules = wide.store.library._versions = None


async def holds(own: Province, who: str) -> list[datetime | None]:
    """Return until when what is said to somebody by itself is held."""
    lane = own.store.keyring.blind("chat", "paper", who)
    rows = await found(own.store, select(Outbox).where(Outbox.lane == lane).order_by(Outbox.seq))
    return [row.hold_until for row in rows if not row.key.startswith("reply:")]


async def wound(own: Province, subject: str) -> datetime | None:
    """Return when a round is made next."""
    found_ = await found(
        own.store, select(Timer.due_at).where(Timer.kind == rounds.KIND, Timer.subject == subject)
    )
    return next(iter(found_), None)


async def test_a_date_is_by_the_days_of_its_commune(own: Province) -> None:
    """Opened at the same moment, with a day off of the neighbour's in between; the receipt says so too."""
    ours, theirs = await own.open(), await own.open(area=NEIGHBOUR, who="ba")
    async with own.at(ours) as (work, case):
        our_day, calendar = case.due_on, work.desk.part(OURS).calendar
    async with own.at(theirs) as (work, case):
        assert case.due_on == calendar.add_working_days(our_day, 1)
        assert reckoning.due_of(work, case).day == case.due_on, "whatever is handled now"
        with work.within(OURS):
            assert reckoning.due_of(work, case).day == case.due_on
            for moment in moments.moments(work, case):
                if moment.alarm is not None and moment.act is Act.REMIND:
                    local = calendar.local(moment.at)
                    assert local.time() == time(8, 45)
                    assert local.date() != FESTIVAL


async def test_the_clock_rings_by_the_hours_of_the_case(own: Province) -> None:
    """A reminder of the neighbour's waits for its morning; after it rang the next is of its days too."""
    theirs = await own.open(area=NEIGHBOUR, who="ba")
    while True:
        (own.clock.at,) = await found(own.store, select(Timer.due_at).where(Timer.kind == "case"))
        async with own.at(theirs) as (work, case):
            local = work.desk.calendar.local(own.clock.at)
            assert local.date() != FESTIVAL
            assert local.time() == time(8, 45)
            if own.clock.at > case.due_at:
                break
        await tick(own.store)


async def test_a_crossing_takes_on_the_receivers_clock(own: Province) -> None:
    """There and back; each time the citizen reads the day, and it is the day of whoever has it."""
    code = await own.open()
    async with own.at(code) as (_, case):
        day = case.due_on
    await own.does("chu_tich", "reassign", code, unit_id=await own.unit("ba_kt_xa"), **WHY)
    async with own.at(code) as (work, case):
        there = work.desk.part(NEIGHBOUR).calendar
        assert case.due_on == there.add_working_days(day, 1)
        assert reckoning.due_of(work, case).at == case.due_at
    assert f"{day:%d/%m}" in own.told("dan")[-1]
    await own.does("ba_chu_tich", "reassign", code, unit_id=await own.unit("kt_xa"), **WHY)
    async with own.at(code) as (_, case):
        assert case.due_on == day


async def test_more_time_and_a_reopening_are_by_its_days(own: Province) -> None:
    """And so is what is reckoned again after the commune's calendar was changed."""
    code = await own.open(area=NEIGHBOUR, who="ba")
    async with own.store.work() as work:
        case = await case_of(work, code)
        case.extended_days = 2
        reckoning.reckon(work, case)
        calendar = work.desk.part(NEIGHBOUR).calendar
        assert case.due_on == calendar.add_working_days(date(2026, 11, 16), 5) == date(2026, 11, 25)
    async with own.store.work() as work:
        more = {"years": {"2026": {"days_off": [{"date": "2026-11-23", "name": "Bão"}]}}}
        await rulebook.put(work, f"holidays@{NEIGHBOUR}", {**more}, "bão")
    async with own.at(code) as (work, case):
        calendar = work.desk.part(NEIGHBOUR).calendar
        assert case.due_on == reckoning.due_of(work, case).day
        assert not calendar.is_working(date(2026, 11, 23))
        assert case.due_on == date(2026, 11, 25), "the festival is no day off any more, the storm is"
    officer = "ba_kt_son"
    await own.does(officer, "accept", code)
    text = "Đã thông cống tại thôn ngày 17/11, nước rút hết, bà con kiểm tra lại giúp xã."
    async with own.at(code) as (work, case):
        await act(work, case, Answer(text), Actor.of(await people.chat(work, key(work, officer))))
    await own.does("ba", "reopen", code, reason="Cống vẫn tắc")
    async with own.at(code) as (work, case):
        begun = work.desk.part(NEIGHBOUR).calendar.local(case.clock_from).date()
        expected = work.desk.part(NEIGHBOUR).calendar.add_working_days(begun, case.term_days or 0)
        assert case.due_on == expected


async def test_who_sleeps_is_said_by_where_they_are(own: Province) -> None:
    """At seven in the evening the neighbour's people sleep already, and ours do not."""
    ours, theirs = await own.open(), await own.open(area=NEIGHBOUR, who="ba")
    own.clock.at = LATE_EVENING
    await own.does("kt_tuan", "accept", ours)
    await own.does("ba_kt_son", "accept", theirs)
    assert (await holds(own, "dan"))[-1] is None
    morning = (await holds(own, "ba"))[-1]
    assert morning is not None
    async with own.store.read() as work:
        assert work.desk.calendar.local(morning).time() == time(8, 15)
        son, tuan = [await people.chat(work, key(work, who)) for who in ("ba_kt_son", "kt_tuan")]
        assert homes.quiet_until(work, son) == morning
        assert homes.quiet_until(work, tuan) is None


async def test_each_has_rounds_by_their_own_hours(own: Province) -> None:
    """The neighbour's morning comes at its own hour to its own people, once; the others have theirs."""
    for who in ("dan", "lan", "hoa"):
        await own.open(who=who)
        await own.open(area=NEIGHBOUR, who=f"{who} b")
    said = {}
    for subject, who, other in (
        ("morning", "kt_tuan", "ba_kt_son"),
        (f"morning@{NEIGHBOUR}", "ba_kt_son", "kt_tuan"),
    ):
        before = {one: await _digests(own, one) for one in (who, other)}
        at = await wound(own, subject)
        assert at is not None
        own.clock.at = at
        await tick(own.store)
        said[subject] = at
        assert await _digests(own, who) == before[who] + 1
        assert await _digests(own, other) == before[other]
    assert said[f"morning@{NEIGHBOUR}"] - said["morning"] == timedelta(hours=1, minutes=15)
    await tick(own.store)
    assert await _digests(own, "ba_kt_son") == 1


async def _digests(own: Province, who: str) -> int:
    lane = own.store.keyring.blind("chat", "paper", who)
    keys = await found(own.store, select(Outbox.key).where(Outbox.lane == lane))
    return sum(one.startswith("digest:") for one in keys)


async def test_an_evening_list_comes_at_its_own_hour(own: Province) -> None:
    """What is late in the neighbour's is told to its chiefs at half past three, to ours at half past four."""
    for area, who in ((OURS, "dan"), (NEIGHBOUR, "ba")):
        await own.open(area=area, who=who)
    own.clock.at = datetime(2026, 12, 21, 1, 0, tzinfo=UTC)
    await tick(own.store)
    own.clock.at = datetime(2026, 12, 21, 8, 30, tzinfo=UTC)
    await tick(own.store)
    assert await _evenings(own) == {"ba_chu_tich"}
    own.clock.at = datetime(2026, 12, 21, 9, 30, tzinfo=UTC)
    await tick(own.store)
    assert await _evenings(own) == {"ba_chu_tich", "chu_tich"}


async def _evenings(own: Province) -> set[str]:
    lanes = {own.store.keyring.blind("chat", "paper", who): who for who in ("chu_tich", "ba_chu_tich")}
    rows = await found(own.store, select(Outbox))
    return {lanes[row.lane] for row in rows if row.key.startswith("overdue:") and row.lane in lanes}


async def test_rounds_follow_the_documents(own: Province) -> None:
    """A new hour holds at once; who has no hours of their own any more is in the round of all."""
    async with own.store.work() as work:
        await rulebook.put(work, f"office@{NEIGHBOUR}", {**OFFICE, "evening": {"at": "15:00"}}, "sớm hơn")
    at = await wound(own, f"evening@{NEIGHBOUR}")
    assert at is not None
    async with own.store.read() as work:
        assert work.desk.calendar.local(at).time() == time(15)
    async with own.store.work() as work:
        for name in ("office", "holidays"):
            await rulebook.put(work, f"{name}@{NEIGHBOUR}", await rulebook.current(work, name), "như tỉnh")
        assert work.desk.own_hours == ()
    assert await wound(own, f"evening@{NEIGHBOUR}") is None
    assert await wound(own, "evening") is not None


hours = st.integers(6, 10)
days_off = st.sets(st.dates(date(2026, 11, 17), date(2026, 12, 31)), max_size=6)


@given(opens=hours, off=days_off, since=st.dates(date(2026, 11, 16), date(2026, 12, 1)))
def test_an_overlay_is_read_as_the_whole_document_would_be(opens: int, off: set[date], since: date) -> None:
    """Days and hours of a commune's own on those of the desk: nothing of either is lost."""
    rows = [{"date": day.isoformat(), "name": "nghỉ"} for day in off]
    sessions = [{"from": f"{opens:02d}:00", "until": "11:30"}, {"from": "13:30", "until": "17:00"}]
    own = {"years": {"2026": {"days_off": rows}}}
    holidays = overlays.merged(law.seed("holidays"), own)
    office = overlays.merged(law.seed("office"), {"hours": {"sessions": sessions}})
    desk, there = (
        WorkCalendar.parse(law.seed("holidays"), law.seed("office")),
        WorkCalendar.parse(holidays, office),
    )
    assert there.sessions[0][0] == time(opens)
    for number in range(40):
        day = since + timedelta(days=number)
        wanted = desk.is_working(day) and (day not in off or day in desk.makeup)
        assert there.is_working(day) == wanted


async def test_who_stands_in_sleeps_by_the_hours_of_their_own_commune(wide: Province) -> None:
    """Though whoever is away serves in two: over the border nobody works in their place."""
    async with wide.store.read() as work:
        directory, chat = work.desk.directory, await people.chat(work, key(work, "kt_tuan"))
        away = (await people.chat(work, key(work, "ba_kt_son"))).person_id
        assert away is not None
        assert chat.person_id is not None
        (own,) = directory.held_by(chat.person_id, work.today)
        both = replace(
            directory,
            holdings=(*directory.holdings, replace(own, person_id=away)),
            absences=(Absence(away, chat.person_id, work.today, work.today),),
        )
        assert both.standing_in_for(chat.person_id, work.today) == [away]
        there = SimpleNamespace(desk=SimpleNamespace(directory=both), today=work.today)
        assert homes.area_of(cast("Work", there), chat) == OURS


async def test_a_citizen_hears_by_the_hours_of_where_their_case_is(own: Province) -> None:
    """At home they might still be told this evening: who has their case is not at work any more."""
    code = await own.open(area=NEIGHBOUR, who="ba")
    own.clock.at = LATE_EVENING
    async with own.at(code) as (work, case):
        chat = await people.chat(work, case.chat_key)
        chat.commune = OURS
        telling = Telling(work, case, CLOCK)
        assert telling._quiet_until(chat, "") is None
        assert telling._quiet_until(chat, case.chat_key) is not None
