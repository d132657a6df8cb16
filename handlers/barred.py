"""A sender whom a supervisor has barred: what they write is kept, and answered with one kind line."""

import locales
from domain.messages import Edited, Files, Message, Said, Tap, Text
from domain.understand.wishes import unnamed
from handlers import commands, confidence, emergency, presses
from handlers.conversation import Turn
from handlers.flow import number, typed
from services import drafts
from services.acts import barring
from storage import cases as stored


async def answer(turn: Turn, said: Said) -> Message | None:
    """Say until when the chat is barred; None for who is not, and for what is always heard."""
    last = barring.last_day(turn.work, turn.chat)
    if last is None or await _always_heard(turn, said):
        return None
    return Message(turn.say("barred.text", until=locales.day(turn.chat.language, last)))


async def _always_heard(turn: Turn, said: Said) -> bool:
    """Let through danger and what follows, who asks for a person, answers to a question, and a secret.

    So too what accuses somebody, and what is told without a name: else whoever is accused would bar it.
    """
    if stored.asked_of(turn.work, turn.chat.own) or await emergency.running(turn) is not None:
        return True
    if _is_begun(turn):
        return True
    if _pressed(turn, said) in {"menu:human", "menu:sealed"}:
        return True
    if not isinstance(said, Text | Files | Edited):
        return False
    words = said.text if isinstance(said, Edited) else typed(said)
    command = commands.read(words)
    heard = command is not None and command.name in {"human", "sealed", *commands.HUSHED}
    heard = heard or bool(turn.work.rules.understanding.read(words).emergency)
    return heard or unnamed(words) is not None or _accuses(turn, words)


def _pressed(turn: Turn, said: Said) -> str:
    """Return the action of a button that is pressed, by its digit or its words too; empty for none."""
    if isinstance(said, Tap):
        return said.action
    if not isinstance(said, Text):
        return ""
    place = number(said.text)
    shown = turn.chat.menu[place - 1] if place is not None and 0 < place <= len(turn.chat.menu) else None
    return shown or presses.by_words(turn, said) or ""


def _is_begun(turn: Turn) -> bool:
    """Say whether such a thing is being told already: what is asked about it is answered, and it is sent."""
    begun = bool(turn.talk.flow) or bool(turn.talk.waiting)
    return begun and (confidence.is_kept_close(turn) or _accuses(turn, drafts.all_words(vars(turn.talk))))


def _accuses(turn: Turn, words: str) -> bool:
    """Say whether words tell a wrong of an official or a unit, or may."""
    said = turn.work.rules.accused.read(words, turn.work.today)
    named = said.wrong and bool(said.people or said.units or said.holder)
    return named or turn.work.rules.understanding.read(words).accuses
