"""How far somebody reaches: the units whose cases are theirs, the communes they serve or lead in."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from domain.cases import Relation
from domain.people import Role
from services.standing import climbing, parties
from services.standing.parties import IN_CHARGE, OFFICIAL, Actor, stood_in_for
from storage.cases import cases as stored
from storage.cases import workload
from storage.cases.cases import Case
from storage.ground.work import Work

_THEIRS = frozenset({Relation.OFFICER, Relation.SUPERVISOR})


def units_of(work: Work, person_id: UUID | None) -> set[UUID]:
    """Return the units whose cases are somebody's own: theirs, those below a chief, all of a head's area."""
    held = work.desk.directory.held_by(person_id, work.today)
    held += [lent for lent in stood_in_for(work, Actor(person_id=person_id)) if lent.role in OFFICIAL]
    directory = work.desk.directory
    headed = [holding.unit_id for holding in held if holding.role is Role.HEAD]
    there = (unit for seat in map(directory.seat, headed) for unit in directory.units_within(seat))
    below = {unit.id for unit in there if any(directory.reaches(one, unit.id) for one in headed)}
    below |= directory.units_below(holding.unit_id for holding in held if holding.role in IN_CHARGE)
    return below | {holding.unit_id for holding in held}


async def cases_of(work: Work, person_id: UUID | None, *, due_before: datetime | None = None) -> list[Case]:
    """Return the open cases of somebody's units, and the late ones that have climbed to them from below.

    The nearest due first. Whoever lists them leaves out what is not theirs (see `stored.of_units`).
    """
    units = units_of(work, person_id)
    found = await stored.of_units(work, units, due_before=due_before)
    if late := await _climbed(work, person_id):
        known = {case.id for case in found}
        found = sorted(
            [*found, *(case for case in late if case.id not in known)], key=lambda case: case.due_at
        )
    return found


async def _climbed(work: Work, person_id: UUID | None) -> list[Case]:
    """Return what is late below and has come to those in charge of the field above the communes."""
    directory = work.desk.directory
    held = directory.held_by(person_id, work.today) + stood_in_for(work, Actor(person_id=person_id))
    led = [one for one in held if one.role in IN_CHARGE and directory.level(one.unit_id)]
    types = {directory.unit(holding.unit_id).type for holding in led}
    fields = [code for code, field in work.desk.taxonomy.fields.items() if field.tinh in types]
    if not fields:
        return []
    below = units_below(work, [person_id])
    late = await stored.of_units(work, below, due_before=work.now, fields=fields)
    return [case for case in late if any(climbing.has_come_to(work, case, holding) for holding in led)]


async def in_hand(work: Work, people: Collection[UUID], asks: UUID | None) -> dict[UUID, int]:
    """Return how many open cases each of these has in hand, of those that whoever asks may know of.

    How much somebody has to do in another commune is told to nobody; what is kept from somebody counts only
    where it is theirs to know.
    """
    loads = await workload.of_people(work, people, _known_units(work, asks))
    for kept in await workload.kept_of_people(work, people):
        if kept.officer_id and parties.relations(work, kept, Actor(person_id=asks)) & _THEIRS:
            loads[kept.officer_id] += 1
    return loads


def _known_units(work: Work, person_id: UUID | None) -> set[UUID] | None:
    """Return the units of the communes in which somebody serves, and their own; None without borders: all."""
    directory = work.desk.directory
    if not directory.is_wide:
        return None
    seats = set(directory.seats_of(person_id, work.today))
    there = {unit.id for seat in seats for unit in directory.units_within(seat)}
    return {unit for unit in there if directory.seat(unit) in seats} | units_of(work, person_id)


def units_below(work: Work, people: Iterable[UUID | None]) -> set[UUID]:
    """Return the units of the communes in which these people serve, and of all that lies below them."""
    directory, day = work.desk.directory, work.today
    seats = {seat for person in people for seat in directory.seats_of(person, day)}
    return {unit.id for seat in seats for unit in directory.units_within(seat)}


def leads_in(work: Work, person_id: UUID | None) -> set[str | None]:
    """Return where somebody is in charge today, or stands in for who is (see `Directory.seat`)."""
    directory = work.desk.directory
    held = directory.held_by(person_id, work.today) + stood_in_for(work, Actor(person_id=person_id))
    return {directory.seat(holding.unit_id) for holding in held if holding.role in IN_CHARGE}
