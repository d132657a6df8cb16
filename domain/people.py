"""Who may be what, where, and when."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from domain.calendar import day_after
from domain.codes import prefix_of


class Role(StrEnum):
    """Roles are held in a unit for a period; everybody else is a citizen."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    HEAD = "head"
    ADMIN = "admin"
    DUTY = "duty"
    KEEPER = "keeper"
    """Keeps the identities of those who wrote in sealed mode; may open one, with a reason, on record."""


KEYS = frozenset({Role.HEAD, Role.KEEPER, Role.ADMIN, Role.SUPERVISOR})
"""Roles that open what is kept close, wherever, or can make somebody who does: nobody gives them alone."""

SERVING = frozenset({Role.OFFICER, Role.SUPERVISOR, Role.HEAD, Role.DUTY})
"""Roles that make a unit somebody's own: what is said of them may concern everybody there."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A role held in a unit from a day until a day (both included; None is open-ended)."""

    person_id: UUID
    unit_id: UUID
    role: Role
    valid_from: date
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether the role is held on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Area:
    """A place the desk serves; `kind` is province, commune or hamlet."""

    code: str
    name: str
    kind: str
    parent: str | None
    valid_from: date
    valid_to: date | None = None
    prefix: str = ""
    """The two letters with which its cases' codes begin, where they are not the initials of its name."""
    plain: str = ""
    """Its name alone, where it is called by its old commune too: another of the commune has the same."""

    def stands_on(self, day: date) -> bool:
        """Say whether it is there on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def letters(self) -> str:
        """The two letters with which its cases' codes begin. Raises ValueError where its name gives none."""
        return self.prefix or prefix_of(self.name)


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which somebody is away (both included), and who stands in for them.

    `by` said so, on the day `noted`; None where nobody but they themselves is known to have. Their own word
    holds wherever they serve, a chief's where that chief has them (see `Directory.holds_in`).
    """

    person_id: UUID
    stand_in_id: UUID
    first_day: date
    last_day: date
    by: UUID | None = None
    noted: date | None = None


def turns(areas: Iterable[Area]) -> list[date]:
    """Return the days on which one of these areas begins, or is there no more."""
    both = ((area.valid_from, area.valid_to and day_after(area.valid_to)) for area in areas)
    return sorted({day for days in both for day in days if day is not None})


K = TypeVar("K")
V = TypeVar("V")


def by(rows: Iterable[V], key: Callable[[V], K]) -> dict[K, list[V]]:
    """Return rows by what is the same of them."""
    found: dict[K, list[V]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found
