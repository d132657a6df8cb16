"""Opening who brought a sealed case: by whoever keeps identities, for a reason, and never in secret."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

from domain.cases import Act, Relation
from services import who
from services.telling import Detail, Telling
from services.who import Actor
from storage import sealed as stored
from storage.cases import Case
from storage.people import name_of
from storage.sealed import Identity, Opening
from storage.work import Work

MOST_OPENINGS = 20


async def openings(work: Work, by: Actor) -> list[Opening]:
    """Return the last openings this keeper may know of, the newest first: of no case that accuses them."""
    found = await stored.openings(work, MOST_OPENINGS)
    return [one for one in found if Relation.KEEPER in who.relations(work, one.case, by)]


async def opener(work: Work, opening: Opening) -> str:
    """Return the name of whoever opened it."""
    return await name_of(work, UUID(opening.actor.removeprefix("person:")))


def opened_on(work: Work, opening: Opening) -> date:
    """Return the day on which it was opened, where the desk stands."""
    return work.rules.calendar.local(opening.at).date()


async def of_case(work: Work, case: Case) -> Identity:
    """Return who brought a sealed case. Nobody may ask for it but after the act that records the opening."""
    return await stored.identity(work, case)


async def _identify(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - every effect is called alike
    detail["officer"] = await name_of(work, by.person_id)


async def _identified(to: Telling, detail: Detail) -> None:
    """Tell everyone else who keeps identities who opened which and why: at once, by night and day.

    Whoever was opened wrongly is in danger before the next working day.
    """
    to.awake = True
    directory, day = to.work.rules.directory, to.work.today
    keepers = [person for role in sorted(who.KEEPERS) for person in directory.everyone(role, day)]
    facts = {"officer": detail["officer"], "reason": detail["reason"]}
    await to.officials([p for p in keepers if _keeps(to, p)], "sealed.opened_by", **facts)


def _keeps(to: Telling, person_id: UUID) -> bool:
    return Relation.KEEPER in who.relations(to.work, to.case, Actor(person_id=person_id))


EFFECTS: dict[Act, Callable[[Work, Case, Actor, dict[str, Any]], Awaitable[None]]] = {Act.IDENTIFY: _identify}
TELLERS: dict[Act, Callable[[Telling, Detail], Awaitable[None]]] = {Act.IDENTIFY: _identified}
