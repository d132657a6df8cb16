"""Where danger may be spoken of in any message at all: what rings, what is asked, what is only called."""

from dataclasses import replace

from domain.messages import Files, Message, Text
from domain.understand import Understood, aftermath
from handlers.citizen import alarms, belonging, cries, emergency, unclear, which_alarm
from handlers.citizen.report import REPORT, told_apart
from handlers.door.out_of_the_blue import start as start_intake
from handlers.engine import confidence
from handlers.engine.conversation import Next, Turn
from handlers.engine.flow import typed
from handlers.engine.runner import hear, picks, say
from services.intake import drafts
from services.standing.parties import is_official
from storage.cases import cases as stored
from storage.cases.cases import Case


async def alarm(turn: Turn, said: Text | Files) -> Message | None:
    """Answer a message that speaks of danger; what is told in confidence never becomes a case by name."""
    if turn.talk.flow in cries.OPEN:
        return await cries.heard(turn, said)
    return None if confidence.is_kept_close(turn) else await emergency.answer(turn, said)


async def doubt(turn: Turn, said: Text | Files) -> Message | None:
    """Ask whether somebody is in danger where that is not clear: here, or amid a report."""
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
    return await _asked(turn, said, heard, over)


async def _asked(turn: Turn, said: Text | Files, heard: Understood, over: Case | None) -> Message | None:
    """Ask out of the blue: before an officer's question is answered, but where the words speak of it."""
    waiting = stored.asked_of(turn.work, turn.chat.own)
    few = bool(turn.talk.last_case) and len(typed(said).split()) <= _FEW
    plain = turn.work.rules.understanding.interrupts(heard)
    goes_on = over is None and not plain and (few or bool(waiting))
    asking = None if goes_on else unclear.ask(turn, said, over)
    if asking is None:
        return None
    if turn.talk.flow:
        turn.talk.end()
    if not waiting or not belonging.shares(heard, waiting):
        return await say(turn, unclear.first_of(asking) if waiting else asking)
    numbers = emergency.numbers(turn, typed(said))
    return await _asked_after(turn, said, await say(turn, await start_intake(turn, said)), numbers)


async def _amid(turn: Turn, said: Text | Files) -> Next | None:
    """Begin to ask amid an open report; not what a choice says."""
    if is_official(turn.work, turn.chat):
        return None
    if isinstance(said, Text) and picks(turn, said):
        return None
    heard = turn.work.rules.understanding.read(typed(said))
    return None if await alarms.goes_with(turn, heard) else unclear.amid(turn, said)


async def answered(turn: Turn, said: Text) -> Message:
    """Take words as the answer to the open question, and ask of what they may tell of danger beside it."""
    numbers, close, asks = beside(turn, said), confidence.is_kept_close(turn), _interrupts(turn, said)
    apart = None if numbers else told_apart(turn, said.text)
    reply = await (hear(turn, said, before=numbers) if apart is None else say(turn, apart))
    if asks:
        reply = await _asked_after(turn, said, reply, numbers)
    elif numbers not in reply.text and turn.talk.flow != cries.CRY.name:  # nothing was asked after it
        reply = unclear.first(reply, numbers)
    return replace(reply, alarm=reply.alarm or bool(numbers)) if close or numbers else reply


def _interrupts(turn: Turn, said: Text) -> bool:
    """Say whether words may tell of danger beside the answer that they are; a report is asked first."""
    if turn.talk.flow == emergency.UNCLEAR or is_official(turn.work, turn.chat) or picks(turn, said):
        return False
    understanding = turn.work.rules.understanding
    return not confidence.is_kept_close(turn) and understanding.interrupts(understanding.read(said.text))


async def _asked_after(turn: Turn, said: Text | Files, reply: Message, numbers: str) -> Message:
    """Ask of words that may tell of danger where they answered something else; what is open waits for it."""
    heard = turn.work.rules.understanding.read(typed(said))
    open_ = turn.talk.flow in {REPORT.name, emergency.UNCLEAR} or confidence.is_kept_close(turn)
    asks = not open_ and not await alarms.goes_with(turn, heard)
    asking = unclear.ask(turn, said, kept=True) if asks else None
    if asking is None:
        return unclear.first(reply, "" if numbers in reply.text else numbers)
    if turn.talk.flow:
        turn.talk.wait()
        return replace(await say(turn, asking), alarm=True)
    return replace(await say(turn, replace(asking, before=reply.text)), alarm=True)


_TELLING = 2
"""Words an official tells danger with in the middle of something else; one alone is what is looked for."""
_FEW = 8
"""Words of a remark: it may go on with a case that was spoken of."""


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
