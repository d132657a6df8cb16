"""How far a polled platform has been read. What was read is committed before the position moves."""

from sqlalchemy import Table, select

from storage.ground import dialect
from storage.ground.tables import Offset
from storage.ground.work import Work

offset: Table = Offset.__table__  # type: ignore[assignment]


async def read(work: Work, account: str) -> int:
    """Return the position to ask for next; 0 when the account was never read."""
    position = await work.session.scalar(select(offset.c.position).where(offset.c.account == account))
    return position or 0


async def save(work: Work, account: str, position: int) -> None:
    """Keep the position, also one that is lower: a platform may start its numbers anew."""
    connection = await work.session.connection()
    new = dialect.insert(connection, offset)
    keep = new.on_conflict_do_update(index_elements=["account"], set_={"position": new.excluded.position})
    await connection.execute(keep, [{"account": account, "position": position}])
