"""Which words two directories could take otherwise: all others mean in the one whom they mean in the other.

What words mean hangs on the names that stand in them and on nothing else: those of units, with what people
call their types, those of people and of places; and on where those people serve, and who is in charge of
those units. So words in which nothing stands that differs need not be read in either.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from uuid import UUID

from domain.accused import bearers
from domain.accused.abroad import named_places, shortened_places
from domain.accused.communes import OF_PROVINCE
from domain.accused.offices import OfficeNames
from domain.accused.works import WorkNames
from domain.directory import Directory
from domain.people import Area, Holding, Role
from domain.routing import Unit
from domain.understand.loosely import Names, Said
from domain.understand.offices import Offices

_IN_CHARGE = frozenset({Role.SUPERVISOR, Role.HEAD})
_KEPT = 8192  # words by which changes are tried


class Differing:
    """What differs between two directories of what words could mean: names of units, people and places."""

    def __init__(
        self,
        units: Iterable["_Units"],
        people: Iterable[tuple[UUID, str]],
        areas: Sequence[Area],
        offices: Offices,
    ) -> None:
        self._units: list[OfficeNames | WorkNames] = []
        above: set[str] = set()
        for own, near in units:
            provinces = {area.code for area in near if area.kind == "province"}
            above |= OF_PROVINCE if any(unit.area in provinces for unit in own) else frozenset()
            directory = Directory(near, own)
            self._units += [OfficeNames(directory, offices), WorkNames(directory, offices)] if own else []
        self._above = frozenset(above)
        """Words that make any post one above the communes, where a unit there differs."""
        self._places = Names((name, True) for name in (*named_places(areas), *shortened_places(areas)))
        spelled = (bearer for one in people for bearer in bearers.spelled(*one))
        self._given = frozenset(bearer.folds[-1] for bearer in spelled)
        self._letters = frozenset(given[0] for given in self._given)
        self._begins = self._given | self._above | self._places.first_words(bool)
        self._begins = self._begins.union(*(names.first_words() for names in self._units))
        self._may = lru_cache(maxsize=_KEPT)(self._read)
        self._of = lru_cache(maxsize=_KEPT)(lambda texts: tuple(filter(self._may, texts)))

    def __bool__(self) -> bool:
        return bool(self._begins)

    def may(self, text: str) -> bool:
        """Say whether words could mean others in the one directory than in the other."""
        return self._may(text)

    def of(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """Return which of many words could; by the same words many communes are tried."""
        return self._of(texts)

    def may_begin(self, *parts: str) -> bool:
        """Say whether in any of these parts of words something could begin that differs."""
        return any(self._begins_in(*_words(part)) for part in parts)

    def _begins_in(self, folds: frozenset[str], letters: frozenset[str]) -> bool:
        return not (self._begins.isdisjoint(folds) and self._letters.isdisjoint(letters))

    def _read(self, text: str) -> bool:
        folds, letters = _words(text)
        if not self._begins_in(folds, letters):
            return False
        named = not (self._given.isdisjoint(folds) and self._letters.isdisjoint(letters))
        if named or not self._above.isdisjoint(folds):
            return True
        said = Said(text)
        return any(names.may_name(said) for names in self._units) or any(self._places.among(said))


_Units = tuple[tuple[Unit, ...], tuple[Area, ...]]
"""Units, and the areas by whose names they could be called."""


def between(before: Directory, after: Directory, offices: Offices) -> Differing:
    """Return what differs; what does so above the communes is learned once for all of them.

    Of a part of a desk that is also what differs elsewhere in it: people are known by their whole names
    there, and units by what those of their kind are called here, with the name of their commune.
    """
    units, people, areas = _differ(before, after)
    if before.whole is not before:
        more = _elsewhere(before.whole, after.whole)
        kinds = {unit.type for known, _ in more[0] for unit in known}
        alike = ((one, (unit for unit in one.units if unit.type in kinds)) for one in (before, after))
        here = (_called_in(of, one.areas) for one, of in alike)
        units, people, areas = (*units, *here, *more[0]), people | more[1], areas | more[2]
    return _between(units, people, areas, offices)


_Differ = tuple[tuple["_Units", ...], frozenset[tuple[UUID, str]], frozenset[Area]]
"""Units of the one and of the other, people by id and name, and areas, that differ."""


def _differ(before: Directory, after: Directory) -> _Differ:
    moved = {*before.holdings} ^ {*after.holdings}
    people = {person for person, _ in before.names.items() ^ after.names.items()}
    people |= {holding.person_id for holding in moved}
    names = {(one, known.names[one]) for known in (before, after) for one in people & known.names.keys()}
    areas = {*before.areas} ^ {*after.areas} if before.areas != after.areas else set[Area]()
    both = ((before, after), (after, before))
    changed = ((one, {*_changed(one, other, moved, areas)}) for one, other in both)
    units = tuple(_called_in(_with_their_kind(one, of), one.areas) for one, of in changed)
    return units, frozenset(names), frozenset(areas)


_elsewhere = lru_cache(maxsize=1)(_differ)
"""The same for every part of a desk."""


@lru_cache(maxsize=4)
def _between(
    units: tuple[_Units, ...], people: frozenset[tuple[UUID, str]], areas: frozenset[Area], offices: Offices
) -> Differing:
    return Differing(units, people, tuple(areas), offices)


def _called_in(units: Iterable[Unit], areas: Iterable[Area]) -> _Units:
    """Return these units with the areas that have a say in what they are called."""
    known = tuple(sorted(units, key=lambda unit: unit.code))
    words = {word for unit in known for word in _words(unit.name)[0]}
    own = {unit.area for unit in known}
    near = (area for area in areas if area.code in own or not words.isdisjoint(_words(area.name)[0]))
    return known, tuple(near) if known else ()


def _changed(one: Directory, other: Directory, moved: Iterable[Holding], areas: set[Area]) -> Iterator[Unit]:
    """Yield the units of the one that are called otherwise in the other, or led by others."""
    there = {unit.id: unit for unit in other.units}
    led = {holding.unit_id for holding in moved if holding.role in _IN_CHARGE}
    codes, words = {area.code for area in areas}, {w for area in areas for w in _words(area.name)[0]}
    for unit in one.units:
        known = there.get(unit.id)
        same = known is unit or (known is not None and _called(known) == _called(unit))
        in_areas = unit.area in codes or (bool(words) and not words.isdisjoint(_words(unit.name)[0]))
        if not same or unit.id in led or in_areas:
            yield unit


def _with_their_kind(directory: Directory, units: set[Unit]) -> Iterator[Unit]:
    """Yield units and those of their kind beside them: with a commune's name any of the kind is meant."""
    kinds = {(unit.area, unit.type) for unit in units}
    return (unit for unit in directory.units if (unit.area, unit.type) in kinds)


def _called(unit: Unit) -> tuple[str, str, str]:
    return unit.name, unit.type, unit.area


@lru_cache(maxsize=_KEPT)
def _words(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the folded words of a text, and those of them that are one letter."""
    said = Said(text)
    return frozenset(said.folds), frozenset(word.fold for word in said.words if len(word.raw) == 1)
