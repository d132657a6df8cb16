"""Where danger may be spoken of in any message at all: what rings, what is asked, what is only called."""

from dataclasses import replace

from domain.messages import Files, Message, Text
from domain.understand import aftermath
from domain.understand.dangers import HUNCH
from handlers.citizen import alarms, cries, emergency, unclear, which_alarm
from handlers.citizen.report import REPORT
from handlers.door.out_of_the_blue import start as start_intake
from handlers.engine import confidence
from handlers.engine.conversation import Next, Turn
from handlers.engine.flow import typed
from handlers.engine.runner import picks, say
from services.intake import drafts
from services.standing.parties import is_official
from storage.cases import cases as stored


async def alarm(turn: Turn, said: Text | Files) -> Message | None:
    """Answer a message that speaks of danger; what is told in confidence never becomes a case by name."""
    if turn.talk.flow in cries.OPEN:
        return await cries.heard(turn, said)
    return None if confidence.is_kept_close(turn) else await emergency.answer(turn, said)


async def doubt(turn: Turn, said: Text | Files) -> Message | None:
    """Ask whether somebody is in danger where that is not clear; beside an open question only numbers."""
    heard = turn.work.rules.understanding.read(typed(said))
    # A link only opens a report: nothing is told in it yet.
    told = turn.talk.flow and not (turn.talk.flow == REPORT.name and turn.talk.holds_nothing())
    if told and turn.talk.flow == REPORT.name and (asking := await _amid(turn, said)) is not None:
        turn.talk.end()
        return await say(turn, asking)
    if is_official(turn.work, turn.chat) or told or await alarms.goes_with(turn, heard):
        return None
    over = await which_alarm.ceased(turn)
    over = over if over is not None and emergency.is_own(turn, over) else None
    if over is not None and aftermath.denies(heard.text):
        return await emergency.denied(turn, over, heard.text)
    goes_on = over is None and _goes_on(turn, said)
    asking = None if goes_on else unclear.ask(turn, said, over)
    if asking is not None and turn.talk.flow:
        turn.talk.end()
    if asking is None or not stored.asked_of(turn.work, turn.chat.own):
        return None if asking is None else await say(turn, asking)
    numbers = emergency.numbers(turn, typed(said))
    return await asked_after(turn, said, await say(turn, await start_intake(turn, said)), numbers)


async def _amid(turn: Turn, said: Text | Files) -> Next | None:
    """Begin to ask amid an open report; not what a choice says, nor what is told in confidence."""
    if is_official(turn.work, turn.chat) or confidence.is_kept_close(turn):
        return None
    if isinstance(said, Text) and picks(turn, said):
        return None
    heard = turn.work.rules.understanding.read(typed(said))
    return None if await alarms.goes_with(turn, heard) else unclear.amid(turn, said)


async def asked_after(turn: Turn, said: Text | Files, reply: Message, numbers: str) -> Message:
    """Ask of words that may tell of danger where they answered something else, and nothing more is asked.

    Elsewhere the numbers to call come first.
    """
    free = numbers and not turn.talk.flow and not is_official(turn.work, turn.chat)
    asks = free and not await alarms.goes_with(turn, turn.work.rules.understanding.read(typed(said)))
    asking = unclear.ask(turn, said, kept=True) if asks else None
    if asking is None:
        return unclear.first(reply, "" if numbers in reply.text else numbers)
    return replace(await say(turn, replace(asking, before=reply.text)), alarm=True)


_TELLING = 2
"""Words an official tells danger with in the middle of something else; one alone is what is looked for."""
_FEW = 8
"""Words of a remark."""


def _goes_on(turn: Turn, said: Text | Files) -> bool:
    """Say whether a few words, in which no pattern hears danger, go on with a case that was spoken of."""
    heard = turn.work.rules.understanding.read(typed(said))
    return heard.dangers == HUNCH and bool(turn.talk.last_case) and len(typed(said).split()) <= _FEW


def beside(turn: Turn, said: Text) -> str:
    """Return the numbers to call where danger may be spoken of, and nobody else hears of it at once."""
    if turn.talk.flow == emergency.UNCLEAR:
        return ""
    if turn.talk.flow in cries.OPEN:
        return cries.numbers(turn, said.text)
    if is_official(turn.work, turn.chat):
        return _of_an_official(turn, said)
    words = "sealed.danger" if confidence.is_kept_close(turn) else "emergency.beside"
    return emergency.numbers(turn, said.text, words)


def _of_an_official(turn: Turn, said: Text) -> str:
    """Return the same for an official; not for what an option says, nor for what is told at the counter."""
    called = turn.work.rules.understanding.read(said.text).emergency
    if (
        not called
        or len(said.text.split()) < _TELLING
        or turn.talk.flow in drafts.OF_OTHERS
        or picks(turn, said)
    ):
        return ""
    return turn.say("official.danger", numbers=emergency.calls(turn, called))
