"""What a number of somebody's is, and where it stands in a text."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a number is."""

    PHONE = "phone"
    IDENTITY = "identity"
    ACCOUNT = "account"
    EMAIL = "email"
    PLATE = "plate"
    HEALTH = "health"  # a card of health insurance
    SOCIAL = "social"  # a book of social insurance
    TAX = "tax"
    PASSPORT = "passport"


@dataclass(frozen=True, slots=True)
class Found:
    """A number of a text: what it is, where it stands, and its value: a telephone's begins with +84."""

    kind: Kind
    start: int
    end: int
    value: str


def apart(found: Iterable[Found]) -> list[Found]:
    """Return what was found in order, without what begins within an earlier or a longer one."""
    kept, at = list[Found](), 0
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if one.start >= at:
            kept.append(one)
            at = one.end
    return kept


def blanked(said: str, found: list[Found]) -> str:
    """Return a text in which what is found already are signs that join nothing; places stay as they are."""
    kept, at = list[str](), 0
    for one in found:
        kept += [said[at : one.start], "@" * (one.end - one.start)]
        at = one.end
    return "".join([*kept, said[at:]])
