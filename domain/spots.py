"""Places that links and printed codes lead to: a market, a gate, a clinic."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.law import reading


@dataclass(frozen=True, slots=True)
class Spot:
    """A place people know by name, and the code of the area it lies in if that is not the link's."""

    name: str
    area: str = ""


def parse(office: Mapping[str, Any]) -> Mapping[str, Spot]:
    """Read the places of `spots` of the office document, by the word that stands for each in a link."""
    with reading("office"):
        places = office.get("spots", {}).get("places", {})
        return {str(word): Spot(str(row["name"]), str(row.get("area", ""))) for word, row in places.items()}
