"""Timers: each subject has at most one, its next moment. The tick's cost grows with what is due.

The subject's own row is locked by whoever rings it, with SKIP LOCKED, so a worker that holds a case and
winds its timer never waits for a tick that waits for the case.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Insert, Table, and_, delete, select, tuple_, update

from storage.ground import dialect
from storage.ground.tables import Timer
from storage.ground.work import Work

timer: Table = Timer.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Due:
    """A timer whose moment has come."""

    kind: str
    subject: str
    due_at: datetime
    attempts: int


async def flush(work: Work, wanted: Mapping[tuple[str, str], datetime | None]) -> None:
    """Wind and unwind timers."""
    stop = sorted(key for key, due_at in wanted.items() if due_at is None)
    connection = await work.session.connection()
    if stop:
        await connection.execute(delete(timer).where(tuple_(timer.c.kind, timer.c.subject).in_(stop)))
    wind = [
        {"kind": kind, "subject": subject, "due_at": due_at, "attempts": 0}
        for (kind, subject), due_at in sorted(wanted.items(), key=lambda item: item[0])
        if due_at is not None
    ]
    if wind:
        await connection.execute(_winding(connection.dialect.name), wind)


@cache
def _winding(on: str) -> Insert:
    new = dialect.insert_of(on, timer)
    return new.on_conflict_do_update(
        index_elements=["kind", "subject"], set_={"due_at": new.excluded.due_at, "attempts": 0}
    )


async def due(work: Work, limit: int) -> list[Due]:
    """Lock up to `limit` timers whose moment has come, oldest first; another replica's are passed over."""
    statement = (
        select(timer)
        .where(timer.c.due_at <= work.now)
        .order_by(timer.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [
        Due(row.kind, row.subject, row.due_at, row.attempts) for row in await work.session.execute(statement)
    ]


async def begin(work: Work, kind: str, subject: str, due_at: datetime) -> None:
    """Wind a timer that is the desk's own, if no replica has done so before."""
    connection = await work.session.connection()
    new = dialect.insert_new(connection, timer)
    await connection.execute(new, [{"kind": kind, "subject": subject, "due_at": due_at, "attempts": 0}])


async def among_due(work: Work, kind: str, subjects: Collection[str]) -> list[str]:
    """Return the timers among these whose moment has come; nobody else rings one before this work commits."""
    these = and_(timer.c.kind == kind, timer.c.subject.in_(subjects), timer.c.due_at <= work.now)
    statement = select(timer.c.subject).where(these).with_for_update(read=True, skip_locked=True)
    return list(await work.session.scalars(statement))


async def is_wound(work: Work, kind: str, subject: str) -> bool:
    """Say whether a timer runs, by what this work has done of it or else by what is stored."""
    if (kind, subject) in work.timers:
        return work.timers[kind, subject] is not None
    one = select(timer.c.subject).where(timer.c.kind == kind, timer.c.subject == subject)
    return await work.session.scalar(one) is not None


async def is_any_wound(work: Work, kind: str, beginning: str) -> bool:
    """Say the same of any timer whose subject begins so."""
    mine = {subject: at for (of_kind, subject), at in work.timers.items() if of_kind == kind}
    if any(at is not None and subject.startswith(beginning) for subject, at in mine.items()):
        return True
    begins = timer.c.subject.startswith(beginning, autoescape=True)
    known = await work.session.scalars(select(timer.c.subject).where(timer.c.kind == kind, begins))
    return any(subject not in mine for subject in known)


async def due_at(work: Work, kind: str, subject: str) -> datetime | None:
    """Return the moment of one timer, None where it does not run."""
    if (kind, subject) in work.timers:
        return work.timers[kind, subject]
    one = select(timer.c.due_at).where(timer.c.kind == kind, timer.c.subject == subject)
    moment: datetime | None = await work.session.scalar(one)
    return moment


async def others_due(work: Work, kind: str) -> bool:
    """Say whether timers of a kind are due that this work has not rung: another replica has them."""
    rung = [subject for of_kind, subject in work.timers if of_kind == kind]
    conditions = [timer.c.kind == kind, timer.c.due_at <= work.now, timer.c.subject.not_in(rung)]
    return await work.session.scalar(select(timer.c.subject).where(*conditions).limit(1)) is not None


async def lock(work: Work, item: Due) -> list[Due]:
    """Lock this one timer; nothing if another replica has it, or it was rung or wound anew meanwhile."""
    statement = select(timer.c.due_at).where(_is(item)).with_for_update(skip_locked=True)
    return [item for _ in await work.session.execute(statement)]


async def postpone(work: Work, item: Due) -> None:
    """After a failure: ring again in 2^n minutes (n attempts so far, at most a day), and never give up."""
    wait = timedelta(minutes=min(2**item.attempts, 24 * 60))
    statement = update(timer).where(_is(item)).values(due_at=work.now + wait, attempts=item.attempts + 1)
    await work.session.execute(statement)


def _is(item: Due) -> ColumnElement[bool]:
    return and_(timer.c.kind == item.kind, timer.c.subject == item.subject, timer.c.due_at == item.due_at)


async def next_due(work: Work) -> datetime | None:
    """Return the moment of the next timer, if there is one."""
    moment: datetime | None = await work.session.scalar(
        select(timer.c.due_at).order_by(timer.c.due_at).limit(1)
    )
    return moment
