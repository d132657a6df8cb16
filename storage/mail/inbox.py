"""The inbox: every message is stored before it is acknowledged, and handled once, in its chat's order.

A message whose files must still be fetched from its platform waits, and its chat with it; so do the parts
of an album, until no more of them come.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import BindParameter, Integer, Select, Table, bindparam, func, select, update

from storage.ground import bound, dialect
from storage.ground.instant import from_ms
from storage.ground.tables import DEAD, DONE, HELD, OPEN, Inbox
from storage.ground.work import Work
from storage.mail import lanes, meanwhile, unopenable

inbox: Table = Inbox.__table__  # type: ignore[assignment]

PRIORITY = 5
MAX_ATTEMPTS = 8
ALBUM_LULL = timedelta(milliseconds=1500)
"""An album is whole when nothing more of it came for so long: its parts come one by one, unannounced."""
ALBUM_MOST = 10
"""Parts of an album that are waited for."""
LOOK_AGAIN = timedelta(seconds=1)
"""When a chat whose files are being fetched is looked at again, should nobody wake it."""
FETCH_LEASE = timedelta(seconds=60)
"""How long whoever fetches a message's files may take before another tries."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A raw message: the platform's own id for it, its chat's address and its body as JSON-able data.

    `speaker` is set where the chat is a group: the address at which the one who spoke writes alone.
    `files` says that it has files to be fetched before it can be handled, `album` what it is a part of.
    """

    account: str
    external_id: str
    address: str
    body: Any
    speaker: str = ""
    files: bool = False
    album: str = ""

    def stored(self) -> dict[str, Any]:
        """Return what is kept of it; a group or an album is named only where there is one."""
        more = {"speaker": self.speaker, "album": self.album}
        return {"address": self.address, "raw": self.body} | {n: value for n, value in more.items() if value}


@dataclass(frozen=True, slots=True)
class Stored:
    """A raw message as it waits in the inbox, and the moment it came."""

    account: str
    external_id: str
    lane: str
    body: Any = field(hash=False)
    attempts: int
    at: datetime
    fetching: bool = False

    @property
    def album(self) -> str:
        """What this is a part of, if of anything."""
        return str(self.body.get("album", ""))

    @property
    def came(self) -> datetime:
        """When it first came: one that was a dead letter stands in line from a later moment."""
        return from_ms(self.body["came"]) if "came" in self.body else self.at


Lanes = dict[tuple[str, str], list[Stored]]
"""Messages of locked lanes, oldest first, by (account, key)."""


async def store(work: Work, arrived: Sequence[Arrived]) -> list[Arrived]:
    """Store the messages; one that is there already (a redelivery) changes nothing. Returns the new ones.

    Nobody who has a chat is waited for, however long: what is said there meanwhile is held, and counted by
    the next worker that finds the chat free.
    """
    keyed = [(work.keyring.blind("chat", one.account, one.address), one) for one in arrived]
    here, held = await meanwhile.found(work, [(one.account, one.external_id, key) for key, one in keyed])
    numbers = work.numbers.take(work.now, len(arrived))
    rows = [
        {
            "account": message.account,
            "external_id": message.external_id,
            "lane": key,
            "seq": number,
            "body": message.stored(),
            "state": HELD if key in held else OPEN,
            "attempts": 0,
            "fetch_at": work.now if message.files else None,
        }
        for number, (key, message) in zip(numbers, keyed, strict=True)
        if (message.account, message.external_id) not in here
    ]
    if not rows:
        return []
    rows.sort(key=lambda row: (row["account"], row["external_id"]))  # the one order: no deadlocks
    connection = await work.session.connection()
    columns = inbox.c.account, inbox.c.external_id, inbox.c.lane, inbox.c.state
    statement = dialect.insert_new(connection, inbox, *columns)
    new = (await connection.execute(statement, rows)).all()
    counted = [(row.account, row.lane, PRIORITY) for row in new if row.state == OPEN]
    await lanes.wake(work.session, "in", lanes.tally(counted), work.now)
    ids = {(row.account, row.external_id) for row in new}
    return [message for message in arrived if (message.account, message.external_id) in ids]


def _nothing(_message: Stored) -> bool:
    return False


async def take(work: Work, limit: int, each: int, cannot_wait: Callable[[Stored], bool] = _nothing) -> Lanes:
    """Lock ready lanes and return the oldest open messages of each, at most `each` a lane, in order.

    An album comes alone and whole; a chat that waits for files, or for more of an album, is passed over, but
    for the first of its messages that `cannot_wait`: a cry for help is heard before a photo that is late.
    """
    await meanwhile.count(work, PRIORITY)
    while locked := await lanes.lock_ready(work.session, "in", None, work.now, limit):
        oldest = await _oldest(work, locked, each)
        nothing = [key for key, lane in oldest.items() if not lane]
        await lanes.empty(work.session, "in", nothing, work.now)
        taken = await _ready(work, {key: lane for key, lane in oldest.items() if lane}, cannot_wait)
        if taken:
            return taken
    return {}


async def take_one(work: Work, message: Stored) -> Lanes:
    """Lock this message's lane, before its hour too; nothing if it is held, or the turn is another's.

    An album comes whole, as far as its files are here.
    """
    locked = await lanes.lock(work.session, "in", message.account, [message.lane], skip_locked=True)
    taken = await _oldest(work, locked, ALBUM_MOST)
    turns = {key: _turn(lane, message) for key, lane in taken.items()}
    return {key: turn for key, turn in turns.items() if turn and turn[0].external_id == message.external_id}


def _turn(lane: list[Stored], message: Stored) -> list[Stored]:
    """Return what is handled next of a lane: its first, an album as far as it is here, or what went ahead."""
    if lane and lane[0].fetching and not (message.fetching or message.album):
        return [one for one in lane if one.external_id == message.external_id]
    together = _together(lane if message.album else lane[:1])
    return list(takewhile(lambda one: not one.fetching, together))


async def _ready(work: Work, taken: Lanes, cannot_wait: Callable[[Stored], bool]) -> Lanes:
    """Return what of this can be handled now; the chats that must wait are let go until then."""
    albums = [key for key, lane in taken.items() if lane and lane[0].album]
    if albums:
        taken |= await _oldest(work, albums, ALBUM_MOST)
    ready = {key: _together(lane) for key, lane in taken.items()}
    waits = {key: until for key, lane in ready.items() if (until := _waits(lane, work.now)) is not None}
    ahead = {key: found for key in waits if (found := _ahead(taken[key], cannot_wait))}
    letting = [key for key in waits if key not in ahead]
    await lanes.release(work.session, "in", [lanes.Release(*key, 0, waits[key]) for key in letting])
    return {key: lane for key, lane in ready.items() if key not in waits} | ahead


def _ahead(lane: list[Stored], cannot_wait: Callable[[Stored], bool]) -> list[Stored]:
    """Return the first message behind files that are still on their way which must be heard before them."""
    if not any(message.fetching for message in lane):
        return []
    whole = (message for message in lane if not (message.fetching or message.album or message.attempts))
    return [message for message in whole if cannot_wait(message)][:1]


def _together(lane: list[Stored]) -> list[Stored]:
    """Return the album that a lane begins with, or else what comes before its first album or file."""
    if lane and lane[0].album:
        return list(takewhile(lambda message: message.album == lane[0].album, lane))
    return [*lane[:1], *takewhile(lambda message: not (message.album or message.fetching), lane[1:])]


def _waits(lane: list[Stored], now: datetime) -> datetime | None:
    """Return until when these messages must wait, if they must."""
    if any(message.fetching for message in lane):
        return now + LOOK_AGAIN
    if lane and lane[0].album and len(lane) < ALBUM_MOST and now < (whole := lane[-1].at + ALBUM_LULL):
        return whole
    return None


def _oldest_of_each() -> Select[Any]:
    """Make one statement of it, once: it is part of the price of every message."""
    keys: BindParameter[str] = bindparam("keys", expanding=True)
    rank = func.row_number().over(partition_by=inbox.c.lane, order_by=inbox.c.seq).label("rank")
    ranked = select(inbox, rank).where(inbox.c.state == OPEN, inbox.c.lane.in_(keys)).subquery()
    first = ranked.c.rank <= bindparam("each", type_=Integer)
    return select(ranked).where(first).order_by(ranked.c.lane, ranked.c.seq)


_OLDEST = _oldest_of_each()


async def _oldest(work: Work, locked: Sequence[tuple[str, str]], each: int) -> Lanes:
    if not locked:
        return {}
    rows = await work.session.execute(_OLDEST, {"keys": [key for _, key in locked], "each": each})
    taken: Lanes = {pair: [] for pair in locked}
    for row in rows:
        if (row.account, row.lane) not in taken:  # it has a lane of the same key in another account
            continue
        taken[row.account, row.lane].append(
            Stored(
                row.account,
                row.external_id,
                row.lane,
                row.body,
                row.attempts,
                from_ms(row.seq // 1000),
                row.fetch_at is not None,
            )
        )
    return taken


async def to_fetch(work: Work, account: str, most: int) -> list[Stored]:
    """Lease up to so many messages whose files are to be fetched now, the oldest first."""
    due = (
        select(inbox)
        .where(inbox.c.account == account, inbox.c.fetch_at <= work.now, inbox.c.state == OPEN)
        .order_by(inbox.c.fetch_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = (await work.session.execute(due)).all()
    await fetch_again(work, account, [row.external_id for row in rows], FETCH_LEASE)
    return [
        Stored(row.account, row.external_id, row.lane, row.body, row.attempts, from_ms(row.seq // 1000), True)
        for row in rows
    ]


async def fetch_again(work: Work, account: str, ids: Sequence[str], after: timedelta) -> None:
    """Let the files of these messages be fetched (again) after so long."""
    mine = inbox.c.account == account, inbox.c.external_id.in_(ids), inbox.c.fetch_at.is_not(None)
    if ids:
        await work.session.execute(update(inbox).where(*mine).values(fetch_at=work.now + after))


async def fetched(work: Work, message: Stored, files: Sequence[dict[str, Any]]) -> None:
    """Keep with a message what its files have become, and let its chat go on."""
    await lanes.lock(work.session, "in", message.account, [message.lane])  # before its rows, as everywhere
    changed = {"body": message.body | {"files": list(files)}, "fetch_at": None}
    mine = bound.key(inbox, message.account, message.external_id)
    await bound.rewrite(work.session, inbox, [mine | changed], inbox.c.state == OPEN)
    release = lanes.Release(message.account, message.lane, 0, work.now)
    await lanes.release(work.session, "in", [release])


async def is_done(work: Work, account: str, external_id: str) -> bool:
    """Say whether a message came before and was handled."""
    one = inbox.c.account == account, inbox.c.external_id == external_id
    return await work.session.scalar(select(inbox.c.state).where(*one)) == DONE


async def files_of_open(work: Work, keys: Collection[str]) -> set[str]:
    """Return the files that came with messages of these chats which are still to be handled, dead or not.

    Of a message that does not open none is known: it will not be handled either.
    """
    waiting = inbox.c.lane.in_(sorted(keys)), inbox.c.state != DONE, unopenable.opens(inbox)
    bodies = await work.session.scalars(select(inbox.c.body).where(*waiting))
    return {file["id"] for body in bodies for file in _files(body) if isinstance(file, dict) and "id" in file}


def _files(body: Mapping[str, Any]) -> list[Any]:
    """Return the files of a stored message: fetched from its platform, or come with it."""
    came = body["raw"].get("files") if isinstance(body.get("raw"), Mapping) else None
    return [*(body.get("files") or ()), *(came if isinstance(came, list) else ())]


async def done(work: Work, taken: Lanes, unreadable: Mapping[Stored, str]) -> None:
    """Mark the messages handled and let their lanes go; an unreadable one is a dead letter, for a reason."""
    rows = [
        _row(message, DEAD if message in unreadable else DONE, message.attempts, unreadable.get(message))
        for lane in taken.values()
        for message in lane
    ]
    await _mark(work, rows)
    releases = [lanes.Release(account, key, len(lane), work.now) for (account, key), lane in taken.items()]
    await lanes.release(work.session, "in", releases)


async def count_attempt(work: Work, turn: Sequence[Stored]) -> bool:
    """Count an attempt before it is made, so that a message that kills the process is not tried for ever.

    The turn is one message, or an album whole. Until more is heard of it only this chat waits, 2^n seconds.
    Returns False when there were enough attempts and it is a dead letter now. Its lane must be locked.
    """
    head = turn[0]
    if head.attempts >= MAX_ATTEMPTS:
        await _bury(work, turn, "the process ended while handling it")
        return False
    await _mark(work, [_row(one, OPEN, one.attempts + 1, None) for one in turn])
    again_at = work.now + timedelta(seconds=2**head.attempts)
    await lanes.release(work.session, "in", [lanes.Release(head.account, head.lane, 0, again_at)])
    return True


async def failed(work: Work, message: Stored, error: str) -> bool:
    """Note why a counted attempt failed; after the last the message is a dead letter and its chat goes on.

    Returns whether it is one now. If another replica has the chat by now, it is left to that one.
    """
    for turn in (await take_one(work, message)).values():
        if turn[0].attempts >= MAX_ATTEMPTS:
            await _bury(work, turn, error)
            return True
        await _mark(work, [_row(one, OPEN, one.attempts, error) for one in turn])
    return False


async def _bury(work: Work, turn: Sequence[Stored], reason: str) -> None:
    await _mark(work, [_row(one, DEAD, one.attempts, reason) for one in turn])
    release = lanes.Release(turn[0].account, turn[0].lane, len(turn), work.now)
    await lanes.release(work.session, "in", [release])


def _row(message: Stored, state: int, attempts: int, error: str | None) -> dict[str, Any]:
    return {
        "b_account": message.account,
        "b_id": message.external_id,
        "state": state,
        "attempts": attempts,
        "error": error,
    }


async def _mark(work: Work, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    await (await work.session.connection()).execute(_MARKING, rows)


_MARKING = (
    update(inbox)
    .where(inbox.c.account == bindparam("b_account"), inbox.c.external_id == bindparam("b_id"))
    .values(state=bindparam("state"), attempts=bindparam("attempts"), error=bindparam("error"))
)
