"""Whether a change of the office changes whom people's words mean: by what units and people are called.

Who is accused is found by words. A unit called like a post, or somebody entered under a reader's name, would
turn them on others; so what a fixed list of words means is compared, as the office is and as it would be.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import product
from uuid import UUID

from domain.accused import Accusation
from domain.directory import Directory
from domain.people import KEYS, Role
from domain.routing import close_types
from domain.rules import Rules
from domain.understand.fold import fold
from domain.walls import given_name
from storage.office.directory import Change

_CALLED = frozenset({"name", "type", "area", "parent"})
_TITLES = ("", "ông ", "bà ", "anh ", "chị ")
_AROUND = ("{} đòi tiền tôi", "cứu tôi, ông {} đang đánh vợ tôi")
"""Words about a name that a unit's could run into."""
Pair = tuple[Accusation, Accusation]


def renames(rows: Iterable[Change]) -> bool:
    """Say whether by these rows anything is called otherwise, or stands elsewhere."""
    return any(
        row.what in {"area", "person"} or (row.what == "unit" and (row.gone or _CALLED & row.values.keys()))
        for row in rows
    )


def lost(before: Rules, after: Rules, day: date) -> bool:
    """Say whether somebody, or a unit that still is one, is meant no more by words that meant them."""
    there = {unit.id for unit in after.directory.units} | after.directory.names.keys()
    return any(
        (before.accused.named(text, day) - after.accused.named(text, day)) & there
        for text in dict.fromkeys((*_of_posts(before, after), *_of_people(before.directory)))
    )


def accusations(before: Rules, after: Rules, day: date, *, posts: bool) -> Iterator[Pair]:
    """Yield what words that come to mean others, or that mean several people, accuse before and after.

    Without `posts` only names of people are tried: roles alone change nothing of the others.
    """
    words = [*_of_people(before.directory), *(_of_posts(before, after) if posts else ())]
    seen = set[tuple[frozenset[UUID], ...]]()
    for text in dict.fromkeys(words):
        meant = (before.accused.named(text, day), after.accused.named(text, day))
        several = len(meant[1] & after.directory.names.keys()) > 1
        if meant not in seen and (meant[0] != meant[1] or several):
            seen.add(meant)
            yield _accused(before, meant[0]), _accused(after, meant[1])


def _accused(rules: Rules, ids: frozenset[UUID]) -> Accusation:
    people = tuple(sorted(one for one in ids if one in rules.directory.names))
    return Accusation(people, tuple(unit.id for unit in rules.directory.units if unit.id in ids), wrong=True)


def meets_reader(before: Directory, after: Directory, rules: Rules, day: date) -> bool:
    """Say whether somebody who shares a key holder's given name comes to where close cases are read."""
    close = close_types(rules.taxonomy)
    read = {unit.id for unit in after.units if unit.type in close or after.holders(unit.id, {Role.HEAD}, day)}
    known = set(before.holdings)
    new = [h for h in after.holdings if h not in known and h.unit_id in read]
    lasting = (h for h in before.holdings if h.valid_to is None or h.valid_to >= day)
    keyed = {holding.person_id for holding in lasting if holding.role in KEYS}
    there = {(h.person_id, h.unit_id) for h in known}
    return any(
        given_name(after.names.get(h.person_id, "")) == given_name(before.names.get(one, ""))
        for h in new
        if (h.person_id, h.unit_id) not in there
        for one in keyed - {h.person_id}
    )


def _of_posts(before: Rules, after: Rules) -> Iterator[str]:
    """Yield what people call posts and units, and what units are called."""
    names = [name for name, _ in before.offices.everywhere]
    names += [unit.name for rules in (before, after) for unit in rules.directory.units]
    spelled = dict.fromkeys(one for name in names for one in _spellings(name))
    ranked = [f"{rank} {unit.name}" for rank in before.offices.ranks for unit in before.directory.units]
    changed = _changed(before.directory, after.directory)
    for name in (*spelled, *ranked):
        texts = [around.format(name) for around in _AROUND]
        yield from (text for text in texts if changed is None or changed & _words(text))


def _changed(before: Directory, after: Directory) -> frozenset[str] | None:
    """Return the words of all names of people and places that differ; None where units or roles do.

    What is called by none of these words means what it meant: most of two thousand texts need not be read.
    """
    if before.units != after.units or before.holdings != after.holdings:
        return None
    named = before.names.items() ^ after.names.items()
    places = {*before.areas} ^ {*after.areas}
    return _words(" ".join((*(name for _, name in named), *(place.name for place in places))))


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


def _spellings(name: str) -> Iterator[str]:
    return (" ".join(words) for words in product(*(word.split("/") for word in name.split())))


def _of_people(before: Directory) -> Iterator[str]:
    """Yield what people call who holds a key: the whole name, and the given name with a title or a unit."""
    keyed = dict.fromkeys(h for h in before.holdings if h.role in KEYS)
    for holding in keyed:
        name = before.names.get(holding.person_id, "")
        if name:
            unit = before.unit(holding.unit_id).name
            given = name.split()[-1]
            yield from (f"{title}{one}" for title, one in product(_TITLES, (name, given)))
            yield from (f"{unit} {given}", f"ông {given} {unit}", f"{given} {unit}")
