"""A person takes over: what was said becomes a case, so that somebody answers it and the clock is watched."""

from dataclasses import replace

import locales
from domain.cases import OPEN_STATES
from domain.messages import Message
from handlers.citizen import cases
from handlers.conversation import Turn
from services import drafts, intake
from services.intake import Draft
from storage import cases as stored
from storage.cases import Case

TOPIC = "khac"
"""The topic whose unit receives people who do not find their way."""


async def take_over(turn: Turn, text: str, before: str = "") -> Message:
    """Hand what a citizen said to an officer and say when to expect them. Asked for twice, it is one case.

    What a half-told report says so far goes with it.
    """
    text = "\n".join(filter(None, (drafts.all_words(vars(turn.talk)), text)))
    turn.talk.leave()
    case = await _running(turn)
    if case is None:
        case = await _open(turn, text)
    elif text:
        await cases.add(turn, case, text, ())
    lines = [before, turn.say("human.text", code=case.code, when=_when(turn)), _phone(turn)]
    return Message("\n".join(line for line in lines if line))


async def to_be_called(turn: Turn, phone: str) -> Message:
    """Let a citizen's wish to be called be a case of its own; the number they left goes with it."""
    case = await _open(turn, "", "human.call")
    return Message(turn.say("contact.done.call_case", code=case.code, phone=phone, when=_when(turn)))


async def _running(turn: Turn) -> Case | None:
    case = await stored.by_code(turn.work, turn.talk.human) if turn.talk.human else None
    return case if case is not None and case.state in OPEN_STATES else None


async def _open(turn: Turn, text: str, wish: str = "human.story") -> Case:
    story = turn.say(wish) + (f"\n{text}" if text else "")
    heard = replace(turn.work.rules.understanding.read(text), text=story)
    heard = heard if text else replace(heard, summary=story)
    draft = Draft(heard, turn.session.commune, TOPIC)
    case = await intake.open_case(turn.work, turn.chat, draft)
    turn.talk.human = turn.talk.last_case = case.code
    return case


def _when(turn: Turn) -> str:
    """Say when to expect them: today while the office is open, else on the next working morning."""
    calendar, now, today = turn.work.rules.calendar, turn.work.now, turn.work.today
    if calendar.is_open(now):
        return turn.say("human.soon")
    early = calendar.is_working(today) and now < calendar.morning_of(today)
    morning = today if early else calendar.add_working_days(today, 1)
    if calendar.opens(now) < calendar.morning_of(morning):
        return turn.say("human.soon")  # the midday break
    return turn.say("human.later", day=locales.day(turn.chat.language, morning))


def _phone(turn: Turn) -> str:
    unit = turn.work.rules.directory.hotline(turn.work.today)
    return turn.say("human.phone", unit=unit.name, phone=unit.phone) if unit else ""
