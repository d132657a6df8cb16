"""What an officer does with a case in chat: take it, ask the citizen, answer, ask for more time."""

from itertools import count
from typing import Any

from domain.cases import Act
from domain.messages import Message
from handlers.conversation import Conversation, Seed, Session, Turn, case_of
from handlers.flow import Ask, Flow, words_at_least, words_of
from services import notices, wording
from services.cases import act
from services.who import Actor
from storage import attachments
from storage.cases import Case

QUESTION, ANSWER_LETTERS = (5, 500), (15, 900)
"""Letters a question and an answer must have, and may have: the citizen reads them in one message."""


async def accept(turn: Turn, case: Case, version: int | None) -> Message:
    """Take the case."""
    await act(turn.work, case, Act.ACCEPT, Actor.of(turn.chat), version=version)
    language = turn.chat.language
    text = turn.say("official.accepted", code=case.code, due=wording.due(turn.work.rules, case, language))
    verbs = notices.card_verbs(turn.work, case, turn.chat)
    return Message(text, notices.buttons(case, language, verbs), await attachments.of_case(turn.work, case))


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
