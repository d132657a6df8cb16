"""How much work lies where, counted in the database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy import case as when

from domain.cases import OPEN_STATES, State
from storage.cases import kept
from storage.cases.cases import Case
from storage.ground.work import Work

_OPEN = tuple(str(state) for state in OPEN_STATES)


@dataclass(frozen=True, slots=True)
class Load:
    """One unit's open cases: how many, how many overdue or waiting for a decision, since when the oldest."""

    open: int
    overdue: int
    asked: int
    oldest: datetime


async def of_people(
    work: Work, people: Collection[UUID], units: Collection[UUID] | None = None
) -> dict[UUID, int]:
    """Return how many open cases each of these people has in hand, in some units alone or in all.

    Those kept from somebody are left out: who asks may not know of them (see `kept_of_people`).
    """
    await work.session.flush()
    there = [Case.unit_id.in_(units)] if units is not None else []
    count = select(Case.officer_id, func.count()).where(
        Case.officer_id.in_(people), Case.state.in_(_OPEN), kept.is_open(), *there
    )
    rows = await work.session.execute(count.group_by(Case.officer_id))
    return dict.fromkeys(people, 0) | {person: number for person, number in rows if person is not None}


async def units_of_field(work: Work, field: str) -> list[UUID]:
    """Return the units that have had cases of a field, those with most first, of those kept from nobody."""
    count = select(Case.unit_id).where(Case.field == field, kept.is_open())
    by_most = count.group_by(Case.unit_id).order_by(func.count().desc(), Case.unit_id)
    return list(await work.session.scalars(by_most))


async def of_units(work: Work, units: Collection[UUID]) -> dict[UUID, Load]:
    """Return the load of these units, as far as there is one, without the cases kept from somebody."""
    await work.session.flush()
    overdue = and_(Case.due_at <= work.now, Case.state != str(State.ASKED))
    late = func.sum(when((overdue, 1), else_=0))
    asked = func.sum(when((Case.request.is_not(None), 1), else_=0))
    counted = select(Case.unit_id, func.count(), late, asked, func.min(Case.opened_at)).where(
        Case.unit_id.in_(units), Case.state.in_(_OPEN), kept.is_open()
    )
    rows = await work.session.execute(counted.group_by(Case.unit_id))
    return {unit: Load(number, overdue, waiting, oldest) for unit, number, overdue, waiting, oldest in rows}


async def asked_of_units(work: Work, units: Collection[UUID]) -> list[Case]:
    """Return the open cases of these units in which a request waits for a decision, the nearest due first."""
    await work.session.flush()
    asked = select(Case).where(Case.unit_id.in_(units), Case.state.in_(_OPEN), Case.request.is_not(None))
    return list(await work.session.scalars(asked.order_by(Case.due_at)))


async def kept_of_units(work: Work, units: Collection[UUID]) -> list[Case]:
    """Return all open cases of these units kept from somebody: whoever asks may count only their own."""
    return await _kept(work, Case.unit_id.in_(units))


async def kept_of_people(work: Work, people: Collection[UUID]) -> list[Case]:
    """Return all open cases kept from somebody that these people have in hand, to be counted likewise."""
    return await _kept(work, Case.officer_id.in_(people))


async def _kept(work: Work, whose: ColumnElement[bool]) -> list[Case]:
    await work.session.flush()
    found = select(Case).where(whose, Case.state.in_(_OPEN), kept.is_kept())
    return list(await work.session.scalars(found))
