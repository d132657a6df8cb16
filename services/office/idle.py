"""A page on which an official works is theirs for days, not for ever: a lost telephone forgets it.

Each visit begins the days anew. When they are over the desk ends the chat by itself (see `joining`); whatever
the browser still holds, it is nobody's then, and an invitation ties it again. Citizens keep their pages.
"""

from dataclasses import dataclass
from datetime import timedelta

from storage.ground.work import Work
from storage.people import joined
from storage.people.people import Chat
from storage.time import timers

KIND = "idle"
"""The kind of timer whose subject is the page of an official."""
_NOTED_EVERY = timedelta(hours=1)
"""Visits within so long of one another are written down as one."""


def lasts(work: Work) -> timedelta:
    """Return how long such a page is good without a visit."""
    return timedelta(days=work.rules.administering.web_days)


def used(work: Work, chat: Chat) -> None:
    """Begin the days anew, of a chat they count for."""
    if joined.is_page(chat):
        visited(work, chat.key)


@dataclass(frozen=True, slots=True)
class Page:
    """A page on which an official works: whether its days are over, and whether a visit is to be noted."""

    over: bool
    to_note: bool


async def page(work: Work, chat_key: str) -> Page | None:
    """Return how an official's page stands; None for everybody else's, which are theirs for good."""
    if not await joined.has_page(work, chat_key):
        return None
    wound = await timers.due_at(work, KIND, chat_key)
    over = wound is not None and wound <= work.now
    return Page(over, not over and (wound is None or wound <= work.now + lasts(work) - _NOTED_EVERY))


def visited(work: Work, chat_key: str) -> None:
    """Begin the days of an official's page anew."""
    work.wind(KIND, chat_key, work.now + lasts(work))


async def begin(work: Work) -> None:
    """Let the days begin for whoever came in before there were any, or without an invitation."""
    for key in await joined.pages(work):
        await timers.begin(work, KIND, key, work.now + lasts(work))


async def keep(work: Work) -> None:
    """Begin the days of every such page anew."""
    for key in await joined.pages(work):
        visited(work, key)
