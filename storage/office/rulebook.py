"""The rules in force, read once and again only when a document or the directory has changed."""

import asyncio
import dataclasses
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

import locales
from domain import overlays
from domain.areas import told_apart
from domain.directory import Directory
from domain.packaged import built_at_once
from domain.people import Absence, Area, Holding, Role
from domain.routing import Unit
from domain.rules import DOCUMENTS, Rules
from domain.shapes import Shapes
from domain.understand.linear import Linear
from storage.ground import tables
from storage.ground.tables import MatterEvent, Person, RoleRow, Rule, UnitRow
from storage.ground.work import Work
from storage.office import shapes

DIRECTORY = "directory"
"""A rule row of this name holds nothing but the fact that areas, units or roles have changed."""
_CHANGING = 2_0270_501
"""The number of the advisory lock held by whoever changes the rules."""


_NEWEST = select(Rule.name, func.max(Rule.version)).group_by(Rule.name)
_BEGAN = (MatterEvent.kind == tables.Absence.__tablename__) & (MatterEvent.number == 1)
_AWAY = tables.Absence
_ABSENCES = (
    select(_AWAY.person_id, _AWAY.stand_in_id, _AWAY.first_day, _AWAY.last_day, _AWAY.at, MatterEvent.actor)
    .outerjoin(MatterEvent, (MatterEvent.matter_id == tables.Absence.id) & _BEGAN)
    .order_by(tables.Absence.at, tables.Absence.id)
)


class Library:
    """One process's copy of the rules. One short SELECT a transaction says whether it is still current."""

    def __init__(self, timezone: str = "", model: Callable[[], Linear] = Linear.load) -> None:
        """`model` gives, once, what messages are read by: what is learned meanwhile is for the next start."""
        self._timezone, self._model = timezone, cache(model)
        self._versions: dict[str, int] | None = None
        self._rules: Rules | None = None
        self._reading = asyncio.Lock()

    @property
    def latest(self) -> Rules | None:
        """The rules as they were read last, for what need not be of this moment; None before the first."""
        return self._rules

    async def rules(self, session: AsyncSession) -> Rules:
        """Return the rules in force."""
        versions: dict[str, int] = dict((await session.execute(_NEWEST)).all())
        if self._rules is None or versions != self._versions:
            async with self._reading:  # many come at once when the desk starts: one reads, the others wait
                if self._rules is None or versions != self._versions:
                    with built_at_once():
                        documents, people = await _documents(session, versions), await read_directory(session)
                        drawn = await self._drawn(session, versions)
                        rules = Rules.parse(documents, people, self._model())
                        self._rules = self._placed(dataclasses.replace(rules, shapes=drawn))
                    self._versions = versions
        return self._rules

    async def _drawn(self, session: AsyncSession, versions: Mapping[str, int]) -> Shapes:
        """Return the outlines of areas: they are many, and read anew only where they were replaced."""
        known = self._rules.shapes if self._rules is not None else None
        before = (self._versions or {}).get(shapes.SHAPES)
        if known is not None and before == versions.get(shapes.SHAPES):
            return known
        return Shapes(await shapes.read(session))

    def _placed(self, rules: Rules) -> Rules:
        """Let the TIMEZONE of this installation outrank the office document's."""
        if not self._timezone:
            return rules
        calendar = dataclasses.replace(rules.calendar, zone=ZoneInfo(self._timezone))
        return dataclasses.replace(rules, calendar=calendar)


async def _documents(session: AsyncSession, versions: dict[str, int]) -> dict[str, Any]:
    return {
        name: await session.scalar(select(Rule.body).where(Rule.name == name, Rule.version == version))
        for name, version in versions.items()
        if overlays.parted(name)[0] in DOCUMENTS
    }


async def read_directory(session: AsyncSession) -> Directory:
    """Read every area, unit, role and absence, and the names of those who hold or held a role."""
    # Columns, not rows of the ORM: of a province they are ten thousand, each watched for changes.
    areas = await session.execute(select(*_columns(tables.Area, Area)).order_by(tables.Area.code))
    units = await session.execute(select(*_columns(UnitRow, Unit)).order_by(UnitRow.code))
    roles = await session.execute(select(*_columns(RoleRow, Holding)).order_by(RoleRow.id))
    absences = await session.execute(_ABSENCES)
    named = select(Person.id, Person.name).where(Person.id.in_(select(RoleRow.person_id)))
    names = (await session.execute(named)).all()
    kinds = {str(role): role for role in Role}
    return Directory(
        areas=told_apart([Area(*row) for row in areas], _called),
        units=tuple(Unit(*row) for row in units),
        holdings=tuple(
            Holding(person, unit, kinds[role], first, last) for person, unit, role, first, last in roles
        ),
        absences=tuple(
            Absence(person, other, first, last, _noted_by(actor), at.date())
            for person, other, first, last, at, actor in absences
        ),
        names={person_id: name for person_id, name in names if name},
    )


def _noted_by(actor: str | None) -> UUID | None:
    """Return who noted days away, as the first line of their history says."""
    kind, _, person = (actor or "").partition(":")
    return UUID(person) if kind == "person" else None


def _columns(table: type[tables.Base], made: type[Any]) -> list[Any]:
    """Return the columns of a table that a value is made of, in its order."""
    return [getattr(table, name) for one in dataclasses.fields(made) if hasattr(table, name := one.name)]


def _called(hamlet: str, commune: str) -> str:
    return locales.words("vi")("area.of_old", hamlet=hamlet, commune=commune)


async def hold(work: Work) -> None:
    """Wait until nobody else changes the rules or the directory, and keep others waiting until the commit.

    On SQLite there is one writer anyway.
    """
    if work.session.get_bind().dialect.name == "postgresql":
        await work.session.execute(select(func.pg_advisory_xact_lock(_CHANGING)))


async def directory_changed(work: Work, note: str) -> None:
    """Let everybody know that areas, units, people or roles have changed, and this work at once."""
    await replace(work, DIRECTORY, {}, note)
    directory = await read_directory(work.session)
    work.desk = dataclasses.replace(work.desk, directory=directory).on(work.today)


async def replace(work: Work, name: str, body: Any, note: str) -> int:  # noqa: ANN401 - any JSON document
    """Put a new version of a document in force; earlier versions stay. Returns the version's number."""
    await hold(work)
    last = await work.session.scalar(select(func.max(Rule.version)).where(Rule.name == name))
    version: int = (last or 0) + 1
    work.session.add(Rule(name=name, version=version, body=body, note=note, at=work.now))
    await work.session.flush()
    return version
