"""What people are told outside a case's own telling: it lets them sleep, and each chat hears it once."""

from collections.abc import Awaitable, Callable, Iterable
from inspect import isawaitable
from uuid import UUID

import locales
from domain.messages import Message
from services.standing import homes
from storage.ground.work import NOTICE, Work
from storage.people import people
from storage.people.people import Chat

Write = Callable[[Chat], Message | Awaitable[Message]]
"""Writes what a chat is told, in its language."""


def words(key: str, **facts: object) -> Callable[[Chat], Message]:
    """Write words of the locale files that need no more than these facts."""
    return lambda chat: Message(locales.words(chat.language)(key, **facts))


async def tell(  # noqa: PLR0913 - each says one thing of the notice, by name
    work: Work,
    to: Iterable[UUID | Chat],
    write: Write,
    about: str,
    *,
    wake: bool = False,
    priority: int = NOTICE,
) -> None:
    """Tell people, in all their chats, or single chats what has happened.

    It waits for the morning where it comes in the quiet hours of a chat, unless it is to `wake`. `about`
    names what it is of and on which occasion, in at most 87 letters: under that each chat hears it once,
    however often it is told.
    """
    given = list(to)
    theirs = await people.chats_of(work, [one for one in given if isinstance(one, UUID)])
    for chat in [*theirs, *(one for one in given if isinstance(one, Chat))]:
        written = write(chat)
        message = await written if isawaitable(written) else written
        hold = None if wake else homes.quiet_until(work, chat)
        work.post(chat, message, f"{about}:{chat.key}", priority=priority, hold=hold)
