"""A case leaves its commune: up to the province, down from it, or to a neighbour, where the desk serves them.

Whoever heads the place it leaves decides. The unit that gets it there is the one its field names, and never
one of whom it speaks.
"""

from dataclasses import replace
from uuid import UUID

from domain.cases import Act
from domain.people import Area, Role
from domain.routing import RECEPTIONS, Field, NobodyThere, Unit, route
from services.standing import exclusion
from services.standing.pending import Pending
from services.standing.refusals import WrongUnit
from storage.cases.cases import Case
from storage.ground.work import Work


def crosses(work: Work, case: Case, unit_id: UUID) -> bool:
    """Say whether a unit lies in another commune than the one that has the case, or on another level."""
    directory = work.desk.directory
    return directory.is_wide and directory.seat(unit_id) != directory.seat(case.unit_id)


def is_asked(work: Work, case: Case) -> bool:
    """Say whether what waits for a decision is that the case goes to another commune or level."""
    pending = Pending.of(case)
    asked = pending is not None and pending.what == Act.ASK_TRANSFER
    return asked and pending is not None and crosses(work, case, UUID(pending.unit_id))


def called(work: Work, case: Case, unit_id: UUID) -> str:
    """Return the name of a unit, with its place where that is another than the case's: they share names."""
    unit = work.desk.directory.unit(unit_id)
    return with_place(work, unit) if crosses(work, case, unit_id) else unit.name


def with_place(work: Work, unit: Unit) -> str:
    """Return the name of a unit with that of its commune or province."""
    directory = work.desk.directory
    return f"{unit.name} ({directory.area(directory.seat(unit.id) or unit.area).name})"


def places(work: Work, case: Case) -> list[Area]:
    """Return to where a case may cross: the province, the communes, the one in which the matter is first."""
    directory = work.desk.directory
    if not directory.is_wide:
        return []
    here, matter = directory.seat(case.unit_id), directory.commune_of(case.area)
    above = [directory.area(code) for code in directory.lineage(here or "")[1:]]
    communes = sorted(directory.communes, key=lambda area: area is not matter)
    return [area for area in [*above, *communes] if area.code != here]


def unit_in(work: Work, case: Case, area: str) -> Unit:
    """Return the unit of a commune or province that must act on the case. Raises WrongUnit for none there.

    What is kept close only goes where those in charge may read it.
    """
    rules, day, wall = work.desk.part(area), work.today, exclusion.wall_of(case)
    own, directory = rules.taxonomy.fields[case.field], rules.directory
    field = of_level(work, exclusion.close_field(rules, own) if case.confidential else own, area)
    units = [unit for unit in directory.units if directory.seat(unit.id) == area]
    shut = wall.barred(directory, day) if wall else set()
    if wall and case.confidential:
        shut |= {unit.id for unit in units if not wall.readers(directory, unit.id, day)}
    try:
        return route(field, area, units, day, excluding=wall.units, unfit=shut, empty=directory.empty(day))
    except NobodyThere:
        raise WrongUnit(Act.REASSIGN) from None


def of_level(work: Work, field: Field, area: str) -> Field:
    """Return a field as it is routed in an area: above the communes by the province's unit."""
    directory = work.desk.directory
    above = directory.is_wide and directory.commune_of(area) is None
    return replace(field, xa=field.tinh) if above else field


def receptions(work: Work, unit_id: UUID) -> list[Unit]:
    """Return the reception desks of the commune or province in which a unit is."""
    there = work.desk.directory.neighbours(unit_id, work.today)
    return [unit for unit in there if unit.type in RECEPTIONS]


def heads_over(work: Work, person: UUID | None, unit_id: UUID) -> bool:
    """Say whether somebody heads the commune of a unit, or the province above it."""
    directory = work.desk.directory
    held = directory.held_by(person, work.today)
    return any(h.role is Role.HEAD and directory.reaches(h.unit_id, unit_id) for h in held)


def heads_above(work: Work, person: UUID | None) -> bool:
    """Say whether somebody heads what is above the communes."""
    directory = work.desk.directory
    held = directory.held_by(person, work.today)
    seats = [directory.seat(holding.unit_id) for holding in held if holding.role is Role.HEAD]
    return any(directory.commune_of(seat or "") is None for seat in seats)
