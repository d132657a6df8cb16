"""Days on which somebody is away, and who stands in for them then."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from uuid_utils.compat import uuid7

from domain.calendar import ONE_DAY
from storage.ground.tables import Absence as Absence
from storage.ground.work import Work
from storage.office.rulebook import directory_changed
from storage.people import matters

NOTED, ENDED = "noted", "ended"
"""Days away stand as they were noted until somebody is back before they are over."""


def new(work: Work, person_id: UUID, stand_in_id: UUID, first: date, last: date) -> Absence:
    """Make the days on which somebody is away, both included; `add` keeps them."""
    both = {"person_id": person_id, "stand_in_id": stand_in_id}
    return Absence(id=uuid7(), first_day=first, last_day=last, at=work.now, **both)


async def add(work: Work, person_id: UUID, stand_in_id: UUID, first: date, last: date) -> Absence:
    """Keep that somebody is away from one day to another; every process reads it anew."""
    row = new(work, person_id, stand_in_id, first, last)
    await matters.add(work, row)
    await announced(work)
    return row


async def announced(work: Work, absence: Absence | None = None, by: UUID | None = None) -> None:
    """Let every process read anew who is away; of an absence `by` notes just now no history says it yet."""
    await directory_changed(work, "absence")
    if absence is None or by is None:
        return
    directory = work.desk.directory
    its = (absence.person_id, absence.stand_in_id, absence.first_day, absence.last_day)
    away = tuple(
        replace(one, by=by)
        if one.by is None and (one.person_id, one.stand_in_id, one.first_day, one.last_day) == its
        else one
        for one in directory.absences
    )
    directory = replace(directory, absences=away)
    work.desk = replace(work.desk, directory=directory).on(work.today)


async def to_come(work: Work, person_id: UUID) -> list[Absence]:
    """Return somebody's absences that are not over, the nearest first, locked."""
    await work.session.flush()
    mine = select(Absence).where(Absence.person_id == person_id, Absence.last_day >= work.today)
    return list(await work.session.scalars(mine.order_by(Absence.first_day, Absence.id).with_for_update()))


async def end(work: Work, absence: Absence) -> None:
    """Let somebody be back from today on; days that were not yet are as if never named."""
    if absence.first_day < work.today:
        absence.last_day = work.today - ONE_DAY
    else:
        await work.session.delete(absence)
    await work.session.flush()
    await announced(work)
