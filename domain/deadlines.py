"""Terms of law and policy, and the day each one runs out: always derived anew, never decremented."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self

from domain.calendar import ONE_DAY, WorkCalendar
from domain.law import reading

Pause = tuple[datetime, datetime]

_INSTANT_UNITS = frozenset({"same_moment", "minute", "hour", "working_hour"})
_DAY_UNITS = frozenset({"calendar_day", "calendar_day_before", "working_day", "month"})
_URGENCIES = frozenset({"khan", "nhanh", "thuong", "phuc_tap"})
_GENERAL = "phan_anh"
"""The kind whose policy rows hold for every kind that has none of its own."""


class UnknownTerm(LookupError):
    """No such term, or no such extension of a term, in the deadlines document."""


class Unmeasured(ValueError):
    """The row states a duty that has no countable length (e.g. two days a month), so nothing can be due."""


@dataclass(frozen=True, slots=True)
class Extension:
    """A way a term may grow, in its own unit: to `max_total` in all, or by `add` as often as `times`."""

    name: str
    max_total: int | None = None
    add: int = 0
    times: int = 1


@dataclass(frozen=True, slots=True)
class Term:
    """One row of the deadlines document.

    `extensions` and `note` are the two shapes of its `extendable_by`; `roll` says whether a last day
    that is a day off moves to the next working day (BLDS 2015 art. 148.5).
    """

    id: str
    kinds: tuple[str, ...]
    urgency: str | None
    stage: str
    duration: int | None
    unit: str | None
    start: str | None
    extensions: tuple[Extension, ...]
    note: str | None
    roll: bool
    clock: str | None
    basis: str
    source: str | None
    conf: str

    @classmethod
    def parse(cls, row: Mapping[str, Any]) -> Self:
        """Read one row; raise KeyError, TypeError or ValueError when it does not fit."""
        extendable = row.get("extendable_by")
        return cls(
            id=row["id"],
            kinds=(row["kind"],) if isinstance(row["kind"], str) else tuple(row["kind"]),
            urgency=row.get("urgency"),
            stage=row["stage"],
            duration=_length(row["duration"]),
            unit=row["unit"],
            start=row.get("start"),
            extensions=_extensions(extendable) if isinstance(extendable, Mapping) else (),
            note=extendable if isinstance(extendable, str) else None,
            roll=_roll(row.get("roll")),
            clock=row.get("clock"),
            basis=row["basis"],
            source=row.get("source"),
            conf=row["conf"],
        )

    @property
    def confirmed(self) -> bool:
        """Say whether the length may be shown without a warning.

        Confirmed are rows read at a source (sourced), rows remembered with high confidence (memory_high), and
        proposals of policy, which claim nothing about the law. All others are shown as unconfirmed.
        """
        return self.conf in {"sourced", "memory_high"} or (self.conf, self.basis) == ("proposal", "policy")

    def extended(self, name: str, times: int | None = None) -> "Term":
        """Give the term as lengthened by one of its extensions, used `times` times (default: all of them)."""
        found = next((way for way in self.extensions if way.name == name), None)
        if found is None or self.duration is None:
            raise UnknownTerm(f"{self.id} has no extension {name}")
        uses = found.times if times is None else times
        if not 0 <= uses <= found.times:
            raise UnknownTerm(f"{self.id} is extended by {name} at most {found.times} times")
        longest = self.duration + found.add * uses if found.max_total is None else found.max_total
        return replace(self, duration=max(self.duration, longest))


@dataclass(frozen=True)
class Terms:
    """All terms of a deadlines document, by id."""

    by_id: Mapping[str, Term]

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> Self:
        """Read the document (seed: `deadlines`); raise BadDocument when it does not fit."""
        with reading("deadlines"):
            rows = [Term.parse(row) for row in document["deadlines"]]
            by_id = {row.id: row for row in rows}
            if len(by_id) < len(rows):
                raise ValueError("two rows share an id")
            general = {row.urgency for row in _policies(rows) if _GENERAL in row.kinds}
            if missing := {"thuong", "phuc_tap"} - general:
                raise ValueError(f"no policy row for {sorted(missing)}")
            return cls(by_id)

    def __getitem__(self, term_id: str) -> Term:
        try:
            return self.by_id[term_id]
        except KeyError:
            raise UnknownTerm(term_id) from None

    def service_term(self, kind: str, urgency: str) -> Term:
        """Give the policy term that a case of this kind and urgency is promised from its message on.

        A kind that no policy row of the urgency names is promised the ordinary term, or the complex one when
        the case is complex: khan and nhanh are for what can be mended at once, not for a complaint.
        Raise UnknownTerm only for an unknown urgency.
        """
        if urgency not in _URGENCIES:
            raise UnknownTerm(urgency)
        rows = list(_policies(self.by_id.values()))
        named = (row for row in rows if row.urgency == urgency and kind in row.kinds)
        fallback = "phuc_tap" if urgency == "phuc_tap" else "thuong"
        ordinary = (row for row in rows if row.urgency == fallback and _GENERAL in row.kinds)
        return next(named, None) or next(ordinary)


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of a derivation: a key for a locale to word, and the facts to put into the words.

    Keys and facts: start (day) · term (id, duration, unit, source) · extended (working_days) ·
    paused (first, last) · day_off (day, name) · makeup (day) · rolled (day, to, name) · ends (day, at).
    """

    key: str
    facts: Mapping[str, date | datetime | str | int | None]


@dataclass(frozen=True, slots=True)
class Due:
    """When a term runs out.

    `at` (UTC) is 24:00 local of `day` when `whole_day`, else the very instant. `provisional`: a day off that
    may still change took part. `confirmed`: see Term.confirmed. `why`: the derivation, in order.
    """

    day: date
    at: datetime
    whole_day: bool
    provisional: bool
    confirmed: bool
    why: tuple[Reason, ...]


def due(
    term: Term,
    start: datetime,
    calendar: WorkCalendar,
    *,
    extra_working_days: int = 0,
    pauses: Sequence[Pause] = (),
) -> Due:
    """Derive when a term that starts with an event runs out.

    The event's own day is not counted (BLDS 2015 art. 147.2); the last day ends at 24:00 (art. 148.6) and,
    where the term rolls, a last day off gives way to the next working day (art. 148.5). Paused time is not
    counted: in day terms the days d with first < d <= last of a pause, in hour terms the paused (office)
    time. Pauses may overlap; what lies before the start or after the end changes nothing. Raise Unmeasured
    for a row without a length, CalendarEnds beyond the calendar.
    """
    if term.duration is None or term.unit not in _INSTANT_UNITS | _DAY_UNITS:
        raise Unmeasured(term.id)
    if extra_working_days < 0 or any(last < first for first, last in pauses):
        raise ValueError("time is only ever added")
    find = _due_at if term.unit in _INSTANT_UNITS else _due_on
    return find(term, start, calendar, extra_working_days, pauses)


# --- terms in days ------------------------------------------------------------------------------


def _due_on(term: Term, start: datetime, calendar: WorkCalendar, extra: int, pauses: Sequence[Pause]) -> Due:
    begin = calendar.local(start).date()
    spans = [(calendar.local(first).date(), calendar.local(last).date()) for first, last in pauses]
    worked = term.unit == "working_day"
    last = _last_day(term, begin, calendar, spans, extra if worked else 0)
    day = calendar.roll(last) if term.roll else last
    day = day if worked else calendar.add_working_days(day, extra)
    # a term in plain days asks the calendar nothing before its last day
    asked = begin if worked else last if term.roll or extra else None
    at = calendar.at(day + ONE_DAY, time())
    why = [
        *_opening(term, begin, extra),
        *(Reason("paused", {"first": a, "last": b}) for a, b in spans if a < day and b > begin),
        *(_named(calendar, begin, day) if worked else _rolled(calendar, last, day)),
        Reason("ends", {"day": day, "at": at}),
    ]
    return Due(day, at, True, _provisional(calendar, asked, day), term.confirmed, tuple(why))


def _last_day(
    term: Term, begin: date, calendar: WorkCalendar, spans: Sequence[tuple[date, date]], extra: int
) -> date:
    length = (term.duration or 0) + extra
    if term.unit == "calendar_day_before":
        return begin - ONE_DAY * length
    if term.unit == "month":
        length = (_months_later(begin, length) - begin).days
    counts: Callable[[date], bool] = calendar.is_working if term.unit == "working_day" else lambda _: True
    day = begin
    while length:
        day += ONE_DAY
        length -= counts(day) and not any(first < day <= last for first, last in spans)
    return day


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# --- terms in hours and minutes -----------------------------------------------------------------


def _due_at(term: Term, start: datetime, calendar: WorkCalendar, extra: int, pauses: Sequence[Pause]) -> Due:
    office = term.unit == "working_hour"
    lengths = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "working_hour": timedelta(hours=1)}
    length = lengths.get(term.unit or "", timedelta()) * (term.duration or 0)

    def later(at: datetime, span: timedelta) -> datetime:
        return calendar.add_working_hours(at, span / timedelta(hours=1)) if office else at + span

    at = later(start.astimezone(UTC), length)
    heeded = []
    for first, last in _merged(start, pauses):
        if first >= at:
            break
        heeded.append(Reason("paused", {"first": first, "last": last}))
        at = later(at, calendar.working_time(first, last) if office else last - first)
    at = calendar.add_working_hours(at, extra * calendar.hours_a_day)
    begin, day = calendar.local(start).date(), calendar.local(at).date()
    asked = begin if office or extra else None
    named = _named(calendar, begin, day) if asked else ()
    why = (*_opening(term, begin, extra), *heeded, *named, Reason("ends", {"day": day, "at": at}))
    return Due(day, at, False, _provisional(calendar, asked, day), term.confirmed, why)


def _merged(start: datetime, pauses: Sequence[Pause]) -> Iterator[Pause]:
    """Yield the pauses from `start` on, in order, without their overlaps."""
    reached = start
    for first, last in sorted(pauses):
        if last > reached:
            yield max(first, reached), last
            reached = last


# --- what both kinds say of themselves ----------------------------------------------------------


def _provisional(calendar: WorkCalendar, asked: date | None, day: date) -> bool:
    return asked is not None and any(calendar.is_provisional(y) for y in range(asked.year, day.year + 1))


def _opening(term: Term, begin: date, extra: int) -> Iterator[Reason]:
    yield Reason("start", {"day": begin})
    yield Reason("term", {"id": term.id, "duration": term.duration, "unit": term.unit, "source": term.source})
    if extra:
        yield Reason("extended", {"working_days": extra})


def _named(calendar: WorkCalendar, begin: date, end: date) -> Iterator[Reason]:
    """Name the days off that were skipped, and the weekend days that were worked, in (begin, end]."""
    for offset in range(1, (end - begin).days + 1):
        day = begin + ONE_DAY * offset
        if day in calendar.makeup:
            yield Reason("makeup", {"day": day})
        elif (name := calendar.name_of(day)) is not None:
            yield Reason("day_off", {"day": day, "name": name})


def _rolled(calendar: WorkCalendar, last: date, day: date) -> Iterator[Reason]:
    if day != last:
        yield Reason("rolled", {"day": last, "to": day, "name": calendar.name_of(last)})
        yield from _named(calendar, last, day)


# --- reading rows -------------------------------------------------------------------------------


def _policies(rows: Iterable[Term]) -> Iterator[Term]:
    return (row for row in rows if row.id.startswith("policy.") and row.urgency)


def _extensions(ways: Mapping[str, Mapping[str, int]]) -> tuple[Extension, ...]:
    return tuple(Extension(name, **way) for name, way in ways.items())


def _length(value: int | None) -> int | None:
    if value is not None and (not isinstance(value, int) or value < 0):
        raise ValueError(f"{value!r} is no length")
    return value


def _roll(value: str | None) -> bool:
    if value not in {None, "next_working_day"}:
        raise ValueError(f"{value!r} is no way to roll")
    return value is not None
