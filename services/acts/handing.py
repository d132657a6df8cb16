"""A case goes to another unit: an officer hands it on, or a chief does. Its clock does not notice."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.cases import OPEN_STATES, RUNNING, Act, NotNow, Relation, State
from domain.handling import suggest
from domain.people import Role
from domain.routing import RECEPTION, Unit, route
from services.acts import requests
from services.saying import ringing
from services.saying.telling import Telling
from services.standing import exclusion, guards, hands, parties, superiors
from services.standing.kinds import ActKind, Button, Deed, Intent, Request
from services.standing.parties import OFFICIAL, Actor
from services.standing.pending import Pending
from services.standing.refusals import TooManyHops, WrongUnit
from storage.cases import workload
from storage.cases.cases import Case
from storage.ground.work import Work


@dataclass(frozen=True, slots=True)
class Reassign(Request):
    """To which unit a case goes."""

    unit_id: str


@dataclass(frozen=True, slots=True)
class Transfer(Request):
    """To which unit a case goes, and why; `why` is the choice that said so, where it was one."""

    unit_id: str
    reason: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class AskTransfer(Request):
    """To which unit a case is to go, as above, where a chief decides on it."""

    unit_id: str
    reason: str
    why: str = ""


# --- what else must hold ------------------------------------------------------------------------


def _may_hop(intent: Intent) -> None:
    if intent.case.hops >= intent.work.rules.handling.transfers:
        raise TooManyHops(Act.TRANSFER)


def _must_ask_to_hop(intent: Intent) -> None:
    guards.can_be_asked(intent)
    if intent.case.hops < intent.work.rules.handling.transfers:
        raise NotNow(Act.ASK_TRANSFER)


def asked_by_another(intent: Intent) -> None:
    """Hand a case on freely, but decide on a transfer only if somebody else asked for it."""
    if guards.requested(intent.case) == Act.ASK_TRANSFER:
        guards.another_asked(Act.ASK_TRANSFER)(intent)


# --- what changes -------------------------------------------------------------------------------


def _unit_for(work: Work, case: Case, unit_id: str) -> str:
    """Return the name of a unit that may have the case now. Raises WrongUnit."""
    unit = work.rules.directory.unit(UUID(unit_id))
    shut = exclusion.barred_units(work, case)
    if unit.id in shut or unit.id == case.unit_id or not unit.stands_on(work.today):
        raise WrongUnit(Act.REASSIGN)
    return unit.name


def let_go(deed: Deed[Any]) -> None:
    """Take the case out of whatever hands it is in, and note in whose it was."""
    case, pending = deed.case, Pending.of(deed.case)
    deed.facts["from"] = str(case.officer_id) if case.officer_id else ""
    deed.facts["asked_by"] = str(pending.by) if pending is not None else ""
    hands.let_go(deed.work, case)


async def _reassign(deed: Deed[Reassign] | Deed[Transfer]) -> None:
    deed.facts["unit"] = _unit_for(deed.work, deed.case, deed.request.unit_id)
    deed.facts["from_unit"] = str(deed.case.unit_id)
    let_go(deed)
    deed.case.unit_id = UUID(deed.request.unit_id)


async def _transfer(deed: Deed[Transfer]) -> None:
    await _reassign(deed)
    deed.case.hops += 1


async def _ask_transfer(deed: Deed[AskTransfer]) -> None:
    deed.facts["unit"] = _unit_for(deed.work, deed.case, deed.request.unit_id)
    asked = {"unit_id": deed.request.unit_id, "reason": deed.request.reason}
    deed.facts["officer"] = await requests.ask(deed, Act.ASK_TRANSFER, asked)


# --- who is told --------------------------------------------------------------------------------


async def _transferred(to: Telling) -> None:
    """Give the other unit the card and say where it comes from."""
    await _reassigned(to)
    unit = to.work.rules.directory.unit(UUID(to.facts["from_unit"])).name
    receivers = parties.workers(to.work, to.case)
    await to.officials(receivers, "official.came", sender=unit, reason=to.facts["reason"])


async def _reassigned(to: Telling) -> None:
    """Give the unit the card, and put a word in place of the card that the former unit has."""
    await to.cards(parties.workers(to.work, to.case), redraw=False)
    formerly = to.work.rules.directory.holders(UUID(to.facts["from_unit"]), OFFICIAL, to.work.today)
    await to.instead_of_cards(formerly, "official.moved_away")
    await to.officials(formerly_in_hands(to), "official.moved_away")
    await ringing.tell_at_once(to)
    await to.citizen("told.moved")


def formerly_in_hands(to: Telling) -> list[UUID]:
    """Return whose hands the case was in, and who had asked for something about it."""
    return [UUID(to.facts[part]) for part in ("from", "asked_by") if to.facts[part]]


async def _transfer_asked(to: Telling) -> None:
    await to.redraw()
    chiefs = superiors.deciders(to.work, to.case)
    facts = {part: to.facts[part] for part in ("officer", "unit", "reason")}
    await to.officials(chiefs, "alert.ask_transfer", ("grant", "reassign", "refuse"), **facts)


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
    """Return the units to propose: whom the words call for, whom the field names, who has had such cases."""
    rules = work.rules
    heard = rules.understanding.read(case.story)
    fields = rules.taxonomy.fields
    named = [
        heard.field,
        case.field,
        *(code for code, field in fields.items() if field.topic in heard.topics),
    ]
    shut = exclusion.barred_units(work, case)
    standing = [unit for unit in rules.directory.units if unit.stands_on(work.today)]
    home = rules.directory.home.code
    directory, day = rules.directory, work.today
    likely = [u.id for u in standing if case.confidential and directory.holders(u.id, {Role.HEAD}, day)]
    for field in [fields[code] for code in dict.fromkeys(named)]:
        likely.append(route(field, home, standing, day, unfit=shut, empty=directory.empty(day)).id)
        likely += [unit.id for unit in standing if unit.type in field.coop]
    likely += await workload.units_of_field(work, case.field)
    likely += [unit.id for unit in sorted(standing, key=lambda unit: unit.type != RECEPTION)]
    most = rules.handling.suggested
    return suggest(likely, standing, work.today, but={case.unit_id, *shut}, most=most)


_THEIRS = frozenset({Relation.OFFICER, Relation.SUPERVISOR})


async def people_for(work: Work, case: Case, asks: UUID | None) -> list[tuple[UUID, int]]:
    """Return who else of the unit may take the case and how many they have in hand, the fewest first.

    Whoever `asks` is none of them; what is kept from somebody is counted only where it is theirs to know.
    """
    others = [person for person in parties.workers(work, case) if person not in {case.officer_id, asks}]
    loads = await workload.of_people(work, others)
    for kept in await workload.kept_of_people(work, others):
        if kept.officer_id and parties.relations(work, kept, Actor(person_id=asks)) & _THEIRS:
            loads[kept.officer_id] += 1
    ordered = sorted(loads.items(), key=lambda load: load[1])
    return ordered[: work.rules.handling.suggested]
