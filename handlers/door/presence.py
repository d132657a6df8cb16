"""Whether somebody can still be written to, and where: chats that shut and open, groups that come, move."""

import locales
from domain.messages import Incoming, Message, Moved, Presence
from handlers.door import menu
from handlers.door.catalogue import CONVERSATIONS
from handlers.engine.conversation import Talk, Turn
from services.intake import chats
from services.office import newcomers
from services.saying import undelivered
from storage.ground.work import REPLY, Work
from storage.people.people import Chat


async def note(work: Work, incoming: Incoming) -> None:
    """Note it. Nobody is answered but who has just come: a group, or somebody who never wrote before."""
    if isinstance(incoming.said, Moved):
        await chats.move(work, incoming, incoming.said)
    elif isinstance(incoming.said, Presence):
        await _opened(work, incoming) if incoming.said.here else await _shut(work, incoming.chat)


async def _shut(work: Work, key: str) -> None:
    chat = work.chats.get(key)
    if chat is not None and chat.blocked_at is None:
        await undelivered.leave(work, chat)


async def _opened(work: Work, incoming: Incoming) -> None:
    known = work.chats.get(incoming.chat)
    if known is not None and (known.blocked_at is None or not incoming.group):
        if known.blocked_at is not None:
            known.blocked_at = None
            await _show_what_waited(work, known, incoming)
        return
    chat = chats.of(work, incoming)
    chats.hear(work, chat, group=incoming.group)
    hello = _to_all(chat) if incoming.group else _to_one(work, chat, incoming)
    work.post(chat, hello, f"reply:{incoming.account}:{incoming.external_id}"[:120], priority=REPLY)


async def _show_what_waited(work: Work, chat: Chat, incoming: Incoming) -> None:
    """Show an official who is back what waits for somebody."""
    text, lines = await newcomers.waiting(work, chat)
    if text:
        key = f"joined:{incoming.account}:{incoming.external_id}"[:120]
        work.post(chat, Message(text, lines), key)


def _to_all(chat: Chat) -> Message:
    return Message(locales.words(chat.language)("group.hello"))


def _to_one(work: Work, chat: Chat, incoming: Incoming) -> Message:
    turn = Turn(work, chat, Talk.of(chat), CONVERSATIONS, came=incoming.at)
    hello = menu.hello(turn)
    turn.talk.keep(chat)
    return hello
