"""The morning's message, put off until later in the day."""

import locales
from domain.cases import NotAllowed
from domain.messages import Message
from handlers.engine.conversation import Option, Turn
from services.clock import digests


async def _snooze(turn: Turn, _text: str) -> Message:
    """Say it again at the hour for that."""
    if turn.chat.person_id is None:
        raise NotAllowed("snooze")
    at = turn.work.rules.calendar.local(digests.snooze(turn.work, turn.chat.person_id))
    language = turn.chat.language
    day = locales.day(language, at.date())
    return Message(turn.say("digest.snoozed", time=locales.clock(language, at), day=day))


OPTIONS: dict[str, Option] = {"snooze": _snooze}
