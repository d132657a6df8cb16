"""Which officials have a chat that takes messages now: who has none is told nothing, whatever is posted.

Read in one statement a work; what this work itself changes in a chat counts at once.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from storage.ground.tables import Chat, RoleRow
from storage.ground.work import Seat, Work

_SEATS = select(Chat.person_id, Chat.key, Chat.account, Chat.heard_at, Chat.blocked_at).where(
    Chat.person_id.in_(select(RoleRow.person_id))
)


async def load(work: Work) -> None:
    """Read the chats of everybody who holds a role, unless they are read."""
    if work.seats is not None:
        return
    rows = await work.session.execute(_SEATS)
    work.seats = {}
    for person_id, key, account, heard_at, blocked_at in rows:
        if person_id is not None:
            work.seats.setdefault(person_id, []).append(Seat(key, account, heard_at, blocked_at))
    for chat in work.chats.values():
        if chat.person_id is not None:
            sit(work, chat.person_id, chat)


def sit(work: Work, person_id: UUID, chat: Chat) -> None:
    """Count a chat that has become this person's in this work, and may not be written yet."""
    if work.seats is not None:
        seat = Seat(chat.key, chat.account, chat.heard_at, chat.blocked_at)
        work.seats.setdefault(person_id, []).append(seat)


def among(work: Work, people: Iterable[UUID]) -> list[UUID]:
    """Return whom of these people a message reaches now; all of them where no chats were read."""
    if work.seats is None:
        return list(people)
    return [person for person in people if any(_takes(work, seat) for seat in work.seats.get(person, ()))]


def _takes(work: Work, seat: Seat) -> bool:
    """Say whether the chat takes messages: nobody shut it, and its platform lets the desk write first."""
    known = work.chats.get(seat.key)
    blocked_at = known.blocked_at if known is not None else seat.blocked_at
    heard_at: datetime = known.heard_at if known is not None else seat.heard_at
    window = work.rules.reaching.windows.get(seat.account)
    return blocked_at is None and (window is None or work.now - heard_at <= window.open_for)
