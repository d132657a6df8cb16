"""More time for a case: its officer asks for it, a chief gives it to others. Never without a reason."""

import re
from itertools import count
from typing import Any

from domain.cases import Act, Relation
from domain.messages import Message
from domain.understand.amounts import COUNTED
from domain.understand.fold import fold
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn, Verb, case_of
from handlers.engine.flow import Ask, Flow, is_free, words_at_least, words_of
from services.acts.act import act, authorise
from services.acts.deciding import Extend, Lengthen
from services.saying import approving, telling, wording
from services.standing import parties
from services.standing.parties import Actor
from storage.cases.cases import Case

DAYS = ("2", "5", "10")
REASONS = ("money", "verify", "superior")
_LEAST = 5
"""Letters of a reason."""
_MOST = 30
"""Days that can be asked for in words, at most."""
_SHOWN = 60
"""Letters of a reason of one's own that its button shows."""


def extend(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Choose how many working days, with a reason the citizen will read."""
    days, told = yield from _days(seed)
    own = told or seed.get("why", "")
    labels = {reason: session.say(f"extend.reason.options.{reason}") for reason in REASONS}
    labels = ({"own": wording.shortened(own, _SHOWN)} if own else {}) | labels
    why = yield Ask("reason", words_at_least(_LEAST), tuple(labels), labels)
    reason = words_of(why, labels | {"own": own})
    return {**seed, "days": days, "reason": reason.rstrip(" .")}


def _days(seed: Seed) -> Flow[tuple[int, str]]:
    """Ask for the days until some are said; what is said besides them is the reason."""
    facts, told = {"code": seed["code"], "due": seed["due"]}, ""
    for turn in count(1):
        answer = yield Ask("days", words_at_least(2), DAYS, facts=facts, turn=turn)
        if not is_free(answer):
            return int(answer), told
        days, why = days_and_reason(words_of(answer, {}))
        told = why or told
        if days:
            return days, told
    raise AssertionError("count never ends")


_SAID_DAYS = re.compile(
    r"(?<!\S)(?:(?P<digits>\d{1,2})|(?P<word>một|mot|hai|ba|bốn|bon|năm|nam|sáu|sau|bảy|bay|tám|tam|mười|muoi))\s+"
    r"(?:ngày|ngay|hôm|hom|days?)(?!\w)(?:\s+(?:làm việc|lam viec|nữa|nua|more))*",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^(?:(?:dạ|em|anh|chị|tôi|cho|xin|gia hạn|gia han|thêm|them|vì|vi|do|tại|tai|nhé|because)(?!\w)[\s,]*)+",
    re.IGNORECASE,
)


def days_and_reason(text: str) -> tuple[int, str]:
    """Return the days that words ask for, 0 for none, and the reason they give besides."""
    found = _SAID_DAYS.search(text)
    days = 0
    if found is not None:
        days = int(found["digits"]) if found["digits"] else COUNTED[fold(found["word"])]
    days = days if days <= _MOST else 0
    rest = f"{text[: found.start()]} {text[found.end() :]}" if days and found is not None else text
    reason = _ASKS.sub("", rest.strip(" ,.;:-")).strip(" ,.;:-")
    return days, reason if len(reason) >= _LEAST else ""


async def extension_asked(turn: Turn, result: dict[str, Any]) -> Message:
    """Hand the request to whoever decides; until then the date stands."""
    return await _done(turn, result, Extend, "extend.done.text")


async def lengthened(turn: Turn, result: dict[str, Any]) -> Message:
    """Give the time at once."""
    return await _done(turn, result, Lengthen, "extend.done.at_once")


async def _done(
    turn: Turn, result: dict[str, Any], what: type[Extend] | type[Lengthen], words: str
) -> Message:
    case = await case_of(turn, result["code"])
    await act(turn.work, case, what(result["days"], result["reason"]), Actor.of(turn.chat))
    due = wording.due(turn.work, case, turn.chat.language)
    waits = await approving.notice(turn.work, case, turn.chat.language) if what is Extend else ""
    told = telling.heard(turn.work, case, turn.chat.language)
    return Message(turn.say(words, code=case.code, due=due, heard=told) + waits)


EXTEND = Conversation("extend", extend, extension_asked)
LENGTHEN = Conversation("lengthen", extend, lengthened)


async def _extend(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    """Ask for more time; for a chief whose own case it is not, the same words mean to give it."""
    chief = Relation.SUPERVISOR in parties.relations(turn.work, case, Actor.of(turn.chat))
    if chief and not parties.has_it(turn.work, case, turn.chat.person_id):
        return await _lengthen(turn, case, version, argument)
    authorise(turn.work, case, Act.EXTEND, Actor.of(turn.chat), version)
    return Next(EXTEND, _seed(turn, case) | ({"why": argument} if len(argument) >= _LEAST else {}))


async def _lengthen(turn: Turn, case: Case, version: int | None, _argument: str) -> Reply:
    authorise(turn.work, case, Act.LENGTHEN, Actor.of(turn.chat), version)
    return Next(LENGTHEN, _seed(turn, case))


def _seed(turn: Turn, case: Case) -> dict[str, Any]:
    return {"code": case.code, "due": wording.due(turn.work, case, turn.chat.language)}


CONVERSATIONS = (EXTEND, LENGTHEN)
VERBS: dict[str, Verb] = {"extend": _extend, "lengthen": _lengthen}
