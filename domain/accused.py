"""Whom an accusation speaks of: officials and units of the directory, by whatever people call them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.people import Directory


@dataclass(frozen=True, slots=True)
class Accusation:
    """What some words say of officials: everybody who may be meant, and whether a wrong is told of any.

    `people` and `units` are named (two people of one name: both; without those below a unit). `wrong` says
    that a wrong or bad conduct of an official or a unit is told, whether or not it is known of whom.
    """

    people: tuple[UUID, ...] = ()
    units: tuple[UUID, ...] = ()
    wrong: bool = False


def read(text: str, directory: Directory, day: date) -> Accusation:
    """Return whom the words speak of, among those who serve that day."""
    return Accusation()
