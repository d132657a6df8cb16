"""What an order about the office must fit: days, names, and a directory that still works as a whole."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from domain import numbers
from domain.directory import Directory
from domain.people import Role
from domain.routing import RECEPTION
from domain.understand.fold import fold
from storage.ground.work import Work
from storage.office.directory import Area, Change, Known, Person, UnitRow

_LONGEST_CODE = 36
_NEEDED = (Role.HEAD, Role.ADMIN)
"""Somebody must always answer for the desk, and somebody must be able to change this again."""


_UNITS = "units"


class CannotOrder(Exception):
    """The order does not fit the directory; `key` names the words under `office.refused`."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key, self.facts = key, facts


def stands(row: UnitRow | Area, day: date) -> bool:
    """Say whether a unit or an area is valid that day."""
    return row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)


def check_stands(unit: UnitRow, day: date) -> None:
    """Refuse a unit that does not stand that day."""
    if not stands(unit, day):
        raise CannotOrder("unit_ended", name=unit.name)


def check_new(name: str, taken: Iterable[str]) -> None:
    """Refuse a name somebody else has: people choose by names."""
    if fold(name) in {fold(other) for other in taken}:
        raise CannotOrder("name_taken", name=name)


def hamlets_in(work: Work, known: Known, area: str | None) -> list[str]:
    """Return the names of the hamlets that stand in a commune; in a desk without borders of all areas."""
    desk = work.desk.directory
    here = desk.commune_of(area or "")
    standing = [one for one in known.areas.values() if one.valid_to is None]
    if here is None or not (desk.is_wide or desk.merged):
        return [one.name for one in standing]
    return [one.name for one in standing if one.kind == "hamlet" and desk.commune_of(one.code) is here]


def check_free(known: Known, person: Person, unit: UnitRow, role: Role, first: date) -> None:
    """Refuse a role somebody holds already on that day or will: periods of one role may not overlap."""
    for row in known.roles.values():
        same = (row.person_id, row.unit_id, row.role) == (person.id, unit.id, role)
        if same and (row.valid_to is None or row.valid_to >= first):
            raise CannotOrder("has_role", name=person.name)


def check_merger(work: Work, source: UnitRow, target: UnitRow, on: date) -> None:
    """Refuse a merger that is none, or of units that are not there."""
    if source.id == target.id:
        raise CannotOrder("same_unit")
    if on < work.today or source.valid_from >= on:
        raise CannotOrder("too_early", name=source.name)
    check_stands(source, on - timedelta(days=1))
    if not stands(target, on) or (target.valid_to is not None and source.valid_to is None):
        raise CannotOrder("unit_ended", name=target.name)


def check_whole(work: Work, known: Known, rows: Sequence[Change]) -> None:
    """Refuse what would leave the desk without a reception, a head or an admin that it had."""
    directory = work.desk.directory
    for day in sorted({work.today, *_ends(rows)}):
        before, after = _kept(directory, known, (), day), _kept(directory, known, rows, day)
        lost = {what for seat, what in before - after if what != _UNITS and _stands_on(seat, after)}
        if lost:
            raise CannotOrder(f"last_{min(lost)}")


def _stands_on(seat: str | None, after: set[tuple[str | None, str]]) -> bool:
    """Say whether a commune needs somebody still: one that is merged into another does not."""
    return seat is None or (seat, _UNITS) in after


def _ends(rows: Sequence[Change]) -> Iterator[date]:
    for row in rows:
        if (last := row.values.get("valid_to")) is not None:
            yield last + timedelta(days=1)


def _kept(
    directory: Directory, known: Known, rows: Sequence[Change], day: date
) -> set[tuple[str | None, str]]:
    """Return what of all that must be there is there on a day, with these changes made, in each commune."""
    changed = {id(row.row): row for row in rows if row.row is not None}
    found = set[tuple[str | None, str]]()
    for unit in known.units.values():
        last = (
            changed[id(unit)].values.get("valid_to", unit.valid_to) if id(unit) in changed else unit.valid_to
        )
        if unit.valid_from <= day <= (last or date.max):
            kinds = ("reception", _UNITS) if unit.type == RECEPTION else (_UNITS,)
            found |= {(directory.seat(unit.id), kind) for kind in kinds}
    for role in known.roles.values():
        change = changed.get(id(role))
        last = change.values.get("valid_to", role.valid_to) if change else role.valid_to
        gone = change is not None and change.gone
        if role.role in _NEEDED and not gone and role.valid_from <= day <= (last or date.max):
            found.add((directory.seat(role.unit_id), role.role))
    new = [
        row.values for row in rows if row.row is None and row.what == "role" and row.values["role"] in _NEEDED
    ]
    there = [v for v in new if v["valid_from"] <= day <= (v["valid_to"] or date.max)]
    return found | {(directory.seat(v["unit_id"]), str(v["role"])) for v in there}


def phone_of(text: str) -> str | None:
    """Return a number as +84…, None for an empty text. Raises CannotOrder."""
    if not text:
        return None
    number = numbers.phone_alone(text)
    if number is None:
        raise CannotOrder("bad_phone")
    return number


def code_for(name: str, taken: Collection[str]) -> str:
    """Return a code made of a name's letters that nobody has: “thon_moi”, “thon_moi_2”."""
    base = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")[:_LONGEST_CODE] or "x"
    tries = (base if n == 1 else f"{base}_{n}" for n in range(1, len(taken) + 2))
    return next(code for code in tries if code not in taken)


def code_of_person(unit: str, taken: Collection[str]) -> str:
    """Return a code nobody has, by the unit somebody came to: codes stand in clear, so no name is in one."""
    base = unit[: _LONGEST_CODE - 6]
    return next(code for n in range(1, len(taken) + 2) if (code := f"{base}.{n}") not in taken)


def doubled(rows: Iterable[Change]) -> Iterator[Change]:
    """Yield the rows without a new role that two units bring to the same place for the same person."""
    seen: set[tuple[UUID, UUID, str]] = set()
    for row in rows:
        key = (row.values["person_id"], row.values["unit_id"], row.values["role"]) if _new_role(row) else None
        if key is None or key not in seen:
            yield row
        if key is not None:
            seen.add(key)


def _new_role(row: Change) -> bool:
    return row.what == "role" and row.row is None
