"""Leases: what one replica of many does at a time. Whoever holds one renews it, or it ends with its time."""

from datetime import timedelta

from sqlalchemy import Table, delete, or_, select

from storage.ground import dialect
from storage.ground.tables import Lease
from storage.ground.work import Work

lease: Table = Lease.__table__  # type: ignore[assignment]


async def hold(work: Work, name: str, holder: str, lasts: timedelta) -> bool:
    """Take a lease that is free, or renew one's own; False while it is another's.

    One that would last longer than any lease does was taken before the clock was set back: it is free.
    """
    connection = await work.session.connection()
    new = dialect.insert(connection, lease)
    take = new.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": new.excluded.holder, "until": new.excluded.until},
        where=or_(
            lease.c.holder == new.excluded.holder,
            lease.c.until <= work.now,
            lease.c.until > work.now + 2 * lasts,
        ),
    )
    values = {"name": name, "holder": holder, "until": work.now + lasts}
    taken = await connection.execute(take.values(values).returning(lease.c.name))
    return taken.first() is not None


async def is_held(work: Work, name: str) -> bool:
    """Say whether somebody holds a lease now."""
    until = await work.session.scalar(select(lease.c.until).where(lease.c.name == name))
    return until is not None and until > work.now


async def let_go(work: Work, name: str, holder: str) -> None:
    """Give back a lease, if it is still one's own."""
    await work.session.execute(delete(lease).where(lease.c.name == name, lease.c.holder == holder))
