"""What one person asks for and another decides, whatever it is: read locked, and decided once."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import select, update

from storage.ground.tables import Broadcast
from storage.ground.tables import KeyRequest as KeyRequest
from storage.ground.work import Work

WAITING = "waiting"
FOR = "for"
"""Under this name an order that waits keeps whom it is for."""


Asked = Broadcast | KeyRequest
Row = TypeVar("Row", Broadcast, KeyRequest)


async def by_id(work: Work, kind: type[Row], row_id: UUID) -> Row | None:
    """Return what was asked for, locked until the work is committed."""
    statement = select(kind).where(kind.id == row_id).with_for_update()
    found: Row | None = await work.session.scalar(statement.execution_options(populate_existing=True))
    return found


async def decide(work: Work, row: Asked, state: str, by: UUID | None) -> bool:
    """Bring what waits into another state. False when somebody has decided on it already."""
    kind = type(row)
    decided = (
        update(kind)
        .where(kind.id == row.id, kind.state == WAITING)
        .values(state=state, decided_by=by, decided_at=work.now)
        .returning(kind.id)
    )
    return await work.session.scalar(decided, execution_options={"synchronize_session": "fetch"}) is not None


async def waiting(work: Work, kind: type[Row], but: UUID | None) -> list[Row]:
    """Return what waits for a second person and is not this person's own, the oldest first."""
    theirs = (kind.state == WAITING, kind.person_id != but)
    return list(await work.session.scalars(select(kind).where(*theirs).order_by(kind.at, kind.id)))


async def waits_for(work: Work, person_id: UUID) -> bool:
    """Say whether something waits by which this person would gain a key."""
    rows = await waiting(work, KeyRequest, None)
    return any(str(person_id) in row.order.get(FOR, ()) for row in rows)
