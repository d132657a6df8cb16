"""A case goes to another unit: an officer hands it on, or a chief does. Its clock does not notice.

To another commune or level it goes by whoever heads where it is; there the clock is that of its rules.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import locales
from domain.cases import OPEN_STATES, RUNNING, Act, NotNow, Relation, State
from domain.handling import suggest
from domain.people import Role
from domain.routing import RECEPTION, Unit, route
from services.acts import hearing, recomputing, requests
from services.saying import ringing
from services.saying.telling import Telling
from services.standing import crossing, exclusion, guards, hands, leaving, parties, posts, reach, superiors
from services.standing.kinds import ActKind, Button, Deed, Intent, Request
from services.standing.parties import OFFICIAL
from services.standing.pending import Pending
from services.standing.refusals import (
    ComesBack,
    CrossingIsDecided,
    NobodyLeft,
    TooManyCrossings,
    TooManyHops,
    WrongUnit,
)
from storage.cases import cases as stored
from storage.cases import workload
from storage.cases.cases import Case
from storage.ground.work import Work


@dataclass(frozen=True, slots=True)
class Reassign(Request):
    """To which unit a case goes; the reason is told where it leaves its commune or level.

    `place` and `area` say where a danger is that goes to another commune, where that was said.
    """

    unit_id: str
    reason: str = ""
    place: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Transfer(Request):
    """To which unit a case goes, and why; `why` is the choice that said so, where it was one.

    `place` and `area` are as above.
    """

    unit_id: str
    reason: str
    why: str = ""
    place: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class AskTransfer(Request):
    """To which unit a case is to go, as above, where a chief decides on it."""

    unit_id: str
    reason: str
    why: str = ""


# --- what else must hold ------------------------------------------------------------------------


def is_danger(work: Work, case: Case) -> bool:
    """Say whether a case cannot wait: it goes on at once, to another commune too, and nobody is asked."""
    return case.urgency in work.rules_of(case).ringing


def _may_hop(intent: Intent) -> None:
    if is_danger(intent.work, intent.case):
        return
    if intent.case.hops >= intent.work.rules.handling.transfers:
        raise TooManyHops(Act.TRANSFER)


def _must_ask_to_hop(intent: Intent) -> None:
    """Let a chief be asked where officers may not go on alone: to another commune they never may."""
    guards.can_be_asked(intent)
    if not intent.work.desk.directory.is_wide:
        _has_hopped(intent)


def _has_hopped(intent: Intent) -> None:
    if intent.case.hops < intent.work.rules.handling.transfers:
        raise NotNow(Act.ASK_TRANSFER)


def asked_by_another(intent: Intent) -> None:
    """Hand a case on freely, but decide on a transfer only if somebody else asked for it."""
    if guards.requested(intent.case) == Act.ASK_TRANSFER:
        guards.another_asked(Act.ASK_TRANSFER)(intent)


# --- what changes -------------------------------------------------------------------------------


def _unit_for(work: Work, case: Case, unit_id: str) -> str:
    """Return the name of a unit that may have the case now. Raises WrongUnit."""
    directory = work.desk.directory
    unit = directory.unit(UUID(unit_id))
    shut = exclusion.wall_of(case).barred(directory.part(directory.seat(unit.id) or ""), work.today)
    if unit.id in shut or unit.id == case.unit_id or not unit.stands_on(work.today):
        raise WrongUnit(Act.REASSIGN)
    return crossing.called(work, case, unit.id)


def let_go(deed: Deed[Any]) -> None:
    """Take the case out of whatever hands it is in, and note in whose it was."""
    case, pending = deed.case, Pending.of(deed.case)
    deed.facts["from"] = str(case.officer_id) if case.officer_id else ""
    deed.facts["asked_by"] = str(pending.by) if pending is not None else ""
    hands.let_go(deed.work, case)


async def _reassign(deed: Deed[Reassign]) -> None:
    work, case, unit_id = deed.work, deed.case, UUID(deed.request.unit_id)
    if not crossing.crosses(work, case, unit_id):
        _give(deed)
        return
    if not is_danger(work, case):
        if not crossing.heads_over(work, deed.by.person_id, case.unit_id):
            raise CrossingIsDecided(Act.REASSIGN)
        await _not_to_and_fro(deed, unit_id)
        if await _comes_back(work, case, unit_id):
            raise ComesBack(Act.REASSIGN)
    await _cross(deed)


async def _cross(deed: Deed[Reassign] | Deed[Transfer]) -> None:
    """Let a case leave its commune or level; of a danger who had it goes on until it is taken there."""
    work, case = deed.work, deed.case
    pending, before = Pending.of(case), case.due_on
    reason = deed.request.reason or (pending.reason if pending is not None else "")
    deed.facts.update(reason=reason, crossed=work.desk.directory.seat(UUID(deed.request.unit_id)))
    if is_danger(work, case):
        deed.facts["rung"] = await ringing.rung_before(work, case)
        leaving.keep(case, deed.by.person_id)
        case.place, case.area = deed.request.place or case.place, deed.request.area or case.area
    _give(deed)
    case.hops = 0
    recomputing.recompute(work, case)
    deed.facts.update(before=before.isoformat(), due=case.due_on.isoformat())


async def _comes_back(work: Work, case: Case, unit_id: UUID) -> bool:
    """Say whether a case would be here again at once: heard there it speaks of whoever it is given to."""
    with work.within(work.desk.directory.seat(unit_id)):
        weighed, rules, day = await hearing.weighed_here(work, case), work.rules, work.today
        if weighed is None or unit_id not in weighed[1].barred(rules.directory, day):
            return False
        said, wall, _ = weighed
        field = exclusion.close_field(rules, rules.taxonomy.fields[case.field])
        known = (*rules.accused.known(await hearing.everything(work, case), day), *said.units)
        try:
            return exclusion.unit_over(rules, field, known, wall, day).id == case.unit_id
        except NobodyLeft:
            return True


async def _not_to_and_fro(deed: Deed[Reassign], unit_id: UUID) -> None:
    """Let only the province say where a case goes that has crossed so often; it can always be given that."""
    work, directory = deed.work, deed.work.desk.directory
    history = await stored.history(work, deed.case)
    crossings = sum("crossed" in event.detail for event in history)
    goes_up = directory.commune_of(directory.seat(unit_id) or "") is None
    most = work.rules.handling.crossings
    if crossings >= most and not goes_up and not crossing.heads_above(work, deed.by.person_id):
        raise TooManyCrossings(Act.REASSIGN)


def _give(deed: Deed[Reassign] | Deed[Transfer]) -> None:
    deed.facts["unit"] = _unit_for(deed.work, deed.case, deed.request.unit_id)
    deed.facts["from_unit"] = str(deed.case.unit_id)
    let_go(deed)
    hands.place(deed.work, deed.case, UUID(deed.request.unit_id))


async def _transfer(deed: Deed[Transfer]) -> None:
    if not crossing.crosses(deed.work, deed.case, UUID(deed.request.unit_id)):
        _give(deed)
        deed.case.hops += 1
    elif is_danger(deed.work, deed.case):
        await _cross(deed)
    else:
        raise CrossingIsDecided(Act.TRANSFER)


async def _ask_transfer(deed: Deed[AskTransfer]) -> None:
    if not crossing.crosses(deed.work, deed.case, UUID(deed.request.unit_id)):
        _has_hopped(deed)
    elif await _comes_back(deed.work, deed.case, UUID(deed.request.unit_id)):
        raise ComesBack(Act.ASK_TRANSFER)
    deed.facts["unit"] = _unit_for(deed.work, deed.case, deed.request.unit_id)
    asked = {"unit_id": deed.request.unit_id, "reason": deed.request.reason}
    deed.facts["officer"] = await requests.ask(deed, Act.ASK_TRANSFER, asked)


# --- who is told --------------------------------------------------------------------------------


async def _transferred(to: Telling) -> None:
    """Give the other unit the card and say where it comes from."""
    await _reassigned(to)
    if "crossed" in to.facts:
        return
    receivers = parties.workers(to.work, to.case)
    await to.officials(
        receivers, "official.came", sender=UUID(to.facts["from_unit"]), reason=to.facts["reason"]
    )


async def _reassigned(to: Telling) -> None:
    """Give the unit the card, and put a word in place of the card that the former unit has."""
    await to.cards(parties.workers(to.work, to.case), redraw=False)
    going = leaving.going_on(to.work, to.case)
    formerly = to.work.desk.directory.holders(UUID(to.facts["from_unit"]), OFFICIAL, to.work.today)
    await to.instead_of_cards([one for one in formerly if one not in going], "official.moved_away")
    if "rung" not in to.facts:
        await to.officials(formerly_in_hands(to), "official.moved_away")
    if "crossed" in to.facts:
        await _crossed(to)
    await ringing.tell_at_once(to)
    if "rung" in to.facts:
        await to.cards(going, redraw=True)
        await ringing.moved_on(to)
    if "crossed" not in to.facts:
        await to.citizen("told.moved")


async def _crossed(to: Telling) -> None:
    """Say where it comes from and why; the citizen reads who has it now, and whether the day is another."""
    work, case, reason = to.work, to.case, to.facts["reason"]
    workers = parties.workers(work, case)
    unit = crossing.with_place(work, work.desk.directory.unit(UUID(to.facts["from_unit"])))
    await to.officials(workers, "official.came", sender=unit, reason=reason)
    if not case.confidential:
        desks = [desk.id for desk in crossing.receptions(work, case.unit_id) if desk.id != case.unit_id]
        there = [parties.fit(work, case, posts.of_unit(work, desk, OFFICIAL)) for desk in desks]
        others = [one for post in there for one in post.people if one not in workers]
        await to.officials(others, "official.came_here", sender=unit)
    if to.facts["before"] == to.facts["due"]:
        await to.citizen("told.crossed", unit=to.facts["unit"], reason=reason)
    else:
        before = date.fromisoformat(to.facts["before"])
        await to.citizen("told.crossed_day", unit=to.facts["unit"], reason=reason, before=_day(before))


def _day(day: date) -> Callable[[str], str]:
    """Return a day as it is written in the language of whoever is told."""
    return lambda language: locales.day(language, day)


def formerly_in_hands(to: Telling) -> list[UUID]:
    """Return whose hands the case was in, and who had asked for something about it."""
    return [UUID(to.facts[part]) for part in ("from", "asked_by") if to.facts[part]]


async def _transfer_asked(to: Telling) -> None:
    await to.redraw()
    chiefs = superiors.deciders(to.work, to.case)
    facts = {part: to.facts[part] for part in ("officer", "unit", "reason")}
    key = "alert.ask_crossing" if crossing.is_asked(to.work, to.case) else "alert.ask_transfer"
    await to.officials(chiefs, key, ("grant", "reassign", "refuse"), **facts)


ACTS = (
    ActKind(
        act=Act.TRANSFER,
        takes=Transfer,
        by={Relation.OFFICER},
        states=RUNNING,
        to=State.RECEIVED,
        guard=_may_hop,
        change=_transfer,
        news=_transferred,
        heard="followed.moved",
        button=Button(verb="transfer", place=70, on_card=True, of_officer=True, unless="reassign"),
    ),
    ActKind(
        act=Act.ASK_TRANSFER,
        takes=AskTransfer,
        by={Relation.OFFICER},
        states=RUNNING,
        guard=_must_ask_to_hop,
        change=_ask_transfer,
        news=_transfer_asked,
        granted_by=Act.REASSIGN,
        button=Button(verb="transfer", place=70, on_card=True, of_officer=True, unless="reassign"),
    ),
    ActKind(
        act=Act.REASSIGN,
        takes=Reassign,
        by={Relation.SUPERVISOR},
        states=OPEN_STATES,
        to=State.RECEIVED,
        guard=asked_by_another,
        change=_reassign,
        news=_reassigned,
        heard="followed.moved",
        button=Button(verb="reassign", place=60, on_card=True),
    ),
)

# --- to whom it may well be handed --------------------------------------------------------------


async def units_for(work: Work, case: Case) -> list[Unit]:
    """Return the units to propose: whom the words call for, whom the field names, who has had such cases.

    They are of the commune or level that has the case; others are named by whoever means them.
    """
    seat = work.desk.directory.seat(case.unit_id) or ""
    rules = work.desk.part(seat)
    heard = rules.understanding.read(case.story)
    fields = rules.taxonomy.fields
    named = [
        heard.field,
        case.field,
        *(code for code, field in fields.items() if field.topic in heard.topics),
    ]
    shut = exclusion.barred_units(work, case)
    standing = work.desk.directory.neighbours(case.unit_id, work.today)
    home = rules.directory.home.code
    directory, day = rules.directory, work.today
    likely = [u.id for u in standing if case.confidential and directory.holders(u.id, {Role.HEAD}, day)]
    for field in [fields[code] for code in dict.fromkeys(named)]:
        here = crossing.of_level(work, field, seat)
        likely.append(route(here, home, standing, day, unfit=shut, empty=directory.empty(day)).id)
        likely += [unit.id for unit in standing if unit.type in field.coop]
    likely += await workload.units_of_field(work, case.field)
    likely += [unit.id for unit in sorted(standing, key=lambda unit: unit.type != RECEPTION)]
    most = rules.handling.suggested
    return suggest(likely, standing, work.today, but={case.unit_id, *shut}, most=most)


async def people_for(work: Work, case: Case, asks: UUID | None) -> list[tuple[UUID, int]]:
    """Return who else of the unit may take the case and how many they have in hand, the fewest first.

    Whoever `asks` is none of them, and reads no count of what they may not know of.
    """
    others = [person for person in parties.workers(work, case) if person not in {case.officer_id, asks}]
    loads = await reach.in_hand(work, others, asks)
    ordered = sorted(loads.items(), key=lambda load: load[1])
    return ordered[: work.rules.handling.suggested]
