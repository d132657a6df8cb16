"""A question about papers, procedures or the law: asked in one's own words, it is a case like any other."""

from dataclasses import replace
from typing import Any

import locales
from domain.understand import Understood
from handlers.citizen import questions, report, sealed
from handlers.engine.conversation import (
    AT,
    Conversation,
    Next,
    Option,
    Reply,
    Seed,
    Session,
    Turn,
    begun_at,
)
from handlers.engine.flow import Ask, Flow
from services.intake import new_cases
from services.intake.new_cases import Draft
from services.standing import exclusion

KIND = "hoi_dap"
PROCEDURES, LAW = "tthc", "tgpl"
"""The fields questions belong to where their words do not say."""
_TOPICS = frozenset({"thu_tuc", "tu_phap"})


def question(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Ask what somebody wants to know, and let them send it; the seed's field is for what tells no other."""
    session = session.begun(seed)
    heard = yield questions.story(session.rules)
    facts = {"text": heard["summary"], "commune": session.commune}
    accuses = exclusion.heard_of(session.rules, heard["text"], session.today).wrong
    if accuses:
        chosen = yield Ask("review", options=("send", "seal"), facts=facts, primary="send")
    else:
        chosen = yield Ask("review", options=("send",), facts=facts, primary="send")
    return {**begun_at(seed), "heard": heard, "field": seed["field"], "sealed": chosen == "seal"}


async def send(turn: Turn, result: dict[str, Any]) -> Reply:
    """Make a case of the question and give the receipt; what accuses somebody may go on sealed."""
    with turn.work.within(result.get(AT) or turn.work.area):
        return await _sent(turn, result)


async def _sent(turn: Turn, result: dict[str, Any]) -> Reply:
    if result["sealed"]:
        seed = {**begun_at(result), "heard": result["heard"], "sealed": True}
        return Next(report.REPORT, seed, before=sealed.warning(turn))
    heard = Understood.from_json(result["heard"])
    fields = turn.work.rules.taxonomy.fields
    code = heard.field if heard.sure and heard.topic in _TOPICS else result["field"]
    field = fields[code]
    heard = replace(heard, kind=KIND, field=code, topic=field.topic, urgency=field.urgency)
    version = locales.version(turn.chat.language, "question.review.text")
    place = heard.place.label if heard.place else turn.session.commune
    draft = Draft(heard, place, field.topic, files=tuple(turn.talk.files), consent=version)
    case = await new_cases.open_case(turn.work, turn.chat, draft)
    turn.talk.last_case = case.code
    return report.receipt(turn, case)


QUESTION = Conversation("question", question, send, waits=True, files=True)


async def _procedure(_turn: Turn, _text: str) -> Next:
    return Next(QUESTION, {"field": PROCEDURES})


CONVERSATIONS = (QUESTION,)
OPTIONS: dict[str, Option] = {"procedure": _procedure}
