"""What an officer does with a case in chat: take it (also over), ask the citizen, and what else there is."""

from itertools import count
from typing import Any

from domain.cases import Act, NotAllowed
from domain.messages import Choice, Message
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn, Verb, case_of
from handlers.engine.flow import Ask, Flow, words_at_least
from services.acts import answering, asking
from services.acts.act import act, authorise
from services.saying import arrival, cards, wording
from services.standing.parties import Actor
from storage.cases.cases import Case

QUESTION = (5, 500)
"""Letters a question must have, and may have: the citizen reads it in one message."""


async def accept(turn: Turn, case: Case, version: int | None, argument: str) -> Message:
    """Take the case; who may only take over does so with one that nobody has."""
    if case.officer_id is None and cards.offered(turn.work, case, turn.chat, ("accept",)) == ("take_over",):
        return await take_over(turn, case, version, argument)
    await act(turn.work, case, Act.ACCEPT, Actor.of(turn.chat), version=version)
    language = turn.chat.language
    text = turn.say("official.accepted", code=case.code, due=wording.due(turn.work, case, language))
    verbs = cards.card_verbs(turn.work, case, turn.chat)
    return Message(text, cards.buttons(case, language, verbs), await answering.files(turn.work, case))


async def take_over(turn: Turn, case: Case, version: int | None, _argument: str) -> Message:
    """Become the case's officer."""
    await act(turn.work, case, Act.TAKE_OVER, Actor.of(turn.chat), version=version)
    due = wording.due(turn.work, case, turn.chat.language)
    verbs = cards.card_verbs(turn.work, case, turn.chat)
    text = turn.say("official.accepted", code=case.code, due=due)
    return Message(text, cards.buttons(case, turn.chat.language, verbs))


def _written(step: str, letters: tuple[int, int], seed: Seed) -> Flow[str]:
    """Let something be written, shown as the citizen will read it, and written anew; it may be begun with."""
    told: str = seed.get("text", "")
    for turn in count(1):
        text = told or (yield Ask(step, words_at_least(*letters), facts={"code": seed["code"]}, turn=turn))
        told = ""
        choice = yield Ask("preview", options=("send", "edit"), facts={step: text}, turn=turn, primary="send")
        if choice == "send":
            return text
    raise AssertionError("count never ends")


def ask_citizen(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Write a question to the citizen."""
    return {**seed, "text": (yield from _written("question", QUESTION, seed))}


async def asked(turn: Turn, result: dict[str, Any]) -> Message:
    """Put the question; the clock stands still until it is answered."""
    case = await case_of(turn, result["code"])
    await act(turn.work, case, asking.Ask(result["text"]), Actor.of(turn.chat))
    held = arrival.notice(turn.work, case, turn.chat.language)
    return Message(turn.say("ask_citizen.done.text", code=case.code) + held)


ASK_CITIZEN = Conversation("ask_citizen", ask_citizen, asked)


async def _ask(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    authorise(turn.work, case, Act.ASK, Actor.of(turn.chat), version)
    seed = {"code": case.code}
    if not argument:
        return Next(ASK_CITIZEN, seed)
    if (refusal := _unfit(argument, QUESTION)) is not None:
        return Next(ASK_CITIZEN, seed, before=turn.say(refusal))
    return await asked(turn, {**seed, "text": argument})


async def _question(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    """Show a question that was said in one's own words as the citizen will read it, before it goes."""
    authorise(turn.work, case, Act.ASK, Actor.of(turn.chat), version)
    refusal = _unfit(argument, QUESTION)
    seed = {"code": case.code} | ({} if refusal else {"text": argument})
    return Next(ASK_CITIZEN, seed, before=turn.say(refusal) if refusal else "")


def _unfit(text: str, letters: tuple[int, int]) -> str | None:
    """Return the key that says why a text typed behind a verb cannot be taken, if it cannot."""
    if len(text) < letters[0]:
        return "common.too_short"
    return "common.too_long" if len(text) > letters[1] else None


async def more(turn: Turn, case: Case, _version: int | None, _argument: str) -> Message:
    """Offer what else this person may do with the case."""
    others = cards.other_verbs(turn.work, case, turn.chat)
    if not others:
        raise NotAllowed
    buttons = cards.buttons(case, turn.chat.language, others)
    return Message(turn.say("official.more", code=case.code), buttons)


_SURE = "sure"
"""What the second press says that takes the haste out of a case."""


async def calm(turn: Turn, case: Case, version: int | None, argument: str) -> Message:
    """Say that a case is not urgent after all. It ends an alarm, so the first press only asks."""
    if argument != _SURE:
        authorise(turn.work, case, Act.CALM, Actor.of(turn.chat), version)
        choices = (
            Choice(turn.say("official.calm_sure.yes"), f"calm:{case.code}:{case.version}:{_SURE}"),
            Choice(turn.say("official.calm_sure.no"), f"show:{case.code}:{case.version}"),
        )
        return Message(turn.say("official.calm_sure.text", code=case.code), choices)
    await act(turn.work, case, Act.CALM, Actor.of(turn.chat), version=version)
    due = wording.due(turn.work, case, turn.chat.language)
    verbs = cards.card_verbs(turn.work, case, turn.chat)
    key = "official.calm_done_close" if case.confidential else "official.calm_done"
    text = turn.say(key, code=case.code, due=due)
    return Message(text, cards.buttons(case, turn.chat.language, verbs))


async def called(turn: Turn, case: Case, version: int | None, _argument: str) -> Message:
    """Note that the citizen was called, as was promised."""
    await act(turn.work, case, Act.CALLED, Actor.of(turn.chat), version=version)
    return Message(turn.say("official.called", code=case.code))


CONVERSATIONS = (ASK_CITIZEN,)
VERBS: dict[str, Verb] = {
    "accept": accept,
    "take_over": take_over,
    "ask": _ask,
    "question": _question,
    "more": more,
    "calm": calm,
    "called": called,
}
