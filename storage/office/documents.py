"""The versions of the rulebook's documents, and what is stored that leans on them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from domain import overlays
from domain.cases import OPEN_STATES, State
from domain.rules import DOCUMENTS
from storage.cases import kept
from storage.cases.cases import Case
from storage.ground.tables import Rule, UnitRow
from storage.ground.work import Work


@dataclass(frozen=True, slots=True)
class Version:
    """One stored version of a document."""

    number: int
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Leaning:
    """The codes that stored cases and units use, and that a new document must therefore still know."""

    terms: frozenset[str]
    fields: frozenset[str]
    topics: frozenset[str]
    types: frozenset[str]


async def versions(work: Work, name: str) -> list[Version]:
    """Return a document's stored versions, oldest first; none while the packaged one is in force."""
    rows = await work.session.execute(
        select(Rule.version, Rule.note, Rule.at).where(Rule.name == name).order_by(Rule.version)
    )
    return [Version(*row) for row in rows]


async def body(work: Work, name: str, version: int) -> dict[str, Any]:
    """Return a version's body; empty where it stands for the packaged document. Raises KeyError."""
    row = await work.session.get(Rule, (name, version))
    if row is None:
        raise KeyError(version)
    return dict(row.body)


async def in_force(work: Work) -> dict[str, dict[str, Any]]:
    """Return the bodies of every replaced document's newest version, and of the communes' own, by name."""
    found = {}
    for name in await names(work):
        stored = await versions(work, name)
        found[name] = await body(work, name, stored[-1].number)
    return found


async def names(work: Work) -> list[str]:
    """Return the names of the documents that were replaced, or of which a commune has its own."""
    found = await work.session.scalars(select(Rule.name).distinct().order_by(Rule.name))
    return [name for name in found if overlays.parted(name)[0] in DOCUMENTS]


async def open_cases(work: Work) -> Sequence[Case]:
    """Read every case whose clock still runs, unlocked."""
    return await _open(work)


async def open_cases_of(work: Work, units: Collection[UUID]) -> Sequence[Case]:
    """Read the cases of these units whose clock still runs, unlocked."""
    return await _open(work, Case.unit_id.in_(sorted(units)))


async def for_morning(
    work: Work,
    day: date,
    since: datetime | None,
    units: Collection[UUID] | None = None,
    areas: Collection[str] | None = None,
) -> Sequence[Case]:
    """Read the open cases of which something may be said that day, of these units, areas or all, unlocked.

    They are due by then, taken by nobody, wait for a decision, or rang since an instant: most are none of
    these, and are not even opened.
    """
    free = [str(state) for state in (State.RECEIVED, State.REOPENED)]
    why = or_(Case.due_on <= day, Case.state.in_(free), Case.request.is_not(None))
    rung = [Case.alarmed_at > since] if since is not None else []
    where = [Case.unit_id.in_(sorted(units))] if units is not None else []
    where += [Case.area.in_(sorted(areas))] if areas is not None else []
    return await _open(work, or_(why, *rung), *where)


async def for_evening(work: Work) -> Sequence[Case]:
    """Read the open cases that are late, or wait for a decision, unlocked."""
    late = (Case.due_at <= work.now) & (Case.state != str(State.ASKED))
    return await _open(work, or_(late, Case.request.is_not(None)))


async def _open(work: Work, *conditions: ColumnElement[bool]) -> Sequence[Case]:
    states = [str(state) for state in OPEN_STATES]
    found = select(Case).where(Case.state.in_(states), *conditions).order_by(Case.code)
    return (await work.session.scalars(found)).all()


async def leaning(work: Work) -> Leaning:
    """Read which codes are in use."""
    columns = (Case.term, Case.field, Case.topic, UnitRow.type)
    found = [frozenset(await work.session.scalars(select(column).distinct())) for column in columns]
    return Leaning(*found)


_MOST_STORIES = 2000


async def stories(work: Work, since: datetime, areas: Sequence[str] | None = None) -> list[str]:
    """Return what was told since a moment, at most 2000 and the newest, of cases kept from nobody.

    Those of these areas; None for all of the desk.
    """
    told = select(Case.story).where(Case.opened_at >= since, kept.is_open())
    told = told.where(Case.area.in_(areas)) if areas is not None else told
    return list(await work.session.scalars(told.order_by(Case.opened_at.desc()).limit(_MOST_STORIES)))
