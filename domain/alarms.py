"""When the desk speaks up about a case: before it is due, when it is, and up the ladder once it is late."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import ceil
from typing import Any, Self

from domain.calendar import ONE_DAY, WorkCalendar
from domain.deadlines import Due
from domain.law import reading


class AlarmKind(StrEnum):
    """What an alarm says, the least pressing first; an alarm's `n` says how many."""

    PICKUP = "pickup"  # not accepted on the n-th working day
    PART = "part"  # n percent of the time has gone
    BEFORE = "before"  # n working days are left
    DUE = "due"  # today, or at this instant
    PICKUP_LATE = "pickup_late"  # still not accepted: somebody above must know
    PROMISE = "promise"  # something else was promised for soon (see domain.promises)
    PROMISE_DUE = "promise_due"  # for now
    PROMISE_LATE = "promise_late"  # and was not kept
    BREACH = "breach"  # a term in hours has just run out
    OVERDUE = "overdue"  # n working days late


class Level(StrEnum):
    """Who is told, the lowest first; each is a value of the reminders document."""

    OFFICER = "officer"
    UNIT_HEAD = "unit_head"
    HEADS = "commune_chair_and_party_secretary"
    PROVINCE = "province"
    PROVINCE_HEADS = "province_heads"


@dataclass(frozen=True, slots=True)
class Alarm:
    """A moment (UTC) at which somebody is told something about a case."""

    at: datetime
    kind: AlarmKind
    level: Level
    n: int = 0

    @property
    def key(self) -> str:
        """Name the alarm within its case, e.g. `part_50`, `before_3`, `due`, `overdue_1`."""
        return f"{self.kind}_{self.n}" if self.n else str(self.kind)

    @property
    def severity(self) -> tuple[int, int, int]:
        """Order alarms of one instant: first by who is told, then by what is said, then by how pressing."""
        pressing = -self.n if self.kind is AlarmKind.BEFORE else self.n
        return list(Level).index(self.level), list(AlarmKind).index(self.kind), pressing


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the reminders: what is said, to whom, and how many days (or percent) it stands off."""

    kind: AlarmKind
    level: Level
    n: int = 0


@dataclass(frozen=True, slots=True)
class ReminderRules:
    """The reminders of a case: those around its due day, and those until somebody accepts it."""

    around_due: tuple[Rule, ...]
    not_accepted: tuple[Rule, ...]
    undecided: int = 1
    """Working days a request waits for a decision before those above hear of it too."""

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> Self:
        """Read the deadlines document's `reminders_default`; raise BadDocument when it does not fit."""
        with reading("reminders"):
            row = document["reminders_default"]
            before = [_before(text) for text in row["before_due"]]
            at_due = [Rule(AlarmKind.DUE, Level.OFFICER)] if row["at_due"] else []
            late = [
                Rule(AlarmKind.OVERDUE, Level(who), _days(t)) for t, who in row["overdue_escalate"].items()
            ]
            waiting = [_pickup(_days(text), Level(who)) for text, who in row["not_accepted"].items()]
            undecided = _days(row.get("undecided", "+1 working_day"))
            return cls((*before, *at_due, *late), tuple(waiting), undecided)


def schedule(
    opened_at: datetime, due: Due, rules: ReminderRules, calendar: WorkCalendar
) -> tuple[Alarm, ...]:
    """Compute every alarm around a due moment, in order; none at or before the opening, one per instant.

    A term in days rings in the morning of working days only. A term in hours rings its share of the time and
    its end at those instants of office hours; an end outside them is rung in the last working morning before.
    That it ran out is known above at once.
    """
    found = []
    for rule in rules.around_due:
        at = _moment(rule, opened_at, due, calendar)
        if at is not None and at > opened_at:
            found.append(Alarm(at, rule.kind, rule.level, rule.n))
    if not due.whole_day and due.at > opened_at:
        known = due.at if calendar.is_open(due.at) else calendar.opens(due.at)
        found.append(Alarm(known, AlarmKind.BREACH, Level.UNIT_HEAD))
    return _settled(found)


def pickup(opened_at: datetime, rules: ReminderRules, calendar: WorkCalendar) -> tuple[Alarm, ...]:
    """Compute the alarms of a case nobody accepts: the mornings of the n-th working days after its opening.

    A case that comes in after hours or on a day off counts as opened when the office next opens.
    """
    day = calendar.local(calendar.opens(opened_at)).date()
    mornings = ((calendar.morning_of(calendar.add_working_days(day, r.n)), r) for r in rules.not_accepted)
    return _settled(Alarm(at, rule.kind, rule.level, rule.n) for at, rule in mornings)


def next_alarm(alarms: Iterable[Alarm], after: datetime) -> Alarm | None:
    """Give the first alarm later than an instant (the most severe of them, should several fall together)."""
    later = [alarm for alarm in _settled(alarms) if alarm.at > after]
    return later[0] if later else None


def _settled(alarms: Iterable[Alarm]) -> tuple[Alarm, ...]:
    mild_first = sorted(alarms, key=lambda alarm: alarm.severity)
    by_instant = {alarm.at: alarm for alarm in mild_first}
    return tuple(by_instant[at] for at in sorted(by_instant))


def _moment(rule: Rule, opened_at: datetime, due: Due, calendar: WorkCalendar) -> datetime | None:
    last = calendar.add_working_days(due.day + ONE_DAY, -1)  # the due day, or the working day before it
    match rule.kind:
        case AlarmKind.PART:
            return _part(rule.n, opened_at, due, last, calendar)
        case AlarmKind.BEFORE:
            return calendar.morning_of(calendar.add_working_days(last, -rule.n))
        case AlarmKind.DUE:
            return _at_due(due, last, calendar)
        case _:
            return calendar.morning_of(calendar.add_working_days(due.day, rule.n))


def _part(percent: int, opened_at: datetime, due: Due, last: date, calendar: WorkCalendar) -> datetime | None:
    """Give the moment that share of the working days or office time has gone; None if there is none."""
    if not due.whole_day:
        span = calendar.working_time(opened_at, due.at)
        return (
            calendar.add_working_hours(opened_at, span.total_seconds() / 3600 * percent / 100)
            if span
            else None
        )
    day = calendar.local(opened_at).date()
    days = calendar.working_days_after(day, last)
    return calendar.morning_of(calendar.add_working_days(day, ceil(days * percent / 100))) if days else None


def _at_due(due: Due, last: date, calendar: WorkCalendar) -> datetime:
    if not due.whole_day and calendar.is_open(due.at):
        return due.at
    morning = calendar.morning_of(last)
    return morning if morning < due.at else calendar.morning_of(calendar.add_working_days(last, -1))


# --- reading the rules --------------------------------------------------------------------------


def _before(text: str) -> Rule:
    if share := re.fullmatch(r"([1-9]\d?)%", text):
        return Rule(AlarmKind.PART, Level.OFFICER, int(share[1]))
    return Rule(AlarmKind.BEFORE, Level.OFFICER, _days(text, "-"))


def _days(text: str, sign: str = "+") -> int:
    found = re.fullmatch(rf"{re.escape(sign)}([1-9]\d*) working_day", text)
    if not found:
        raise ValueError(f"{text!r} is not like '{sign}1 working_day'")
    return int(found[1])


def _pickup(n: int, level: Level) -> Rule:
    return Rule(AlarmKind.PICKUP if level is Level.OFFICER else AlarmKind.PICKUP_LATE, level, n)
