"""The cases a change of the directory touches, locked until the work is committed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, or_, select, true

from domain.cases import OPEN_STATES
from storage.cases import cases as stored
from storage.cases import kept
from storage.cases.cases import Case
from storage.ground.work import Work

_OPEN = [str(state) for state in OPEN_STATES]


async def in_hands_of(work: Work, person_id: UUID) -> tuple[list[Case], bool]:
    """Return the open cases somebody has taken, and whether none of them was held by another transaction."""
    return await _locked(work, Case.officer_id == person_id, Case.state.in_(_OPEN))


async def has_close(work: Work, person_id: UUID) -> bool:
    """Say whether somebody has taken a case that is kept close, whatever became of it."""
    await work.session.flush()
    found = select(Case.id).where(Case.officer_id == person_id, Case.confidential).limit(1)
    return await work.session.scalar(found) is not None


async def concerned(
    work: Work, source: UUID, target: UUID, since: datetime | None = None
) -> tuple[list[Case], bool]:
    """Return what a merger touches: the living cases of the unit, and all of any state that accuse it.

    Of those, the ones that name the unit they are merged into already, and belong to neither, are left out.
    What was answered `since` may come back, and lives as well (see `_lives`).
    """
    here = (Case.unit_id == source) & _lives(since)
    return await _locked(work, or_(here, _accuses(source) & ~_accuses(target)))


def _lives(since: datetime | None) -> ColumnElement[bool]:
    """Say that a case is open, or was answered or withdrawn so lately that it may be taken up again."""
    lately = [func.coalesce(Case.answered_at, Case.handed_at) >= since] if since is not None else []
    return or_(Case.state.in_(_OPEN), *lately)


async def walled(work: Work) -> tuple[list[Case], bool]:
    """Return the open cases that are kept close, or from somebody."""
    return await _locked(work, kept.is_kept(), Case.state.in_(_OPEN))


async def of_ids(work: Work, ids: Sequence[UUID]) -> tuple[list[Case], bool]:
    """Return these cases."""
    return await _locked(work, Case.id.in_(ids))


async def open_in(work: Work, areas: Sequence[str]) -> tuple[list[Case], bool]:
    """Return the open cases of these areas."""
    return await _locked(work, Case.area.in_(areas), Case.state.in_(_OPEN))


async def living_in(work: Work, areas: Sequence[str], since: datetime) -> tuple[list[Case], bool]:
    """Return the open cases of these areas, and those answered since then, which may come back."""
    return await _locked(work, Case.area.in_(areas), _lives(since))


async def asked_for(work: Work) -> tuple[list[Case], bool]:
    """Return the open cases of which something is asked that waits for a decision."""
    return await _locked(work, Case.state.in_(_OPEN), Case.request.is_not(None))


async def counted_in(work: Work, area: str) -> int:
    """Count the open cases of an area; those that are kept from somebody are in no count."""
    return await _count(work, Case.area == area)


async def counted(work: Work, unit_id: UUID) -> int:
    """Count the open cases of a unit; those that are kept from somebody are in no count."""
    return await _count(work, Case.unit_id == unit_id)


async def counted_of(work: Work, person_id: UUID, units: Collection[UUID] | None = None) -> int:
    """Count the open cases somebody has taken, in some units alone or in all.

    Those that are kept from somebody are in no count.
    """
    there = Case.unit_id.in_(units) if units is not None else true()
    return await _count(work, (Case.officer_id == person_id) & there)


async def _count(work: Work, whose: ColumnElement[bool]) -> int:
    await work.session.flush()
    shown = whose & Case.state.in_(_OPEN) & kept.is_open()
    return await work.session.scalar(select(func.count()).select_from(Case).where(shown)) or 0


async def _locked(work: Work, *conditions: ColumnElement[bool]) -> tuple[list[Case], bool]:
    await work.session.flush()
    ids = list(await work.session.scalars(select(Case.id).where(*conditions).order_by(Case.id)))
    await stored.load_due(work, ids)
    found = [work.cases[case_id] for case_id in ids if case_id in work.cases]
    return found, len(found) == len(ids)


def _accuses(unit_id: UUID) -> ColumnElement[bool]:
    return cast(Case.excluded, Text).contains(str(unit_id))
