"""By when people are called or written back, and when it is known that they were not."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alarms import AlarmKind, Level
from domain.calendar import WorkCalendar
from domain.law import seed
from domain.promises import Promise, Promising, without

CALENDAR = WorkCalendar.parse(seed("holidays"), seed("office"))
RULES = Promising.parse(seed("office"))
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
HERE = ZoneInfo("Asia/Ho_Chi_Minh")


def at(text: str) -> datetime:
    """Read a local time as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=HERE).astimezone(UTC)


@pytest.mark.parametrize(
    ("asked", "by"),
    [
        ("2026-11-16 09:00", "2026-11-16 17:30"),
        ("2026-11-16 12:00", "2026-11-16 17:30"),
        ("2026-11-16 16:30", "2026-11-16 17:30"),
        ("2026-11-16 16:31", "2026-11-17 10:00"),
        ("2026-11-16 22:00", "2026-11-17 10:00"),
        ("2026-11-17 03:00", "2026-11-17 10:00"),
        ("2026-11-27 21:31", "2026-11-30 10:00"),
        ("2027-02-07 09:03", "2027-02-11 10:00"),
    ],
)
def test_soon_is_today_or_the_next_working_morning(asked: str, by: str) -> None:
    """While an hour of the office day is left it is today; later and on days off the next morning."""
    assert RULES.soon(at(asked), CALENDAR) == at(by)


@given(st.integers(0, 353 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes)))
def test_nobody_is_promised_a_day_off_nor_the_past(asked: datetime) -> None:
    """Whenever somebody asks, it is a working day, later than now, in office hours."""
    by = RULES.soon(asked, CALENDAR)
    assert by > asked
    assert CALENDAR.is_open(by)


def test_a_moment_rings_before_at_and_after() -> None:
    """A call before ten: an hour before, at ten, and half an hour later above."""
    rung = [(alarm.at, alarm.kind, alarm.level) for alarm in RULES.alarms(at("2026-11-30 10:00"), CALENDAR)]
    assert rung == [
        (at("2026-11-30 09:00"), AlarmKind.PROMISE, Level.OFFICER),
        (at("2026-11-30 10:00"), AlarmKind.PROMISE_DUE, Level.OFFICER),
        (at("2026-11-30 10:30"), AlarmKind.PROMISE_LATE, Level.UNIT_HEAD),
    ]


def test_a_whole_day_rings_in_mornings() -> None:
    """Until the end of Friday: Thursday, Friday, and above on Monday."""
    rung = [alarm.at for alarm in RULES.alarms(at("2026-11-21 00:00"), CALENDAR)]
    assert rung == [at(f"2026-11-{day} 07:30") for day in (19, 20, 23)]


def test_what_is_missed_at_closing_time_is_known_the_next_morning() -> None:
    """Half an hour of office time after half past five is eight in the morning."""
    late = RULES.alarms(at("2026-11-16 17:30"), CALENDAR)[-1]
    assert late.at == at("2026-11-17 08:00")


def test_what_was_kept_is_promised_no_more() -> None:
    """The rest is owed as before, by the same moment."""
    assert without({"call": 5, "write": 7}, {Promise.CALL}) == {"write": 7}
    assert RULES.before == timedelta(hours=1)
