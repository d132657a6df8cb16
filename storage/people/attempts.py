"""Tries at what must not be guessed, each with its moment, so that they can be counted and limited."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Table, func, insert, select
from uuid_utils.compat import uuid7

from storage.ground.tables import Attempt
from storage.ground.work import Work

attempt: Table = Attempt.__table__  # type: ignore[assignment]


async def record(work: Work, *subjects: str, about: datetime | None = None) -> None:
    """Record a try that failed: who tried, and at what; with `about`, not nearer in time than that."""
    rows = [
        {"id": uuid4() if about else uuid7(), "subject": subject, "at": about or work.now}
        for subject in subjects
    ]
    await work.session.execute(insert(attempt), rows)


async def within(work: Work, subject: str, span: timedelta) -> int:
    """Return how many tries failed within so long."""
    recent = attempt.c.subject == subject, attempt.c.at > work.now - span
    return int(await work.session.scalar(select(func.count()).select_from(attempt).where(*recent)) or 0)
