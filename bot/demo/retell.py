"""A story is written for one week; told in another, its days are counted from the day it is told."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from domain.calendar import WorkCalendar

_DAY = re.compile(r"\b(\d{1,2})/(\d{1,2})\b")


def beginning(start: datetime | None, now: datetime, calendar: WorkCalendar) -> datetime:
    """Return when to begin a story written for a local start: at once where office hours are what it needs.

    A story of the night or of a day off begins at the next such hour. Both moments are UTC.
    """
    if start is None:
        return now
    if calendar.is_open(calendar.at(start.date(), start.time())) and calendar.is_open(now):
        return now
    day, works = calendar.local(now).date(), calendar.is_working(start.date())
    while calendar.is_working(day) != works or calendar.at(day, start.time()) < now:
        day = date.fromordinal(day.toordinal() + 1)
    return calendar.at(day, start.time())


@dataclass(frozen=True, slots=True)
class Retold:
    """A story's days, told from another day on: working days stay as many working days apart."""

    written: date
    told: date
    calendar: WorkCalendar

    def day(self, day: date) -> date:
        """Return the day this day of the story falls on."""
        if not self.calendar.is_working(day):
            return self.told + (day - self.written)
        if day < self.written:
            return self.calendar.add_working_days(self.told, -self._apart(day, self.written))
        return self.calendar.add_working_days(self.told, self._apart(self.written, day))

    def _apart(self, first: date, last: date) -> int:
        return self.calendar.working_days_after(first, last)

    def text(self, text: str) -> str:
        """Return what is said with its days (“17/11”) moved."""
        return _DAY.sub(self._moved, text) if self.written != self.told else text

    def _moved(self, found: re.Match[str]) -> str:
        try:
            day = date(self.written.year, int(found[2]), int(found[1]))
        except ValueError:  # a fraction, not a day
            return found[0]
        moved = self.day(day)
        return f"{moved.day}/{moved.month}"
