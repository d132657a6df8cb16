"""What people call units and officials, from the taxonomy: aliases of the types of unit, posts, ranks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from domain import law

AREA = "{area}"
"""In the name of a post it stands for the name of the unit's own area."""

_COMMUNE = "xã"


class Post(NamedTuple):
    """Which types of unit a name means (none: any official), and whether those in charge of them."""

    of: tuple[str, ...]
    in_charge: bool = False

    @property
    def is_body(self) -> bool:
        """Whether a body is named, which has a house, and not somebody."""
        return bool(self.of) and not self.in_charge


@dataclass(frozen=True)
class Offices:
    """Every name with what it means.

    `ranks` make those in charge of the unit whose name follows; `heads` are beginnings of units' names that
    count as one word.
    """

    names: tuple[tuple[str, Post], ...]
    ranks: tuple[str, ...]
    heads: tuple[str, ...]

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
            return cls((*_aliases(taxonomy["units"], packaged["units"]), *posts), ranks, heads)

    @property
    def everywhere(self) -> Iterator[tuple[str, Post]]:
        """The names that are the same wherever a unit stands."""
        return ((name, post) for name, post in self.names if AREA not in name)

    @property
    def without_commune(self) -> Iterator[str]:
        """The names that may have "xã" behind them, without it; long ones without their first word too."""
        for name, _ in self.everywhere:
            *words, last = name.split()
            kept = words if _COMMUNE in last.split("/") else [*words, last]
            if kept and _COMMUNE not in kept[0].split("/"):
                yield from (" ".join(kept[first:]) for first in range(max(1, min(2, len(kept) - 1))))

    @property
    def of_areas(self) -> Iterator[tuple[str, Post]]:
        """The names that hold the name of a unit's area."""
        return ((name, post) for name, post in self.names if AREA in name)


def _aliases(units: Mapping[str, Any], packaged: Mapping[str, Any]) -> Iterator[tuple[str, Post]]:
    for code, row in units.items():
        for name in row.get("aliases", packaged.get(code, {}).get("aliases", ())):
            yield name, Post((code,))


def _posts(rows: list[Mapping[str, Any]]) -> Iterator[tuple[str, Post]]:
    for row in rows:
        for name in row["names"]:
            yield name, Post(tuple(row["of"]), row.get("in_charge", False))
