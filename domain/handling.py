"""How far officials go alone, and to whom a case may well be handed on."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from domain.law import reading
from domain.routing import Unit


@dataclass(frozen=True, slots=True)
class Handling:
    """What an admin may set of it; defaults of the office document.

    `transfers` is how often officers hand a case on before a chief decides, `crossings` how often a case goes
    to another commune or level before the province decides, `suggested` how many units or people are
    proposed, `decline_letters` how much a refusal to act must say at least, and `bar_days` for how long a
    sender may be barred.
    """

    transfers: int = 2
    crossings: int = 3
    suggested: int = 3
    decline_letters: int = 20
    bar_days: tuple[int, ...] = (7, 30, 90)

    @classmethod
    def parse(cls, office: Mapping[str, Any]) -> Self:
        """Read what is named under `handling` of the office document. Raises BadDocument."""
        given: Mapping[str, Any] = office.get("handling", {})
        ours = cls()
        with reading("office"):
            numbers = {name: int(given.get(name, getattr(ours, name))) for name in _NUMBERS}
            days = tuple(int(day) for day in given.get("bar_days", ours.bar_days))
            if min(*numbers.values(), *days) < 0 or not days:
                raise ValueError("handling: no number is negative, and bar_days names at least one")
        return cls(**numbers, bar_days=days)


_NUMBERS = ("transfers", "crossings", "suggested", "decline_letters")


def suggest(
    likely: Iterable[UUID], units: Sequence[Unit], on: date, *, but: Collection[UUID], most: int
) -> list[Unit]:
    """Return the units to propose, the likeliest first, each once: those that stand and may have the case."""
    standing = {unit.id: unit for unit in units if unit.stands_on(on) and unit.id not in but}
    return [standing[unit_id] for unit_id in dict.fromkeys(likely) if unit_id in standing][:most]
