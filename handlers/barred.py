"""A sender whom a supervisor has barred: what they write is kept, and answered with one kind line."""

import locales
from domain.messages import Files, Message, Said, Tap, Text
from handlers import commands, emergency
from handlers.conversation import Turn
from handlers.flow import typed
from services.acts import barring
from storage import cases as stored


async def answer(turn: Turn, said: Said) -> Message | None:
    """Say until when the chat is barred; None for who is not, and for what is always heard."""
    last = barring.last_day(turn.work, turn.chat)
    if last is None or await _always_heard(turn, said):
        return None
    return Message(turn.say("barred.text", until=locales.day(turn.chat.language, last)))


async def _always_heard(turn: Turn, said: Said) -> bool:
    """Let through danger and what follows, who asks for a person, answers to a question, and a secret."""
    if stored.asked_of(turn.work, turn.chat.own) or await emergency.running(turn) is not None:
        return True
    if isinstance(said, Tap):
        return said.action == "menu:human"
    if not isinstance(said, Text | Files):
        return False
    command = commands.read(typed(said))
    heard = command is not None and command.name in {"human", *commands.HUSHED}
    return heard or bool(turn.work.rules.understanding.read(typed(said)).emergency)
