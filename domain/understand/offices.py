"""What people call units and officials, from the taxonomy: aliases of the types of unit, posts, ranks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from domain import law
from domain.understand.loosely import Names

AREA = "{area}"
"""In the name of a post it stands for the name of the unit's own area."""

WORK_PARTS = ("somebody", "does", "in_charge")

_COMMUNE = "xã"
_PARTS = re.compile("[,;()/]")


class Post(NamedTuple):
    """Which types of unit a name means (none: any official), and whether those in charge of them."""

    of: tuple[str, ...]
    in_charge: bool = False

    @property
    def is_body(self) -> bool:
        """Whether a body is named, which has a house, and not somebody."""
        return bool(self.of) and not self.in_charge


@dataclass(frozen=True)
class Works:
    """How a post is called by its work: somebody, what they do, of what; `fields` only where in charge."""

    somebody: tuple[str, ...]
    does: tuple[str, ...]
    in_charge: tuple[str, ...]
    names: tuple[tuple[str, Post], ...]
    fields: tuple[tuple[str, Post], ...]

    @property
    def spelled(self) -> "Names[tuple[Post, bool]]":
        """What is done, by its spellings, with whose work it is, and whether that is sure; learned once."""
        return _of_works(self)

    @cached_property
    def parts(self) -> "Names[str]":
        """The words before that, each with which of `WORK_PARTS` it is; learned once."""
        return Names((text, part) for part in WORK_PARTS for text in getattr(self, part))


@dataclass(frozen=True)
class Offices:
    """Every name with what it means.

    `ranks` make those in charge of the unit whose name follows; `heads` are beginnings of units' names that
    count as one word.
    """

    names: tuple[tuple[str, Post], ...]
    ranks: tuple[str, ...]
    heads: tuple[str, ...]
    works: "Works"

    @classmethod
    def parse(cls, taxonomy: Mapping[str, Any]) -> "Offices":
        """Read a taxonomy document. One from before it named posts and aliases keeps the packaged ones.

        Raises BadDocument on a misfit, or a post of a type of unit that does not exist.
        """
        packaged = law.seed("taxonomy")
        with law.reading("taxonomy"):
            posts = tuple(_posts(taxonomy.get("posts", packaged["posts"])))
            if lost := {code for _, post in posts for code in post.of} - taxonomy["units"].keys():
                raise ValueError(f"a post is of {min(lost)}, which is no type of unit")
            ranks, heads = (tuple(taxonomy.get(name, packaged[name])) for name in ("ranks", "heads"))
            works = _works(taxonomy.get("works", packaged["works"]), taxonomy["fields"], taxonomy["units"])
            return cls((*_aliases(taxonomy["units"], packaged["units"]), *posts), ranks, heads, works)

    @property
    def everywhere(self) -> Iterator[tuple[str, Post]]:
        """The names that are the same wherever a unit stands."""
        return ((name, post) for name, post in self.names if AREA not in name)

    @property
    def spelled(self) -> Names[Post]:
        """The same by their spellings: learned once for a taxonomy, whatever desk or commune it is for."""
        return _spelled(self)

    @cached_property
    def spelled_ranks(self) -> Names[bool]:
        """The ranks by their spellings: learned once, whatever commune it is for."""
        return Names((rank, True) for rank in self.ranks)

    @property
    def without_commune(self) -> Iterator[str]:
        """The names that may have "xã" behind them, without it; long ones without their first word too."""
        for name, _ in self.everywhere:
            *words, last = name.split()
            kept = words if _COMMUNE in last.split("/") else [*words, last]
            if kept and _COMMUNE not in kept[0].split("/"):
                yield from (" ".join(kept[first:]) for first in range(max(1, min(2, len(kept) - 1))))

    @cached_property
    def of_commune(self) -> tuple[tuple[str, Post], ...]:
        """The letters that mean a unit with "xã" behind them, without it."""
        parted = ((name.partition(" "), post) for name, post in self.everywhere)
        return tuple(
            (first, post)
            for (first, _, last), post in parted
            if _COMMUNE in last.split("/") and post.is_body and first.isascii()
        )

    @cached_property
    def of_areas(self) -> tuple[tuple[str, Post], ...]:
        """The names that hold the name of a unit's area."""
        return tuple((name, post) for name, post in self.names if AREA in name)


@lru_cache(maxsize=4)
def _spelled(offices: Offices) -> Names[Post]:
    return Names(offices.everywhere)


@lru_cache(maxsize=4)
def _of_works(works: Works) -> Names[tuple[Post, bool]]:
    both = ((True, works.names), (False, works.fields))
    return Names((name, (post, sure)) for sure, rows in both for name, post in rows)


def _aliases(units: Mapping[str, Any], packaged: Mapping[str, Any]) -> Iterator[tuple[str, Post]]:
    for code, row in units.items():
        for name in row.get("aliases", packaged.get(code, {}).get("aliases", ())):
            yield name, Post((code,))


def _posts(rows: list[Mapping[str, Any]]) -> Iterator[tuple[str, Post]]:
    for row in rows:
        for name in row["names"]:
            yield name, Post(tuple(row["of"]), row.get("in_charge", False))


def _works(row: Mapping[str, Any], fields: list[Mapping[str, Any]], units: Mapping[str, Any]) -> Works:
    """Return the works of a taxonomy; of the names only what its units do."""
    known = [
        (name, [code for code in one["of"] if code in units]) for one in row["names"] for name in one["names"]
    ]
    names = tuple((name, Post(tuple(of))) for name, of in known if of)
    of_fields = ((name, Post((field["xa"],))) for field in fields for name in _called(field))
    somebody, does, in_charge = (tuple(row[part]) for part in ("somebody", "does", "in_charge"))
    return Works(somebody, does, in_charge, names, tuple(of_fields))


def _called(field: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a field is called, by its name's parts and its keywords."""
    parts = _PARTS.split(field["name"])
    yield from (part.strip() for part in (*parts, *field.get("keywords", ())) if part.strip())
