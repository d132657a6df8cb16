"""The ladder of "did not understand": an example, then a menu, then a human. It never loops."""

from domain.messages import Message, Said
from handlers import human, menu
from handlers.conversation import Turn
from handlers.flow import typed
from services.who import is_official


async def answer(turn: Turn, said: Said) -> Message:
    """Answer what was not understood, a step further each time."""
    if is_official(turn.work, turn.chat):
        return await menu.choose(turn, "help")
    turn.talk.misses += 1
    if turn.talk.misses == 1:
        return Message(turn.say("lost.first"))
    if turn.talk.misses == 2:
        return menu.ladder(turn)
    turn.talk.misses = 0
    return await human.take_over(turn, typed(said), turn.say("lost.handed"))
