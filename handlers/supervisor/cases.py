"""What a supervisor does with a case in chat: nudge, hand it to another unit, decide on more time."""

from typing import Any
from uuid import UUID

from domain.cases import Act
from domain.messages import Message
from handlers.conversation import Conversation, Next, Reply, Seed, Session, Turn, Verb, case_of
from handlers.flow import Ask, Flow
from services import who, wording
from services.cases import act, authorise
from services.who import Actor
from storage.cases import Case

_NINE = 9


async def nudge(turn: Turn, case: Case, version: int | None, argument: str) -> Message:  # noqa: ARG001 - every verb is called alike
    """Remind whoever has the case, now."""
    by = Actor.of(turn.chat)
    await act(turn.work, case, Act.NUDGE, by, version=version)
    people = [person for person in who.handling(turn.work, case) if person != by.person_id]
    return Message(turn.say("official.nudge_sent", count=len(people), code=case.code))


def reassign(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Choose among the units that stand today, but never one that is complained about."""
    labels = {
        str(unit.id): unit.name
        for unit in session.rules.directory.units
        if str(unit.id) not in {*seed["excluded"], seed["unit"]} and unit.stands_on(session.today)
    }
    offered = dict(list(labels.items())[:_NINE])
    unit = yield Ask("unit", options=tuple(offered), labels=offered, facts={"code": seed["code"]})
    return {**seed, "unit_id": unit}


async def reassigned(turn: Turn, result: dict[str, Any]) -> Message:
    """Hand the case to the unit; its officers get the card, the citizen is told."""
    case = await case_of(turn, result["code"])
    await act(turn.work, case, Act.REASSIGN, Actor.of(turn.chat), unit_id=result["unit_id"])
    unit = turn.work.rules.directory.unit(UUID(result["unit_id"]))
    return Message(turn.say("reassign.done.text", code=case.code, unit=unit.name))


async def grant(turn: Turn, case: Case, version: int | None, argument: str) -> Message:  # noqa: ARG001 - as above
    """Approve the extension that is asked for."""
    return await _decide(turn, case, Act.GRANT, "decide.granted", version)


async def refuse(turn: Turn, case: Case, version: int | None, argument: str) -> Message:  # noqa: ARG001 - as above
    """Refuse the extension that is asked for."""
    return await _decide(turn, case, Act.REFUSE, "decide.refused", version)


async def _decide(turn: Turn, case: Case, what: Act, words: str, version: int | None) -> Message:
    await act(turn.work, case, what, Actor.of(turn.chat), version=version)
    due = wording.due(turn.work.rules, case, turn.chat.language)
    return Message(turn.say(words, code=case.code, due=due))


REASSIGN = Conversation("reassign", reassign, reassigned)


async def _reassign(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:  # noqa: ARG001 - as above
    authorise(turn.work, case, Act.REASSIGN, Actor.of(turn.chat), version)
    return Next(REASSIGN, {"code": case.code, "unit": str(case.unit_id), "excluded": case.excluded})


CONVERSATIONS = (REASSIGN,)
VERBS: dict[str, Verb] = {"nudge": nudge, "grant": grant, "refuse": refuse, "reassign": _reassign}
