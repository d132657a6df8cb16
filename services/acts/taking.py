"""Somebody has a case now: they took it, were given it, or a chief took it over. What rang is silent then."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.cases import OPEN_STATES, UNTAKEN, Act, Relation, State
from domain.promises import Promise
from services.acts import handing
from services.saying import rescue, ringing
from services.saying.telling import Telling
from services.standing import leaving, parties
from services.standing.kinds import ActKind, Button, Deed, Intent, Request
from services.standing.refusals import NotForThem, NotTakenOver, RingsElsewhere
from storage.people.people import name_of

_TAKEN = frozenset({Promise.ACKNOWLEDGE})


def followers_hear(to: Telling) -> str:
    """Return what whoever saw an alarm too waits for as its sender does; nothing of what can wait."""
    return "followed.taken" if to.case.urgency in to.work.rules.ringing else ""


# --- by oneself ---------------------------------------------------------------------------------


async def _accept(deed: Deed[Any]) -> None:
    work, case = deed.work, deed.case
    await ringing.end(work, case, deed.facts)
    await _have(deed, deed.by.person_id)


async def _have(deed: Deed[Any], person: UUID | None) -> None:
    work, case = deed.work, deed.case
    case.officer_id, case.until_taken = person, []
    deed.facts["officer"] = await name_of(work, person)
    deed.facts["unit"] = work.rules.directory.unit(parties.serves_in(work, case, person)).name


async def _accepted(to: Telling) -> None:
    await to.redraw()
    if to.case.urgency not in to.work.rules.ringing:
        await to.citizen("told.accepted", officer=to.facts["officer"])
        return
    await _tell_citizen(to, "told.accepted_urgent")


async def _tell_citizen(to: Telling, key: str) -> None:
    """Tell the citizen who has it, and whoever it had rung for."""
    key = "told.accepted_close" if rescue.waits(to.work, to.case) else key
    numbers = ringing.numbers(to.work, to.case)
    unit = parties.serves_in(to.work, to.case, to.case.officer_id)
    await to.citizen(key, numbers=numbers, officer=to.facts["officer"], unit=unit)
    await ringing.taken(to)


# --- out of other hands -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Assign(Request):
    """To whom of the unit a case is given."""

    officer_id: str


async def _assign(deed: Deed[Assign]) -> None:
    person = UUID(deed.request.officer_id)
    if person == deed.case.officer_id or person not in parties.workers(deed.work, deed.case):
        raise NotForThem(Act.ASSIGN)
    await _give(deed, person)


def _is_theirs(intent: Intent) -> None:
    """Let nobody take again what turned out to be elsewhere: it would ring there no more."""
    if leaving.goes_on(intent.work, intent.case, intent.by.person_id):
        raise RingsElsewhere(Act.ACCEPT)


def _not_mine_yet(intent: Intent) -> None:
    if parties.has_it(intent.work, intent.case, intent.by.person_id):
        raise NotTakenOver(Act.TAKE_OVER)


async def _take_over(deed: Deed[Any]) -> None:
    await _give(deed, deed.by.person_id)


async def _give(deed: Deed[Any], person: UUID | None) -> None:
    await ringing.end(deed.work, deed.case, deed.facts)
    handing.let_go(deed)
    await _have(deed, person)


async def _assigned(to: Telling) -> None:
    """Give the officer the card; everybody else's is drawn anew."""
    officer = UUID(to.facts["officer_id"])
    others = [person for person in parties.workers(to.work, to.case) if person != officer]
    await to.cards([officer], redraw=False)
    await to.cards(others, redraw=True)
    await _has_it_now(to)


async def _taken_over(to: Telling) -> None:
    await to.redraw()
    await _has_it_now(to)


async def _has_it_now(to: Telling) -> None:
    former = [person for person in handing.formerly_in_hands(to) if person != to.case.officer_id]
    await to.officials(former, "official.given_to", officer=to.facts["officer"])
    urgent = to.case.urgency in to.work.rules.ringing
    await _tell_citizen(to, "told.accepted_urgent" if urgent else "told.new_officer")


ACTS = (
    ActKind(
        act=Act.ACCEPT,
        by={Relation.OFFICER},
        states=UNTAKEN,
        to=State.ACCEPTED,
        guard=_is_theirs,
        change=_accept,
        news=_accepted,
        heard=followers_hear,
        keeps=_TAKEN,
        button=Button(verb="accept", place=10, on_card=True),
    ),
    ActKind(
        act=Act.ASSIGN,
        takes=Assign,
        by={Relation.SUPERVISOR},
        states=OPEN_STATES,
        to=State.ACCEPTED,
        guard=handing.asked_by_another,
        change=_assign,
        news=_assigned,
        heard=followers_hear,
        keeps=_TAKEN,
    ),
    ActKind(
        act=Act.TAKE_OVER,
        by={Relation.SUPERVISOR},
        states=OPEN_STATES,
        to=State.ACCEPTED,
        guard=_not_mine_yet,
        change=_take_over,
        news=_taken_over,
        heard=followers_hear,
        keeps=_TAKEN,
        button=Button(verb="take_over", place=100),
    ),
)
