"""The chats one works in: seen, and ended, one's own by oneself and anybody's by an admin."""

from domain.messages import Message
from handlers.conversation import Option, Turn
from services import joining
from services.who import is_official


async def _mine(turn: Turn, text: str) -> Message:  # noqa: ARG001 - every option is called alike
    if turn.chat.person_id is None or not is_official(turn.work, turn.chat):
        return Message(turn.say("joined.no_official"))
    return await joining.listed(turn.work, turn.chat.person_id, turn.chat)


async def _end(turn: Turn, text: str) -> Message:
    await joining.end(turn.work, turn.chat, text, strange=False)
    return Message(turn.say("joined.done"))


async def _not_me(turn: Turn, text: str) -> Message:
    await joining.end(turn.work, turn.chat, text, strange=True)
    return Message(turn.say("joined.done_strange"))


OPTIONS: dict[str, Option] = {"my_chats": _mine, "end_chat": _end, "not_me": _not_me}
