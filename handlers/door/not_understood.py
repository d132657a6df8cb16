"""The ladder of "did not understand": an example, then a menu, then a human. It never loops."""

from domain.messages import Message, Said
from handlers.citizen import commune_first, handover
from handlers.door import menu
from handlers.engine.conversation import Turn
from handlers.engine.flow import typed
from handlers.engine.runner import say
from services.intake import drafts
from services.standing.parties import is_official


async def answer(turn: Turn, said: Said) -> Message:
    """Answer what was not understood, a step further each time."""
    if is_official(turn.work, turn.chat):
        return await menu.choose(turn, "help")
    turn.talk.misses += 1
    if turn.talk.misses == 1:
        return Message(turn.say("lost.first"))
    if turn.talk.misses == 2 or _says_nothing(turn, typed(said)):
        return menu.ladder(turn)
    turn.talk.misses = 0
    text, before = typed(said), turn.say("lost.handed")
    asked = commune_first.first(turn, "human", text, before)
    return await say(turn, asked) if asked else await handover.take_over(turn, text, before)


_A_NUMBER = 8
"""Digits of the shortest number at which somebody can be called."""


def _says_nothing(turn: Turn, text: str) -> bool:
    """Say whether there is nothing an officer could read: no word, no number to call, nothing half told."""
    number = sum(map(str.isdigit, text)) >= _A_NUMBER
    told = drafts.all_words(vars(turn.talk))
    return not number and not told and not any(map(str.isalpha, text))
