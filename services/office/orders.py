"""What an admin may order about the office: each order becomes rows, checked against the whole directory.

An order is plain JSON, so that it can wait in a conversation between its preview and its yes; it is worked
out anew before it is carried out.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

import locales
from domain.calendar import day_after
from domain.people import Role
from domain.routing import RECEPTION
from domain.understand.fold import fold
from services.office import borders, merging, office
from services.office.order_checks import (
    CannotOrder,
    check_free,
    check_merger,
    check_new,
    check_stands,
    check_whole,
    code_for,
    code_of_person,
    doubled,
    hamlets_in,
    phone_of,
    stands,
)
from services.standing.parties import OFFICIAL
from storage.cases import moves
from storage.ground.work import Work
from storage.office import directory as stored
from storage.office.changes import DirectoryChange
from storage.office.directory import Change, Known, Person, RoleRow, UnitRow
from storage.office.rulebook import hold

Order = Mapping[str, Any]
ONE_DAY = timedelta(days=1)


@dataclass
class Plan:
    """An order worked out: its rows, the facts its words need, what follows, and the cases it concerns."""

    do: str
    facts: dict[str, Any]
    rows: list[Change]
    then: list[dict[str, Any]] = field(default_factory=list)
    cases: int = 0
    warnings: list[str] = field(default_factory=list)

    def words(self, language: str) -> str:
        """Say what is ordered, in one sentence."""
        said = {name: self._said(language, value) for name, value in self.facts.items()}
        return locales.words(language)(f"office.plan.{self.do}", **said)

    def _said(self, language: str, value: object) -> object:
        if isinstance(value, date):
            return locales.day(language, value)
        return locales.words(language)(f"office.role.{value}") if isinstance(value, Role) else value


async def work_out(work: Work, order: Order, by: UUID | None = None) -> Plan:
    """Work an order out against the directory as it is now; nothing is written. Raises CannotOrder.

    Who gives it has a say only in their own commune, or from above in all below; nobody is the command line.
    """
    known = await stored.read(work)
    plan = await _PLANS[order["do"]](work, known, order)
    borders.check_rows(work, by, plan.rows, plan.then)
    borders.check_names(work, by, plan.rows)
    check_whole(work, known, plan.rows)
    return plan


async def carry_out(
    work: Work, order: Order, by: UUID | None, second: UUID | None = None
) -> tuple[Plan, DirectoryChange]:
    """Put an order in force. Raises CannotOrder, and then nothing has changed.

    Who gives it is nobody at the command line; some orders need a `second` person.
    """
    await hold(work)
    plan = await work_out(work, order, by)
    made = await office.change(work, plan.rows, plan.words("vi"), by, plan.then, second=second)
    return plan, made


# --- people -------------------------------------------------------------------------------------


async def _add_person(work: Work, known: Known, order: Order) -> Plan:
    unit, role = _unit(known, order["unit"]), Role(order["role"])
    first, person_id = date.fromisoformat(order["from"]), uuid7()
    check_stands(unit, first)
    phone = phone_of(order.get("phone", ""))
    person = {
        "id": person_id,
        "code": code_of_person(unit.code, set(known.people)),
        "name": order["name"],
        "phone": phone,
        "phone_key": work.keyring.blind("phone", phone) if phone else None,
        "created_at": work.now,
    }
    rows = [Change("person", None, person), _holding(person_id, unit, role, first)]
    return Plan("add_person", {"name": order["name"], "role": role, "unit": unit.name, "day": first}, rows)


async def _give_role(_work: Work, known: Known, order: Order) -> Plan:
    person, unit, role = _person(known, order["person"]), _unit(known, order["unit"]), Role(order["role"])
    first = date.fromisoformat(order["from"])
    check_stands(unit, first)
    check_free(known, person, unit, role, first)
    rows = [_holding(person.id, unit, role, first)]
    return Plan("give_role", {"name": person.name, "role": role, "unit": unit.name, "day": first}, rows)


async def _end_role(work: Work, known: Known, order: Order) -> Plan:
    person, unit, role = _person(known, order["person"]), _unit(known, order["unit"]), Role(order["role"])
    last = date.fromisoformat(order["to"])
    rows = [_ended(row, last) for row in _lasting(known, person, day_after(last)) if _is(row, unit, role)]
    if not rows:
        raise CannotOrder("no_such_role", name=person.name)
    facts = {"name": person.name, "role": role, "unit": unit.name, "day": last}
    seat = work.desk.directory.seat
    there = [one.id for one in known.units.values() if seat(one.id) == seat(unit.id)]  # not elsewhere too
    return Plan("end_role", facts, rows, cases=await moves.counted_of(work, person.id, there))


async def _move_person(work: Work, known: Known, order: Order) -> Plan:
    """Let somebody work in another unit from a day on, in the same roles; duty goes with nobody."""
    person, unit = _person(known, order["person"]), _unit(known, order["unit"])
    first = date.fromisoformat(order["from"])
    check_stands(unit, first)
    held = [row for row in _lasting(known, person, first) if row.role in {Role.OFFICER, Role.SUPERVISOR}]
    left = [row for row in held if row.unit_id != unit.id]
    if not left:
        raise CannotOrder("no_such_role", name=person.name)
    rows = [_ended(row, first - ONE_DAY) for row in left]
    for role in dict.fromkeys(Role(row.role) for row in left):
        check_free(known, person, unit, role, first)
        rows.append(_holding(person.id, unit, role, first))
    facts = {"name": person.name, "unit": unit.name, "day": first}
    return Plan("move_person", facts, rows, cases=await moves.counted_of(work, person.id))


async def _duty(work: Work, known: Known, order: Order) -> Plan:
    """Put these people on duty on these days, and nobody else: earlier periods are cut around them."""
    people = [_person(known, code) for code in order["people"]]
    first, last = date.fromisoformat(order["from"]), date.fromisoformat(order["to"])
    if last < first:
        raise CannotOrder("days_turned")
    rows: list[Change] = []
    units, seat = [_unit_of(work, known, person, first) for person in people], work.desk.directory.seat
    seats = {seat(unit.id) for unit in units}  # each commune has a roster of its own
    for row in known.roles.values():
        meets = row.valid_from <= last and first <= (row.valid_to or date.max)
        if row.role == Role.DUTY and meets and seat(row.unit_id) in seats:
            rows += _cut(row, first, last)
    for person, unit in zip(people, units, strict=True):
        rows.append(_holding(person.id, unit, Role.DUTY, first, last))
    names = ", ".join(_on_duty(work, *one) for one in zip(people, units, strict=True))
    do = "duty" if last > first else "duty_one"
    return Plan(do, {"name": names, "first": first, "day": last}, rows)


def _on_duty(work: Work, person: Person, unit: UnitRow) -> str:
    """Return a name, in a desk of many communes with whose roster it comes to stand on."""
    name, seat = person.name or person.code or "", work.desk.directory.seat(unit.id)
    return f"{name} ({work.desk.directory.area(seat).name})" if seat is not None else name


def _cut(row: RoleRow, first: date, last: date) -> Iterator[Change]:
    """Yield what is left of a period before and after these days."""
    before, after = row.valid_from < first, row.valid_to is None or row.valid_to > last
    if before:
        yield Change("role", row, {"valid_to": first - ONE_DAY})
    elif after:
        yield Change("role", row, {"valid_from": day_after(last)})
    else:
        yield Change("role", row, {}, gone=True)
    if before and after:
        again = {"person_id": row.person_id, "unit_id": row.unit_id, "role": row.role}
        yield Change("role", None, {**again, "valid_from": day_after(last), "valid_to": row.valid_to})


# --- units and areas ----------------------------------------------------------------------------


async def _add_unit(work: Work, known: Known, order: Order) -> Plan:
    area = _home_of(work, known, order)
    check_new(order["name"], _names_in(work, known, area))
    kind = work.rules.taxonomy.unit_types[order["type"]]
    values = {
        "code": code_for(order["name"], set(known.units)),
        "type": order["type"],
        "name": order["name"],
        "phone": order.get("phone", ""),
        "area": area,
        "parent": _unit(known, order["parent"]).id if order.get("parent") else None,
        "valid_from": work.today,
        "valid_to": None,
    }
    return Plan("add_unit", {"name": order["name"], "kind": kind.name}, [Change("unit", None, values)])


async def _rename_unit(work: Work, known: Known, order: Order) -> Plan:
    unit = _unit(known, order["unit"])
    check_new(order["name"], _names_in(work, known, work.desk.directory.seat(unit.id)))
    rows, count = [Change("unit", unit, {"name": order["name"]})], await moves.counted(work, unit.id)
    return Plan("rename_unit", {"unit": unit.name, "name": order["name"]}, rows, cases=count)


def _home_of(work: Work, known: Known, order: Order) -> str:
    """Return the area of a new unit: the desk's own, or where there are many that of the unit above it."""
    above = _unit(known, order["parent"]) if order.get("parent") else None
    seat = work.desk.directory.seat(above.id) if above is not None else None
    return seat if seat is not None else work.rules.directory.home.code


def _names_in(work: Work, known: Known, seat: str | None) -> list[str]:
    """Return the names of the units of a commune; without borders of all."""
    directory = work.desk.directory
    return [u.name for u in known.units.values() if not directory.is_wide or directory.seat(u.id) == seat]


async def _phone_unit(_work: Work, known: Known, order: Order) -> Plan:
    unit = _unit(known, order["unit"])
    rows = [Change("unit", unit, {"phone": order["phone"]})]
    return Plan("phone_unit", {"unit": unit.name, "phone": order["phone"] or "–"}, rows)


async def _merge(work: Work, known: Known, order: Order) -> Plan:
    source, target, on = _unit(known, order["unit"]), _unit(known, order["into"]), _on(order)
    check_merger(work, source, target, on)
    rows = list(merging.rows(known, source, target, on, carry=order.get("carry", True)))
    people = len({row.row.person_id for row in rows if isinstance(row.row, RoleRow)})
    facts = {"unit": source.name, "into": target.name, "day": on, "people": people}
    cases = await moves.counted(work, source.id)
    plan = Plan("merge", facts, rows, [merging.step(source, target, on)], cases)
    others = (unit.type for unit in known.units.values() if unit.id != source.id and stands(unit, on))
    if source.type not in set(others):
        plan.warnings.append("office.warning.no_such_type")
    return plan


async def _merge_commune(work: Work, known: Known, order: Order) -> Plan:
    """Merge all units of a commune into those of the same type in another; the rest goes to its reception."""
    source, target, on = known.areas[order["unit"]], known.areas[order["into"]], _on(order)
    here = [unit for unit in known.units.values() if unit.area == source.code and stands(unit, on)]
    there = {
        unit.type: unit for unit in known.units.values() if unit.area == target.code and stands(unit, on)
    }
    if not here or RECEPTION not in there:
        raise CannotOrder("no_matching_units", name=target.name)
    rows = [Change("area", source, {"valid_to": on - ONE_DAY})]
    hamlets = [area.code for area in known.areas.values() if area.parent == source.code]
    then, cases = [merging.joining(hamlets, target.code, on, source.code)], 0
    for unit in here:
        into = there.get(unit.type, there[RECEPTION])
        check_merger(work, unit, into, on)
        rows += merging.rows(known, unit, into, on)
        then.append(merging.step(unit, into, on))
        cases += await moves.counted(work, unit.id)
    facts = {"unit": source.name, "into": target.name, "day": on, "count": len(here)}
    both = [{fold(name) for name in hamlets_in(work, known, one.code)} for one in (source, target)]
    warnings = ["office.warning.same_hamlets"] if both[0] & both[1] else []
    return Plan("merge_commune", facts, list(doubled(rows)), then, cases, warnings)


async def _move_area(work: Work, known: Known, order: Order) -> Plan:
    """Let a hamlet come to another commune on a day, with its open cases: so a commune is split."""
    area, target, on = known.areas[order["area"]], known.areas[order["into"]], _on(order)
    there = [unit for unit in known.units.values() if unit.area == target.code and stands(unit, on)]
    if target.kind != "commune" or area.kind != "hamlet" or on < work.today or not stands(target, on):
        raise CannotOrder("too_early")
    if RECEPTION not in {unit.type for unit in there}:
        raise CannotOrder("no_matching_units", name=target.name)
    check_new(area.name, hamlets_in(work, known, target.code))
    cases = await moves.counted_in(work, area.code)
    facts = {"area": area.name, "into": target.name, "day": on}
    return Plan("move_area", facts, [], [merging.joining([area.code], target.code, on)], cases)


async def _add_area(work: Work, known: Known, order: Order) -> Plan:
    home = order.get("parent") or (
        work.rules.directory.commune.code if work.rules.directory.commune else None
    )
    check_new(order["name"], hamlets_in(work, known, home))
    values = {
        "code": code_for(order["name"], set(known.areas)),
        "name": order["name"],
        "kind": "hamlet",
        "parent": home,
        "valid_from": work.today,
        "valid_to": None,
    }
    return Plan("add_area", {"name": order["name"]}, [Change("area", None, values)])


async def _rename_area(work: Work, known: Known, order: Order) -> Plan:
    area = known.areas[order["area"]]
    check_new(order["name"], hamlets_in(work, known, area.parent))
    rows = [Change("area", area, {"name": order["name"]})]
    return Plan("rename_area", {"area": area.name, "name": order["name"]}, rows)


async def _close_area(work: Work, known: Known, order: Order) -> Plan:
    area = known.areas[order["area"]]
    rows = [Change("area", area, {"valid_to": work.today})]
    return Plan("close_area", {"area": area.name}, rows)


_PLANS: Mapping[str, Callable[[Work, Known, Order], Awaitable[Plan]]] = {
    "add_person": _add_person,
    "give_role": _give_role,
    "end_role": _end_role,
    "move_person": _move_person,
    "duty": _duty,
    "add_unit": _add_unit,
    "rename_unit": _rename_unit,
    "phone_unit": _phone_unit,
    "merge": _merge,
    "merge_commune": _merge_commune,
    "move_area": _move_area,
    "add_area": _add_area,
    "rename_area": _rename_area,
    "close_area": _close_area,
}


KINDS = frozenset(_PLANS)
"""What can be ordered."""

# --- rows ---------------------------------------------------------------------------------------


def _unit(known: Known, code: str) -> UnitRow:
    if code not in known.units:
        raise CannotOrder("unknown", name=code)
    return known.units[code]


def _person(known: Known, code: str) -> Person:
    if code not in known.people:
        raise CannotOrder("unknown", name=code)
    return known.people[code]


def _lasting(known: Known, person: Person, day: date) -> list[RoleRow]:
    """Return the roles somebody holds on a day or takes up later."""
    return [
        row
        for row in known.roles.values()
        if row.person_id == person.id and (row.valid_to is None or row.valid_to >= day)
    ]


def _is(row: RoleRow, unit: UnitRow, role: Role) -> bool:
    return row.unit_id == unit.id and row.role == role


def _ended(row: RoleRow, last: date) -> Change:
    """End a role on a day; one that would only begin later is taken away."""
    begun = row.valid_from <= last
    return Change("role", row, {"valid_to": last} if begun else {}, gone=not begun)


def _holding(person_id: UUID, unit: UnitRow, role: Role, first: date, last: date | None = None) -> Change:
    values = {"person_id": person_id, "unit_id": unit.id, "role": str(role)}
    return Change("role", None, {**values, "valid_from": first, "valid_to": last})


def _unit_of(work: Work, known: Known, person: Person, day: date) -> UnitRow:
    """Return the unit somebody works in; of several first one of the commune in which it is asked."""
    here = {unit.id for unit in work.rules.directory.units}
    held = sorted(
        _lasting(known, person, day),
        key=lambda row: (row.unit_id not in here, row.role not in OFFICIAL, row.valid_from),
    )
    by_id = {unit.id: unit for unit in known.units.values()}
    if not held:
        raise CannotOrder("no_such_role", name=person.name)
    return by_id[held[0].unit_id]


def _on(order: Order) -> date:
    return date.fromisoformat(order["on"])
