"""Opening who brought a sealed case: by two who keep identities, for a reason, and never in secret."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from domain.cases import ANY_STATE, Act, Relation
from services.saying.telling import Telling
from services.standing import keepers, parties
from services.standing.kinds import ActKind, Deed, News, Request
from services.standing.parties import Actor
from services.standing.refusals import AlreadyAsked, NoSecondKeeper, NothingAsked, OwnRequest
from storage.cases import cases as stored_cases
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import sealed as stored
from storage.people.people import name_of
from storage.people.sealed import Identity, Opening

MOST_OPENINGS = 20
TOGETHER = 2
"""Keepers that an opening takes."""


async def openings(work: Work, by: Actor) -> list[Opening]:
    """Return the last openings this keeper may know of, the newest first: of no case that accuses them."""
    found = await stored.openings(work, MOST_OPENINGS)
    return [one for one in found if Relation.KEEPER in parties.relations(work, one.case, by)]


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
        person = parties.person_of(line.actor)
        if line.act == Act.ASK_IDENTITY and person is not None:
            found = Asked(person, line.detail["reason"]) if line.at > since else None
        elif line.act == Act.AGREE_IDENTITY and found is not None:
            found = replace(found, agreed=person)
        elif line.act == Act.IDENTIFY:
            found = None
    there = keepers.of(work, case)
    return found if found is not None and {found.by, found.agreed or found.by} <= set(there) else None


@dataclass(frozen=True, slots=True)
class AskIdentity(Request):
    """Why it is to be opened."""

    reason: str


async def _ask(deed: Deed[AskIdentity]) -> None:
    """Let one wish wait at a time, and only where a second keeper can agree. Raises NoSecondKeeper."""
    if len(keepers.of(deed.work, deed.case)) < TOGETHER:
        raise NoSecondKeeper(Act.ASK_IDENTITY)
    if await asked(deed.work, deed.case) is not None:
        raise AlreadyAsked(Act.ASK_IDENTITY)
    deed.facts["officer"] = await name_of(deed.work, deed.by.person_id)


async def _agree(deed: Deed[Any]) -> None:
    """Let another person agree, once. Raises NothingAsked, OwnRequest."""
    wish = await asked(deed.work, deed.case)
    if wish is None or wish.agreed is not None:
        raise NothingAsked(Act.AGREE_IDENTITY)
    if wish.by == deed.by.person_id:
        raise OwnRequest(Act.AGREE_IDENTITY)
    await _name(deed, wish.by, deed.by.person_id, wish.reason)


async def _identify(deed: Deed[Any]) -> None:
    """Let whoever asked open it, once, after another agreed. Raises NothingAsked."""
    wish = await asked(deed.work, deed.case)
    if wish is None or wish.agreed is None or wish.by != deed.by.person_id:
        raise NothingAsked(Act.IDENTIFY)
    await _name(deed, wish.by, wish.agreed, wish.reason)


async def _name(deed: Deed[Any], officer: UUID, second: UUID | None, reason: str) -> None:
    deed.facts.update(officer=await name_of(deed.work, officer), reason=reason)
    deed.facts["second"] = await name_of(deed.work, second)


def _told(key: str, *verbs: str) -> News:
    """Return what tells everyone else who keeps identities: at once, by night and day.

    Whoever was opened wrongly is in danger before the next working day.
    """

    async def news(to: Telling) -> None:
        to.awake = True
        facts = {name: to.facts[name] for name in ("officer", "second", "reason") if name in to.facts}
        await to.officials(keepers.of(to.work, to.case), key, verbs, **facts)

    return news


ACTS = (
    ActKind(
        act=Act.ASK_IDENTITY,
        takes=AskIdentity,
        by={Relation.KEEPER},
        states=ANY_STATE,
        change=_ask,
        news=_told("sealed.asked_by", "identify"),
        quiet=True,
    ),
    ActKind(
        act=Act.AGREE_IDENTITY,
        by={Relation.KEEPER},
        states=ANY_STATE,
        change=_agree,
        news=_told("sealed.agreed_by", "identify"),
        quiet=True,
    ),
    ActKind(
        act=Act.IDENTIFY,
        by={Relation.KEEPER},
        states=ANY_STATE,
        change=_identify,
        news=_told("sealed.opened_by"),
        quiet=True,
    ),
)
