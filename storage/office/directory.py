"""Areas, units, officials and their roles, as a seed file finds and leaves them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from storage.ground.tables import Area as Area
from storage.ground.tables import Person as Person
from storage.ground.tables import RoleRow as RoleRow
from storage.ground.tables import UnitRow as UnitRow
from storage.ground.work import Work

RoleKey = tuple[UUID, UUID, str, date]
"""Person, unit, role, first day."""
Row = Area | UnitRow | Person | RoleRow

TABLES: Mapping[str, type[Row]] = {"area": Area, "unit": UnitRow, "person": Person, "role": RoleRow}
# In this order: an area is there before its units, a person and a unit before the role between them.


@dataclass(frozen=True)
class Known:
    """What is stored: areas, units and officials by their codes, roles by what makes them one."""

    areas: Mapping[str, Area] = field(default_factory=dict)
    units: Mapping[str, UnitRow] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    roles: Mapping[RoleKey, RoleRow] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A row to make (`row` is None), to bring to these values, or to take away (`gone`; only roles are).

    `what` is area, unit, person or role.
    """

    what: str
    row: Row | None
    values: Mapping[str, Any]
    gone: bool = False


async def read(work: Work) -> Known:
    """Read the whole directory: it is small."""
    areas = await work.session.scalars(select(Area))
    units = await work.session.scalars(select(UnitRow))
    people = await work.session.scalars(select(Person).where(Person.code.is_not(None)))
    roles = await work.session.scalars(select(RoleRow))
    return Known(
        {area.code: area for area in areas},
        {unit.code: unit for unit in units},
        {person.code or "": person for person in people},
        {(role.person_id, role.unit_id, role.role, role.valid_from): role for role in roles},
    )


async def save(work: Work, changes: Iterable[Change]) -> None:
    """Write the changes. Among new rows of one kind a parent must come before its children."""
    todo = list(changes)
    for change in todo:
        if change.gone:
            await work.session.delete(change.row)
    await work.session.flush()  # a role's place must be free before it is taken again
    for what, table in TABLES.items():
        mine = [change for change in todo if change.what == what and not change.gone]
        if what == "role":  # a period that is cut makes room for a new one; nothing names a role
            await _change(work, mine)
        work.session.add_all(table(**change.values) for change in mine if change.row is None)
        await work.session.flush()  # the ORM would write changed rows first, and they may name new ones
        await _change(work, mine)


async def _change(work: Work, changes: Iterable[Change]) -> None:
    for change in changes:
        for column, value in change.values.items() if change.row is not None else ():
            setattr(change.row, column, value)
    await work.session.flush()


async def codes_of_people(work: Work) -> list[str]:
    """Return the codes of all officials."""
    codes = select(Person.code).where(Person.code.is_not(None)).order_by(Person.code)
    return [code for code in await work.session.scalars(codes) if code]
