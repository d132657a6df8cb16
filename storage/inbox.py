"""The inbox: every message is stored before it is acknowledged, and handled once, in its chat's order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Table, bindparam, func, select, update

from storage import lanes
from storage.instant import to_ms
from storage.tables import DEAD, DONE, OPEN, Inbox
from storage.work import Work

inbox: Table = Inbox.__table__  # type: ignore[assignment]

PRIORITY = 5
MAX_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Arrived:
    """A raw message: the platform's own id for it, its chat's address and its body as JSON-able data."""

    account: str
    external_id: str
    address: str
    body: Any


@dataclass(frozen=True, slots=True)
class Stored:
    """A raw message as it waits in the inbox."""

    account: str
    external_id: str
    lane: str
    body: Any
    attempts: int


async def store(work: Work, arrived: Sequence[Arrived]) -> None:
    """Store the messages; one that is there already (a redelivery) changes nothing."""
    first = to_ms(work.now) * 1000
    rows = [
        {
            "account": message.account,
            "external_id": message.external_id,
            "lane": work.keyring.blind("chat", message.account, message.address),
            "seq": first + number,
            "body": {"address": message.address, "raw": message.body},
            "state": OPEN,
            "attempts": 0,
        }
        for number, message in enumerate(arrived)
    ]
    rows.sort(key=lambda row: (row["account"], row["external_id"]))  # the one order: no deadlocks
    connection = await work.session.connection()
    statement = lanes.insert(connection, inbox).on_conflict_do_nothing()
    result = await connection.execute(statement.returning(inbox.c.account, inbox.c.lane), rows)
    new = [(row.account, row.lane, PRIORITY) for row in result]
    await lanes.wake(work.session, "in", lanes.tally(new), work.now)


async def take(
    work: Work, limit: int, each: int, account: str | None = None
) -> dict[tuple[str, str], list[Stored]]:
    """Lock ready lanes and return the oldest open messages of each, at most `each` a lane, in order."""
    locked = await lanes.lock_ready(work.session, "in", account, work.now, limit)
    if not locked:
        return {}
    rank = func.row_number().over(partition_by=inbox.c.lane, order_by=inbox.c.seq).label("rank")
    ranked = (
        select(inbox, rank)
        .where(inbox.c.state == OPEN, inbox.c.lane.in_([key for _, key in locked]))
        .subquery()
    )
    rows = await work.session.execute(
        select(ranked).where(ranked.c.rank <= each).order_by(ranked.c.lane, ranked.c.seq)
    )
    taken: dict[tuple[str, str], list[Stored]] = {pair: [] for pair in locked}
    for row in rows:
        taken[row.account, row.lane].append(
            Stored(row.account, row.external_id, row.lane, row.body, row.attempts)
        )
    return taken


async def done(work: Work, taken: dict[tuple[str, str], list[Stored]]) -> None:
    """Mark the messages handled and let their lanes go."""
    messages = [message for lane in taken.values() for message in lane]
    await _mark(work, messages, DONE, None)
    await lanes.release(
        work.session,
        "in",
        [lanes.Release(account, key, len(lane), work.now) for (account, key), lane in taken.items()],
    )


async def failed(work: Work, message: Stored, error: str, *, hopeless: bool = False) -> bool:
    """Count a failed attempt: only this chat waits, 2^n seconds; after the last it is a dead letter.

    Returns whether the message is now a dead letter. `hopeless` (it cannot even be read) skips the retries.
    """
    dead = hopeless or message.attempts + 1 >= MAX_ATTEMPTS
    await _mark(work, [message], DEAD if dead else OPEN, error, attempts=message.attempts + 1)
    wait = timedelta(0) if dead else timedelta(seconds=2**message.attempts)
    release = lanes.Release(message.account, message.lane, int(dead), work.now + wait)
    await lanes.release(work.session, "in", [release])
    return dead


async def count_attempt(work: Work, message: Stored) -> None:
    """Count an attempt before it is made, so that a message that kills the process is not tried for ever."""
    if message.attempts >= MAX_ATTEMPTS:
        await failed(work, message, "the process ended while handling it", hopeless=True)
    else:
        await _mark(work, [message], OPEN, None, attempts=message.attempts + 1)


async def _mark(
    work: Work, messages: Sequence[Stored], state: int, error: str | None, attempts: int | None = None
) -> None:
    if not messages:
        return
    values: dict[str, Any] = {"state": state, "error": error}
    if attempts is not None:
        values["attempts"] = attempts
    statement = (
        update(inbox)
        .where(inbox.c.account == bindparam("b_account"), inbox.c.external_id == bindparam("b_id"))
        .values(**values)
    )
    rows = [{"b_account": m.account, "b_id": m.external_id} for m in messages]
    await (await work.session.connection()).execute(statement, rows)
