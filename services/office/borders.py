"""Which communes a change of the office touches, and over whom somebody's role reaches.

A seat is a commune or an area above it (`Directory.seat`); a role held in one reaches over all that lies in it.
A desk of one commune has no borders: there whoever holds the role has it over everybody.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from domain.people import Directory, Role
from services.office.order_checks import CannotOrder
from storage.ground.work import Work
from storage.office.directory import Change

Seats = Sequence[str | None]
ADMINS = frozenset({Role.ADMIN})
DECIDE = frozenset({Role.HEAD, Role.ADMIN})
"""The roles of who may agree, as a second person, to what an admin asks for."""


def over(work: Work, person_id: UUID | None, roles: Collection[Role], seats: Iterable[str | None]) -> bool:
    """Say whether somebody holds one of the roles today over each of these seats."""
    directory = work.desk.directory
    held = {directory.seat(h.unit_id) for h in directory.held_by(person_id, work.today) if h.role in roles}
    return bool(held) and all(any(directory.lies_in(own, seat) for own in held) for seat in seats)


def over_person(work: Work, person_id: UUID | None, roles: Collection[Role], other: UUID) -> bool:
    """Say whether somebody holds one of the roles wherever another serves."""
    return over(work, person_id, roles, work.desk.directory.seats_of(other, work.today))


def parts(work: Work, seats: Seats) -> list[Directory]:
    """Return the desk as seen from each of these; whole where it has no borders."""
    desk = work.desk.directory
    return [desk if seat is None else desk.part(seat) for seat in seats]


def holding(work: Work, roles: Iterable[Role], seats: Seats) -> list[UUID]:
    """Return who holds one of the roles today in one of these or above it, the nearest first."""
    there = parts(work, seats)
    found = [p for role in roles for part in there for p in part.everyone(role, work.today)]
    return list(dict.fromkeys(found))


def of_rows(work: Work, rows: Iterable[Change], then: Iterable[Mapping[str, Any]] = ()) -> Seats:
    """Return the seats that a change, and what follows from it, touches; asked before it is made."""
    directory, todo = work.desk.directory, list(rows)
    if not directory.is_wide:
        return (None,)
    new = {
        row.values["id"]: row for row in todo if row.what == "unit" and row.row is None and "id" in row.values
    }
    units = {unit.id for unit in directory.units}

    def of_area(area: object) -> str:
        commune = directory.commune_of(str(area))
        return commune.code if commune is not None else str(area)

    def of_unit(unit: object) -> list[str | None]:
        if unit in new:
            return [of_area(new[UUID(str(unit))].values["area"])]
        return [directory.seat(UUID(str(unit)))] if UUID(str(unit)) in units else []

    found: list[str | None] = []
    for row in todo:
        if row.what == "role":
            found += [seat for unit in _values(row, "unit_id") for seat in of_unit(unit)]
        elif row.what == "unit":
            own = [of_area(area) for area in _values(row, "area")]
            above = [seat for unit in _values(row, "parent") if unit is not None for seat in of_unit(unit)]
            found += own + [one for one in above if not any(directory.lies_in(one, seat) for seat in own)]
        elif row.what == "area":
            found += [of_area(area) for area in _values(row, "parent" if row.row is None else "code")]
            found += [of_area(area) for area in _values(row, "parent") if area is not None and row.row]
        elif row.row is not None:
            found += directory.seats_of(UUID(str(_values(row, "id")[0])), work.today)
    for step in then:
        if step["what"] == "merge":
            found += [seat for name in ("from", "into") for seat in of_unit(UUID(step[name]))]
    return list(dict.fromkeys(found))


def _values(row: Change, name: str) -> list[object]:
    """Return what a row has under a name before and after a change."""
    found = [getattr(row.row, name)] if row.row is not None else []
    return found + ([row.values[name]] if name in row.values else [])


def check(work: Work, by: UUID | None, seats: Iterable[str | None], roles: Collection[Role] = ADMINS) -> None:
    """Refuse what reaches beyond one's own; the command line has the whole desk. Raises CannotOrder."""
    if by is not None and work.desk.directory.is_wide and not over(work, by, roles, seats):
        raise CannotOrder("other_area")


def check_rows(
    work: Work, by: UUID | None, rows: Sequence[Change], then: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Refuse rows of another commune, and a role for somebody who serves only there. Raises CannotOrder."""
    if by is None:
        return
    check(work, by, of_rows(work, rows, then))
    for row in rows:
        if row.what == "role" and row.row is None:
            theirs = work.desk.directory.seats_of(UUID(str(row.values["person_id"])), work.today)
            if theirs and not any(over(work, by, ADMINS, [seat]) for seat in theirs):
                raise CannotOrder("other_area")
