"""More time for a case: its officer asks for it, a chief gives it to others. Never without a reason."""

import re
from itertools import count
from typing import Any

from domain.cases import Act, Relation
from domain.messages import Message
from domain.understand.amounts import COUNTED
from domain.understand.days import until
from domain.understand.fold import fold
from domain.understand.shapes import Shapes
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn, Verb, case_of
from handlers.engine.flow import Ask, Flow, is_free, words_at_least, words_of
from services.acts.act import act, authorise
from services.acts.deciding import Extend, Lengthen
from services.saying import approving, telling, wording
from services.standing import parties
from services.standing.parties import Actor
from storage.cases.cases import Case

_SHAPES = Shapes("officials")
DAYS = ("2", "5", "10")
REASONS = ("money", "verify", "superior")
_LEAST = 5
"""Letters of a reason."""
_MOST = 30
"""Days that can be asked for in words, at most."""
_A_WEEK = 5
"""Working days."""
_SHOWN = 60
"""Letters of a reason of one's own that its button shows."""


def extend(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Choose how many working days, with a reason the citizen will read."""
    days, told = yield from _days(seed)
    own = told or seed.get("why", "")
    labels = {reason: session.say(f"extend.reason.options.{reason}") for reason in REASONS}
    labels = ({"own": wording.shortened(own, _SHOWN)} if own else {}) | labels
    step = "reason_for" if seed.get("wanted") else "reason"  # who said how many has not seen it yet
    facts = {"code": seed["code"], "days": days}
    why = yield Ask(step, words_at_least(_LEAST), tuple(labels), labels, facts)
    reason = words_of(why, labels | {"own": own})
    return {**seed, "days": days, "reason": reason.rstrip(" .")}


def _days(seed: Seed) -> Flow[tuple[int, str]]:
    """Ask for the days until some are said; what is said besides them is the reason."""
    if seed.get("wanted"):
        return int(seed["wanted"]), ""
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


def days_and_reason(text: str) -> tuple[int, str]:
    """Return the days that words ask for, 0 for none, and the reason they give besides."""
    found = _SHAPES.pattern("howlong").search(text)
    days = 0
    if found is not None:
        days = int(found["digits"]) if found["digits"] else COUNTED[fold(found["word"])]
        days *= _A_WEEK if found["weeks"] else 1
    days = days if days <= _MOST else 0
    rest = f"{text[: found.start()]} {text[found.end() :]}" if days and found is not None else text
    reason = _SHAPES.pattern("asksfor").sub("", rest.strip(" ,.;:-")).strip(" ,.;:-")
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
    return Next(EXTEND, _seed(turn, case, argument))


async def _lengthen(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    authorise(turn.work, case, Act.LENGTHEN, Actor.of(turn.chat), version)
    return Next(LENGTHEN, _seed(turn, case, argument))


def _seed(turn: Turn, case: Case, argument: str) -> dict[str, Any]:
    """Return what is known already; behind a reason may stand, in a line of its own, all that was said."""
    reason, _, words = argument.partition("\n")
    days, why = (_days_in(turn, case, words), reason) if words else _both(turn, case, reason)
    seed: dict[str, Any] = {"code": case.code, "due": wording.due(turn.work, case, turn.chat.language)}
    return seed | ({"wanted": days} if days else {}) | ({"why": why} if len(why) >= _LEAST else {})


def _both(turn: Turn, case: Case, text: str) -> tuple[int, str]:
    """Return the days and the reason that stand behind the verb: “5”, “5 ngày vì chờ vật tư”."""
    days, why = days_and_reason(text)
    bare = None if days else _BARE.fullmatch(text.strip())
    if bare is not None and 0 < int(bare["days"]) <= _MOST:
        return int(bare["days"]), _SHAPES.pattern("asksfor").sub("", bare["why"] or "")
    return days or _days_in(turn, case, text), why


_BARE = re.compile(r"(?P<days>\d{1,2})(?:[ ,:;-]+(?P<why>\D.*))?")


def _days_in(turn: Turn, case: Case, text: str) -> int:
    """Return the working days that words ask for, said as so many or as the day until which; 0 for none."""
    days, _ = days_and_reason(text)
    if days or case.due_on is None:
        return days
    day = until(text, turn.work.today)
    wanted = turn.work.rules_of(case).calendar.working_days_after(case.due_on, day) if day else 0
    return wanted if 0 < wanted <= _MOST else 0


CONVERSATIONS = (EXTEND, LENGTHEN)
VERBS: dict[str, Verb] = {"extend": _extend, "lengthen": _lengthen}
