"""What cannot be opened: a byte that changed, a value from elsewhere, a body that another program wrote.

Waiting rows are dead letters, so that nobody else waits for them; what they hold stays as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Table, or_, select, update

from domain.messages import MESSAGE
from storage.ground import bound
from storage.ground.crypto import CannotOpen
from storage.ground.tables import DEAD, HELD, OPEN, SENDING, Base, Inbox, Outbox
from storage.ground.work import Work
from storage.mail import lanes
from storage.mail.lanes import Direction

SEALED, UNREADABLE = "it does not open", "it cannot be read"
"""Why a row is a dead letter: its bytes have changed, or what they say is of another program."""


@dataclass(frozen=True)
class _Box:
    """Where messages wait, and what reads the body of one."""

    direction: Direction
    table: Table
    states: tuple[int, ...]
    read: Callable[[Any], object]


_IN = _Box("in", Inbox.__table__, (OPEN, HELD), lambda body: body["address"])  # type: ignore[arg-type]
_OUT = _Box("out", Outbox.__table__, (OPEN, HELD, SENDING), MESSAGE.validate_python)  # type: ignore[arg-type]


async def bury_arrived(work: Work) -> int:
    """Make dead letters of messages that came and do not open. Returns how many."""
    return await _bury(work, _IN)


async def bury_posted(work: Work, account: str) -> int:
    """Make dead letters of an account's messages to be sent that do not open, or cannot be read."""
    return await _bury(work, _OUT, _OUT.table.c.account == account)


async def _bury(work: Work, box: _Box, *mine: ColumnElement[bool]) -> int:
    table, key = box.table, [*box.table.primary_key]
    sealed = bound.as_it_lies(table.c.body).label("sealed")
    waiting = select(*key, table.c.account, table.c.lane, table.c.state, sealed)
    rows = (await work.session.execute(waiting.where(table.c.state.in_(box.states), *mine))).all()
    bad = [(row, why) for row in rows if (why := _why_not(work, box, row.sealed))]
    for row, why in bad:
        this = (column == getattr(row, column.name) for column in key)
        dead = update(table).where(*this, table.c.state == row.state).values(state=DEAD, error=why)
        await work.session.execute(dead)
    counted = lanes.tally((row.account, row.lane, 1) for row, _ in bad if row.state != HELD)
    gone = [lanes.Release(one.account, one.key, one.count, work.now) for one in counted]
    await lanes.release(work.session, box.direction, gone)
    return len(bad)


def opens(table: Table) -> ColumnElement[bool]:
    """Leave out what is known not to open: whoever reads the others would fail with it."""
    return or_(table.c.error.is_(None), table.c.error != SEALED)


async def found(work: Work, most: int) -> dict[str, list[str]]:
    """Look through the latest rows of every table. Returns the rows whose values do not open, by column."""
    lost: dict[str, list[str]] = {}
    for table in filter(bound.sealed_of, Base.metadata.sorted_tables):
        row, sealed = bound.row_of(table), bound.sealed_of(table)
        latest = [column.desc() for column in table.primary_key]
        columns = (*row, *(bound.as_it_lies(column) for column in sealed))
        for values in await work.session.execute(select(*columns).order_by(*latest).limit(most)):
            for column, lies in zip(sealed, values[len(row) :], strict=True):
                if lies is not None and not _opens(work, column, lies):
                    lost.setdefault(column.type.column, []).append(" ".join(map(str, values[: len(row)])))
    return lost


def _opens(work: Work, column: Any, lies: bytes) -> bool:  # noqa: ANN401 - a sealed column
    try:
        column.type.opened(work.keyring, lies)
    except CannotOpen:
        return False
    return True


def _why_not(work: Work, box: _Box, sealed: bytes) -> str:
    """Say why a body cannot be used; empty for one that can."""
    column: Any = box.table.c.body.type
    try:
        box.read(column.opened(work.keyring, sealed))
    except CannotOpen:
        return SEALED
    except (ValidationError, LookupError, TypeError, ValueError):
        return UNREADABLE
    return ""
