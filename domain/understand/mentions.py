"""Who is spoken of in a message, what is told of them, and how a wrong is told."""

from dataclasses import dataclass
from typing import NamedTuple


class Mention(NamedTuple):
    """Somebody or a body spoken of: the words from `start` up to but not including `end`.

    `loose`: a given name that a neighbour may bear as well. `person`: no place can be described by it.
    """

    start: int
    end: int
    loose: bool = False
    person: bool = False

    def overlaps(self, other: "Mention") -> bool:
        """Say whether some words are of both."""
        return self.start < other.end and other.start < self.end


class Told(NamedTuple):
    """Whether a wrong is told, whether one that is denounced, and of which mentions (their positions).

    Where no wrong is told, those are `of` whom the words speak without only asking, greeting or passing them.
    `violent`: one for which people cry for help.
    `doers` are told to have done one themselves; `others` are neighbours of the same name; `open` are all who
    stand neither asked, greeted nor passed. `soft`: nobody is told outright to have done it.
    """

    wrong: bool
    crime: bool
    of: tuple[int, ...]
    doers: tuple[int, ...] = ()
    others: tuple[int, ...] = ()
    open: tuple[int, ...] = ()
    violent: bool = False
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Wrong:
    """How a wrong is told (see `conduct.yaml`)."""

    alone: bool
    by: bool
    crime: bool
    neutral: bool  # said of good conduct too
    violent: bool
    words: frozenset[
        str
    ]  # the exact keys of a cue that is one word: with its marks left out it is many others
    asked: bool = False  # told of whoever was only called or written to, too
    anyhow: bool = False  # told of whoever is named, whatever for, and whoever else is spoken of
    person: bool = False  # told of people alone, and of no unit

    @property
    def softly(self) -> bool:
        """Whether nobody is told outright to do it."""
        return self.anyhow or self.person
