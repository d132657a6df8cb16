"""Whether somebody can still be written to, and where: chats that shut and open, groups that come, move."""

import locales
from domain.messages import Incoming, Message, Moved, Presence
from services import undelivered
from storage import moving, people
from storage.work import REPLY, Work


async def note(work: Work, incoming: Incoming) -> None:
    """Note it. Nobody is answered but a group that the desk has just come into."""
    if isinstance(incoming.said, Moved):
        await moving.move_chat(work, incoming.account, incoming.chat, incoming.said.address)
    elif isinstance(incoming.said, Presence):
        await _opened(work, incoming) if incoming.said.here else await _shut(work, incoming.chat)


async def _shut(work: Work, key: str) -> None:
    chat = work.chats.get(key)
    if chat is not None and chat.blocked_at is None:
        await undelivered.leave(work, chat)


async def _opened(work: Work, incoming: Incoming) -> None:
    known = work.chats.get(incoming.chat)
    greeted = known is not None and known.blocked_at is None
    if known is not None:
        known.blocked_at = None
    if incoming.group and not greeted:
        chat = people.open_chat(work, incoming.account, incoming.chat, incoming.address)
        chat.group = True
        chat.heard_at = work.now
        hello = Message(locales.words(chat.language)("group.hello"))
        work.post(chat, hello, f"reply:{incoming.account}:{incoming.external_id}"[:120], priority=REPLY)
