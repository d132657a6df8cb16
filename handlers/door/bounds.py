"""How much one chat may tell before it sends it, and danger that is heard in what is too much."""

from dataclasses import replace

from domain.messages import MOST_LETTERS, Files, Message, Said, Text, Unsupported
from handlers.door import danger
from handlers.engine.conversation import Turn
from handlers.engine.flow import typed
from services.standing.parties import is_official

MOST_TOLD = 2 * MOST_LETTERS
"""Letters of one draft: all of it is read again with whatever is added."""
SHORT = 60
"""Letters of an answer or a command, which is always heard."""


def fitting(turn: Turn, said: Said) -> Said:
    """Refuse what is added to a report that is long enough; its files are kept."""
    words = typed(said)
    if len(words) <= SHORT or not turn.talk.flow or not turn.conversation.waits:
        return said
    if len(words) + _letters([turn.talk.seed, turn.talk.answers]) <= MOST_TOLD:
        return said
    if isinstance(said, Files):
        return replace(said, caption="", refused=(*said.refused, "draft_full"))
    return Unsupported("draft_full", words)


def _letters(value: object) -> int:
    """Count the letters of what was said, however it is kept."""
    if isinstance(value, str):
        return len(value)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(map(_letters, inner))


async def danger_in(turn: Turn, said: Unsupported) -> Message | None:
    """Answer danger in words that are not taken: whoever calls for help need not be brief."""
    if not said.words or is_official(turn.work, turn.chat):
        return None
    return await danger.alarm(turn, Text(said.words))
