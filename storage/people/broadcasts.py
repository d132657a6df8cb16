"""Messages to everybody of a hamlet: written by one, approved by another, and to whom they go."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from uuid_utils.compat import uuid7

from storage.cases import kept
from storage.ground.instant import to_ms
from storage.ground.tables import Broadcast as Broadcast
from storage.ground.tables import Case, Chat, Follower, Outbox
from storage.ground.work import REPLY, Work
from storage.people.people import COUNTER, SEALED

RETURNED, SENDING, SENT = "returned", "sending", "sent"
"""A message waits for a second person, who returns it or lets it be sent; then it is being sent, and sent."""


def new(work: Work, author: UUID, *, area: str, body: str, recipients: int) -> Broadcast:
    """Make a message, to be kept with the act by which it begins."""
    facts = {"area": area, "body": body, "recipients": recipients, "reached": ""}
    return Broadcast(id=uuid7(), person_id=author, at=work.now, **facts)


async def count(work: Work, areas: Collection[str]) -> dict[str, int]:
    """Count the chats a message to these areas goes to, by account."""
    counted = select(Chat.account, func.count()).where(*_reachable(work, areas)).group_by(Chat.account)
    return dict((await work.session.execute(counted)).all())


async def next_chats(work: Work, areas: Collection[str], after: str, most: int) -> Sequence[Chat]:
    """Return the next chats a message goes to, after the one with this key."""
    chosen = select(Chat).where(*_reachable(work, areas), Chat.key > after).order_by(Chat.key).limit(most)
    found = (await work.session.scalars(chosen)).all()
    return [work.chats.setdefault(chat.key, chat) for chat in found]


def _reachable(work: Work, areas: Collection[str]) -> list[ColumnElement[bool]]:
    """Say who is reached: who has or follows a case there, takes messages, and has not asked for quiet.

    Nobody is by a case that was kept from somebody from its beginning: the count, which is shown before
    anything is sent, would tell of it and of its hamlet. Nor does it fall where words close one.
    """
    there = Case.area.in_(sorted(areas)) & (kept.is_open() | Case.kept_since.is_not(None))
    followed = select(Follower.chat_key).join(Case, Case.id == Follower.case_id).where(there)
    return [
        or_(Chat.key.in_(select(Case.chat_key).where(there)), Chat.key.in_(followed)),
        Chat.account.not_in([SEALED, COUNTER]),
        Chat.muted.is_(False),
        Chat.blocked_at.is_(None),
        *_unbarred(work, areas),
    ]


def _unbarred(work: Work, areas: Collection[str]) -> list[ColumnElement[bool]]:
    """Leave out who is barred where all of these areas are; what one commune of many bars is its own."""
    lineages = [set(work.desk.directory.lineage(area)) for area in areas]
    over = set.intersection(*lineages) if lineages else set()
    over |= {old for commune in over for old in work.desk.directory.merged.get(commune, ())}
    today = work.today.isoformat()
    return [func.coalesce(Chat.bars[area].as_string(), "") < today for area in sorted(over)]


async def sent_since(work: Work, accounts: Collection[str], since: datetime) -> dict[str, int]:
    """Count what accounts have had to carry since a moment that answered nobody."""
    conditions = (
        Outbox.account.in_(sorted(accounts)),
        Outbox.seq >= to_ms(since) * 1000,  # see storage.ground.work.Numbers
        Outbox.priority != REPLY,
        Outbox.error.is_(None),  # nor what was given up
    )
    counted = select(Outbox.account, func.count()).where(*conditions).group_by(Outbox.account)
    return dict((await work.session.execute(counted)).all())
