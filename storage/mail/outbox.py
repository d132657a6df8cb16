"""The outbox: what must be said is committed with what was decided, and sent afterwards.

A message is claimed under a lease; when a sender dies in mid-call its lease runs out and the message comes
back marked `uncertain`. The account's GCRA row is taken first, so all replicas together keep its rate.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Table,
    Update,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    text,
    update,
)

from domain import secrecy
from domain.messages import MESSAGE, Message
from storage.ground import bound, dialect
from storage.ground.tables import DEAD, DONE, HELD, OPEN, SENDING, Chat, Outbox, Rate
from storage.ground.work import Post, Work
from storage.mail import blanks, card_places, envelopes, lanes, unopenable

outbox: Table = Outbox.__table__  # type: ignore[assignment]
rate: Table = Rate.__table__  # type: ignore[assignment]
card, GENERAL = card_places.card, card_places.GENERAL
LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """An account's pace: one message every `every`, bursts of `burst`, `gap` between two in one chat.

    In a group the gap is `group_gap`.
    """

    every: timedelta
    burst: int
    gap: timedelta
    group_gap: timedelta = timedelta(0)

    def after(self, delivery: "Delivery", calls: int = 1) -> timedelta:
        """Return how long a chat rests after a message that took so many calls."""
        return calls * (self.group_gap if delivery.group else self.gap)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to be sent now. `edits` is the channel's id of the card it replaces, if any.

    `progress` is how many of the calls it takes were made before, `thread` where in the chat its case's card
    stands, `heard_at` when the chat last wrote, `told` how many messages it was sent since, and `language`
    what the chat speaks.
    """

    key: str
    account: str
    lane: str
    address: str
    message: Message
    attempts: int
    uncertain: bool
    edits: str | None
    at: datetime
    heard_at: datetime
    told: int = 0
    progress: int = 0
    thread: str | None = None
    group: bool = False
    language: str = "vi"


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
    columns = (outbox.c.account, outbox.c.lane, outbox.c.priority, outbox.c.state)
    statement = dialect.insert_new(connection, outbox, *columns)
    new = (await connection.execute(statement, rows)).all()
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


async def waits(work: Work, beginning: str, chat: str) -> bool:
    """Say whether a message with such a key to a chat (the beginning of its key) has not been sent yet."""
    mine = and_(outbox.c.key.startswith(beginning, autoescape=True), outbox.c.key.contains(f":{chat}"))
    unsent = select(outbox.c.key).where(mine, outbox.c.state.in_([OPEN, HELD, SENDING]))
    return await work.session.scalar(unsent.limit(1)) is not None


async def claim(work: Work, account: str, limits: Limits, most: int) -> list[Delivery]:
    """Lease the next message of up to `most` chats, as many as the account's pace allows now."""
    arrival = max(await _arrival(work, account), work.now)
    spare = work.now + limits.burst * limits.every - arrival
    allowed = min(most, spare // limits.every) if limits.every else most
    if allowed <= 0:
        return []
    deliveries = await _next(work, account, allowed)
    if not deliveries:
        return []
    connection = await work.session.connection()
    mine = update(outbox).where(outbox.c.key == bindparam("b_key"))
    lease = mine.values(state=SENDING, attempts=outbox.c.attempts + 1)
    await connection.execute(lease, [{"b_key": d.key} for d in deliveries])
    pace = arrival + limits.every * len(deliveries)
    await connection.execute(update(rate).where(rate.c.account == account).values(arrival=pace))
    return deliveries


async def _next(work: Work, account: str, most: int) -> list[Delivery]:
    """Lock ready lanes for as long as a lease, and return what is first in each."""
    while locked := await lanes.lock_ready(work.session, "out", account, work.now, most):
        leased = [lanes.Release(*pair, 0, work.now + LEASE) for pair in locked]
        await lanes.release(work.session, "out", leased)
        deliveries = await _heads(work, [key for _, key in locked])
        nothing = sorted({*locked} - {(account, delivery.lane) for delivery in deliveries})
        await lanes.empty(work.session, "out", nothing, work.now)
        if deliveries:
            return deliveries
    return []


async def _arrival(work: Work, account: str) -> datetime:
    connection = await work.session.connection()
    row = {"account": account, "arrival": work.now}
    await connection.execute(dialect.insert_new(connection, rate), [row])
    locked = select(rate.c.arrival).where(rate.c.account == account).with_for_update()
    arrival: datetime = (await connection.execute(locked)).scalar_one()
    return work.now if arrival > work.now + lanes.LONGEST else arrival


async def _heads(work: Work, keys: Iterable[str]) -> list[Delivery]:
    order = (outbox.c.priority, outbox.c.seq)
    rank = func.row_number().over(partition_by=outbox.c.lane, order_by=order).label("rank")
    ranked = (
        select(outbox, rank)
        .where(or_(outbox.c.state == OPEN, outbox.c.state == SENDING), outbox.c.lane.in_(list(keys)))
        .subquery()
    )
    rows = await work.session.execute(
        select(ranked, Chat.address, Chat.group, Chat.heard_at, Chat.told, Chat.language)
        .join(Chat, Chat.key == ranked.c.lane)
        .where(ranked.c.rank == 1)
        .order_by(ranked.c.priority, ranked.c.seq)
    )
    heads = [(row, MESSAGE.validate_python(row.body)) for row in rows]
    of_case = [(row.lane, code) for row, message in heads if (code := message.card or message.case)]
    cards = await card_places.of(work, of_case)

    def card_of(row: Row[Any], message: Message) -> card_places.Standing:
        return cards.get((row.lane, message.card or message.case), card_places.Standing())

    return [
        Delivery(
            key=row.key,
            account=row.account,
            lane=row.lane,
            address=row.address,
            message=message,
            attempts=row.attempts + 1,
            uncertain=row.state == SENDING,
            edits=card_of(row, message).external_id if message.redraw else None,
            at=work.now,
            heard_at=row.heard_at,
            told=row.told,
            progress=row.progress,
            thread=card_of(row, message).thread,
            group=row.group,
            language=row.language,
        )
        for row, message in heads
    ]


async def has_card(work: Work, chat_key: str, code: str) -> bool:
    """Say whether a card of this case stands in the chat, which can be drawn anew in its place."""
    statement = select(card.c.external_id).where(card.c.chat_key == chat_key, card.c.case_code == code)
    return await work.session.scalar(statement) is not None


async def take_back(work: Work, instead: Mapping[str, Message], code: str) -> list[str]:
    """Let what waits in these lanes and names the case say something else instead, in its card's place only.

    A dead letter is changed too: it may be tried again.
    Returns the lanes in which a card of the case stands, or is on its way.
    """
    waits = outbox.c.state.in_((OPEN, HELD, SENDING, DEAD))
    theirs = outbox.c.lane.in_(list(instead)), waits, unopenable.opens(outbox)
    rows = (
        await work.session.execute(
            select(outbox.c.key, outbox.c.lane, outbox.c.state, outbox.c.body).where(*theirs)
        )
    ).all()
    named = [row for row in rows if code in json.dumps(row.body)]
    bodies = {
        lane: MESSAGE.dump_python(message, mode="json", exclude_defaults=True)
        for lane, message in instead.items()
    }
    waiting = [
        bound.key(outbox, row.key) | {"body": bodies[row.lane]} for row in named if row.state != SENDING
    ]
    still = outbox.c.state != SENDING, outbox.c.state != DONE
    await bound.rewrite(work.session, outbox, waiting, *still)
    statement = select(card.c.chat_key).where(card.c.chat_key.in_(list(instead)), card.c.case_code == code)
    stands = await work.session.scalars(statement)
    return sorted({*stands, *(row.lane for row in named if row.state == SENDING)})


class LeaseLost(Exception):
    """The lease ran out and another sender has the message: the rest of it is that one's to send."""


async def progress(work: Work, made: Sequence[tuple[Delivery, int]], limits: Limits) -> None:
    """Note how many calls of messages that take several were made, each paid for like a message.

    The lease begins anew. Raises LeaseLost.
    """
    for delivery, count in made:
        await _hold(work, delivery, LEASE, count)
    for account in sorted({delivery.account for delivery, _ in made}):
        spent = limits.every * sum(delivery.account == account for delivery, _ in made)
        arrival = max(await _arrival(work, account), work.now) + spent
        await work.session.execute(update(rate).where(rate.c.account == account).values(arrival=arrival))


async def extend(work: Work, delivery: Delivery, lease: timedelta) -> None:
    """Keep the lease for so long from now: a large file takes its time. Raises LeaseLost."""
    await _hold(work, delivery, lease, delivery.progress)


async def _hold(work: Work, delivery: Delivery, lease: timedelta, made: int) -> None:
    held = update(outbox).where(_still_leased(delivery)).values(progress=made).returning(outbox.c.key)
    if await work.session.scalar(held) is None:
        raise LeaseLost(delivery.key)
    until = lanes.Release(delivery.account, delivery.lane, 0, work.now + lease)
    await lanes.release(work.session, "out", [until])


async def sent(
    work: Work, delivered: Sequence[tuple[Delivery, str | None, str | None]], limits: Limits
) -> None:
    """Mark messages sent; each comes with the channel's own id and thread of it, kept for cards."""
    # Whoever holds the lease by now: what was sent is sent.
    leased = and_(outbox.c.key.in_([d.key for d, _, _ in delivered]), outbox.c.state == SENDING)
    await _finish(work, [d for d, _, _ in delivered], update(outbox).where(leased).values(state=DONE), limits)
    await _forget(work, [d for d, _, _ in delivered])
    await card_places.keep(work, [card_places.Stood(d.lane, d.message, *where) for d, *where in delivered])


async def give_up(work: Work, delivery: Delivery, reason: str, limits: Limits, *, dead: bool = True) -> bool:
    """Give a message up, and let the chat go on with the next: it is a dead letter, or (not `dead`) let go.

    False where it was not ours to give up any more: the lease ran out and another sender has it.
    """
    values = {"state": DEAD if dead else DONE, "error": reason}
    given_up = update(outbox).where(_still_leased(delivery)).values(values)
    ours = await _finish(work, [delivery], given_up, limits)
    await _forget(work, [delivery])
    return ours


async def lost_of(work: Work, code: str) -> set[str]:
    """Return the chats in which a message about this case is a dead letter; read once a work."""
    if code not in work.lost:
        dead = text("state = 4"), outbox.c.key.like(f"{code}:%")
        work.lost[code] = set(await work.session.scalars(select(outbox.c.lane).where(*dead)))
    return work.lost[code]


async def _forget(work: Work, deliveries: Iterable[Delivery]) -> None:
    """Empty what was to be said once; its row stays, so that it is not said again, nor missed by anybody."""
    back = [d for d in deliveries if d.message.card == secrecy.CARD and d.message.redraw]
    over = outbox.c.state.in_([DONE, DEAD])
    if back:
        await envelopes.forget_places(work, [d.lane for d in back])
    once = [bound.key(outbox, d.key) | {"body": blanks.told()} for d in deliveries if d.message.once]
    await bound.rewrite(work.session, outbox, once, over)


async def again(work: Work, delivery: Delivery, after: timedelta, *, counts: bool = True) -> None:
    """Put a message back for later; it stays the head of its chat. A try may not count: it never left us."""
    attempts = outbox.c.attempts if counts else outbox.c.attempts - 1
    values = {"state": OPEN, "attempts": attempts}
    put_back = update(outbox).where(_still_leased(delivery)).values(values).returning(outbox.c.key)
    if await work.session.scalar(put_back) is not None:
        release = lanes.Release(delivery.account, delivery.lane, 0, work.now + min(after, lanes.LONGEST))
        await lanes.release(work.session, "out", [release])


async def halt(work: Work, account: str, after: timedelta, limits: Limits) -> None:
    """Send nothing of an account for so long (a platform's 429), and then one message before bursts again."""
    arrival = work.now + min(after + (limits.burst - 1) * limits.every, lanes.LONGEST)
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


async def _finish(work: Work, deliveries: Sequence[Delivery], finish: Update, limits: Limits) -> bool:
    """End these messages and free their lanes. Returns whether any of them was still to be ended."""
    if not deliveries:
        return False
    rows = await work.session.execute(finish.returning(outbox.c.key, outbox.c.progress))
    calls = {row.key: row.progress + 1 for row in rows}
    releases = [
        lanes.Release(d.account, d.lane, 1, work.now + limits.after(d, calls[d.key]))
        for d in deliveries
        if d.key in calls
    ]
    await lanes.release(work.session, "out", releases)
    return bool(releases)


async def move(work: Work, account: str, lane: str, to: str, freed: Delivery | None = None) -> None:
    """Let what waits in one lane wait in another, with what a sender holds and hands back (`freed`).

    What another sender holds stays: it will hand it back too.
    """
    await lanes.lock(work.session, "out", account, [lane, to])
    theirs = or_(outbox.c.state == OPEN, outbox.c.state == HELD)
    statement = (
        update(outbox)
        .where(outbox.c.lane == lane, or_(theirs, _still_leased(freed)) if freed else theirs)
        .values(lane=to, state=case((outbox.c.state == SENDING, OPEN), else_=outbox.c.state))
        .returning(outbox.c.account, outbox.c.lane, outbox.c.priority, outbox.c.state)
    )
    moved = [row for row in await work.session.execute(statement) if row.state == OPEN]
    if moved:
        await lanes.release(work.session, "out", [lanes.Release(account, lane, len(moved), work.now)])
        arrivals = lanes.tally((row.account, row.lane, row.priority) for row in moved)
        await lanes.wake(work.session, "out", arrivals, work.now)
