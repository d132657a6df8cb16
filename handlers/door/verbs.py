"""Verbs about a case, from a button or typed. Each is authorised again on the server, every time."""

from dataclasses import replace

from domain.cases import KNOWING, Act, NotAllowed, Relation, State
from domain.messages import Choice, Message
from handlers.citizen import (
    belonging,
    check_back,
    contact,
    emergency,
    following,
    question_buttons,
    stranger,
)
from handlers.citizen import cases as citizen
from handlers.citizen.cases import REPLY
from handlers.engine.commands import Command
from handlers.engine.conversation import Next, Reply, Turn, Verb
from handlers.engine.flow import Stale
from handlers.engine.runner import say
from handlers.officer import (
    answer,
    counter,
    decline,
    extend,
    identity,
    joining,
    transfer,
    unasked,
    which_case,
)
from handlers.officer import cases as officer
from handlers.officer import notes as note
from handlers.officer.answer import begin_answer
from handlers.supervisor import approvals, bars
from handlers.supervisor import cases as supervisor
from services.acts import answering, hearing
from services.acts.act import act, authorise
from services.saying import arrival, cards, likely, notes, wording
from services.standing import access, alike, parties
from services.standing.parties import Actor
from storage.cases import cases as stored
from storage.cases.cases import Case


def code_of(action: str) -> str | None:
    """Return the case a button is about: `verb:code:version[:argument]`."""
    parts = action.split(":")
    return parts[1] if len(parts) >= 3 and parts[0] in _VERBS else None


async def tap(turn: Turn, action: str) -> Message:
    """Do what a case's button says."""
    return await _do(turn, *read(action))


def read(action: str) -> tuple[str, str, int | None, str]:
    """Return a button's verb, code, version and argument. Raises Stale for no button of this program."""
    code = code_of(action)
    if code is None:
        raise Stale(action)
    name, _, version, *argument = action.split(":")
    if len(version) > _VERSION:
        raise Stale(action)
    return name, code, int(version) if version.isdecimal() else None, "".join(argument)


_VERSION = 9
"""Digits of a case's version, at most."""


async def typed(turn: Turn, command: Command) -> Message:
    """Do what was typed about a case."""
    return await _do(turn, command.name, command.code, None, command.text)


async def _do(turn: Turn, name: str, code: str, version: int | None, argument: str) -> Message:
    case = await stored.by_code(turn.work, code)
    if case is None:
        return unknown_code(turn)
    if not (_is_open_to(turn, case) or _opens(turn, name, case)):
        return await _handed_on(turn, name, case, version, argument)
    if name == "prove" and _known_to(turn, case):
        name = "show"  # nothing to prove
    return await say(turn, await begin(turn, name, case, version, argument))


async def begin(turn: Turn, name: str, case: Case, version: int | None, argument: str) -> Reply:
    """Do what a verb says, or return the conversation it begins. Raises NotAllowed for no verb at all."""
    turn.about = case
    if name not in _VERBS:
        raise NotAllowed(name)
    with turn.work.within(case.area):  # whose words name the commune it is of, whichever the chat's is
        return await _VERBS[name](turn, case, version, argument)


def _is_open_to(turn: Turn, case: Case) -> bool:
    """Say whether this person may know that there is such a case."""
    return _known_to(turn, case) if case.confidential else bool(_relations(turn, case))


async def _handed_on(turn: Turn, name: str, case: Case, version: int | None, argument: str) -> Message:
    """Answer about a case that is none for this person, or that was one until words closed it.

    Then they are answered like anybody about a case that was handed on.
    """
    if not await hearing.known_before(turn.work, case, Actor.of(turn.chat)):
        return unknown_code(turn)
    return await say(turn, await left(turn, name, case, version, argument))


async def is_followed(turn: Turn, case: Case) -> bool:
    """Say whether a case somebody follows is one they may know of, or could until words closed it."""
    return _is_open_to(turn, case) or await hearing.known_before(turn.work, case, Actor.of(turn.chat))


async def left(turn: Turn, name: str, case: Case, version: int | None, argument: str) -> Reply:
    """Answer about a case that words have closed, as about any that was handed on.

    Raises NotAllowed for what only those may do who have it.
    """
    turn.about = case
    if name not in _LOOKING:
        raise NotAllowed(name)
    with turn.work.within(case.area):
        return await _left(turn, name, case, version, argument)


async def _left(turn: Turn, name: str, case: Case, version: int | None, argument: str) -> Reply:
    follows = _follows(turn, case)
    if name != "show" and not (name == "prove" and follows):  # they have nothing to prove
        return await _VERBS[name](turn, case, version, argument)
    if follows:
        return await following.shown(turn, case, left=True)
    return stranger.shown(turn, case, proves=await stranger.may_prove(turn, case))


def _follows(turn: Turn, case: Case) -> bool:
    return Actor.of(turn.chat).own in stored.followers(turn.work, case)


_LOOKING = frozenset({"show", "prove", "follow", "unfollow"})
"""What anybody may ask of a case whose code they have."""


def _opens(turn: Turn, name: str, case: Case) -> bool:
    return name in identity.VERBS and identity.may_open(turn, case)


def unknown_code(turn: Turn) -> Message:
    """Say that there is no such case, for this person."""
    return Message(turn.say("follow.unknown", example=wording.example(turn.work.rules)))


async def changed_meanwhile(turn: Turn) -> Message:
    """Somebody was faster: say so and show the case as it is now."""
    case = _spoken_of(turn)
    if case is None:
        return Message(turn.say("common.stale_no_question"))
    shown = await _show(turn, case, None, "")
    return Message(f"{turn.say('refused.changed', code=case.code)}\n{shown.text}", shown.choices)


async def not_now(turn: Turn) -> Message:
    """Say what state the case is in: the act does not fit it (any more)."""
    case = _spoken_of(turn)
    if case is None:
        return Message(turn.say("common.stale_no_question"))
    state = turn.say(f"follow.state.{case.state}")
    choices = _choices(turn, case)
    instead = f" {turn.say('refused.instead')}" if choices else ""
    return Message(turn.say("refused.not_now", code=case.code, state=state) + instead, choices)


def _choices(turn: Turn, case: Case) -> tuple[Choice, ...]:
    """Return what this person may do with the case now."""
    if Relation.CITIZEN in _relations(turn, case):
        return cards.citizen_choices(turn.work, case, turn.chat.language)
    verbs = cards.card_verbs(turn.work, case, turn.chat)
    return cards.buttons(case, turn.chat.language, verbs)


def code_spoken_of(turn: Turn) -> str:
    """Return the code of the case this message is about, empty where it is about none."""
    return turn.about.code if turn.about is not None else ""


def _spoken_of(turn: Turn) -> Case | None:
    """Return the case this message is about, if this person may know what became of it."""
    case = turn.about
    return case if case is not None and (_known_to(turn, case) or _follows(turn, case)) else None


def _relations(turn: Turn, case: Case) -> set[Relation]:
    return parties.relations(turn.work, case, Actor.of(turn.chat))


def _known_to(turn: Turn, case: Case) -> bool:
    return bool(_relations(turn, case) & KNOWING)


# --- for whoever may know of the case -------------------------------------------------------------


async def _show(turn: Turn, case: Case, _version: int | None, _argument: str) -> Message:
    """Show a case as far as this person may see it: its citizen, its officials, or somebody with the code."""
    mine = _relations(turn, case)
    language = turn.chat.language
    if mine & {Relation.OFFICER, Relation.SUPERVISOR}:
        verbs = cards.card_verbs(turn.work, case, turn.chat)
        taken = case.officer_id is not None
        called = parties.has_it(turn.work, case, turn.chat.person_id)
        text = await wording.card(turn.work, case, language, whole=taken, called=called)
        text += await wording.said_since(turn.work, case, language) if taken else ""
        text += await notes.latest(turn.work, case, turn.chat)
        seen = likely.named(turn.work, await alike.beside(turn.work, case), turn.chat)
        text += likely.lines(turn.work, seen, language)
        files = await answering.files(turn.work, case) if taken else ()
        access.shown(turn.work, case, turn.chat, access.VIEW)
        return Message(text, cards.buttons(case, language, verbs), files, copy=case.code)
    if Relation.CITIZEN in mine:
        turn.talk.last_case = case.code
        if case.state in {State.ANSWERED, State.CLOSED} and not arrival.is_there(turn.work, case):
            await act(turn.work, case, Act.LOOK, Actor.of(turn.chat))
        text = await wording.timeline(turn.work, case, language)
        return Message(text, cards.citizen_choices(turn.work, case, language))
    if Relation.FOLLOWER in mine:
        return await following.shown(turn, case)
    left = await transfer.gone(turn, case)
    return left or stranger.shown(turn, case, proves=await stranger.may_prove(turn, case))


async def gone(turn: Turn) -> Message | None:
    """Say where a case lies that an official wanted to act on, and that left their commune; None else."""
    return await transfer.gone(turn, turn.about) if turn.about is not None else None


async def _unclear(turn: Turn, case: Case, version: int | None, argument: str) -> Message:
    """Show a case whose code stands in words that say nothing certain: nothing is done, and nobody told."""
    shown = await _show(turn, case, version, argument)
    return replace(shown, text=f"{turn.say('official.unclear', code=case.code)}\n{shown.text}")


async def _reply(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    """Answer an officer's question; for an official the same words mean to answer the citizen."""
    if Relation.CITIZEN not in _relations(turn, case):
        return await begin_answer(turn, case, version, argument)
    authorise(turn.work, case, Act.REPLY, Actor.of(turn.chat), None)
    if argument:
        return await citizen.reply(turn, case, argument, ())
    return Next(REPLY, {"code": case.code, "question": case.question})


async def _hand_on(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    """Hand a case to another unit; for who hands cases out, the same words mean to give it to anybody."""
    mine = parties.relations(turn.work, case, Actor.of(turn.chat))
    chief = Relation.SUPERVISOR in mine and Relation.OFFICER not in mine
    chief = chief or (Relation.SUPERVISOR in mine and await which_case.is_worker(turn, case, argument))
    verb = supervisor.VERBS["reassign"] if chief else transfer.VERBS["transfer"]
    return await verb(turn, case, version, argument)


async def _give(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    """Give a case to somebody; an officer, who cannot, is told who does and what they can do themselves."""
    mine = parties.relations(turn.work, case, Actor.of(turn.chat))
    if mine & {Relation.SUPERVISOR, Relation.OFFICER} == {Relation.OFFICER}:
        return _instead(turn, case, "refused.chief_gives")
    return await supervisor.VERBS["reassign"](turn, case, version, argument)


async def _give_back(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    """Send back what was asked for, for who decides on it; whoever has the case is told how to hand it on."""
    mine = parties.relations(turn.work, case, Actor.of(turn.chat))
    if not mine & {Relation.SUPERVISOR, Relation.OFFICER}:
        raise NotAllowed("give_back")
    if Relation.SUPERVISOR in mine and case.request is not None:
        return await approvals.VERBS["refuse"](turn, case, version, argument)
    if place := await transfer.belongs(turn, case, argument):
        return await _hand_on(turn, case, version, place)
    return _instead(turn, case, "refused.give_back")


def _instead(turn: Turn, case: Case, key: str) -> Message:
    """Say which button does what was meant, with those that would not be refused."""
    offers = cards.offered(turn.work, case, turn.chat, ("transfer", "reassign", "show"))
    return Message(turn.say(key, code=case.code), cards.buttons(case, turn.chat.language, offers))


_VERBS: dict[str, Verb] = {
    "show": _show,
    "unclear": _unclear,
    "recall": _show,  # nobody takes a case from whoever has it: they read where it is, and what they may do
    "reply": _reply,
    **citizen.VERBS,
    **question_buttons.VERBS,
    **belonging.VERBS,
    **following.VERBS,
    **stranger.VERBS,
    **identity.VERBS,
    **check_back.VERBS,
    **contact.VERBS,
    **emergency.VERBS,
    **officer.VERBS,
    **answer.VERBS,
    **extend.VERBS,
    **transfer.VERBS,
    **decline.VERBS,
    **note.VERBS,
    **joining.VERBS,
    **counter.VERBS,
    **unasked.VERBS,
    **supervisor.VERBS,
    **approvals.VERBS,
    **bars.VERBS,
    "transfer": _hand_on,
    "reassign": _give,
    "give_back": _give_back,
}
