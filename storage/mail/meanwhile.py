"""What is said in a chat while somebody has it, a worker that is slow or frozen: it is stored at once.

An OPEN row of the inbox is counted in its lane, and only who has the lane makes or ends one. Where somebody
else has it a message is stored as HELD: to be handled all the same, and counted by the next worker that finds
the lane free.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, Table, bindparam, literal, select, union_all, update

from storage.ground.tables import HELD, OPEN, Inbox
from storage.ground.work import Work
from storage.mail import lanes
from storage.mail.lanes import lane

inbox: Table = Inbox.__table__  # type: ignore[assignment]

MOST = 1000
"""Chats in which what was held is counted at a time."""


def _looked() -> CompoundSelect[Any]:
    """Make one statement of it, once: it is part of the price of every message."""
    accounts: BindParameter[str] = bindparam("accounts", expanding=True)
    ids: BindParameter[str] = bindparam("ids", expanding=True)
    keys: BindParameter[str] = bindparam("keys", expanding=True)
    exists = lane.c.account.in_(accounts), lane.c.direction == "in", lane.c.key.in_(keys)
    held = select(inbox.c.lane).where(inbox.c.state == HELD, inbox.c.lane.in_(keys))
    free = select(lane.c.key).where(*exists, lane.c.key.not_in(held)).order_by(lane.c.key)
    locked = free.with_for_update(skip_locked=True).cte("locked")
    here = inbox.c.account.in_(accounts), inbox.c.external_id.in_(ids)
    return union_all(
        select(inbox.c.account, inbox.c.external_id.label("name"), literal(1).label("here")).where(*here),
        select(lane.c.account, lane.c.key, literal(0)).where(
            *exists, lane.c.key.not_in(select(locked.c.key))
        ),
    )


_LOOKED = _looked()

Ids = set[tuple[str, str]]
"""Messages by (account, external id)."""


async def found(work: Work, arriving: Sequence[tuple[str, str, str]]) -> tuple[Ids, set[str]]:
    """Say what stands in the way of messages, given as (account, external id, lane), and wait for nobody.

    Returns those that are here already (their rows may be somebody's, too), and the lanes that somebody else
    has; the others are locked. Where something is held already, what comes after it is held too: their order
    stays.
    """
    if not await lanes.shared(work.session):
        return set(), set()
    accounts, ids, keys = (sorted(set(column)) for column in zip(*arriving, strict=True))
    values = {"accounts": accounts, "ids": ids, "keys": keys}
    rows = (await work.session.execute(_LOOKED, values)).all()
    return {(row.account, row.name) for row in rows if row.here}, {row.name for row in rows if not row.here}


async def count(work: Work, priority: int) -> None:
    """Count what was held in chats that nobody has now."""
    if not await lanes.shared(work.session):
        return
    keys = (
        await work.session.scalars(select(inbox.c.lane).where(inbox.c.state == HELD).distinct().limit(MOST))
    ).all()
    locked = await lanes.hold(work.session, "in", keys) if keys else []
    if not locked:
        return
    counting = (
        update(inbox)
        .where(inbox.c.state == HELD, inbox.c.lane.in_(locked))
        .values(state=OPEN)
        .returning(inbox.c.account, inbox.c.lane)
    )
    counted = [(row.account, row.lane, priority) for row in await work.session.execute(counting)]
    await lanes.wake(work.session, "in", lanes.tally(counted), work.now)
