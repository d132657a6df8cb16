"""Hand a case on: three units are proposed, any other can be named, and why is always said."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from domain.cases import OPEN_STATES, Act, Relation
from domain.messages import Message, Text
from domain.routing import Unit
from domain.understand import orders
from handlers.citizen import map_points
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn, Verb, case_of
from handlers.engine.flow import Accept, Ask, Flow, NotUnderstood, is_free, words_at_least, words_of
from handlers.officer import elsewhere
from handlers.officer.elsewhere import leaves, named
from services.acts import handing
from services.acts.act import act, authorise
from services.acts.handing import AskTransfer, Reassign, Transfer
from services.intake import whereabouts
from services.saying import approving, telling, wording
from services.standing import crossing, exclusion, homes, parties
from services.standing.parties import Actor
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.people.people import name_of

WHY = ("competence", "cooperate")
CROSSING_WHY = ("level", "place")
"""Why a case leaves its commune or level, as the citizen reads it too."""


def transfer(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Choose the unit and say why."""
    labels = dict(seed["units"])
    code = {"code": seed["code"]}
    unit = seed.get("to") or (yield Ask("unit", unit_named(seed, session), tuple(labels), labels, code))
    to = yield from elsewhere.chosen(seed, session, words_of(unit, {}))
    return {**seed, "unit_id": to, **(yield from why_told(seed, session, to))}


def why_told(seed: Seed, session: Session, to: str) -> Flow[dict[str, str]]:
    """Ask why a case goes there: where it leaves its commune or level the citizen reads it."""
    if seed.get("danger") and leaves(seed, to):  # it goes at once, and is not asked why first
        return {"reason": session.say("transfer.crossing_why.options.place"), "why": "place"}
    step, known = ("crossing_why", CROSSING_WHY) if leaves(seed, to) else ("why", WHY)
    reasons = {reason: session.say(f"transfer.{step}.options.{reason}") for reason in known}
    facts = {"code": seed["code"], "to": elsewhere.called(session, to)} if leaves(seed, to) else {}
    why = yield Ask(step, words_at_least(5, 300), known, reasons, facts)
    return {"reason": words_of(why, reasons).rstrip(" ."), "why": "other" if is_free(why) else why}


def unit_named(seed: Seed, session: Session, others: Mapping[str, str] | None = None) -> Accept:
    """Accept a unit that may have the case, or one of the others, by enough of its name to tell it.

    A place that the desk serves stands for the unit of the field there.
    """
    units = named(_units_open(seed, session) | dict(others or {}))
    return elsewhere.or_place(units, seed, session) if seed.get("places") else units


def _units_open(seed: Seed, session: Session) -> dict[str, str]:
    """Return the units that stand today, by id: but not the case's own, nor one that is complained about.

    Where the desk serves many communes, those of the commune or level that has the case.
    """
    shut, directory = {*seed["excluded"], seed["unit"]}, session.rules.directory.whole
    here = directory.neighbours(UUID(seed["unit"]), session.today)
    return {str(unit.id): unit.name for unit in here if str(unit.id) not in shut}


async def transferred(turn: Turn, result: dict[str, Any]) -> Message:
    """Hand the case on, or ask a chief to where it has been handed on too often."""
    case = await case_of(turn, result["code"])
    if leaves(result, result["unit_id"]):
        return await crossed(turn, case, result)
    if _act_for(turn, case) is Act.ASK_TRANSFER:
        return await _asked(turn, case, AskTransfer.from_json(result))
    await act(turn.work, case, Transfer.from_json(result), Actor.of(turn.chat))
    unit = homes.called(turn.work, case.unit_id, turn.chat)
    return Message(turn.say("transfer.done.transfer", code=case.code, unit=unit))


async def crossed(turn: Turn, case: Case, result: dict[str, Any]) -> Message:
    """Give the case to the unit of its field in another place, or ask whoever heads this one to."""
    unit = elsewhere.unit_meant(turn, case, result["unit_id"])
    to = {**result, "unit_id": str(unit.id), **_spot(turn, case, unit, result.get("words", ""))}
    by = Actor.of(turn.chat)
    if handing.is_danger(turn.work, case) and Relation.OFFICER in parties.relations(turn.work, case, by):
        await act(turn.work, case, Transfer.from_json(to), by)
        return _said(turn, case)
    if not handing.is_danger(turn.work, case) and not crossing.heads_over(
        turn.work, turn.chat.person_id, case.unit_id
    ):
        return await _asked(turn, case, AskTransfer.from_json(to))
    await act(turn.work, case, Reassign.from_json(to), by)
    return _said(turn, case)


def _spot(turn: Turn, case: Case, unit: Unit, words: str) -> dict[str, str]:
    """Return where a danger is, as an officer says it who sends it to another commune.

    Where they say no hamlet, that commune stands behind what was told of where it is.
    """
    desk = turn.work.desk
    home = desk.directory.commune_of(unit.area)
    was = desk.directory.commune_of(case.area)
    if not (words and handing.is_danger(turn.work, case)) or home is None or home is was:
        return {}
    plain = whereabouts.told(desk, words, home.code).plain
    spot = whereabouts.spot_in(desk, home.code, plain)
    label = spot.label if spot.area != home.code else f"{case.place} / {spot.label}"
    return {"place": map_points.at(label, case.place), "area": spot.area}


def _said(turn: Turn, case: Case) -> Message:
    due = wording.due(turn.work, case, turn.chat.language)
    named = crossing.with_place(turn.work, turn.work.desk.directory.unit(case.unit_id))
    key = "transfer.done.crossed_late" if case.due_at <= turn.work.now else "transfer.done.crossed"
    told = telling.heard(turn.work, case, turn.chat.language)
    return Message(turn.say(key, code=case.code, unit=named, due=due, heard=told))


async def _asked(turn: Turn, case: Case, request: AskTransfer) -> Message:
    await act(turn.work, case, request, Actor.of(turn.chat))
    unit = crossing.called(turn.work, case, UUID(request.unit_id))
    waits = await approving.notice(turn.work, case, turn.chat.language)
    return Message(turn.say("transfer.done.ask_transfer", code=case.code, unit=unit) + waits)


def _act_for(turn: Turn, case: Case) -> Act:
    if handing.is_danger(turn.work, case):
        return Act.TRANSFER
    return Act.TRANSFER if case.hops < turn.work.rules.handling.transfers else Act.ASK_TRANSFER


TRANSFER = Conversation("transfer", transfer, transferred)


async def _transfer(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    what = _act_for(turn, case)
    authorise(turn.work, case, what, Actor.of(turn.chat), version)
    argument, _, words = argument.partition("\n")
    before = turn.say("transfer.must_ask", count=case.hops) if what is Act.ASK_TRANSFER else ""
    seed = {**await seed_of(turn, case, argument), "words": words or argument}
    if argument and not elsewhere.is_open(seed, argument):
        try:
            seed["to"] = unit_named(seed, turn.session)(Text(orders.bare_name(argument)))
        except NotUnderstood as refusal:
            before = f"{before}\n{turn.say(refusal.args[0])}".strip()
    return Next(TRANSFER, seed, before)


async def seed_of(turn: Turn, case: Case, argument: str = "") -> dict[str, Any]:
    """Return what choosing a unit for a case begins with; only places where it belongs to one unnamed."""
    work = turn.work
    shut = sorted(str(unit) for unit in exclusion.barred_units(work, case))
    across = elsewhere.places(work, case)
    danger = {"danger": True} if handing.is_danger(work, case) else {}
    seed = {"code": case.code, "unit": str(case.unit_id), "excluded": shut, **danger, **across}
    if elsewhere.is_open(seed, argument):
        return seed | {"units": elsewhere.shown(seed)}
    units = [[str(unit.id), unit.name] for unit in await handing.units_for(work, case)]
    return seed | {"units": units + elsewhere.besides(turn, seed)}


async def belongs(turn: Turn, case: Case, text: str) -> str:
    """Return where words say that a case belongs, out of its commune or level; empty for no such words."""
    said = turn.work.desk.directory.is_wide and any(orders.elsewhere(text, turn.session.prefixes))
    return elsewhere.place_in(await seed_of(turn, case), turn.session, text) if said else ""


async def gone(turn: Turn, case: Case) -> Message | None:
    """Say where a case lies that left this official's commune or level; None for no such, or a kept one."""
    if not turn.work.desk.directory.is_wide:
        return None
    work, person = turn.work, turn.chat.person_id
    theirs = parties.relations(work, case, Actor.of(turn.chat)) & {Relation.OFFICER, Relation.SUPERVISOR}
    if person is None or theirs or case.confidential or exclusion.wall_of(case):
        return None
    held = {holding.unit_id for holding in work.desk.directory.held_by(person, work.today)}
    history = await stored.history(work, case)
    left = [event for event in history if "crossed" in event.detail or event.detail.get("found")]
    senders = (UUID(event.detail.get("from_unit") or event.detail["from"]) for event in left)
    if not any(unit in held or crossing.heads_over(work, person, unit) for unit in senders):
        return None
    place = work.desk.directory.area(work.desk.directory.seat(case.unit_id) or case.area).name
    named = crossing.with_place(work, work.desk.directory.unit(case.unit_id))
    if left[-1].detail.get("found"):  # nobody handed it on: whoever called said where it is
        return Message(turn.say("gone.found", code=case.code, unit=named, place=case.place))
    by = await name_of(work, parties.person_of(left[-1].actor))
    key = "gone.text" if case.state in OPEN_STATES else "gone.over"
    return Message(turn.say(key, code=case.code, unit=named, place=place, officer=by))


CONVERSATIONS = (TRANSFER,)
VERBS: dict[str, Verb] = {"transfer": _transfer}
