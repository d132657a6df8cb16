"""Who holds the posts around a case, and of which commune: there it counts who is away, and who stands in."""

from collections.abc import Collection, Iterator
from typing import NamedTuple
from uuid import UUID

from domain.directory import Directory
from domain.people import Role
from domain.walls import READING
from storage.cases.cases import Case
from storage.ground.work import Work


class Post(NamedTuple):
    """Who holds a post, there or not, and the seat that it is of (see `Directory.seat`)."""

    people: list[UUID]
    seat: str | None


def of_unit(work: Work, unit_id: UUID, roles: Collection[Role]) -> Post:
    """Return who holds one of the roles in a unit."""
    directory = work.desk.directory
    return Post(directory.holders(unit_id, roles, work.today), directory.seat(unit_id))


def of_level(work: Work, directory: Directory, role: Role, level: int) -> Post:
    """Return who holds the role in a commune (level 0), or in what is above it, as it is seen from there."""
    there = (unit.id for unit in directory.units if directory.level(unit.id) == level)
    first = next(there, None)
    seat = directory.seat(first) if first is not None else None
    return Post(directory.holding(role, level, work.today), seat)


def upwards(work: Work, case: Case) -> Iterator[Post]:
    """Yield those in charge of the case's unit, of each unit above it, and those who head what is above."""
    directory = work.rules_of(case).directory
    for unit_id in directory.chain(case.unit_id):
        yield of_unit(work, unit_id, READING)
    yield from heads(work, case)


def heads(work: Work, case: Case) -> list[Post]:
    """Return who heads the commune, or the province where it has the case; then who stands above them.

    Above a commune's heads stand those in charge of the province's unit of the field, then its heads.
    """
    rules = work.rules_of(case)
    directory, own = rules.directory, rules.directory.level(case.unit_id)
    steps = [of_level(work, directory, Role.HEAD, own)]
    field = rules.taxonomy.fields.get(case.field)
    for level in range(own + 1, directory.height + 1):
        if field and not case.confidential:
            theirs = [
                u.id for u in directory.units if u.type == field.tinh and directory.level(u.id) == level
            ]
            chiefs = [of_unit(work, unit, READING) for unit in theirs]
            steps += [Post([p for post in chiefs for p in post.people], first.seat) for first in chiefs[:1]]
        steps.append(of_level(work, directory, Role.HEAD, level))
    return [steps[0], *(step for step in steps[1:] if step.people)]
