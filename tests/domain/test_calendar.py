"""The working calendar, held against the days and hours that were really announced."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import CalendarEnds, WorkCalendar
from domain.law import BadDocument, seed

CALENDAR = WorkCalendar.parse(seed("holidays"), seed("office"))
DAYS = st.dates(date(2024, 3, 1), date(2028, 10, 1))
MOMENTS = st.integers(0, 4 * 365 * 24 * 60).map(
    lambda n: datetime(2024, 1, 10, tzinfo=UTC) + timedelta(minutes=n)
)


def at(text: str) -> datetime:
    """Read a local moment, e.g. '2026-11-23 10:00'."""
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone).astimezone(UTC)


def holidays_with(**years: dict[str, Any]) -> dict[str, Any]:
    """Build a holidays document of the given years (y2026={...})."""
    return {"years": {int(name[1:]): year for name, year in years.items()}}


EMPTY = {"status": "official", "days_off": [], "makeup_workdays": []}


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-01-02", False),
        ("2026-01-10", True),
        ("2026-02-13", True),
        ("2026-02-16", False),
        ("2026-02-20", False),
        ("2026-02-21", False),
        ("2026-02-23", True),
        ("2026-04-26", False),
        ("2026-04-27", False),
        ("2026-08-22", True),
        ("2026-08-31", False),
        ("2026-11-23", True),
        ("2026-11-24", False),
        ("2025-04-26", True),
        ("2025-05-02", False),
        ("2024-05-04", True),
        ("2028-01-26", False),
        ("2028-01-22", False),
        ("2028-02-01", True),
    ],
)
def test_days_are_worked_as_announced(day: str, worked: bool) -> None:
    """Tết, swapped Saturdays, compensatory days and the new holiday stand as announced."""
    assert CALENDAR.is_working(date.fromisoformat(day)) is worked


def test_every_listed_day_is_off_and_every_makeup_day_is_a_worked_weekend() -> None:
    """The whole document takes effect, not just the days other tests look at."""
    for year in seed("holidays")["years"].values():
        for row in year["days_off"]:
            assert not CALENDAR.is_working(row["date"])
            assert CALENDAR.name_of(row["date"]) == row["name"]
            assert row["date"].weekday() < 5
        for row in year["makeup_workdays"]:
            assert CALENDAR.is_working(row["date"])
            assert row["date"].weekday() == 5
            assert not CALENDAR.is_working(row["for"])


def test_only_extra_days_off_have_names() -> None:
    """A working day and an ordinary weekend have no name; a seeded holiday has a Vietnamese one."""
    assert CALENDAR.name_of(date(2026, 11, 24)) == "Ngày Văn hóa Việt Nam"
    assert CALENDAR.name_of(date(2026, 11, 25)) is None
    assert CALENDAR.name_of(date(2026, 11, 28)) is None
    assert CALENDAR.name_of(date(2028, 1, 26)) == "Tết Nguyên Đán"


def test_years_without_an_announcement_are_provisional() -> None:
    """Announced years are firm; the estimate, the seeded year and an unknown year are not."""
    assert [CALENDAR.is_provisional(year) for year in (2024, 2025, 2026)] == [False] * 3
    assert [CALENDAR.is_provisional(year) for year in (2027, 2028, 2029)] == [True] * 3


def test_the_calendar_refuses_days_it_does_not_know() -> None:
    """Beyond the covered years every computation refuses instead of guessing, and within them none does."""
    assert [CALENDAR.covers(date(year, 6, 1)) for year in (2023, 2024, 2028, 2029)] == [
        False,
        True,
        True,
        False,
    ]
    last = date(2028, 12, 29)
    assert CALENDAR.roll(last) == last
    listed = CALENDAR.as_listed()
    for refuse in (
        lambda: listed.is_working(date(2029, 1, 6)),
        lambda: listed.add_working_days(last, 1),
        lambda: listed.roll(date(2028, 12, 30)),
        lambda: listed.working_days_after(last, date(2029, 1, 2)),
        lambda: listed.add_working_hours(at("2028-12-29 17:00"), 1),
        lambda: listed.quiet_until(at("2028-12-30 10:00")),
        lambda: listed.is_working(date(2023, 12, 29)),
    ):
        with pytest.raises(CalendarEnds):
            refuse()


def test_beyond_the_listed_years_days_off_are_estimated() -> None:
    """Weekends, fixed holidays and Tết by the moon: whoever writes then is answered."""
    tet = date(2029, 2, 13)
    assert not CALENDAR.is_working(tet)
    assert not CALENDAR.is_working(date(2029, 1, 6))
    assert CALENDAR.is_working(date(2029, 1, 8))
    assert CALENDAR.add_working_days(date(2028, 12, 29), 1) == date(2029, 1, 2)
    assert CALENDAR.is_provisional(2029)
    assert CALENDAR.quiet_until(at("2028-12-30 10:00")) == at("2029-01-02 07:00")


def test_a_listed_year_beats_the_package() -> None:
    """A year that is both listed and to be seeded is taken from the list alone."""
    document = holidays_with(y2028=EMPTY) | {"seed_years": [2028]}
    calendar = WorkCalendar.parse(document, seed("office"))
    assert calendar.is_working(date(2028, 1, 26))
    assert not calendar.is_provisional(2028)


def test_a_seeded_year_takes_over_the_swaps_of_the_package() -> None:
    """The package's worked weekends count in a seeded year, and only that year is covered."""
    calendar = WorkCalendar.parse({"years": {}, "seed_years": [2019]}, seed("office"))
    assert calendar.is_working(date(2019, 1, 5))
    assert not calendar.is_working(date(2019, 1, 12))
    assert set(calendar.years) == {2019}


def test_documents_may_have_been_through_json() -> None:
    """Dates and years that became strings read the same."""
    documents = (json.loads(json.dumps(seed(name), default=str)) for name in ("holidays", "office"))
    assert WorkCalendar.parse(*documents) == CALENDAR


@pytest.mark.parametrize(
    "year",
    [
        EMPTY | {"days_off": [{"date": "2025-01-01", "name": "năm khác"}]},
        EMPTY | {"days_off": [{"date": "mai", "name": "không phải ngày"}]},
        EMPTY | {"makeup_workdays": [{"date": "2026-01-09", "for": "2026-01-02"}]},
        {"status": "official"},
    ],
)
def test_a_misfit_holidays_document_is_refused(year: dict[str, Any]) -> None:
    """A day of another year, no day at all, a makeup day in the week, a missing list: BadDocument."""
    with pytest.raises(BadDocument, match="holidays"):
        WorkCalendar.parse(holidays_with(y2026=year), seed("office"))


@pytest.mark.parametrize(
    "sessions",
    [
        [],
        [{"from": "11:30", "until": "07:30"}],
        [{"from": "07:30", "until": "07:30"}],
        [{"from": "13:30", "until": "17:30"}, {"from": "07:30", "until": "11:30"}],
    ],
)
def test_office_sessions_must_follow_one_another(sessions: list[dict[str, str]]) -> None:
    """No sessions, a session that ends before it begins, or sessions out of order are refused."""
    office = seed("office") | {"hours": {"sessions": sessions}}
    with pytest.raises(BadDocument, match="office"):
        WorkCalendar.parse(seed("holidays"), office)


def test_working_days_are_counted_over_tet_and_back() -> None:
    """Counting forward or backward steps over the days off and onto a worked Saturday."""
    assert CALENDAR.add_working_days(date(2026, 2, 13), 1) == date(2026, 2, 23)
    assert CALENDAR.add_working_days(date(2026, 2, 23), -1) == date(2026, 2, 13)
    assert CALENDAR.add_working_days(date(2026, 1, 9), 1) == date(2026, 1, 10)
    assert CALENDAR.add_working_days(date(2026, 2, 17), 0) == date(2026, 2, 17)
    assert CALENDAR.working_days_after(date(2026, 2, 13), date(2026, 2, 23)) == 1
    assert CALENDAR.working_days_after(date(2026, 2, 23), date(2026, 2, 13)) == 0


def test_a_day_off_rolls_to_the_next_working_day() -> None:
    """A working day stays; a day off gives way."""
    assert CALENDAR.roll(date(2026, 11, 24)) == date(2026, 11, 25)
    assert CALENDAR.roll(date(2026, 11, 25)) == date(2026, 11, 25)


@given(DAYS, st.integers(1, 40))
def test_adding_then_counting_gives_the_number_back(day: date, n: int) -> None:
    """The n-th working day after a day has n working days up to it, and n back from it is where one began."""
    later = CALENDAR.add_working_days(day, n)
    assert CALENDAR.is_working(later)
    assert CALENDAR.working_days_after(day, later) == n
    begun = CALENDAR.roll(day)
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(begun, n), -n) == begun


@given(DAYS, st.integers(-30, 30))
def test_adding_is_monotone(day: date, n: int) -> None:
    """One working day more is always later."""
    assert CALENDAR.add_working_days(day, n) < CALENDAR.add_working_days(day, n + 1)


@given(DAYS)
def test_rolling_skips_only_days_off(day: date) -> None:
    """Between a day and where it rolls to there is no working day."""
    rolled = CALENDAR.roll(day)
    assert CALENDAR.is_working(rolled)
    assert CALENDAR.working_days_after(day - timedelta(days=1), rolled) == 1


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23 07:30", 4, "2026-11-23 11:30"),
        ("2026-11-23 07:30", 4.5, "2026-11-23 14:00"),
        ("2026-11-23 07:30", 8, "2026-11-23 17:30"),
        ("2026-11-23 12:00", 1, "2026-11-23 14:30"),
        ("2026-11-23 16:00", 4, "2026-11-25 10:00"),
        ("2026-11-21 20:00", 4, "2026-11-23 11:30"),
        ("2026-01-09 17:00", 1, "2026-01-10 08:00"),
        ("2026-02-13 16:30", 8, "2026-02-23 16:30"),
        ("2026-11-21 20:00", 0, "2026-11-21 20:00"),
    ],
)
def test_working_hours_pass_only_in_the_office(start: str, hours: float, end: str) -> None:
    """Nights, lunch, days off and Tết do not count; a full day ends at closing time."""
    assert CALENDAR.add_working_hours(at(start), hours) == at(end)


def test_a_working_day_has_eight_hours() -> None:
    """The seed's two sessions make eight hours, others what they last; hours are never counted backward."""
    assert CALENDAR.hours_a_day == 8
    short = seed("office") | {"hours": {"sessions": [{"from": "08:15", "until": "12:00"}]}}
    assert WorkCalendar.parse(seed("holidays"), short).hours_a_day == 3.75
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_working_hours(at("2026-11-23 08:00"), -1)


@given(MOMENTS, st.integers(0, 200).map(lambda quarters: quarters / 4))
def test_office_time_measures_what_was_added(start: datetime, hours: float) -> None:
    """Adding hours ends in the office, in UTC, and measures back as the same time."""
    end = CALENDAR.add_working_hours(start, hours)
    assert end.tzinfo is UTC
    assert CALENDAR.working_time(start, end) == timedelta(hours=hours)
    assert hours == 0 or CALENDAR.is_open(end)


def test_office_time_is_cut_at_both_ends() -> None:
    """A stretch that begins and ends inside sessions counts only its own part; backward counts nothing."""
    assert CALENDAR.working_time(at("2026-11-23 10:00"), at("2026-11-23 14:00")) == timedelta(hours=2)
    assert CALENDAR.working_time(at("2026-11-23 12:00"), at("2026-11-23 13:00")) == timedelta()
    assert CALENDAR.working_time(at("2026-11-23 14:00"), at("2026-11-23 10:00")) == timedelta()
    assert CALENDAR.working_time(at("2026-11-23 10:00"), at("2026-11-26 10:00")) == timedelta(hours=16)


@pytest.mark.parametrize(
    ("moment", "is_open", "opens"),
    [
        ("2026-11-23 07:30", True, "2026-11-23 07:30"),
        ("2026-11-23 07:29", False, "2026-11-23 07:30"),
        ("2026-11-23 11:30", True, "2026-11-23 13:30"),
        ("2026-11-23 12:00", False, "2026-11-23 13:30"),
        ("2026-11-23 18:00", False, "2026-11-25 07:30"),
        ("2026-11-24 10:00", False, "2026-11-25 07:30"),
        ("2026-11-25 15:00", True, "2026-11-25 15:00"),
    ],
)
def test_office_hours_hold(moment: str, is_open: bool, opens: str) -> None:
    """Office hours include their bounds; the next opening steps over lunch, nights and days off."""
    assert CALENDAR.is_open(at(moment)) is is_open
    assert CALENDAR.opens(at(moment)) == at(opens)


@pytest.mark.parametrize(
    ("moment", "released"),
    [
        ("2026-11-23 20:59", None),
        ("2026-11-23 06:30", None),
        ("2026-11-23 06:29", "2026-11-23 07:00"),
        ("2026-11-25 21:00", "2026-11-26 07:00"),
        ("2026-11-23 21:00", "2026-11-25 07:00"),
        ("2026-11-24 10:00", "2026-11-25 07:00"),
        ("2026-11-25 00:30", "2026-11-25 07:00"),
        ("2026-11-27 22:00", "2026-11-30 07:00"),
        ("2026-01-10 10:00", None),
        ("2026-02-14 09:00", "2026-02-23 07:00"),
    ],
)
def test_messages_wait_in_quiet_hours(moment: str, released: str | None) -> None:
    """Messages rest at night and on days off until seven on the next working morning."""
    assert CALENDAR.quiet_until(at(moment)) == (released and at(released))


def test_quiet_hours_need_not_pass_midnight() -> None:
    """An admin may set quiet hours within one day."""
    quiet = {"from": "12:00", "until": "13:00", "release": "13:00"}
    calendar = WorkCalendar.parse(seed("holidays"), seed("office") | {"quiet": quiet})
    assert calendar.quiet_until(at("2026-11-23 12:30")) == at("2026-11-23 13:00")
    assert calendar.quiet_until(at("2026-11-23 23:00")) is None
    assert calendar.quiet_until(at("2026-11-23 12:00")) == at("2026-11-23 13:00")
    assert calendar.quiet_until(at("2026-11-23 13:00")) is None
    none = WorkCalendar.parse(seed("holidays"), seed("office") | {"quiet": quiet | {"until": "12:00"}})
    assert none.quiet_until(at("2026-11-23 12:00")) is none.quiet_until(at("2026-11-23 22:00")) is None


@given(MOMENTS)
def test_a_release_is_never_quiet_itself(moment: datetime) -> None:
    """What is held goes out later, at a time that is not quiet."""
    released = CALENDAR.quiet_until(moment)
    if released is not None:
        assert released > moment
        assert released.tzinfo is UTC
        assert CALENDAR.quiet_until(released) is None


def test_instants_are_told_in_local_time_and_kept_in_utc() -> None:
    """Local seven thirty is half past midnight in UTC, and a naive instant is refused."""
    morning = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
    assert CALENDAR.at(date(2026, 11, 23), time(7, 30)) == morning
    assert CALENDAR.at(date(2026, 11, 23), time(7, 30)).tzinfo is UTC
    assert CALENDAR.morning_of(date(2026, 11, 23)) == morning
    assert CALENDAR.local(morning).time() == time(7, 30)
    with pytest.raises(ValueError, match="zone"):
        CALENDAR.local(datetime(2026, 11, 23))  # noqa: DTZ001 - the naive instant is the point
