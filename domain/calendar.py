"""The working calendar: days off, swapped Saturdays, office and quiet hours of Vietnam's public bodies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, Self
from zoneinfo import ZoneInfo

import holidays

from domain.law import as_day, reading

ONE_DAY = timedelta(days=1)


def day_after(day: date) -> date:
    """Return the day after; after the last day there is none."""
    return day + ONE_DAY if day < date.max else day


_SATURDAY = 5


class CalendarEnds(Exception):
    """A calendar that `ends` is asked about a day no document covers: an admin must add its year."""


@dataclass(frozen=True)
class WorkCalendar:
    """Which days and hours are worked (Labour Code art. 111-112, with the yearly swaps of working days).

    `days_off` names the extra days off, `makeup` holds the weekend days that are worked, `years` says of each
    covered year whether it is still provisional. Of any other year the days off are estimated, unless the
    calendar `ends`: whoever cries for help is heard in every year. Times of day are local to `zone`.
    """

    zone: ZoneInfo
    days_off: Mapping[date, str]
    makeup: frozenset[date]
    years: Mapping[int, bool]
    sessions: tuple[tuple[time, time], ...]
    quiet: tuple[time, time]
    release: time
    morning: time
    ends: bool = False

    @classmethod
    def parse(cls, holidays_document: Mapping[str, Any], office_document: Mapping[str, Any]) -> Self:
        """Read the two documents (seeds: `holidays`, `office`); raise BadDocument when one does not fit."""
        with reading("holidays"):
            days_off, makeup, years = _days(holidays_document)
        with reading("office"):
            return cls(
                zone=ZoneInfo(office_document["zone"]["name"]),
                days_off=days_off,
                makeup=makeup,
                years=years,
                sessions=_sessions_of(office_document["hours"]["sessions"]),
                quiet=(_time(office_document["quiet"]["from"]), _time(office_document["quiet"]["until"])),
                release=_time(office_document["quiet"]["release"]),
                morning=_time(office_document["morning"]["at"]),
            )

    def as_listed(self) -> Self:
        """Return the same calendar, which ends with the years that are covered."""
        return replace(self, ends=True)

    # --- days -----------------------------------------------------------------------------------

    def covers(self, day: date) -> bool:
        """Say whether the calendar knows that day's year."""
        return day.year in self.years

    def is_provisional(self, year: int) -> bool:
        """Say whether the days off of that year are not yet announced (an unknown year is never official)."""
        return self.years.get(year, True)

    def is_working(self, day: date) -> bool:
        """Say whether public bodies work that day. One that ends raises CalendarEnds of other years."""
        if not self.covers(day):
            if self.ends:
                raise CalendarEnds(f"no calendar for {day.year}")
            days_off, makeup = _estimated(day.year)
            return day in makeup or (day.weekday() < _SATURDAY and day not in days_off)
        return day in self.makeup or (day.weekday() < _SATURDAY and day not in self.days_off)

    def name_of(self, day: date) -> str | None:
        """Give the name of an extra day off; None for working days and ordinary weekends."""
        return self.days_off.get(day)

    def add_working_days(self, day: date, n: int) -> date:
        """Give the n-th working day after the day, before it when n < 0, or the day itself when n is 0."""
        step = ONE_DAY if n > 0 else -ONE_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def roll(self, day: date) -> date:
        """Give the day itself when it is worked, else the next working day (BLDS 2015 art. 148.5)."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def working_days_after(self, start: date, end: date) -> int:
        """Count the working days in (start, end]; 0 when the end is not later than the start."""
        days = (start + ONE_DAY * i for i in range(1, (end - start).days + 1))
        return sum(self.is_working(day) for day in days)

    # --- instants -------------------------------------------------------------------------------

    def local(self, at: datetime) -> datetime:
        """Give an aware instant as local time; ValueError when it is naive."""
        if at.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return at.astimezone(self.zone)

    def at(self, day: date, moment: time) -> datetime:
        """Give the UTC instant of a local time of day."""
        return datetime.combine(day, moment, self.zone).astimezone(UTC)

    def morning_of(self, day: date) -> datetime:
        """Give the UTC instant at which alarms ring on a day."""
        return self.at(day, self.morning)

    @property
    def hours_a_day(self) -> float:
        """Office hours in one working day."""
        return sum(b.hour - a.hour + (b.minute - a.minute) / 60 for a, b in self.sessions)

    def is_open(self, at: datetime) -> bool:
        """Say whether the instant lies in office hours, their first and last instants included."""
        here = self.local(at)
        clock = here.time()
        return self.is_working(here.date()) and any(a <= clock <= b for a, b in self.sessions)

    def opens(self, at: datetime) -> datetime:
        """Give the first instant of office hours that is not before `at`, in UTC."""
        return next(self._sessions(at))[0]

    def add_working_hours(self, at: datetime, hours: float) -> datetime:
        """Give the first UTC instant by which that many office hours have passed; `at` itself for 0 hours."""
        left = timedelta(hours=hours)
        if left < timedelta():
            raise ValueError("hours are counted forward")
        if not left:
            return self.local(at).astimezone(UTC)
        sessions = self._sessions(at)
        start, end = next(sessions)
        while left > end - start:
            left -= end - start
            start, end = next(sessions)
        return start + left

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """Measure the office time in [start, end]; nothing when the end is not later than the start."""
        total = timedelta()
        if end <= start:
            return total
        for opens, closes in self._sessions(start):
            if opens >= end:
                break
            total += min(closes, end) - opens
            if closes >= end:
                break
        return total

    def quiet_until(self, at: datetime) -> datetime | None:
        """Give the instant at which messages held at `at` go out, or None when they may go out now.

        Quiet are the quiet hours of working days and the whole of every day off.
        """
        here = self.local(at)
        day = here.date()
        if self.is_working(day) and not self._hushed(here.time()):
            return None
        while not self.is_working(day) or self.at(day, self.release) <= at:
            day += ONE_DAY
        return self.at(day, self.release)

    def _hushed(self, clock: time) -> bool:
        begin, end = self.quiet
        if begin > end:  # over midnight
            return clock >= begin or clock < end
        return begin <= clock < end

    def _sessions(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield, in UTC and without end, the office sessions that close after `since`, cut to begin at it."""
        day = self.local(since).date()
        while True:
            for opens, closes in self.sessions if self.is_working(day) else ():
                start, end = self.at(day, opens), self.at(day, closes)
                if end > since:
                    yield max(start, since.astimezone(UTC)), end
            day += ONE_DAY


def _days(document: Mapping[str, Any]) -> tuple[dict[date, str], frozenset[date], dict[int, bool]]:
    days_off: dict[date, str] = {}
    makeup: set[date] = set()
    years: dict[int, bool] = {}
    for key, listed in document["years"].items():
        year = int(key)  # JSON makes a string of it
        years[year] = not listed["status"].startswith("official")
        days_off |= {_within(row["date"], year): row["name"] for row in listed["days_off"]}
        makeup |= {_weekend(_within(row["date"], year)) for row in listed["makeup_workdays"]}
    for year in {int(year) for year in document.get("seed_years", [])} - years.keys():
        years[year] = True
        known, worked = _estimated(year)
        days_off |= known
        makeup |= worked
    return days_off, frozenset(makeup), years


@cache
def _estimated(year: int) -> tuple[Mapping[date, str], frozenset[date]]:
    """Return the days off, by their names, and the worked weekend days that the `holidays` package knows."""
    known = holidays.country_holidays("VN", years=year, language="vi")
    days_off = {day: name for day, name in known.items() if day.year == year}
    return days_off, frozenset(day for day in known.weekend_workdays if day.year == year)


def _within(value: date | str, year: int) -> date:
    day = as_day(value)
    if day.year != year:
        raise ValueError(f"{day} is listed under {year}")
    return day


def _weekend(day: date) -> date:
    if day.weekday() < _SATURDAY:
        raise ValueError(f"{day} cannot make up for a day off: it is not on a weekend")
    return day


def _sessions_of(rows: list[Mapping[str, str]]) -> tuple[tuple[time, time], ...]:
    sessions = tuple((_time(row["from"]), _time(row["until"])) for row in rows)
    bounds = [bound for session in sessions for bound in session]
    if not bounds or any(a >= b for a, b in pairwise(bounds)):
        raise ValueError("office sessions must follow one another")
    return sessions


def _time(text: str) -> time:
    return time.fromisoformat(text)
