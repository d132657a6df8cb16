"""Danger first of all: the numbers to call, a case at once, whoever is on duty woken. Day and night."""

from datetime import timedelta

from domain.cases import OPEN_STATES
from domain.messages import Files, Message, Text
from domain.understand import Understood
from handlers.citizen import cases
from handlers.conversation import Turn
from handlers.flow import typed
from services import drafts, intake, ringing
from services.intake import Draft
from storage import cases as stored
from storage.cases import Case

STILL_THE_SAME = timedelta(minutes=30)
"""What is said within so long of an emergency is about that emergency."""


async def answer(turn: Turn, said: Text | Files) -> Message | None:
    """Answer a message that speaks of danger; None when it does not. An open draft gives way to it."""
    heard = turn.work.rules.understanding.read(typed(said))
    if not heard.emergency:
        return None
    files = _give_way(turn) + ([file.id for file in said.files] if isinstance(said, Files) else [])
    case = await running(turn)
    if case is not None:
        await cases.add(turn, case, heard.text, files)
    else:
        case = await _open(turn, heard, files)
    told = await ringing.standing(turn.work, case, turn.chat.language)
    return _message(turn, heard.emergency, case.code, told)


def _give_way(turn: Turn) -> list[str]:
    """Let a draft wait with what belongs to it; return the files nothing was told of yet."""
    if drafts.words({"seed": turn.talk.seed, "answers": turn.talk.answers}):
        turn.talk.wait()
        return []
    files, turn.talk.files = turn.talk.files, []
    turn.talk.end()
    return files


async def _open(turn: Turn, heard: Understood, files: list[str]) -> Case:
    place = heard.place.label if heard.place else turn.session.commune
    draft = Draft(heard, place, heard.topic, files=tuple(files))
    case = await intake.open_case(turn.work, turn.chat, draft)
    turn.talk.emergency = turn.talk.last_case = case.code
    return case


async def running(turn: Turn) -> Case | None:
    """Return the emergency this chat reported a short while ago, while somebody is still on it."""
    if not turn.talk.emergency:
        return None
    case = await stored.by_code(turn.work, turn.talk.emergency)
    if case is None or case.state not in OPEN_STATES or turn.work.now - case.opened_at > STILL_THE_SAME:
        turn.talk.emergency = ""
        return None
    return case


def _message(turn: Turn, numbers: tuple[str, ...], code: str, told: str) -> Message:
    facts = {"numbers": calls(turn, numbers), "duty": duty(turn), "told": told}
    return Message(turn.say("emergency.text", code=code, **facts))


def numbers(turn: Turn, text: str) -> str:
    """Return the numbers to call where the words speak of danger that nobody else hears of; else nothing."""
    found = turn.work.rules.understanding.read(text).emergency
    return turn.say("sealed.danger", numbers=calls(turn, found)) if found else ""


def calls(turn: Turn, numbers: tuple[str, ...]) -> str:
    """Write the numbers to call now, with who answers them."""
    return " · ".join(turn.say(f"emergency.numbers.{number}") for number in numbers)


def duty(turn: Turn) -> str:
    """Write who of the commune can be called day and night, if there is a number."""
    unit = turn.work.rules.directory.hotline(turn.work.today)
    return turn.say("emergency.duty", unit=unit.name, phone=unit.phone) if unit else ""
