"""Who has read what: the first time an official was shown a case. Being sent its card does not count."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Table, select

from storage import lanes
from storage.cases import Case
from storage.tables import Seen
from storage.work import Work

_SEEN: Table = Seen.__table__  # type: ignore[assignment]


async def record(work: Work, case: Case, person_id: UUID) -> None:
    """Note that somebody has read the case; only the first time counts."""
    await work.session.flush()
    connection = await work.session.connection()
    row = {"case_id": case.id, "person_id": person_id, "at": work.now}
    await connection.execute(lanes.insert(connection, _SEEN).on_conflict_do_nothing(), [row])


async def readers(work: Work, case: Case) -> list[tuple[UUID, datetime]]:
    """Return who has read the case, and when they first did, in that order."""
    rows = await work.session.scalars(select(Seen).where(Seen.case_id == case.id).order_by(Seen.at))
    return [(row.person_id, row.at) for row in rows]
