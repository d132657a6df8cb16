"""Whether a change of the office changes whom people's words mean: by what units and people are called.

Who is accused is found by words. A unit called like a post, or somebody entered under a reader's name, would
turn them on others; so what a fixed list of words means is compared, as the office is and as it would be.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import date
from functools import cached_property, lru_cache
from itertools import product
from uuid import UUID

from domain.accused import Accusation, differing
from domain.directory import Directory
from domain.people import KEYS, Role
from domain.routing import close_types
from domain.rules import Rules
from domain.understand.offices import Offices
from domain.walls import given_name
from storage.office.directory import Change

_CALLED = frozenset({"name", "type", "area", "parent"})
_TITLES = ("", "ông ", "bà ", "anh ", "chị ")
_AROUND = ("{} đòi tiền tôi", "cứu tôi, ông {} đang đánh vợ tôi")
"""Words about a name that a unit's could run into."""
_KEPT = 2048  # names of units
Pair = tuple[Accusation, Accusation]


def renames(rows: Iterable[Change]) -> bool:
    """Say whether by these rows anything is called otherwise, or stands elsewhere."""
    return any(
        row.what in {"area", "person"} or (row.what == "unit" and (row.gone or _CALLED & row.values.keys()))
        for row in rows
    )


class Tried:
    """The words by which a change is tried: what they mean in the office as it is, and as it would be.

    Only words that could mean others are read in both.
    """

    def __init__(self, before: Rules, after: Rules) -> None:
        self._before, self._after = before, after
        self._differing = differing.between(before.directory, after.directory, before.offices)

    def lost(self, day: date) -> bool:
        """Say whether somebody, or a unit that still is one, is meant no more by words that meant them."""
        there = {unit.id for unit in self._after.directory.units} | self._after.directory.names.keys()
        return any(
            (self._before.accused.named(text, day) - self._after.accused.named(text, day)) & there
            for text in self._touched(posts=True)
        )

    def accusations(self, day: date, *, posts: bool, untouched: bool) -> Iterator[Pair]:
        """Yield what words that come to mean others, or that mean several people, accuse before and after.

        Without `posts` only names of people are tried: roles alone change nothing of the others. Words that
        mean whom they meant are tried where others could read what is told of the same people: `untouched`.
        """
        before, after, seen = self._before, self._after, set[tuple[frozenset[UUID], ...]]()
        touched = self._touched(posts=posts)
        for text in dict.fromkeys((*touched, *(self._every(posts=posts) if untouched else ()))):
            was = before.accused.named(text, day)
            meant = (was, self._after.accused.named(text, day) if text in touched else was)
            several = len(meant[1] & after.directory.names.keys()) > 1
            if meant not in seen and (meant[0] != meant[1] or several):
                seen.add(meant)
                yield _accused(before, meant[0]), _accused(after, meant[1])

    def _touched(self, *, posts: bool) -> AbstractSet[str]:
        """Return the words that could mean others."""
        if not self._differing:
            return frozenset()
        return self._people_touched | self._posts_touched if posts else self._people_touched

    @cached_property
    def _people_touched(self) -> frozenset[str]:
        may = self._differing.may_begin
        near = (one for one in _keyed(self._before.directory) if may(*one) or may(*_TITLES))
        return frozenset(text for one in near for text in _of_person(*one) if self._differing.may(text))

    @cached_property
    def _posts_touched(self) -> frozenset[str]:
        return frozenset(text for texts in self._of_posts() for text in self._differing.of(texts))

    def _every(self, *, posts: bool) -> Iterator[str]:
        for one in _keyed(self._before.directory):
            yield from _of_person(*one)
        for texts in self._of_posts() if posts else ():
            yield from texts

    def _of_posts(self) -> Iterator[tuple[str, ...]]:
        """Yield what people call posts and units, and what units are called."""
        yield _everywhere(self._before.offices)
        before, after = self._before.directory.units, self._after.directory.units
        for name in dict.fromkeys(unit.name for unit in (*before, *after)):
            yield _around(name)
        for name in dict.fromkeys(unit.name for unit in before):
            yield _ranked(self._before.offices.ranks, name)


def _accused(rules: Rules, ids: frozenset[UUID]) -> Accusation:
    people = tuple(sorted(one for one in ids if one in rules.directory.names))
    return Accusation(people, tuple(unit.id for unit in rules.directory.units if unit.id in ids), wrong=True)


def meets_reader(before: Directory, after: Directory, rules: Rules, day: date) -> bool:
    """Say whether somebody who shares a key holder's given name comes to where close cases are read."""
    known = set(before.holdings)
    begun = [holding for holding in after.holdings if holding not in known]
    if not begun:
        return False
    close = close_types(rules.taxonomy)
    read = {unit.id for unit in after.units if unit.type in close or after.holders(unit.id, {Role.HEAD}, day)}
    new = [h for h in begun if h.unit_id in read]
    lasting = (h for h in before.holdings if h.valid_to is None or h.valid_to >= day)
    keyed = {holding.person_id for holding in lasting if holding.role in KEYS}
    there = {(h.person_id, h.unit_id) for h in known}
    return any(
        given_name(after.names.get(h.person_id, "")) == given_name(before.names.get(one, ""))
        for h in new
        if (h.person_id, h.unit_id) not in there
        for one in keyed - {h.person_id}
    )


@lru_cache(maxsize=4)
def _everywhere(offices: Offices) -> tuple[str, ...]:
    """Return words about each post: the same for every office."""
    return tuple(text for name, _ in offices.everywhere for text in _around(name))


@lru_cache(maxsize=_KEPT)
def _around(name: str) -> tuple[str, ...]:
    return tuple(around.format(one) for one in _spellings(name) for around in _AROUND)


@lru_cache(maxsize=_KEPT)
def _ranked(ranks: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(around.format(f"{rank} {name}") for rank in ranks for around in _AROUND)


def _spellings(name: str) -> Iterator[str]:
    return (" ".join(words) for words in product(*(word.split("/") for word in name.split())))


def _keyed(before: Directory) -> Iterable[tuple[str, str]]:
    """Return the names of who holds a key, each with that of the unit."""
    keyed = dict.fromkeys(h for h in before.holdings if h.role in KEYS)
    named = ((before.names.get(one.person_id, ""), before.unit(one.unit_id).name) for one in keyed)
    return dict.fromkeys((name, unit) for name, unit in named if name)


def _of_person(name: str, unit: str) -> Iterator[str]:
    """Yield what people call somebody: the whole name, and the given name with a title or a unit."""
    given = name.rsplit(maxsplit=1)[-1]
    yield from (f"{title}{one}" for title, one in product(_TITLES, (name, given)))
    yield from (f"{unit} {given}", f"ông {given} {unit}", f"{given} {unit}")
