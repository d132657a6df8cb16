"""Which communes a change of the office touches, and over whom somebody's role reaches.

A seat is a commune or an area above (`Directory.seat`); a role held in one reaches over all that lies in it.
A desk of one commune has no borders: there whoever holds the role has it over everybody.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from domain.directory import Directory
from domain.people import Role
from domain.understand.fold import fold
from services.office.order_checks import CannotOrder
from storage.ground.work import Work
from storage.office.directory import Area, Change, Person

Seats = Sequence[str | None]
ADMINS = frozenset({Role.ADMIN})
DECIDE = frozenset({Role.HEAD, Role.ADMIN})
"""The roles of who may agree, as a second person, to what an admin asks for."""


def over(work: Work, person_id: UUID | None, roles: Collection[Role], seats: Iterable[str | None]) -> bool:
    """Say whether somebody holds one of the roles today over each of these seats.

    What is of no commune, as somebody who serves nowhere yet, is the affair of what is above them.
    """
    directory = work.desk.directory
    held = {directory.seat(h.unit_id) for h in directory.held_by(person_id, work.today) if h.role in roles}
    there = list(seats) or ([directory.province.code] if directory.is_wide and directory.province else [])
    return bool(held) and all(any(directory.lies_in(own, seat) for own in held) for seat in there)


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
    if not work.desk.directory.is_wide:
        return (None,)
    todo = list(rows)
    seen = _Seen(work, todo)
    merged = [UUID(step[name]) for step in then if step["what"] == "merge" for name in ("from", "into")]
    found = [seat for row in todo for seat in seen.row(row)]
    found += [seen.area(code) for step in then if step["what"] == "join" for code in _joined(step)]
    return list(dict.fromkeys([*found, *(seat for unit in merged for seat in seen.unit(unit))]))


def _joined(step: Mapping[str, Any]) -> list[str]:
    return [step["into"], *step["areas"], *([step["from"]] if "from" in step else [])]


class _Seen:
    """Where rows stand, in a desk of which some units are only to come."""

    def __init__(self, work: Work, rows: Iterable[Change]) -> None:
        self._directory, self._today = work.desk.directory, work.today
        made = [row.values for row in rows if row.what == "unit" and row.row is None and "id" in row.values]
        self._new = {values["id"]: values["area"] for values in made}

    def area(self, code: object) -> str:
        commune = self._directory.commune_of(str(code))
        return commune.code if commune is not None else str(code)

    def unit(self, unit: object) -> list[str | None]:
        if unit in self._new:
            return [self.area(self._new[UUID(str(unit))])]
        seat = self._directory.seat(UUID(str(unit)))
        return [seat] if seat is not None else []

    def row(self, row: Change) -> list[str | None]:
        """Return the seats of one row, before and after."""
        if row.what == "role":
            return [seat for unit in _values(row, "unit_id") for seat in self.unit(unit)]
        if row.what == "unit":
            own = [self.area(area) for area in _values(row, "area")]
            above = [seat for unit in _values(row, "parent") if unit is not None for seat in self.unit(unit)]
            lies_in = self._directory.lies_in
            return [*own, *(one for one in above if not any(lies_in(one, seat) for seat in own))]
        if row.what == "area":
            codes = [*_values(row, "parent"), *([row.row.code] if isinstance(row.row, Area) else [])]
            return [self.area(code) for code in codes if code is not None]
        return self._directory.seats_of(row.row.id, self._today) if isinstance(row.row, Person) else []


def _values(row: Change, name: str) -> list[object]:
    """Return what a row has under a name before and after a change."""
    found = [getattr(row.row, name)] if row.row is not None else []
    return found + ([row.values[name]] if name in row.values else [])


def check(work: Work, by: UUID | None, seats: Iterable[str | None], roles: Collection[Role] = ADMINS) -> None:
    """Refuse what reaches beyond one's own; the command line has the whole desk. Raises CannotOrder."""
    if by is not None and work.desk.directory.is_wide and not over(work, by, roles, seats):
        raise CannotOrder("other_area")


def check_names(work: Work, by: UUID | None, rows: Iterable[Change]) -> None:
    """Refuse a hamlet's name that one other commune's alone bears: who says only it is understood no more.

    What several bear is asked about anyway. From above, over both, it may be given. Raises CannotOrder.
    """
    desk = work.desk.directory
    if by is None or not desk.is_wide:
        return
    for row in rows:
        name = row.values.get("name") if row.what == "area" else None
        own = row.row.code if isinstance(row.row, Area) else ""
        borne = [one.code for one in desk.hamlets if name and fold(one.plain or one.name) == fold(name)]
        others = [code for code in borne if code != own]
        if len(others) == 1 and not over(work, by, ADMINS, [(desk.commune_of(others[0]) or desk.home).code]):
            raise CannotOrder("name_unclear", name=name)


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
