"""Who has read what a case holds: an append-only record, written in one statement for a whole unit of work.

The same way of reading counts once a minute: a card drawn anew with an act is not another reading.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Table, select

from storage.cases.cases import Case
from storage.ground import dialect
from storage.ground.tables import Access as Access
from storage.ground.work import Reading, Recent, Work

_ACCESS: Table = Access.__table__  # type: ignore[assignment]


def note(work: Work, case: Case | Recent, person_id: UUID, how: str) -> None:
    """Note that an official reads, or is sent, what the case holds."""
    work.readings[case.id, person_id, how] = Reading(case.id, person_id, how, case.unit_id)


async def flush(work: Work, readings: Iterable[Reading]) -> None:
    """Write what was read, and as what: the role held in the case's own unit, else beside it, else any."""
    rows = [_row(work, reading) for reading in readings]
    if rows:
        await work.session.flush()  # a case may be as new as this reading
        connection = await work.session.connection()
        new = dialect.insert(connection, _ACCESS).on_conflict_do_nothing()
        await connection.execute(new, sorted(rows, key=_place))


def _place(row: dict[str, object]) -> tuple[str, ...]:
    """Return where a row comes in an order that all replicas keep: none waits for another in a circle."""
    return str(row["case_id"]), str(row["person_id"]), str(row["how"])


def _row(work: Work, reading: Reading) -> dict[str, object]:
    held, seat = work.desk.directory.held_by(reading.person_id, work.today), work.desk.directory.seat
    there = seat(reading.unit_id)
    post = min(
        held, key=lambda one: (one.unit_id != reading.unit_id, seat(one.unit_id) != there), default=None
    )
    return {
        "case_id": reading.case_id,
        "person_id": reading.person_id,
        "how": reading.how,
        "at": minute(work.now),
        "unit_id": post.unit_id if post else None,
        "role": str(post.role) if post else "",
    }


def minute(at: datetime) -> datetime:
    """Return the minute a moment lies in."""
    return at.replace(second=0, microsecond=0)


async def of_case(work: Work, case: Case) -> list[Access]:
    """Return everything that was read of a case, the oldest first."""
    await work.session.flush()
    rows = select(Access).where(Access.case_id == case.id).order_by(Access.at, Access.person_id, Access.how)
    return list(await work.session.scalars(rows))
