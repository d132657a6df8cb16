"""Opening who brought a sealed case: by two who keep identities, for a reason, and never in secret."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from domain.cases import Act, Relation
from services import who
from services.refusals import AlreadyAsked, NoSecondKeeper, NothingAsked, OwnRequest
from services.telling import Detail, Telling
from services.who import Actor
from storage import cases as stored_cases
from storage import sealed as stored
from storage.cases import Case
from storage.people import name_of
from storage.sealed import Identity, Opening
from storage.work import Work

MOST_OPENINGS = 20
TOGETHER = 2
"""Keepers that an opening takes."""


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


@dataclass(frozen=True, slots=True)
class Asked:
    """A keeper's wish to open an identity: whose, why, and which other keeper has agreed, if one has."""

    by: UUID
    reason: str
    agreed: UUID | None = None


async def asked(work: Work, case: Case) -> Asked | None:
    """Return the wish that is open: not over, not too old, of somebody who still keeps identities."""
    since, found = work.now - work.rules.sealing.asking, None
    for line in await stored_cases.history(work, case):
        person = who.person_of(line.actor)
        if line.act == Act.ASK_IDENTITY and person is not None:
            found = Asked(person, line.detail["reason"]) if line.at > since else None
        elif line.act == Act.AGREE_IDENTITY and found is not None:
            found = replace(found, agreed=person)
        elif line.act == Act.IDENTIFY:
            found = None
    there = who.keepers(work, case)
    return found if found is not None and {found.by, found.agreed or found.by} <= set(there) else None


async def _ask(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    """Let one wish wait at a time, and only where a second keeper can agree. Raises NoSecondKeeper."""
    if len(who.keepers(work, case)) < TOGETHER:
        raise NoSecondKeeper(Act.ASK_IDENTITY)
    if await asked(work, case) is not None:
        raise AlreadyAsked(Act.ASK_IDENTITY)
    detail["officer"] = await name_of(work, by.person_id)


async def _agree(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    """Let another person agree, once. Raises NothingAsked, OwnRequest."""
    wish = await asked(work, case)
    if wish is None or wish.agreed is not None:
        raise NothingAsked(Act.AGREE_IDENTITY)
    if wish.by == by.person_id:
        raise OwnRequest(Act.AGREE_IDENTITY)
    detail |= {"officer": await name_of(work, wish.by), "reason": wish.reason}
    detail["second"] = await name_of(work, by.person_id)


async def _identify(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    """Let whoever asked open it, once, after another agreed. Raises NothingAsked."""
    wish = await asked(work, case)
    if wish is None or wish.agreed is None or wish.by != by.person_id:
        raise NothingAsked(Act.IDENTIFY)
    detail |= {"officer": await name_of(work, by.person_id), "reason": wish.reason}
    detail["second"] = await name_of(work, wish.agreed)


def _told(key: str, *verbs: str) -> Callable[[Telling, Detail], Awaitable[None]]:
    """Return what tells everyone else who keeps identities: at once, by night and day.

    Whoever was opened wrongly is in danger before the next working day.
    """

    async def teller(to: Telling, detail: Detail) -> None:
        to.awake = True
        facts = {name: detail[name] for name in ("officer", "second", "reason") if name in detail}
        await to.officials(who.keepers(to.work, to.case), key, verbs, **facts)

    return teller


EFFECTS: dict[Act, Callable[[Work, Case, Actor, dict[str, Any]], Awaitable[None]]] = {
    Act.ASK_IDENTITY: _ask,
    Act.AGREE_IDENTITY: _agree,
    Act.IDENTIFY: _identify,
}
TELLERS: dict[Act, Callable[[Telling, Detail], Awaitable[None]]] = {
    Act.ASK_IDENTITY: _told("sealed.asked_by", "identify"),
    Act.AGREE_IDENTITY: _told("sealed.agreed_by", "identify"),
    Act.IDENTIFY: _told("sealed.opened_by"),
}
