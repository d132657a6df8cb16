"""What a chat keeps of whoever writes in it: when they were heard, in which language, at which number."""

from domain.messages import Incoming, Moved
from storage.ground.work import Work
from storage.people import linked, people, readdressed
from storage.people.people import Chat


def of(work: Work, incoming: Incoming) -> Chat:
    """Return the chat something came from; it is made where nobody wrote in it before."""
    return at(work, incoming.account, incoming.chat, incoming.address)


def at(work: Work, account: str, key: str, address: str) -> Chat:
    """Return the chat of an account with this key; it is made where nobody wrote in it before."""
    return people.open_chat(work, account, key, address)


def of_speaker(work: Work, incoming: Incoming, key: str) -> Chat:
    """Return the chat, under its key, of whoever spoke in a group."""
    return at(work, incoming.account, key, incoming.speaker)


def hear(work: Work, chat: Chat, *, group: bool) -> None:
    """Note that somebody writes in it now: it can be reached, and may be told again."""
    chat.heard_at, chat.blocked_at, chat.group = work.now, None, group
    if not group:
        chat.told = 0


async def move(work: Work, incoming: Incoming, to: Moved) -> None:
    """Let a group have the address to which its channel has moved it."""
    await readdressed.move_chat(work, incoming.account, incoming.chat, to.address)


def speak(chat: Chat, language: str) -> None:
    """Let a chat be written to in a language, by its code."""
    chat.language = language


def mute(chat: Chat, *, muted: bool) -> None:
    """Let a chat be told nothing unasked, or be told again."""
    chat.muted = muted


def leave_number(chat: Chat, number: str) -> None:
    """Keep the number at which whoever writes wants to be called."""
    chat.contact = number


async def forget_number(work: Work, chat: Chat) -> None:
    """Delete it from this chat and from those of the same person."""
    await linked.forget_number(work, chat)
