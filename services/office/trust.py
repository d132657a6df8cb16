"""Whose hand may be in giving a key: nobody's of whom an open case that is kept close speaks.

Nobody learns of it by asking or by agreeing: everybody is asked as always, in the same words, and a yes that
does not count is noted like any other. Only who reads the case is told that there is one.
"""

from collections.abc import Iterable
from uuid import UUID

from domain.cases import Relation
from domain.walls import Wall
from services.acts import hearing
from services.office import keys
from services.standing import exclusion, parties
from services.standing.parties import Actor
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work


async def speaking_of(work: Work, person: UUID) -> list[Case]:
    """Return the open cases kept close that speak of somebody, or of the very unit in which they work.

    Many more stand outside its wall, who are below one of whom it speaks: they may have to give keys.
    """
    about = [case for case in await stored.open_close(work) if exclusion.shut_out(work, case, person)]
    return [case for case in about if await _names(work, case, person)]


async def naming(work: Work, person: UUID) -> list[Case]:
    """Return those of them that speak of somebody themselves, not only of where they work."""
    about = [case for case in await stored.open_close(work) if exclusion.shut_out(work, case, person)]
    return [case for case in about if await _names(work, case, person, unit=False)]


async def _names(work: Work, case: Case, person: UUID, *, unit: bool = True) -> bool:
    rules = work.rules_of(case)
    said = exclusion.heard_of(rules, await hearing.everything(work, case), work.today)
    held = rules.directory.held_by(person, work.today)
    wall = Wall(frozenset(said.people), frozenset())  # whoever is entered under the same name too
    outside = wall.shuts_out(rules.directory, person, work.today)
    return outside or (unit and any(holding.unit_id in said.units for holding in held))


async def about(work: Work, asker: UUID, gaining: Iterable[UUID]) -> list[Case]:
    """Return the open cases kept close that speak of who asks for a key or of who would gain one.

    Who holds one already may come to hold it elsewhere though others of their unit are spoken of.
    """
    found = await speaking_of(work, asker)
    for person in dict.fromkeys(gaining):
        found += await (naming if keys.holds(work, person) else speaking_of)(work, person)
    return found


def reads_any(work: Work, found: Iterable[Case], person: UUID | None) -> bool:
    """Say whether somebody reads one of these cases: only they may be told that there is one."""
    actor = Actor(person_id=person)
    return any(Relation.SUPERVISOR in parties.relations(work, case, actor) for case in found)
