"""What a supervisor does with a case in chat: nudge, give it to a unit or a person, let it go on."""

from typing import Any

from domain.cases import Act, NotAllowed, Relation
from domain.messages import Message, Text
from domain.understand.orders import bare_name
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn, Verb, case_of
from handlers.engine.flow import Ask, Flow, NotUnderstood, words_of
from handlers.officer.elsewhere import chosen, is_open, leaves
from handlers.officer.transfer import crossed, seed_of, unit_named, why_told
from services.acts import answering, handing
from services.acts.act import act, authorise
from services.acts.handing import Reassign
from services.acts.taking import Assign
from services.saying import cards, wording
from services.standing import access, homes, parties
from services.standing.parties import Actor
from storage.cases.cases import Case
from storage.people import people


async def nudge(turn: Turn, case: Case, version: int | None, _argument: str) -> Message:
    """Remind whoever has the case, now."""
    by = Actor.of(turn.chat)
    authorise(turn.work, case, Act.NUDGE, by, version)
    nudged = cards.others_handling(turn.work, case, by)
    if not nudged:
        offers = cards.offered(turn.work, case, turn.chat, ("accept", "reassign", "show"))
        choices = cards.buttons(case, turn.chat.language, offers)
        return Message(turn.say("official.nobody_to_nudge", code=case.code), choices)
    await act(turn.work, case, Act.NUDGE, by, version=version)
    return Message(turn.say("official.nudge_sent", count=len(nudged), code=case.code))


def reassign(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Choose one of the unit's people or another unit; any unit that may have the case can be named."""
    people_ = {person: name for person, name, _ in seed["people"]}
    loads = {person: load for person, _, load in seed["people"]}
    labels = {p: session.say("reassign.person", name=name, count=loads[p]) for p, name in people_.items()}
    labels |= dict(seed["units"])
    named = unit_named(seed, session, people_)
    code = {"code": seed["code"]}
    to = seed.get("to") or (yield Ask("to", named, tuple(labels), labels, facts=code, named=True))
    to = yield from chosen(seed, session, words_of(to, {}))
    why = (yield from why_told(seed, session, to)) if leaves(seed, to) else {}
    return {**seed, "officer_id" if to in people_ else "unit_id": to, **why}


async def reassigned(turn: Turn, result: dict[str, Any]) -> Message:
    """Hand the case over; whoever has it now gets the card, the citizen is told."""
    case = await case_of(turn, result["code"])
    by = Actor.of(turn.chat)
    if "officer_id" in result:
        await act(turn.work, case, Assign(result["officer_id"]), by)
        to = await people.name_of(turn.work, case.officer_id)
    elif leaves(result, result["unit_id"]):
        return await crossed(turn, case, result)
    else:
        await act(turn.work, case, Reassign(result["unit_id"]), by)
        to = homes.called(turn.work, case.unit_id, turn.chat)
    return Message(turn.say("reassign.done.text", code=case.code, to=to))


REASSIGN = Conversation("reassign", reassign, reassigned)


async def _reassign(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    authorise(turn.work, case, Act.REASSIGN, Actor.of(turn.chat), version)
    argument, _, words = argument.partition("\n")
    before, seed = "", {**await seed_of(turn, case, argument), "words": words or argument}
    if argument and not is_open(seed, argument):
        to, before = await _meant(turn, case, argument, seed)
        if to and not leaves(seed, to.get("unit_id", "")):
            return await reassigned(turn, {**seed, **to})
        seed |= {"to": to["unit_id"]} if to else {}
    found = await handing.people_for(turn.work, case, turn.chat.person_id)
    await people.load_people(turn.work, [person for person, _ in found])
    listed = [[str(person), await people.name_of(turn.work, person), load] for person, load in found]
    return Next(REASSIGN, seed | {"people": listed}, before)


async def _meant(turn: Turn, case: Case, text: str, seed: Seed) -> tuple[dict[str, str], str]:
    """Return whom a name that was typed means, a person of the unit or another unit; else why nobody."""
    workers = parties.workers(turn.work, case)
    await people.load_people(turn.work, workers)
    named = {str(person): await people.name_of(turn.work, person) for person in workers}
    try:
        to = unit_named(seed, turn.session, named)(Text(bare_name(text)))
    except NotUnderstood as refusal:
        return {}, turn.say(refusal.args[0])
    return {"officer_id" if to in named else "unit_id": to}, ""


async def resume(turn: Turn, case: Case, version: int | None, _argument: str) -> Message:
    """Go on with a withdrawn case: it is the chief's now, with the number to call."""
    await act(turn.work, case, Act.RESUME, Actor.of(turn.chat), version=version)
    due = wording.due(turn.work, case, turn.chat.language)
    text = turn.say("official.accepted", code=case.code, due=due)
    if case.contact:
        text += f"\n{turn.say('card.call', phone=wording.number(case.contact))}"
    choices = cards.buttons(case, turn.chat.language, cards.card_verbs(turn.work, case, turn.chat))
    return Message(text, choices, await answering.files(turn.work, case))


async def readers(turn: Turn, case: Case, _version: int | None, _argument: str) -> Message:
    """List who has read the case, as what, how and when: for its chiefs, and for who brought it."""
    mine = parties.relations(turn.work, case, Actor.of(turn.chat))
    if not mine & {Relation.SUPERVISOR, Relation.CITIZEN}:
        raise NotAllowed
    lines = await access.lines(turn.work, case, turn.chat.language)
    key = "readers.text" if lines else "readers.none"
    key = "readers.none_yet" if not lines and Relation.CITIZEN in mine else key
    return Message("\n".join([turn.say(key, code=case.code), *lines]))


CONVERSATIONS = (REASSIGN,)
VERBS: dict[str, Verb] = {
    "nudge": nudge,
    "reassign": _reassign,
    "resume": resume,
    "readers": readers,
}
