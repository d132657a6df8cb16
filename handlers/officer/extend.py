"""More time for a case: its officer asks for it, a chief gives it to others. Never without a reason."""

from typing import Any

from domain.cases import Act, Relation
from domain.messages import Message
from handlers.conversation import Conversation, Next, Reply, Seed, Session, Turn, Verb, case_of
from handlers.flow import Ask, Flow, words_at_least, words_of
from services import approving, who, wording
from services.cases import act, authorise
from services.who import Actor
from storage.cases import Case

DAYS = ("2", "5", "10")
REASONS = ("money", "verify", "superior")
_LEAST = 5
"""Letters of a reason."""
_SHOWN = 60
"""Letters of a reason of one's own that its button shows."""


def extend(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Choose how many working days, with a reason the citizen will read."""
    days = yield Ask("days", options=DAYS, facts={"code": seed["code"], "due": seed["due"]})
    labels = {reason: session.say(f"extend.reason.options.{reason}") for reason in REASONS}
    own: str = seed.get("why", "")
    labels = ({"own": wording.shortened(own, _SHOWN)} if own else {}) | labels
    why = yield Ask("reason", words_at_least(_LEAST), tuple(labels), labels)
    reason = words_of(why, labels | {"own": own})
    return {**seed, "days": int(days), "reason": reason.rstrip(" .")}


async def extension_asked(turn: Turn, result: dict[str, Any]) -> Message:
    """Hand the request to whoever decides; until then the date stands."""
    return await _done(turn, result, Act.EXTEND, "extend.done.text")


async def lengthened(turn: Turn, result: dict[str, Any]) -> Message:
    """Give the time at once."""
    return await _done(turn, result, Act.LENGTHEN, "extend.done.at_once")


async def _done(turn: Turn, result: dict[str, Any], what: Act, words: str) -> Message:
    case = await case_of(turn, result["code"])
    detail = {"days": result["days"], "reason": result["reason"]}
    await act(turn.work, case, what, Actor.of(turn.chat), **detail)
    due = wording.due(turn.work.rules, case, turn.chat.language)
    waits = await approving.notice(turn.work, case, turn.chat.language) if what is Act.EXTEND else ""
    return Message(turn.say(words, code=case.code, due=due) + waits)


EXTEND = Conversation("extend", extend, extension_asked)
LENGTHEN = Conversation("lengthen", extend, lengthened)


async def _extend(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    """Ask for more time; for a chief whose own case it is not, the same words mean to give it."""
    chief = Relation.SUPERVISOR in who.relations(turn.work, case, Actor.of(turn.chat))
    if chief and not who.has_it(turn.work, case, turn.chat.person_id):
        return await _lengthen(turn, case, version, argument)
    authorise(turn.work, case, Act.EXTEND, Actor.of(turn.chat), version)
    return Next(EXTEND, _seed(turn, case) | ({"why": argument} if len(argument) >= _LEAST else {}))


async def _lengthen(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:  # noqa: ARG001 - every verb is called alike
    authorise(turn.work, case, Act.LENGTHEN, Actor.of(turn.chat), version)
    return Next(LENGTHEN, _seed(turn, case))


def _seed(turn: Turn, case: Case) -> dict[str, Any]:
    return {"code": case.code, "due": wording.due(turn.work.rules, case, turn.chat.language)}


CONVERSATIONS = (EXTEND, LENGTHEN)
VERBS: dict[str, Verb] = {"extend": _extend, "lengthen": _lengthen}
