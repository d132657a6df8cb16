"""Who is not heard: a sender whom a supervisor has barred, and everybody at a desk that serves nobody yet."""

from datetime import timedelta

from domain.codes import find
from domain.messages import Contact, Edited, Files, Message, Said, Tap, Text
from domain.understand import aftermath, wishes
from handlers.citizen import allowance, belonging, cases, emergency
from handlers.citizen.contact import CONTACT
from handlers.door import presses
from handlers.engine import commands, confidence
from handlers.engine.conversation import Turn
from handlers.engine.flow import number, typed
from services.acts import barring
from services.intake import drafts
from services.standing import besides
from storage.cases import cases as stored
from storage.cases.cases import Case

_A_WHILE = timedelta(hours=1)
"""So long after something was said of a close case more words go with it."""
_LOOKED_AT = 400
"""Letters of a message in which a case's code is looked for."""
_ABOUT_ONES_OWN = frozenset({"call", "leave_number", "forget_number", "cancel", "give_up"})
"""Commands without a code that ask for a call, or take back what was sent."""
_WISHES = frozenset({"withdraw", "no_call"})


_HELP = ("113", "114", "115")
"""Numbers of the whole country: all that is known before the desk knows whom it serves."""


async def answer(turn: Turn, said: Said) -> Message | None:
    """Say until when the chat is barred; None for who is not, and for what is always heard.

    A desk that serves no place yet takes nothing from anybody, and says whom to call.
    """
    if not turn.work.rules.directory.areas:
        return Message(turn.say("barred.unseeded", numbers=emergency.calls(turn, _HELP)))
    last = barring.last_day(turn.work, turn.chat)
    if last is None or await _always_heard(turn, said) or _is_of_another(turn, said):
        return None
    if (kept := await _with_what_is_close(turn, said)) is not None:
        return kept
    return allowance.shut_out(turn, last)


def _is_of_another(turn: Turn, said: Said) -> bool:
    """Say whether what is told is of another commune, where nobody has barred its sender."""
    rules = turn.work.rules
    if not rules.whole.directory.is_wide or not isinstance(said, Text | Files | Tap):
        return False
    words = "" if isinstance(said, Tap) else typed(said)
    for text in (words, drafts.all_words(vars(turn.talk))):
        place = rules.understanding.read(text).place if text else None
        if place is not None and place.area:
            return barring.last_day(turn.work, turn.chat, place.area) is None
    return False


async def _always_heard(turn: Turn, said: Said) -> bool:
    """Let through danger and what follows, who asks for a person, answers to a question, and a secret.

    So too what accuses somebody, and what is told without a name: else whoever is accused would bar it.
    """
    if stored.asked_of(turn.work, turn.chat.own) or await emergency.running(turn) is not None:
        return True
    if _is_begun(turn) or await _is_of_what_is_close(turn, said):
        return True
    if _pressed(turn, said) in {"menu:human", "menu:sealed"}:
        return True
    if not isinstance(said, Text | Files | Edited):
        return False
    words = said.text if isinstance(said, Edited) else typed(said)
    command = commands.read(words)
    heard = command is not None and command.name in {"human", "sealed", *commands.HUSHED}
    heard = heard or bool(turn.work.rules.understanding.read(words).emergency)
    return heard or wishes.unnamed(words) is not None or _accuses(turn, words)


def _pressed(turn: Turn, said: Said) -> str:
    """Return the action of a button that is pressed, by its digit or its words too; empty for none."""
    if isinstance(said, Tap):
        return said.action
    if not isinstance(said, Text):
        return ""
    place = number(said.text)
    shown = turn.chat.menu[place - 1] if place is not None and 0 < place <= len(turn.chat.menu) else None
    return shown or presses.by_words(turn, said) or ""


async def _is_of_what_is_close(turn: Turn, said: Said) -> bool:
    """Say whether this is plainly about an open case that is kept close: by its code, a button, a wish.

    Whoever it speaks of would else bar the sender from saying more, or from taking it back.
    """
    close = besides.close_ones(await stored.with_close(turn.work, turn.chat.own))
    if not close:
        return False
    codes, pressed, seed = {case.code for case in close}, _pressed(turn, said), str(turn.talk.seed)
    if any(code in pressed or (turn.talk.flow and code in seed) for code in codes):
        return True
    if isinstance(said, Contact) or turn.talk.flow == CONTACT.name:
        return True
    if not isinstance(said, Text | Files | Edited):
        return False
    words = said.text if isinstance(said, Edited) else typed(said)
    command = commands.read(words)
    asks = command is not None and not command.code and command.name in _ABOUT_ONES_OWN
    asks = asks or wishes.read(words) in _WISHES or bool(wishes.only_to_be_called(words))
    corrects = isinstance(said, Edited) and await _spoken_of_lately(turn, close) is not None
    return asks or corrects or aftermath.uncalled(words) or find(words[:_LOOKED_AT]) in codes


async def _with_what_is_close(turn: Turn, said: Said) -> Message | None:
    """Put words and files with the close case of which something was said within the hour.

    None where they are another matter, a command or mere talk.
    """
    if turn.talk.flow or not isinstance(said, Text | Files) or commands.read(typed(said)) is not None:
        return None
    close = besides.close_ones(await stored.with_close(turn.work, turn.chat.own))
    case = await _spoken_of_lately(turn, close) if close else None
    heard = turn.work.rules.understanding.read(typed(said))
    files = [file.id for file in said.files] if isinstance(said, Files) else []
    if case is None or (heard.small_talk and not files):
        return None
    elsewhere = heard.story and belonging.elsewhere(turn, heard, case)
    if elsewhere or belonging.verdict(turn, heard, case) == "new":
        return None
    return await cases.add(turn, case, heard.text, files)


async def _spoken_of_lately(turn: Turn, close: list[Case]) -> Case | None:
    """Return the case of which its sender said something last, within the hour."""
    await stored.load_histories(turn.work, close)
    said = {case.code: case.opened_at for case in close}
    for case in close:
        lines = await stored.history(turn.work, case)
        said[case.code] = max((line.at for line in lines if line.actor == "citizen"), default=case.opened_at)
    last = max(close, key=lambda case: said[case.code])
    return last if turn.work.now - said[last.code] <= _A_WHILE else None


def _is_begun(turn: Turn) -> bool:
    """Say whether such a thing is being told already: what is asked about it is answered, and it is sent."""
    begun = bool(turn.talk.flow) or bool(turn.talk.waiting)
    return begun and (confidence.is_kept_close(turn) or _accuses(turn, drafts.all_words(vars(turn.talk))))


def _accuses(turn: Turn, words: str) -> bool:
    """Say whether words tell a wrong of an official or a unit, or may."""
    said = turn.work.rules.accused.read(words, turn.work.today)
    named = said.wrong and bool(said.people or said.units or said.holder)
    return named or turn.work.rules.understanding.read(words).accuses
