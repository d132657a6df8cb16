"""Bar whoever sent a case for some days, for a reason, on record; and let them in again."""

from typing import Any

import locales
from domain.cases import Act
from domain.messages import Message
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn, Verb, case_of
from handlers.engine.flow import Ask, Flow, words_at_least
from services.acts import barring
from services.acts.act import act, authorise
from services.acts.barring import Bar
from services.saying import cards
from services.standing.parties import Actor
from storage.cases.cases import Case


def bar(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Choose for how long, and say why."""
    labels = {str(n): session.say("bar.days_long", count=n) for n in session.rules.handling.bar_days}
    days = yield Ask("days", options=tuple(labels), labels=labels, facts={"code": seed["code"]})
    return {**seed, "days": int(days), "reason": (yield Ask("reason", words_at_least(5, 300)))}


async def barred(turn: Turn, result: dict[str, Any]) -> Message:
    """Bar the sender; the heads are told."""
    case = await case_of(turn, result["code"])
    request = Bar(result["days"], result["reason"].rstrip(" ."))
    await act(turn.work, case, request, Actor.of(turn.chat))
    return await _barred_until(turn, case)


async def _barred_until(turn: Turn, case: Case) -> Message:
    last = barring.last_day(turn.work, await barring.reached(turn.work, case))
    day = locales.day(turn.chat.language, last or turn.work.today)
    text = turn.say("bar.done.text", code=case.code, until=day)
    sender, by = await barring.reached(turn.work, case), turn.chat.person_id
    verbs = ("unbar",) if barring.may_lift(turn.work, case, sender, by) else ()
    return Message(text, cards.buttons(case, turn.chat.language, verbs))


BAR = Conversation("bar", bar, barred)


async def _bar(turn: Turn, case: Case, _version: int | None, _argument: str) -> Reply:
    authorise(turn.work, case, Act.BAR, Actor.of(turn.chat), None)
    if barring.last_day(turn.work, await barring.reached(turn.work, case)) is not None:
        return await _barred_until(turn, case)
    return Next(BAR, {"code": case.code})


async def unbar(turn: Turn, case: Case, _version: int | None, _argument: str) -> Message:
    """Let the sender in again."""
    await act(turn.work, case, Act.UNBAR, Actor.of(turn.chat))
    return Message(turn.say("bar.done.ended", code=case.code))


CONVERSATIONS = (BAR,)
VERBS: dict[str, Verb] = {"bar": _bar, "unbar": unbar}
