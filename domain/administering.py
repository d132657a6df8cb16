"""How far an admin looks ahead and back before something of the office is changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from domain.law import reading


@dataclass(frozen=True, slots=True)
class Administering:
    """Days of the duty roster that are shown, and days of messages on which new words of danger are tried."""

    roster_days: int = 14
    words_days: int = 30

    @classmethod
    def parse(cls, office: Mapping[str, Any]) -> Self:
        """Read what is named under `administering` of the office document. Raises BadDocument."""
        given: Mapping[str, Any] = office.get("administering", {})
        with reading("office"):
            ours = cls(**{name: int(given[name]) for name in cls.__dataclass_fields__ if name in given})
            if min(ours.roster_days, ours.words_days) < 1:
                raise ValueError("administering: both are days, at least one")
        return ours
