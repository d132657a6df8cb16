"""What only the demo asks of a database: is it a demo's, how far was its clock put on, what comes next."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, Table, func, inspect, select
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.ground import dialect
from storage.ground.tables import HELD, Lane, Outbox, Stamp, Timer
from storage.ground.work import Work

stamp: Table = Stamp.__table__  # type: ignore[assignment]

_DEMO, _SHIFT = "demo", "demo shift"
_MS = timedelta(milliseconds=1)

Whose = Literal["nobody", "demo", "desk"]
"""An empty database, a demo's, or anything else: that one is not to be touched."""


async def whose(engine: AsyncEngine) -> Whose:
    """Say what lies at an engine's address, before anything is written there."""
    async with engine.connect() as connection:
        return await connection.run_sync(_whose)


def _whose(connection: Connection) -> Whose:
    tables = inspect(connection).get_table_names()
    if not tables:
        return "nobody"
    marked = stamp.name in tables and connection.scalar(select(stamp.c.name).where(stamp.c.name == _DEMO))
    return "demo" if marked else "desk"


async def mark(work: Work) -> bool:
    """Write down that this is a demo's database. Returns whether that was news."""
    connection = await work.session.connection()
    new = dialect.insert_new(connection, stamp, stamp.c.name)
    marked = await connection.execute(new, [{"name": _DEMO, "value": b"1"}])
    return marked.first() is not None


async def shift(work: Work) -> timedelta | None:
    """Return how far the clock was put on; None when it never was."""
    value = await work.session.scalar(select(stamp.c.value).where(stamp.c.name == _SHIFT))
    return int(value) * _MS if value is not None else None


async def keep_shift(work: Work, by: timedelta) -> None:
    """Remember how far the clock was put on."""
    connection = await work.session.connection()
    new = dialect.insert(connection, stamp)
    keep = new.on_conflict_do_update(index_elements=["name"], set_={"value": new.excluded.value})
    await connection.execute(keep, [{"name": _SHIFT, "value": str(by // _MS).encode()}])


async def next_moment(work: Work) -> datetime | None:
    """Return the next moment after now at which something rings, or a message that was held goes out."""
    rings = await work.session.scalar(select(func.min(Timer.due_at)).where(Timer.due_at > work.now))
    goes_out = await work.session.scalar(
        select(func.min(Outbox.hold_until)).where(Outbox.state == HELD, Outbox.hold_until > work.now)
    )
    return min((moment for moment in (rings, goes_out) if moment is not None), default=None)


async def busy(work: Work, accounts: Collection[str]) -> bool:
    """Say whether something of these accounts waits to be handled or sent now."""
    waiting = select(Lane.key).where(Lane.pending > 0, Lane.account.in_(accounts)).limit(1)
    return await work.session.scalar(waiting) is not None
