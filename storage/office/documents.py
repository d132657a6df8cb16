"""The versions of the rulebook's documents, and what is stored that leans on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain.cases import OPEN_STATES
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
    """Return the bodies of every replaced document's newest version, by name."""
    found = {}
    for name in DOCUMENTS:
        stored = await versions(work, name)
        if stored:
            found[name] = await body(work, name, stored[-1].number)
    return found


async def open_cases(work: Work) -> Sequence[Case]:
    """Read every case whose clock still runs, unlocked."""
    states = [str(state) for state in OPEN_STATES]
    found = await work.session.scalars(select(Case).where(Case.state.in_(states)).order_by(Case.code))
    return found.all()


async def leaning(work: Work) -> Leaning:
    """Read which codes are in use."""
    columns = (Case.term, Case.field, Case.topic, UnitRow.type)
    found = [frozenset(await work.session.scalars(select(column).distinct())) for column in columns]
    return Leaning(*found)


_MOST_STORIES = 2000


async def stories(work: Work, since: datetime) -> list[str]:
    """Return what was told since a moment, at most 2000 and the newest, of cases kept from nobody."""
    told = select(Case.story).where(Case.opened_at >= since, kept.is_open())
    return list(await work.session.scalars(told.order_by(Case.opened_at.desc()).limit(_MOST_STORIES)))
