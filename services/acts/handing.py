"""Who has a case: handed to another unit or to a person, or taken over. Its clock does not notice."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from domain.cases import Act, Relation
from domain.handling import suggest
from domain.people import Role
from domain.routing import RECEPTION, Unit, route
from services import exclusion, hands, rescue, ringing, superiors, who
from services.acts import requests
from services.refusals import NotForThem, WrongUnit
from services.telling import Detail, Telling
from services.who import OFFICIAL, Actor
from storage import workload
from storage.cases import Case
from storage.people import name_of
from storage.work import Work


def _unit_for(work: Work, case: Case, unit_id: str) -> str:
    """Return the name of a unit that may have the case now. Raises WrongUnit."""
    unit = work.rules.directory.unit(UUID(unit_id))
    shut = exclusion.barred_units(work, case)
    if unit.id in shut or unit.id == case.unit_id or not unit.stands_on(work.today):
        raise WrongUnit(Act.REASSIGN)
    return unit.name


def _let_go(work: Work, case: Case, detail: Detail) -> None:
    """Take the case out of whatever hands it is in, and note in whose it was."""
    detail["from"] = str(case.officer_id) if case.officer_id else ""
    detail["asked_by"] = case.request["by"] if case.request else ""
    hands.let_go(work, case)


async def _reassign(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - every effect is called alike
    detail["unit"] = _unit_for(work, case, detail["unit_id"])
    detail["from_unit"] = str(case.unit_id)
    _let_go(work, case, detail)
    case.unit_id = UUID(detail["unit_id"])


async def _transfer(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    await _reassign(work, case, by, detail)
    case.hops += 1


async def _ask_transfer(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    detail["unit"] = _unit_for(work, case, detail["unit_id"])
    asked = {"unit_id": detail["unit_id"], "reason": detail["reason"]}
    detail["officer"] = await requests.ask(work, case, by, Act.ASK_TRANSFER, asked)


async def _assign(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - as above
    person = UUID(detail["officer_id"])
    if person == case.officer_id or person not in who.workers(work, case):
        raise NotForThem(Act.ASSIGN)
    await _give(work, case, person, detail)


async def _take_over(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    await _give(work, case, by.person_id, detail)


async def _give(work: Work, case: Case, person: UUID | None, detail: Detail) -> None:
    await ringing.end(work, case, detail)
    _let_go(work, case, detail)
    case.officer_id = person
    detail["officer"] = await name_of(work, person)
    detail["unit"] = work.rules.directory.unit(who.serves_in(work, case, person)).name


EFFECTS: dict[Act, Callable[[Work, Case, Actor, Detail], Awaitable[None]]] = {
    Act.TRANSFER: _transfer,
    Act.ASK_TRANSFER: _ask_transfer,
    Act.REASSIGN: _reassign,
    Act.ASSIGN: _assign,
    Act.TAKE_OVER: _take_over,
}

# --- who is told --------------------------------------------------------------------------------


async def _transferred(to: Telling, detail: Detail) -> None:
    """Give the other unit the card and say where it comes from."""
    await _reassigned(to, detail)
    unit = to.work.rules.directory.unit(UUID(detail["from_unit"])).name
    receivers = who.workers(to.work, to.case)
    await to.officials(receivers, "official.came", sender=unit, reason=detail["reason"])


async def _reassigned(to: Telling, detail: Detail) -> None:
    """Give the unit the card, and put a word in place of the card that the former unit has."""
    await to.cards(who.workers(to.work, to.case), redraw=False)
    await to.instead_of_cards(_formerly(to, detail), "official.moved_away")
    await to.officials(_let_go_of(detail), "official.moved_away")
    await ringing.tell_at_once(to)
    await to.citizen("told.moved")


def _formerly(to: Telling, detail: Detail) -> list[UUID]:
    unit = UUID(detail["from_unit"])
    return to.work.rules.directory.holders(unit, OFFICIAL, to.work.today)


def _let_go_of(detail: Detail) -> list[UUID]:
    """Return whose hands the case was in, and who had asked for something about it."""
    return [UUID(detail[part]) for part in ("from", "asked_by") if detail[part]]


async def _transfer_asked(to: Telling, detail: Detail) -> None:
    await to.redraw()
    chiefs = superiors.deciders(to.work, to.case)
    facts = {part: detail[part] for part in ("officer", "unit", "reason")}
    await to.officials(chiefs, "alert.ask_transfer", ("grant", "reassign", "refuse"), **facts)


async def _assigned(to: Telling, detail: Detail) -> None:
    """Give the officer the card; everybody else's is drawn anew."""
    officer = UUID(detail["officer_id"])
    others = [person for person in who.workers(to.work, to.case) if person != officer]
    await to.cards([officer], redraw=False)
    await to.cards(others, redraw=True)
    await _has_it_now(to, detail)


async def _taken_over(to: Telling, detail: Detail) -> None:
    await to.redraw()
    await _has_it_now(to, detail)


async def _has_it_now(to: Telling, detail: Detail) -> None:
    former = [person for person in _let_go_of(detail) if person != to.case.officer_id]
    await to.officials(former, "official.given_to", officer=detail["officer"])
    urgent = to.case.urgency in to.work.rules.ringing
    key = "told.accepted_urgent" if urgent else "told.new_officer"
    key = "told.accepted_close" if rescue.waits(to.work, to.case) else key
    numbers = ringing.numbers(to.work, to.case)
    await to.citizen(key, numbers=numbers, officer=detail["officer"], unit=detail["unit"])
    await ringing.taken(to, detail)


TELLERS: dict[Act, Callable[[Telling, Detail], Awaitable[None]]] = {
    Act.TRANSFER: _transferred,
    Act.ASK_TRANSFER: _transfer_asked,
    Act.REASSIGN: _reassigned,
    Act.ASSIGN: _assigned,
    Act.TAKE_OVER: _taken_over,
}

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
    home = (rules.directory.commune or rules.directory.areas[0]).code
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
    others = [person for person in who.workers(work, case) if person not in {case.officer_id, asks}]
    loads = await workload.of_people(work, others)
    for kept in await workload.kept_of_people(work, others):
        if kept.officer_id and who.relations(work, kept, Actor(person_id=asks)) & _THEIRS:
            loads[kept.officer_id] += 1
    ordered = sorted(loads.items(), key=lambda load: load[1])
    return ordered[: work.rules.handling.suggested]
