"""The ladder of "did not understand": an example, then a menu, then a human. It never loops."""

from datetime import timedelta

import locales
from domain.messages import Message, Said, Text
from handlers import menu
from handlers.conversation import Turn
from handlers.flow import typed
from services import who, wording
from services.who import is_official


async def answer(turn: Turn, said: Said) -> Message:
    """Answer what was not understood, a step further each time."""
    turn.talk.misses += 1
    if is_official(turn.work, turn.chat):
        turn.talk.misses = 0
        return Message(turn.say("help.official"))
    if turn.talk.misses == 1:
        return Message(turn.say("lost.first"))
    if turn.talk.misses == 2:
        return menu.show(turn)
    turn.talk.misses = 0
    turn.talk.leave()
    text = said.text if isinstance(said, Text) else typed(said)
    return await hand_over(turn, text, turn.say("lost.handed"))


async def hand_over(turn: Turn, text: str, before: str = "") -> Message:
    """Give the message to whoever is on duty and tell the citizen when to expect them."""
    work = turn.work
    hold = work.rules.calendar.quiet_until(work.now)
    for number, chat in enumerate(await who.chats(work, who.on_duty(work))):
        told = locales.words(chat.language)("official.human", text=wording.shortened(text))
        key = f"human:{turn.chat.key[:12]}:{work.now.timestamp():.3f}:{number}"
        work.post(chat, Message(told), key, hold=hold)
    lines = [before, turn.say("human.text", when=_when(turn)), _phone(turn)]
    return Message("\n".join(line for line in lines if line))


def _when(turn: Turn) -> str:
    calendar, now = turn.work.rules.calendar, turn.work.now
    if calendar.is_open(now) and calendar.is_open(now + timedelta(hours=1)):
        return turn.say("human.soon")
    tomorrow = calendar.add_working_days(turn.work.today, 1)
    return turn.say("human.later", day=locales.day(turn.chat.language, tomorrow))


def _phone(turn: Turn) -> str:
    unit = turn.work.rules.directory.hotline(turn.work.today)
    return turn.say("human.phone", unit=unit.name, phone=unit.phone) if unit else ""
