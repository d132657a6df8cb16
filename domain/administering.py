"""How far an admin looks ahead and back before something of the office is changed, and who must agree."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from domain.law import reading


@dataclass(frozen=True, slots=True)
class Administering:
    """Days of the duty roster that are shown, and days of messages on which new words of danger are tried.

    So many days off an admin lets everything wait alone, in one order; longer takes two.

    What needs a second person waits for one so many days. For so many hours a chat that has just joined ends
    no older one of the same person. A page on which an official works is theirs for so many days without a
    visit.
    """

    roster_days: int = 14
    words_days: int = 30
    second_days: int = 3
    new_chat_hours: int = 24
    alone_days_off: int = 2
    web_days: int = 7

    @classmethod
    def parse(cls, office: Mapping[str, Any]) -> Self:
        """Read what is named under `administering` of the office document. Raises BadDocument."""
        given: Mapping[str, Any] = office.get("administering", {})
        with reading("office"):
            ours = cls(**{name: int(given[name]) for name in cls.__dataclass_fields__ if name in given})
            days = (ours.roster_days, ours.words_days, ours.second_days, ours.alone_days_off, ours.web_days)
            if min(days) < 1 or ours.new_chat_hours < 0:
                raise ValueError("administering: these are days, at least one, and hours")
        return ours
