"""Who told of which field where, and when: as far as it may be counted (see `services.clock.hotspots`)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from domain.cases import State
from domain.hotspots import NEVER_COUNTED
from storage.cases import kept
from storage.ground.tables import Case, Follower
from storage.ground.work import Work


@dataclass(frozen=True, slots=True)
class Telling:
    """That somebody told of a field in an area, by a case of theirs or by following another's.

    `person` is the key under which their cases stand, whichever of their chats they wrote in.
    """

    case_id: UUID
    area: str
    field: str
    person: str
    at: datetime


async def tellings(
    work: Work, since: datetime, until: datetime, fields: Collection[str] | None = None
) -> list[Telling]:
    """Return what was told from one moment on, before another, of some fields or of all: one statement."""
    await work.session.flush()
    among = [] if fields is None else [Case.field.in_(sorted(fields))]
    own = _who(Case.chat_key, Case.opened_at)
    own = own.where(Case.opened_at >= since, Case.opened_at < until, *_counted(), *among)
    joined = _who(Follower.chat_key, Follower.at).join(Follower, Follower.case_id == Case.id)
    joined = joined.where(
        Follower.at >= since, Follower.at < until, Follower.relative.is_(False), *_counted(), *among
    )
    rows = await work.session.execute(union_all(own, joined))
    return [Telling(row.id, row.area, row.field, row.person, row.at) for row in rows]


def _who(
    person: InstrumentedAttribute[str], at: InstrumentedAttribute[datetime]
) -> Select[UUID, str, str, str, datetime]:
    told = (Case.id, Case.area, Case.field, person.label("person"), at.label("at"))
    return select(*told).select_from(Case)


def _counted() -> tuple[ColumnElement[bool], ...]:
    """Say of which cases anything is counted: none that is kept from somebody, accuses, or was withdrawn."""
    return (kept.is_open(), Case.kind.not_in(sorted(NEVER_COUNTED)), Case.state != str(State.WITHDRAWN))


async def begun(work: Work) -> dict[str, datetime]:
    """Return since when anything was told of each area, of whatever field."""
    first = select(Case.area, func.min(Case.opened_at)).group_by(Case.area)
    return dict((await work.session.execute(first)).all())


async def read(work: Work, codes: Collection[str]) -> list[Case]:
    """Return those of these cases that still may be counted, the oldest first, for who changes none."""
    there = select(Case).where(Case.code.in_(sorted(codes)), *_counted())
    return list(await work.session.scalars(there.order_by(Case.opened_at, Case.code)))


async def codes(work: Work, ids: Collection[UUID]) -> list[str]:
    """Return the codes of these cases, the oldest first."""
    named = select(Case.code).where(Case.id.in_(sorted(ids))).order_by(Case.opened_at, Case.code)
    return list(await work.session.scalars(named))
