"""What tells whether the engine keeps up: queues, timers, errors. It reads, and locks nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Table, func, or_, select

from storage.ground.instant import from_ms, to_ms
from storage.ground.tables import DEAD, HELD, OPEN, SENDING
from storage.ground.work import Work
from storage.mail.inbox import inbox
from storage.mail.lanes import Direction, lane
from storage.mail.outbox import outbox
from storage.time.timers import timer


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits of an account in one direction, and since when the oldest of it does."""

    account: str
    direction: Direction
    waiting: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """A reason for which messages of an account were given up, and how many of them."""

    account: str
    reason: str
    count: int


async def queues(work: Work) -> list[Queue]:
    """Return every queue that is not empty."""
    return [*await _queues(work, "in", inbox, (OPEN, HELD)), *await _queues(work, "out", outbox, _COUNTED)]


_COUNTED = (OPEN, SENDING)
"""What stands in the lanes' counters."""


async def _queues(work: Work, direction: Direction, table: Table, states: Sequence[int]) -> list[Queue]:
    waits = or_(*(table.c.state == state for state in states))  # each by itself, so that its index is used
    statement = (
        select(table.c.account, func.count(), func.min(table.c.seq))
        .where(waits)
        .group_by(table.c.account)
        .order_by(table.c.account)
    )
    rows = (await work.session.execute(statement)).all()
    return [Queue(account, direction, count, from_ms(seq // 1000)) for account, count, seq in rows]


async def miscounted(work: Work) -> int:
    """Return how many messages the lanes' counters are off by, all together: 0 unless something broke."""
    counted = await work.session.scalar(select(func.coalesce(func.sum(lane.c.pending), 0))) or 0
    rows = [*await _queues(work, "in", inbox, (OPEN,)), *await _queues(work, "out", outbox, _COUNTED)]
    return int(counted) - sum(queue.waiting for queue in rows)


async def fetching(work: Work) -> list[tuple[str, int]]:
    """Return how many messages of which account wait for their files."""
    statement = select(inbox.c.account, func.count()).where(
        inbox.c.fetch_at.is_not(None), inbox.c.state == OPEN
    )
    rows = (await work.session.execute(statement.group_by(inbox.c.account).order_by(inbox.c.account))).all()
    return [(account, count) for account, count in rows]


async def overdue(work: Work, by: timedelta) -> tuple[int, datetime | None]:
    """Return how many timers should have rung so long ago, and when the first of them should have."""
    late = timer.c.due_at <= work.now - by
    row = (await work.session.execute(select(func.count(), func.min(timer.c.due_at)).where(late))).one()
    return row[0], row[1]


async def troubles(work: Work, since: datetime) -> Sequence[Trouble]:
    """Return why messages, come or to be sent, were given up since a moment, the commonest reason first."""
    found: list[Trouble] = []
    for table in (inbox, outbox):
        statement = (
            select(table.c.account, func.coalesce(table.c.error, ""), func.count())
            .where(table.c.state == DEAD, table.c.seq >= to_ms(since) * 1000)
            .group_by(table.c.account, table.c.error)
        )
        found += [Trouble(*row) for row in (await work.session.execute(statement)).all()]
    return sorted(found, key=lambda trouble: -trouble.count)
