"""How far somebody reaches: the units whose cases are theirs, the communes they serve or lead in."""

from collections.abc import Iterable
from uuid import UUID

from domain.people import Role
from services.standing.parties import IN_CHARGE, OFFICIAL, Actor, stood_in_for
from storage.ground.work import Work


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
