"""The desk's day: what is worth a word, how far a delay has climbed, and when it is next that time."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alarms import Level, ReminderRules
from domain.broadcasts import Broadcasting
from domain.calendar import WorkCalendar
from domain.cases import OPEN_STATES, State
from domain.digests import Matter, Times, climbed_to, matter, next_time
from domain.law import BadDocument, seed
from tests.conftest import MONDAY

TODAY = date(2026, 11, 16)
CALENDAR = WorkCalendar.parse(seed("holidays"), seed("office"))
RULES = ReminderRules.parse(seed("deadlines"))


@given(st.sampled_from(State), st.integers(-30, 30))
def test_only_what_somebody_owes_is_named(state: State, days: int) -> None:
    """What is answered, or waits for the citizen, is no matter; late before due before new."""
    found = matter(state, TODAY + timedelta(days=days), TODAY)
    if state not in OPEN_STATES or state is State.ASKED:
        assert found is None
    elif days <= 0:
        assert found is (Matter.LATE if days < 0 else Matter.DUE)
    else:
        assert found is (Matter.NEW if state is not State.ACCEPTED else None)


def test_a_delay_climbs_as_the_reminders_say() -> None:
    """From the first day the nearest chief, from the third the heads, then the province: nobody too early."""
    assert climbed_to(0, RULES) == {Level.UNIT_HEAD}
    assert climbed_to(2, RULES) == {Level.UNIT_HEAD}
    assert climbed_to(3, RULES) == climbed_to(4, RULES) == {Level.UNIT_HEAD, Level.HEADS}
    assert climbed_to(5, RULES) == climbed_to(7, RULES) == {Level.UNIT_HEAD, Level.HEADS, Level.PROVINCE}
    assert climbed_to(8, RULES) == climbed_to(40, RULES) == frozenset(Level) - {Level.OFFICER}


@given(st.integers(0, 24 * 40), st.times(time(6), time(20)))
def test_the_next_time_is_later_and_on_a_working_day(hours: int, at: time) -> None:
    """It is that time of day, later than now, and no working day lies between."""
    at = at.replace(microsecond=0)
    now = MONDAY + timedelta(hours=hours)
    found = next_time(CALENDAR, at, now)
    local: datetime = CALENDAR.local(found)
    assert found > now
    assert local.time() == at
    assert CALENDAR.is_working(local.date())
    days = (CALENDAR.local(now).date() + timedelta(days=n) for n in range(60))
    assert not any(CALENDAR.is_working(d) and now < CALENDAR.at(d, at) < found for d in days)


def test_the_times_are_the_office_documents() -> None:
    """An admin may move them; a document written before they existed has the defaults."""
    assert Times.parse(seed("office")) == Times.parse({}) == Times(time(16, 30), time(14, 0))
    assert Times.parse({"evening": {"at": "17:00"}}).evening == time(17, 0)
    with pytest.raises(BadDocument, match="office"):
        Times.parse({"evening": {"at": "half past four"}})


def test_an_account_carries_no_more_than_its_quota() -> None:
    """One with a limit is beyond it as soon as this month's and these are more; one without never is."""
    rules = Broadcasting.parse({"broadcast": {"quotas": {"zalo": 100}}})
    assert rules.beyond({"zalo": 60}, {"zalo": 40, "web": 9000}) == []
    assert rules.beyond({"zalo": 60}, {"zalo": 41, "web": 1}) == ["zalo"]
    assert rules.beyond({"zalo": 100}, {"web": 1}) == []
    assert (rules.letters, rules.batch) == (500, 100)
    for wrong in ({"letters": 0}, {"batch": "many"}, {"quotas": {"zalo": -1}}):
        with pytest.raises(BadDocument, match="office"):
            Broadcasting.parse({"broadcast": wrong})
