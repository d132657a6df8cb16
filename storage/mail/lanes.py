"""Lanes: one row for each chat and direction; workers and senders lock chats, not messages.

`pending` is a counter that is only ever added to: under READ COMMITTED a sub-select in the UPDATE that
releases a lane would see an old snapshot and lose a wake-up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from sqlalchemy import (
    ColumnElement,
    Insert,
    Integer,
    Select,
    Table,
    and_,
    bindparam,
    case,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from storage.ground import dialect
from storage.ground.instant import Instant
from storage.ground.tables import Inbox, Lane, Outbox

Direction = Literal["in", "out"]
lane: Table = Lane.__table__  # type: ignore[assignment]
# In the words of the tables' partial indices, so that these are used.
_COUNTED: dict[Direction, tuple[Table, str]] = {
    "in": (Inbox.__table__, "state = 0"),  # type: ignore[dict-item]
    "out": (Outbox.__table__, "state in (0, 2)"),  # type: ignore[dict-item]
}


LONGEST = timedelta(hours=1)
"""Nothing rests longer, whatever a platform asks for: what is further away was written before the clock was
set back."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """So many new messages of a priority (1 first, 9 last) in a lane."""

    account: str
    key: str
    count: int
    priority: int


@dataclass(frozen=True, slots=True)
class Release:
    """A lane that was worked on: how many messages left it, and when it may be worked on again."""

    account: str
    key: str
    done: int
    ready_at: datetime


async def shared(session: AsyncSession) -> bool:
    """Say whether another transaction may have a lane now: on SQLite a writer is alone."""
    return (await session.connection()).dialect.name != "sqlite"


def tally(rows: Iterable[tuple[str, str, int]]) -> list[Arrival]:
    """Count (account, key, priority) rows into one arrival a lane, in the one order every writer uses."""
    lanes: dict[tuple[str, str], list[int]] = {}
    for account, key, priority in rows:
        lanes.setdefault((account, key), []).append(priority)
    return [Arrival(account, key, len(p), min(p)) for (account, key), p in sorted(lanes.items())]


async def wake(
    session: AsyncSession, direction: Direction, arrivals: Sequence[Arrival], now: datetime
) -> None:
    """Add to the lanes' counters. Arrivals must be sorted (tally does), so that writers cannot deadlock."""
    if not arrivals:
        return
    connection = await session.connection()
    rows = [
        {
            "account": a.account,
            "direction": direction,
            "key": a.key,
            "pending": a.count,
            "priority": a.priority,
            "ready_at": now,
        }
        for a in arrivals
    ]
    await connection.execute(_waking(connection.dialect.name), rows)


@cache
def _waking(on: str) -> Insert:
    """Make the statement once for each dialect: it is part of the price of every message."""
    new = dialect.insert_of(on, lane)
    idle = lane.c.pending == 0
    return new.on_conflict_do_update(
        index_elements=["account", "direction", "key"],
        set_={
            "pending": lane.c.pending + new.excluded.pending,
            "priority": case(
                (idle | (new.excluded.priority < lane.c.priority), new.excluded.priority),
                else_=lane.c.priority,
            ),
            "ready_at": case(
                (and_(idle, lane.c.ready_at < new.excluded.ready_at), new.excluded.ready_at),
                else_=lane.c.ready_at,
            ),
        },
    )


async def lock_ready(
    session: AsyncSession, direction: Direction, account: str | None, now: datetime, limit: int
) -> list[tuple[str, str]]:
    """Lock up to `limit` lanes that have work and may be worked on; returns (account, key) pairs.

    A lane that another replica holds is passed over. `account` None means every account.
    """
    values = {"direction": direction, "account": account, "now": now, "far": now + LONGEST, "most": limit}
    statement = _READY_OF_ALL if account is None else _READY
    return [(row.account, row.key) for row in await session.execute(statement, values)]


def _ready(*accounts: ColumnElement[bool]) -> Select[str, str]:
    """Make it once, too."""
    now, far = bindparam("now", type_=Instant), bindparam("far", type_=Instant)
    ready = or_(lane.c.ready_at <= now, lane.c.ready_at > far)
    return (
        select(lane.c.account, lane.c.key)
        .where(lane.c.direction == bindparam("direction"), lane.c.pending > 0, ready, *accounts)
        .order_by(lane.c.priority, lane.c.ready_at)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
    )


_READY_OF_ALL, _READY = _ready(), _ready(lane.c.account == bindparam("account"))


async def lock(
    session: AsyncSession,
    direction: Direction,
    account: str,
    keys: Iterable[str],
    *,
    skip_locked: bool = False,
) -> list[tuple[str, str]]:
    """Lock these lanes of an account that have work, before their hour too; returns (account, key) pairs."""
    statement = (
        select(lane.c.account, lane.c.key)
        .where(
            lane.c.account == account,
            lane.c.direction == direction,
            lane.c.key.in_(sorted(set(keys))),
            lane.c.pending > 0,
        )
        .order_by(lane.c.key)
        .with_for_update(skip_locked=skip_locked)
    )
    return [(row.account, row.key) for row in await session.execute(statement)]


async def hold(session: AsyncSession, direction: Direction, keys: Iterable[str]) -> list[str]:
    """Lock these lanes, with or without work, but not those another replica holds; returns their keys."""
    statement = (
        select(lane.c.key)
        .where(lane.c.direction == direction, lane.c.key.in_(sorted(set(keys))))
        .order_by(lane.c.key)
        .with_for_update(skip_locked=True)
    )
    return list(await session.scalars(statement))


async def existing(session: AsyncSession, direction: Direction, keys: Iterable[str]) -> set[str]:
    """Return which of these keys have a lane, whoever holds it."""
    wanted = lane.c.direction == direction, lane.c.key.in_(sorted(set(keys)))
    return set(await session.scalars(select(lane.c.key).where(*wanted)))


async def release(session: AsyncSession, direction: Direction, releases: Sequence[Release]) -> None:
    """Take what is done off the counters and say when each lane is next ready."""
    if not releases:
        return
    rows = [
        {
            "b_account": r.account,
            "b_direction": direction,
            "b_key": r.key,
            "b_done": r.done,
            "b_ready_at": r.ready_at,
        }
        for r in sorted(releases, key=lambda r: (r.account, r.key))
    ]
    await (await session.connection()).execute(_RELEASING, rows)


_RELEASING = (
    update(lane)
    .where(
        lane.c.account == bindparam("b_account"),
        lane.c.direction == bindparam("b_direction"),
        lane.c.key == bindparam("b_key"),
    )
    .values(
        pending=lane.c.pending - bindparam("b_done", type_=Integer),
        ready_at=bindparam("b_ready_at", type_=Instant),
    )
)


async def empty(
    session: AsyncSession, direction: Direction, pairs: Sequence[tuple[str, str]], now: datetime
) -> None:
    """Set to nothing the counters of locked lanes, given as (account, key), in which no message waits.

    A counter that is wrong would be first in line again and again, and keep everybody else from a turn.
    """
    if not pairs:
        return
    rows, counted = _COUNTED[direction]
    theirs = rows.c.account == lane.c.account, rows.c.lane == lane.c.key, text(counted)
    wrong = lane.c.direction == direction, tuple_(lane.c.account, lane.c.key).in_(pairs)
    statement = update(lane).where(*wrong, ~select(rows.c.lane).where(*theirs).exists())
    await session.execute(statement.values(pending=0, ready_at=now))
