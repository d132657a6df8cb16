"""The desk's day: when it says what waits, what is worth saying, and to whom a delay has climbed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Self

from domain.alarms import AlarmKind, Level, ReminderRules
from domain.calendar import ONE_DAY, WorkCalendar
from domain.cases import OPEN_STATES, State
from domain.law import reading


@dataclass(frozen=True, slots=True)
class Times:
    """When the list of what is late goes out, and until when a morning message may be put off (local)."""

    evening: time = time(16, 30)
    snooze: time = time(14, 0)

    @classmethod
    def parse(cls, office: Mapping[str, Any]) -> Self:
        """Read `evening` and `snooze` of the office document; one without them has the defaults."""
        known = [name for name in cls.__dataclass_fields__ if name in office]
        with reading("office"):
            return cls(**{name: time.fromisoformat(office[name]["at"]) for name in known})


class Matter(StrEnum):
    """Why an open case is worth a word in the morning, the least pressing first."""

    NEW = "new"
    SOON = "soon"  # nothing is due yet, but a reminder rang
    UNTAKEN = "untaken"  # nobody has taken it since a working day
    DUE = "due"
    LATE = "late"
    DECIDE = "decide"  # what somebody asks for waits for this person


def matter(state: State, due_on: date, today: date, waited: int = 0) -> Matter | None:
    """Say why a case is to be named this morning; None where nobody need look at it today.

    `waited` is for how many working days it has been with its unit.
    """
    if state not in OPEN_STATES or state is State.ASKED:
        return None
    if due_on <= today:
        return Matter.LATE if due_on < today else Matter.DUE
    if state not in {State.RECEIVED, State.REOPENED}:
        return None
    return Matter.UNTAKEN if waited else Matter.NEW


def climbed_to(days_late: int, rules: ReminderRules) -> frozenset[Level]:
    """Return the levels a case so many working days late has reached; the first from the day it is late."""
    rungs = [rule for rule in rules.around_due if rule.kind is AlarmKind.OVERDUE]
    first = min((rule.n for rule in rungs), default=0)
    return frozenset(rule.level for rule in rungs if days_late >= rule.n or rule.n == first)


def next_time(calendar: WorkCalendar, at: time, after: datetime) -> datetime:
    """Return when it is next that time of a working day, later than an instant (UTC)."""
    day = calendar.local(after).date()
    if calendar.at(day, at) <= after:
        day += ONE_DAY
    return calendar.at(calendar.roll(day), at)
