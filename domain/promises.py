"""What a citizen was promised beside the answer itself, and by when: each is a due moment of its own."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, Self

from domain.alarms import Alarm, AlarmKind, Level
from domain.calendar import ONE_DAY, WorkCalendar
from domain.law import reading


class Promise(StrEnum):
    """What was promised."""

    CALL = "call"
    WRITE = "write"
    ACKNOWLEDGE = "acknowledge"
    """That a request about one's data has come in (NĐ 356/2025 art. 5)."""


def without(promises: Mapping[str, int], kept: AbstractSet[Promise]) -> dict[str, int]:
    """Return what is still promised (instants in ms) once these were kept."""
    return {what: at for what, at in promises.items() if what not in kept}


@dataclass(frozen=True, slots=True)
class Promising:
    """When people are called or written back, and when those who must do it hear; of the office document.

    It is still today while so many minutes of office hours are left, else `by` that time of the next one.
    """

    by: time = time(10)
    today: timedelta = timedelta(minutes=60)
    before: timedelta = timedelta(minutes=60)
    late: timedelta = timedelta(minutes=30)

    @classmethod
    def parse(cls, office: Mapping[str, Any]) -> Self:
        """Read `promises` of the office document; one written before there was any has the defaults."""
        row: Mapping[str, Any] | None = office.get("promises")
        if row is None:
            return cls()
        with reading("office"):
            minutes = (timedelta(minutes=row[f"{name}_minutes"]) for name in ("today", "before", "late"))
            return cls(time.fromisoformat(row["by"]), *minutes)

    def soon(self, now: datetime, calendar: WorkCalendar) -> datetime:
        """Return by when somebody who asks now is called or written back."""
        day = calendar.local(now).date()
        closes = calendar.at(day, calendar.sessions[-1][1])
        if calendar.is_working(day) and now >= calendar.morning_of(day) and closes - now >= self.today:
            return closes
        early = calendar.is_working(day) and now < calendar.morning_of(day)
        return calendar.at(day if early else calendar.add_working_days(day, 1), self.by)

    def alarms(self, at: datetime, calendar: WorkCalendar) -> tuple[Alarm, ...]:
        """Return when the officer is reminded, before and at that moment, and when it is known to be missed.

        What is promised for a day (until 24:00) rings in mornings: the day before, that day, the day after.
        """
        if is_whole_day(at, calendar):
            last = calendar.add_working_days(calendar.local(at).date(), -1)
            days = (calendar.add_working_days(last, -1), last, calendar.add_working_days(last, 1))
            before, due, late = (calendar.morning_of(day) for day in days)
        else:
            before, due, late = at - self.before, at, calendar.add_working_hours(at, self.late / _HOUR)
        return (
            Alarm(before, AlarmKind.PROMISE, Level.OFFICER),
            Alarm(due, AlarmKind.PROMISE_DUE, Level.OFFICER),
            Alarm(late, AlarmKind.PROMISE_LATE, Level.UNIT_HEAD),
        )


_HOUR = timedelta(hours=1)


def is_whole_day(at: datetime, calendar: WorkCalendar) -> bool:
    """Say whether a moment is the end of a day."""
    return calendar.local(at).time() == time()


def day_of(at: datetime, calendar: WorkCalendar) -> datetime:
    """Return a moment within the day by whose end, or at which, it is due (local)."""
    local = calendar.local(at)
    return local - ONE_DAY if is_whole_day(at, calendar) else local
