"""Dead letters: what came and could not be read or handled, and what could not be said.

They keep their place in the books, so nothing is done twice; put back, they stand at the end of their chat's
line, as things that came when they came.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, func, select, update

from storage.ground import bound
from storage.ground.crypto import CannotOpen
from storage.ground.instant import from_ms, to_ms
from storage.ground.tables import DEAD, DONE, OPEN
from storage.ground.work import Work
from storage.mail import blanks, lanes
from storage.mail.inbox import PRIORITY, inbox
from storage.mail.lanes import Direction
from storage.mail.outbox import outbox

_TABLES: Mapping[Direction, Table] = {"in": inbox, "out": outbox}
MOST = 500
"""Dead letters that are looked at, the newest: a desk with more has one trouble, not as many."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead letter without what it says: when it came (or was to be said), and why it is dead."""

    id: str
    direction: Direction
    account: str
    key: str
    at: datetime
    attempts: int
    reason: str
    lane: str
    seq: int


async def count(work: Work) -> int:
    """Return how many there are."""
    found = [select(func.count()).select_from(t).where(t.c.state == DEAD) for t in _TABLES.values()]
    return sum([await work.session.scalar(one) or 0 for one in found])


async def listed(work: Work, most: int = MOST) -> list[Letter]:
    """Return the newest, the newest first."""
    found: list[Letter] = []
    for direction, table in _TABLES.items():
        columns = (table.c[name] for name in ("account", "lane", "seq", "attempts", "error"))
        newest = select(_key(table), *columns).where(table.c.state == DEAD).order_by(table.c.seq.desc())
        found += [_letter(direction, row) for row in await work.session.execute(newest.limit(most))]
    return sorted(found, key=lambda letter: letter.seq, reverse=True)[:most]


def _key(table: Table) -> ColumnElement[str]:
    return (table.c.external_id if table is inbox else table.c.key).label("key")


def _this(letter: Letter) -> ColumnElement[bool]:
    table = _TABLES[letter.direction]
    return and_(table.c.account == letter.account, _key(table) == letter.key)


def _its_key(letter: Letter) -> dict[str, Any]:
    table = _TABLES[letter.direction]
    return bound.key(table, *((letter.account, letter.key) if table is inbox else (letter.key,)))


def _letter(direction: Direction, row: Row[Any]) -> Letter:
    """Name a letter by its place in the books: what a platform calls it may tell whose it is."""
    digest = sha256(f"{row.account}\0{row.key}".encode()).hexdigest()[:10]
    return Letter(
        f"{direction}-{digest}",
        direction,
        row.account,
        row.key,
        from_ms(row.seq // 1000),
        row.attempts,
        row.error or "",
        row.lane,
        row.seq,
    )


async def content(work: Work, letter: Letter) -> Any:  # noqa: ANN401 - the platform's JSON, or a message of ours
    """Return what it says. Raises CannotOpen for what has been changed where it lies."""
    table = _TABLES[letter.direction]
    return await work.session.scalar(select(table.c.body).where(_this(letter)))


async def replay(work: Work, letters: Sequence[Letter]) -> list[Letter]:
    """Put these back in line, oldest first, with all their attempts before them. Returns which were.

    Not put back is what holds nothing any more or does not open, what somebody else put back, and what is of
    a chat that is being worked on just now.
    """
    held = {d: await lanes.hold(work.session, d, [one.lane for one in letters]) for d in _TABLES}
    done = [
        letter
        for letter in sorted(letters, key=lambda one: one.seq)
        if letter.lane in held[letter.direction] and await _revived(work, letter)
    ]
    for direction in _TABLES:
        back = [(one.account, one.lane, PRIORITY) for one in done if one.direction == direction]
        await lanes.wake(work.session, direction, lanes.tally(back), work.now)
    return done


async def _revived(work: Work, letter: Letter) -> bool:
    try:
        body = await content(work, letter)
    except CannotOpen:
        return False
    if (
        body is None
        or blanks.is_blank(body)
        or body == blanks.EMPTY
        or (letter.direction == "in" and body.get("raw") is None)
    ):
        return False
    (number,) = work.numbers.take(work.now, 1)
    values: dict[str, Any] = {"state": OPEN, "attempts": 0, "error": None, "seq": number}
    if letter.direction == "in":
        # What files it has may only be known by whoever can read it now.
        values |= {"body": {"came": to_ms(letter.at)} | body}
        values |= {} if body.get("files") else {"fetch_at": work.now}
    table = _TABLES[letter.direction]
    back = update(table).where(bound.this_row(table), table.c.state == DEAD).returning(table.c.lane)
    return await work.session.scalar(back, _its_key(letter) | values) is not None


async def drop(work: Work, letter: Letter) -> None:
    """Give it up for good: its words go, its row stays, so that it is not taken for new."""
    table = _TABLES[letter.direction]
    values = {"state": DONE, "body": blanks.heard() if letter.direction == "in" else blanks.told()}
    await bound.rewrite(work.session, table, [_its_key(letter) | values], table.c.state == DEAD)
