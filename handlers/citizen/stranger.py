"""A code typed in a chat that is not the case's: how it stands, and the rest for whoever knows the number."""

from dataclasses import replace
from typing import Any

from domain.cases import OPEN_STATES, Act
from domain.messages import Choice, Message, Said
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn, Verb, case_of
from handlers.engine.flow import Ask, Flow, NotUnderstood, typed
from services.acts import hearing, strangers
from services.acts.act import act, authorise
from services.acts.following import Follow
from services.acts.strangers import Claim
from services.saying import cards, wording
from services.standing import access
from services.standing.parties import Actor
from services.standing.refusals import TooManyTries, WholeNumber
from storage.cases import cases as stored
from storage.cases.cases import Case

_MOST = 15
"""Digits of the longest number there is (E.164)."""


async def may_prove(turn: Turn, case: Case) -> bool:
    """Say whether a number opens the case here; not to an official who has read it: they know the number."""
    has_read = await access.has_read(turn.work, case, turn.chat.person_id)
    left = await hearing.is_left(turn.work, case, Actor.of(turn.chat))
    return strangers.may_prove(case, turn.chat, left=left) and not has_read


def shown(turn: Turn, case: Case, *, proves: bool) -> Message:
    """Show no more than how it stands, and offer the rest to whoever left a number with it."""
    state = turn.say(f"follow.state.{case.state}")
    due = wording.standing(turn.work, case, turn.chat.language) if case.state in OPEN_STATES else ""
    text = turn.say("follow.stranger", code=case.code, state=state, due=due).strip()
    if not proves:
        return Message(text)
    return Message(text, (Choice(turn.say("stranger.options.prove"), f"prove:{case.code}:{case.version}"),))


def _follow(turn: Turn, case: Case, digits: str) -> tuple[Choice, ...]:
    """Return the choice to hear of the case in this chat too, while there is something to hear.

    It carries the digits that were right: whoever has the code alone may not follow.
    """
    follows = turn.chat.own in stored.followers(turn.work, case)
    if follows or case.state not in OPEN_STATES:
        return ()
    choices = cards.buttons(case, turn.chat.language, ("follow",))
    return tuple(replace(choice, action=f"{choice.action}:{digits}") for choice in choices)


def prove(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Ask for the last digits of the number, or for all of it."""
    step = "whole" if seed.get("whole") else "digits"
    return {**seed, "digits": (yield Ask(step, _digits, facts={"code": seed["code"]}))}


def _digits(said: Said) -> str:
    digits = "".join(sign for sign in typed(said) if sign.isdecimal())
    if len(digits) < strangers.LAST:
        raise NotUnderstood("prove.too_few")
    return digits[-_MOST:]


async def proved(turn: Turn, result: dict[str, Any]) -> Reply:
    """Show how far it is, without its words; a case from the counter is this chat's from now on."""
    case = await case_of(turn, result["code"])
    left = await hearing.is_left(turn.work, case, Actor.of(turn.chat))
    try:
        right = await strangers.knows_number(turn.work, turn.chat, case, result["digits"], left=left)
    except TooManyTries:
        return Message(turn.say("prove.too_many"))
    except WholeNumber:
        return Next(PROVE, {"code": case.code, "whole": True})
    if not right:
        return Next(PROVE, {"code": case.code}, before=turn.say("prove.wrong"))
    language = turn.chat.language
    if strangers.is_unclaimed(case) and not left:
        await act(turn.work, case, Claim(result["digits"]), Actor.of(turn.chat))
        turn.talk.last_case = case.code
        text = f"{turn.say('prove.claimed')}\n{await wording.timeline(turn.work, case, language)}"
        return Message(text, cards.citizen_choices(turn.work, case, language))
    text = await wording.outline(turn.work, case, language, left=left)
    return Message(
        text,
        _follow(turn, case, result["digits"] if "whole" in result else result["digits"][-strangers.LAST :]),
    )


PROVE = Conversation("prove", prove, proved)


async def _prove(turn: Turn, case: Case, _version: int | None, argument: str) -> Reply:
    if not await may_prove(turn, case):
        return shown(turn, case, proves=False)
    if argument:
        return await proved(turn, {"code": case.code, "digits": argument})
    return Next(PROVE, {"code": case.code})


async def _begin_following(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    """Let this chat, of whoever proved to know the number, hear of the case from now on."""
    by = Actor.of(turn.chat)
    left = await hearing.is_left(turn.work, case, by)
    authorise(turn.work, case, Act.FOLLOW, by, None)
    if not argument:
        return await _prove(turn, case, version, "")
    try:
        right = await strangers.knows_number(turn.work, turn.chat, case, argument, left=left)
    except TooManyTries:
        return Message(turn.say("prove.too_many"))
    except WholeNumber:
        return Next(PROVE, {"code": case.code, "whole": True})
    if not right:
        return shown(turn, case, proves=await may_prove(turn, case))
    await act(turn.work, case, Follow(relative=True), by)
    return Message(turn.say("prove.followed", code=case.code))


CONVERSATIONS = (PROVE,)
VERBS: dict[str, Verb] = {"prove": _prove, "follow": _begin_following}
