"""The chats one works in: seen, and ended, one's own by oneself and anybody's by an admin."""

from domain.messages import Message
from handlers.admin.previews import proposed, refused
from handlers.engine.conversation import Option, Turn
from services.office import joining
from services.standing.parties import is_official
from storage.people.people import Chat, name_of


async def _mine(turn: Turn, _text: str) -> Message:
    if turn.chat.person_id is None or not is_official(turn.work, turn.chat):
        return Message(turn.say("joined.no_official"))
    return await joining.listed(turn.work, turn.chat.person_id, turn.chat)


async def _end(turn: Turn, text: str) -> Message:
    last = await joining.takes_two(turn.work, turn.chat, text)
    return await _apart(turn, last) if last else await _ended(turn, text)


async def _apart(turn: Turn, last: Chat) -> Message:
    """Ask for the second person it takes to end the last chat of somebody who holds a key."""
    name = await name_of(turn.work, last.person_id)
    note = turn.say("joined.cut", name=name, where=joining.place(turn.chat.language, last))
    order = {"do": "cut", "chat": last.key, "person": str(last.person_id)}
    return Message(await refused(turn, proposed(turn, order, note)))


async def _ended(turn: Turn, text: str) -> Message:
    await joining.end(turn.work, turn.chat, text, strange=False)
    return Message(turn.say("joined.done"))


async def _not_me(turn: Turn, text: str) -> Message:
    await joining.end(turn.work, turn.chat, text, strange=True)
    return Message(turn.say("joined.done_strange"))


OPTIONS: dict[str, Option] = {"my_chats": _mine, "end_chat": _end, "not_me": _not_me}
