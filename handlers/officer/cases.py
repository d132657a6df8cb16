"""What an officer does with a case in chat: take it, ask the citizen, answer, ask for more time."""

from itertools import count
from typing import Any

from domain.cases import Act
from domain.messages import Message
from handlers.conversation import Conversation, Next, Reply, Seed, Session, Turn, Verb, case_of
from handlers.flow import Ask, Flow, words_at_least, words_of
from services import cards, wording
from services.cases import act, authorise
from services.who import Actor
from storage import attachments
from storage.cases import Case

QUESTION, ANSWER_LETTERS = (5, 500), (15, 900)
"""Letters a question and an answer must have, and may have: the citizen reads them in one message."""


async def accept(turn: Turn, case: Case, version: int | None, argument: str) -> Message:  # noqa: ARG001 - every verb is called alike
    """Take the case."""
    await act(turn.work, case, Act.ACCEPT, Actor.of(turn.chat), version=version)
    language = turn.chat.language
    text = turn.say("official.accepted", code=case.code, due=wording.due(turn.work.rules, case, language))
    verbs = cards.card_verbs(turn.work, case, turn.chat)
    return Message(text, cards.buttons(case, language, verbs), await attachments.of_case(turn.work, case))


def _written(step: str, letters: tuple[int, int], seed: Seed) -> Flow[str]:
    """Let something be written, shown as the citizen will read it, and written anew."""
    for turn in count(1):
        text: str = yield Ask(step, words_at_least(*letters), facts={"code": seed["code"]}, turn=turn)
        choice = yield Ask("preview", options=("send", "edit"), facts={step: text}, turn=turn, primary="send")
        if choice == "send":
            return text
    raise AssertionError("count never ends")


def ask_citizen(seed: Seed, session: Session) -> Flow[dict[str, Any]]:  # noqa: ARG001 - every flow is called alike
    """Write a question to the citizen."""
    return {**seed, "text": (yield from _written("question", QUESTION, seed))}


async def asked(turn: Turn, result: dict[str, Any]) -> Message:
    """Put the question; the clock stands still until it is answered."""
    case = await case_of(turn, result["code"])
    await act(turn.work, case, Act.ASK, Actor.of(turn.chat), question=result["text"])
    return Message(turn.say("ask_citizen.done.text", code=case.code))


def answer(seed: Seed, session: Session) -> Flow[dict[str, Any]]:  # noqa: ARG001 - as above
    """Write the answer."""
    return {**seed, "text": (yield from _written("answer", ANSWER_LETTERS, seed))}


async def answered(turn: Turn, result: dict[str, Any]) -> Message:
    """Give the answer to the citizen, who is asked what they think of it."""
    case = await case_of(turn, result["code"])
    await act(turn.work, case, Act.ANSWER, Actor.of(turn.chat), answer=result["text"])
    return Message(turn.say("answer.done.text", code=case.code))


DAYS = ("2", "5", "10")
REASONS = ("money", "verify", "superior")


def extend(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Ask for more time, with a reason the citizen will read."""
    days = yield Ask("days", options=DAYS, facts={"code": seed["code"], "due": seed["due"]})
    why = yield Ask("reason", words_at_least(5), REASONS)
    reason = words_of(why, {reason: session.say(f"extend.reason.options.{reason}") for reason in REASONS})
    return {**seed, "days": int(days), "reason": reason.rstrip(" .")}


async def extension_asked(turn: Turn, result: dict[str, Any]) -> Message:
    """Hand the request to whoever decides; until then the date stands."""
    case = await case_of(turn, result["code"])
    await act(turn.work, case, Act.EXTEND, Actor.of(turn.chat), days=result["days"], reason=result["reason"])
    due = wording.due(turn.work.rules, case, turn.chat.language)
    return Message(turn.say("extend.done.text", code=case.code, due=due))


ASK_CITIZEN = Conversation("ask_citizen", ask_citizen, asked)
ANSWER = Conversation("answer", answer, answered)
EXTEND = Conversation("extend", extend, extension_asked)


async def _ask(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    authorise(turn.work, case, Act.ASK, Actor.of(turn.chat), version)
    seed = {"code": case.code}
    if not argument:
        return Next(ASK_CITIZEN, seed)
    if (refusal := _unfit(argument, QUESTION)) is not None:
        return Next(ASK_CITIZEN, seed, before=turn.say(refusal))
    return await asked(turn, {**seed, "text": argument})


async def begin_answer(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    """Answer with what was typed behind the verb, or ask for the words."""
    authorise(turn.work, case, Act.ANSWER, Actor.of(turn.chat), version)
    seed = {"code": case.code}
    if not argument:
        return Next(ANSWER, seed)
    if (refusal := _unfit(argument, ANSWER_LETTERS)) is not None:
        return Next(ANSWER, seed, before=turn.say(refusal))
    return await answered(turn, {**seed, "text": argument})


def _unfit(text: str, letters: tuple[int, int]) -> str | None:
    """Return the key that says why a text typed behind a verb cannot be taken, if it cannot."""
    if len(text) < letters[0]:
        return "common.too_short"
    return "common.too_long" if len(text) > letters[1] else None


async def _extend(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:  # noqa: ARG001 - as above
    authorise(turn.work, case, Act.EXTEND, Actor.of(turn.chat), version)
    due = wording.due(turn.work.rules, case, turn.chat.language)
    return Next(EXTEND, {"code": case.code, "due": due})


CONVERSATIONS = (ASK_CITIZEN, ANSWER, EXTEND)
VERBS: dict[str, Verb] = {"accept": accept, "ask": _ask, "answer": begin_answer, "extend": _extend}
