"""The outbox: what must be said is committed with what was decided, and sent afterwards.

A message is claimed under a lease; when a sender dies in mid-call its lease runs out and the message comes
back marked `uncertain`. The account's GCRA row is taken first, so all replicas together keep its rate.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, Update, and_, bindparam, func, or_, select, update

from domain.messages import MESSAGE, Message
from storage import lanes
from storage.tables import DEAD, DONE, HELD, OPEN, SENDING, Card, Chat, Outbox, Rate
from storage.work import Post, Work

outbox: Table = Outbox.__table__  # type: ignore[assignment]
rate: Table = Rate.__table__  # type: ignore[assignment]
card: Table = Card.__table__  # type: ignore[assignment]

EMPTY = {"text": ""}
"""What is left of a message whose words must not be kept."""
LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """An account's pace: one message every `every`, bursts of `burst`, `gap` between two in one chat."""

    every: timedelta
    burst: int
    gap: timedelta


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to be sent now. `edits` is the channel's id of the card it replaces, if any."""

    key: str
    account: str
    lane: str
    address: str
    message: Message
    attempts: int
    uncertain: bool
    edits: str | None


async def flush(work: Work, posts: Sequence[Post]) -> None:
    """Write what the unit of work wants to say; a key that was posted before is left alone."""
    if not posts:
        return
    numbers = work.numbers.take(work.now, len(posts))
    rows = [
        {
            "key": post.key,
            "account": post.account,
            "lane": post.lane,
            "seq": number,
            "priority": post.priority,
            "hold_until": post.hold_until,
            "body": MESSAGE.dump_python(post.message, mode="json", exclude_defaults=True),
            "state": OPEN if post.hold_until is None else HELD,
            "attempts": 0,
        }
        for number, post in zip(numbers, posts, strict=True)
    ]
    connection = await work.session.connection()
    statement = lanes.insert(connection, outbox).on_conflict_do_nothing()
    columns = (outbox.c.account, outbox.c.lane, outbox.c.priority, outbox.c.state)
    new = (await connection.execute(statement.returning(*columns), rows)).all()
    awake = [(row.account, row.lane, row.priority) for row in new if row.state == OPEN]
    await lanes.wake(work.session, "out", lanes.tally(awake), work.now)


async def release_held(work: Work, limit: int = 500) -> int:
    """Let go of messages whose hour has come (quiet hours are over). Returns how many."""
    keys = (
        select(outbox.c.key)
        .where(outbox.c.state == HELD, outbox.c.hold_until <= work.now)
        .order_by(outbox.c.hold_until)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    due = (await work.session.scalars(keys)).all()
    if not due:
        return 0
    statement = (
        update(outbox)
        .where(outbox.c.key.in_(due), outbox.c.state == HELD)
        .values(state=OPEN)
        .returning(outbox.c.account, outbox.c.lane, outbox.c.priority)
    )
    freed = [(row.account, row.lane, row.priority) for row in await work.session.execute(statement)]
    await lanes.wake(work.session, "out", lanes.tally(freed), work.now)
    return len(freed)


async def claim(work: Work, account: str, limits: Limits, most: int) -> list[Delivery]:
    """Lease the next message of up to `most` chats, as many as the account's pace allows now."""
    arrival = max(await _arrival(work, account), work.now)
    spare = work.now + limits.burst * limits.every - arrival
    allowed = min(most, spare // limits.every) if limits.every else most
    if allowed <= 0:
        return []
    locked = await lanes.lock_ready(work.session, "out", account, work.now, allowed)
    if not locked:
        return []
    deliveries = await _heads(work, [key for _, key in locked])
    keys = [{"b_key": d.key} for d in deliveries]
    connection = await work.session.connection()
    if keys:
        lease = (
            update(outbox)
            .where(outbox.c.key == bindparam("b_key"))
            .values(state=SENDING, attempts=outbox.c.attempts + 1)
        )
        await connection.execute(lease, keys)
    leased = [lanes.Release(account, key, 0, work.now + LEASE) for _, key in locked]
    await lanes.release(work.session, "out", leased)
    pace = arrival + limits.every * len(deliveries)
    await connection.execute(update(rate).where(rate.c.account == account).values(arrival=pace))
    return deliveries


async def _arrival(work: Work, account: str) -> datetime:
    connection = await work.session.connection()
    row = {"account": account, "arrival": work.now}
    await connection.execute(lanes.insert(connection, rate).on_conflict_do_nothing(), [row])
    locked = select(rate.c.arrival).where(rate.c.account == account).with_for_update()
    arrival: datetime = (await connection.execute(locked)).scalar_one()
    return arrival


async def _heads(work: Work, keys: Iterable[str]) -> list[Delivery]:
    order = (outbox.c.priority, outbox.c.seq)
    rank = func.row_number().over(partition_by=outbox.c.lane, order_by=order).label("rank")
    ranked = (
        select(outbox, rank)
        .where(or_(outbox.c.state == OPEN, outbox.c.state == SENDING), outbox.c.lane.in_(list(keys)))
        .subquery()
    )
    rows = await work.session.execute(
        select(ranked, Chat.address)
        .join(Chat, Chat.key == ranked.c.lane)
        .where(ranked.c.rank == 1)
        .order_by(ranked.c.priority, ranked.c.seq)
    )
    heads = [(row, MESSAGE.validate_python(row.body)) for row in rows]
    cards = await _cards(work, [(row.lane, message.card) for row, message in heads if message.card])
    return [
        Delivery(
            key=row.key,
            account=row.account,
            lane=row.lane,
            address=row.address,
            message=message,
            attempts=row.attempts + 1,
            uncertain=row.state == SENDING,
            edits=cards.get((row.lane, message.card)) if message.redraw else None,
        )
        for row, message in heads
    ]


async def _cards(work: Work, wanted: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
    if not wanted:
        return {}
    chats, codes = {chat for chat, _ in wanted}, {code for _, code in wanted}
    statement = select(card).where(card.c.chat_key.in_(chats), card.c.case_code.in_(codes))
    rows = await work.session.execute(statement)
    return {(row.chat_key, row.case_code): row.external_id for row in rows}


async def sent(work: Work, delivered: Sequence[tuple[Delivery, str | None]], limits: Limits) -> None:
    """Mark messages sent; each comes with the channel's own id of it, kept for cards to be edited."""
    # Whoever holds the lease by now: what was sent is sent.
    leased = and_(outbox.c.key.in_([d.key for d, _ in delivered]), outbox.c.state == SENDING)
    await _finish(work, [d for d, _ in delivered], update(outbox).where(leased).values(state=DONE), limits)
    await _forget(work, [d for d, _ in delivered])
    cards = [
        {"chat_key": d.lane, "case_code": d.message.card, "external_id": external_id}
        for d, external_id in delivered
        if d.message.card and external_id
    ]
    if cards:
        connection = await work.session.connection()
        new = lanes.insert(connection, card)
        keep = new.on_conflict_do_update(
            index_elements=["chat_key", "case_code"], set_={"external_id": new.excluded.external_id}
        )
        await connection.execute(keep, cards)


async def dead(work: Work, delivery: Delivery, reason: str, limits: Limits) -> None:
    """Give a message up: it stays as a dead letter and the chat goes on with the next."""
    buried = update(outbox).where(_still_leased(delivery)).values(state=DEAD, error=reason)
    await _finish(work, [delivery], buried, limits)
    await _forget(work, [delivery])


async def _forget(work: Work, deliveries: Iterable[Delivery]) -> None:
    """Empty what was to be said once; its row stays, so that it is not said again."""
    keys = [d.key for d in deliveries if d.message.once]
    if keys:
        said = and_(outbox.c.key.in_(keys), outbox.c.state.in_([DONE, DEAD]))
        await work.session.execute(update(outbox).where(said).values(body=EMPTY))


async def again(work: Work, delivery: Delivery, after: timedelta, *, counts: bool = True) -> None:
    """Put a message back for later; it stays the head of its chat. A try may not count: it never left us."""
    attempts = outbox.c.attempts if counts else outbox.c.attempts - 1
    values = {"state": OPEN, "attempts": attempts}
    put_back = update(outbox).where(_still_leased(delivery)).values(values).returning(outbox.c.key)
    if await work.session.scalar(put_back) is not None:
        release = lanes.Release(delivery.account, delivery.lane, 0, work.now + after)
        await lanes.release(work.session, "out", [release])


async def halt(work: Work, account: str, after: timedelta, limits: Limits) -> None:
    """Send nothing of an account for so long (a platform's 429), and then one message before bursts again."""
    arrival = work.now + after + (limits.burst - 1) * limits.every
    statement = update(rate).where(rate.c.account == account, rate.c.arrival < arrival)
    await work.session.execute(statement.values(arrival=arrival))


async def lock(work: Work, deliveries: Iterable[Delivery]) -> None:
    """Lock the lanes of these deliveries of one account, in the one order every writer uses."""
    by_account: dict[str, list[str]] = {}
    for delivery in deliveries:
        by_account.setdefault(delivery.account, []).append(delivery.lane)
    for account, keys in by_account.items():
        await lanes.lock(work.session, "out", account, keys)


def _still_leased(delivery: Delivery) -> ColumnElement[bool]:
    """When the lease has run out, another sender may have claimed the message: it is that one's then."""
    return and_(
        outbox.c.key == delivery.key,
        outbox.c.state == SENDING,
        outbox.c.attempts == delivery.attempts,
    )


async def _finish(work: Work, deliveries: Sequence[Delivery], finish: Update, limits: Limits) -> None:
    if not deliveries:
        return
    finished = set(await work.session.scalars(finish.returning(outbox.c.key)))
    ready = work.now + limits.gap
    await lanes.release(
        work.session,
        "out",
        [lanes.Release(d.account, d.lane, 1, ready) for d in deliveries if d.key in finished],
    )
