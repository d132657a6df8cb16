"""Whoever decides on what is no case reads what was done to it: one history at a time, the latest first."""

from uuid import UUID

from domain.messages import Choice, Message
from handlers.engine.conversation import Option, Turn
from handlers.engine.flow import asked_for
from services.matters import reading
from services.office.matters import KINDS


async def _history(turn: Turn, text: str) -> Message:
    """Show the latest history this person may read, or the latest before one of them."""
    found = await _readable(turn, asked_for(text) if text else None)
    if not found:
        return Message(turn.say("history.none"))
    written = await reading.written(turn.work, KINDS, found[0], turn.chat.language)
    earlier = Choice(turn.say("history.earlier"), f"menu:history:{found[0]}", typed=turn.say("history.typed"))
    return Message(written, (earlier,) if len(found) > 1 else ())


async def _readable(turn: Turn, before: UUID | None) -> list[UUID]:
    person = turn.chat.person_id
    return await reading.readable(turn.work, KINDS, person, before, 2) if person is not None else []


OPTIONS: dict[str, Option] = {"history": _history}
