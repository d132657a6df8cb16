"""Which words two directories could take otherwise: all others mean in the one whom they mean in the other.

What words mean hangs on the names that stand in them and on nothing else: those of units, with what people
call their types, those of people and of places; and on where those people serve, and who is in charge of
those units. So words in which nothing stands that differs need not be read in either.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from domain.accused import bearers
from domain.accused.offices import OfficeNames
from domain.accused.people import named_places
from domain.accused.works import WorkNames
from domain.directory import Directory
from domain.people import Area, Holding, Role
from domain.routing import Unit
from domain.understand.loosely import Names, Said
from domain.understand.offices import Offices

_IN_CHARGE = frozenset({Role.SUPERVISOR, Role.HEAD})
_KEPT = 8192  # words by which changes are tried


class Differing:
    """What differs between two directories of what words could mean."""

    def __init__(self, before: Directory, after: Directory, offices: Offices) -> None:
        moved = {*before.holdings} ^ {*after.holdings}
        people = {person for person, _ in before.names.items() ^ after.names.items()}
        self.people = frozenset(people | {holding.person_id for holding in moved})
        """Who is called otherwise, or holds other roles."""
        areas = {*before.areas} ^ {*after.areas} if before.areas != after.areas else set[Area]()
        both = [
            _of_units(_changed(one, other, moved, areas), one.areas, offices)
            for one, other in ((before, after), (after, before))
        ]
        self._tables = [tables for tables in both if tables is not None]
        self._places = Names((name, True) for name in named_places(tuple(areas)))
        self._given = frozenset(
            bearer.folds[-1]
            for names in (before.names, after.names)
            for person in self.people & names.keys()
            for spelled in bearers.of(person, names[person])
            for bearer in spelled
        )
        self._letters = frozenset(word[0] for word in self._given if word)
        self._with_places = bool(areas)

    def __bool__(self) -> bool:
        return bool(self._tables or self._given or self._with_places)

    def may(self, text: str) -> bool:
        """Say whether words could mean others in the one directory than in the other."""
        if any(tables.may_name(text) for tables in self._tables):
            return True
        folds, letters = _words(text)
        if not (self._given.isdisjoint(folds) and self._letters.isdisjoint(letters)):
            return True
        return self._with_places and any(self._places.among(Said(text)))


class _Tables:
    """What some units are called, and by which words each time they could be meant."""

    def __init__(self, directory: Directory, offices: Offices) -> None:
        self._offices, self._works = OfficeNames(directory, offices), WorkNames(directory, offices)
        self.may_name = lru_cache(maxsize=_KEPT)(self._may_name)

    def _may_name(self, text: str) -> bool:
        said = Said(text)
        return self._offices.may_name(said) or self._works.may_name(said)


@lru_cache(maxsize=4)
def _tables(areas: tuple[Area, ...], units: tuple[Unit, ...], offices: Offices) -> _Tables:
    """Learn the names of units; what stands above the communes is learned once for all of them."""
    return _Tables(Directory(areas, units), offices)


def _of_units(units: Iterable[Unit], areas: Iterable[Area], offices: Offices) -> _Tables | None:
    """Return the names of these units; only areas by whose names they are called have a say in them."""
    known = tuple(sorted(units, key=lambda unit: unit.code))
    if not known:
        return None
    words = {word for unit in known for word in _words(unit.name)[0]}
    own = {unit.area for unit in known}
    near = (area for area in areas if area.code in own or not words.isdisjoint(_words(area.name)[0]))
    return _tables(tuple(near), known, offices)


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


def _called(unit: Unit) -> tuple[str, str, str]:
    return unit.name, unit.type, unit.area


@lru_cache(maxsize=_KEPT)
def _words(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the folded words of a text, and those of them that are one letter."""
    said = Said(text)
    return frozenset(said.folds), frozenset(word.fold for word in said.words if len(word.raw) == 1)
