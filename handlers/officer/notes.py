"""Notes on a case that never leave the unit: typed in one message, or asked for."""

from typing import Any

from domain.cases import Act
from domain.messages import Message
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn, Verb, case_of
from handlers.engine.flow import Ask, Flow, words_at_least
from services.acts.act import act, authorise
from services.acts.noting import Note
from services.standing.parties import Actor
from storage.cases.cases import Case

LETTERS = (2, 500)


def note(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Write the note."""
    return {**seed, "text": (yield Ask("text", words_at_least(*LETTERS), facts={"code": seed["code"]}))}


async def noted(turn: Turn, result: dict[str, Any]) -> Message:
    """Keep the note with the case."""
    case = await case_of(turn, result["code"])
    await act(turn.work, case, Note(result["text"]), Actor.of(turn.chat))
    return Message(turn.say("note.done.text", code=case.code))


NOTE = Conversation("note", note, noted)


async def _note(turn: Turn, case: Case, _version: int | None, argument: str) -> Reply:
    authorise(turn.work, case, Act.NOTE, Actor.of(turn.chat), None)
    if not argument:
        return Next(NOTE, {"code": case.code})
    if len(argument) > LETTERS[1]:
        return Next(NOTE, {"code": case.code}, before=turn.say("common.too_long"))
    return await noted(turn, {"code": case.code, "text": argument})


CONVERSATIONS = (NOTE,)
VERBS: dict[str, Verb] = {"note": _note}
