"""Days away, and who may stand in for somebody then."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from domain.directory import Directory
from domain.people import Absence, Role

_AT_WORK, _IN_CHARGE = (Role.OFFICER, Role.DUTY), (Role.SUPERVISOR, Role.HEAD)
_SERVING = (Role.HEAD, Role.SUPERVISOR, Role.DUTY, Role.OFFICER)
"""Whose work somebody else can do; to keep identities and to administer is lent to nobody."""


def overlapping(absences: Iterable[Absence], person_id: UUID, first: date, last: date) -> list[Absence]:
    """Return when somebody is away between two days, both included."""
    return [a for a in absences if a.person_id == person_id and a.first_day <= last and first <= a.last_day]


def is_away(
    directory: Directory,
    person_id: UUID,
    days: tuple[date, date],
    where: Iterable[str | None] | None = None,
) -> bool:
    """Say whether somebody is away on one of these days: from all these seats, or all in which they serve."""
    first, last = days
    there = list(directory.seats_of(person_id, first) if where is None else where)
    found = overlapping(directory.absences, person_id, first, last)
    return any(all(directory.holds_in(one, seat) for seat in there) for one in found)


def chain(directory: Directory, person_id: UUID, day: date, seat: str | None = None) -> list[UUID]:
    """Return the units somebody serves in (in a seat alone where it is said), then those above, each once."""
    found: list[UUID] = []
    waiting = [h.unit_id for h in directory.held_by(person_id, day) if h.role in _SERVING]
    waiting = [unit for unit in waiting if seat is None or directory.seat(unit) == seat]
    while waiting:
        found += [unit for unit in waiting if unit not in found]
        above = [directory.unit(unit).parent for unit in waiting]
        waiting = [unit for unit in above if unit is not None and unit not in found]
    return found


def seats(directory: Directory, person_id: UUID, by: UUID | None, day: date) -> list[str | None]:
    """Return where somebody serves, and is away when `by` says so that day (see `Directory.holds_in`)."""
    if not directory.is_apart:
        return [None]
    said = Absence(person_id, person_id, day, day, by, day)
    there = directory.seats_of(person_id, day)
    return [seat for seat in there if seat is not None and directory.holds_in(said, seat)]


def _beside(directory: Directory, seat: str | None) -> Directory:
    """Return what of the desk is seen from a seat; else all of it."""
    return directory if seat is None else directory.part(seat)


def serving(directory: Directory, person_id: UUID, day: date, by: UUID | None = None) -> list[UUID]:
    """Return everybody who could do somebody's work where `by` may say so: who serves beside them."""
    here = [_beside(directory, seat) for seat in seats(directory, person_id, by, day)]
    found = [person for role in _SERVING for there in here for person in there.own(role, day)]
    return [person for person in dict.fromkeys(found) if person != person_id]


def above(directory: Directory, person_id: UUID, day: date) -> set[UUID]:
    """Return who stands above somebody: the chiefs of their units and of those above, and every head.

    Nobody stands above a head where they head.
    """
    found: set[UUID] = set()
    for seat in seats(directory, person_id, None, day):
        held = [h for h in directory.held_by(person_id, day) if h.role in _SERVING]
        held = [one for one in held if seat is None or directory.seat(one.unit_id) == seat]
        if any(holding.role is Role.HEAD for holding in held):
            continue
        found.update(_beside(directory, seat).everyone(Role.HEAD, day))
        for holding in held:
            own_unit = 1 if holding.role in _IN_CHARGE else 0  # who leads it with them is beside them
            for unit in directory.chain(holding.unit_id)[own_unit:]:
                found.update(directory.holders(unit, _IN_CHARGE, day))
    return found - {person_id}


def standing(directory: Directory, person_id: UUID, by: UUID | None, day: date) -> list[UUID]:
    """Return whom `by` may name as somebody's stand-in: nobody above them, but a chief may name themself.

    Who names a chief as a stand-in would decide what that chief is busy with.
    """
    too_high = above(directory, person_id, day) - {by}
    return [person for person in serving(directory, person_id, day, by) if person not in too_high]


def staff(directory: Directory, chief: UUID, day: date) -> list[UUID]:
    """Return for whom somebody may say that they are away: who stands below them, and no head.

    A head does it in their own line and where no head is: an absence that somebody else enters takes work,
    and reading, away from whoever is named.
    """
    heads = {h.unit_id for h in directory.holdings if h.role is Role.HEAD and h.holds_on(day)}
    own = {h.unit_id for h in directory.held_by(chief, day) if h.role in _IN_CHARGE}
    found = []
    for person in serving(directory, chief, day):
        line = set(chain(directory, person, day))
        if chief in above(directory, person, day) and (own & line or not heads & line):
            found.append(person)
    return found


def likely(directory: Directory, person_id: UUID, by: UUID | None, day: date) -> list[UUID]:
    """Return who would stand in for somebody: their unit's people and its chiefs, or others like them."""
    own = [h.unit_id for h in directory.held_by(person_id, day) if h.role in _SERVING]
    may = standing(directory, person_id, by, day)
    found = [
        p for roles in (_AT_WORK, _IN_CHARGE) for unit in own for p in directory.holders(unit, roles, day)
    ]
    near = [person for person in dict.fromkeys(found) if person in may]
    leads = _leads(directory, person_id, day)
    return near or [p for p in may if _leads(directory, p, day) == leads] or may


def _leads(directory: Directory, person_id: UUID, day: date) -> bool:
    return any(holding.role in _IN_CHARGE for holding in directory.held_by(person_id, day))
