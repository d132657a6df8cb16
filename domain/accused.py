"""Whom an accusation speaks of: officials and units of the directory, by whatever people call them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from domain import law
from domain.people import Directory, Role
from domain.understand.conduct import Conduct, Mention
from domain.understand.fold import Token
from domain.understand.loosely import Found, Names, Said
from domain.understand.offices import AREA, Offices

_IN_CHARGE = frozenset({Role.SUPERVISOR, Role.HEAD})
_NEAR = 3  # words between a name and the unit that says which of its bearers is meant
_DIRECTLY = 1
_JOINS = frozenset(
    {"cua", "o", "ben", "la", "ten", "lam", "tai", "thuoc", "tren", "ngoai", "of", "from", "in", "at"}
)


@dataclass(frozen=True, slots=True)
class Accusation:
    """What some words say of officials: everybody who may be meant, and whether a wrong is told of any.

    `people` and `units` are named (two people of one name: both; without those below a unit, nor the units of
    the people). `wrong` says that a wrong or bad conduct of an official or a unit is told, whether or not it is
    known of whom; `crime`, that it is one that is denounced. `beside` are people and units that are named too,
    but only asked for help, greeted, or passed by.
    """

    people: tuple[UUID, ...] = ()
    units: tuple[UUID, ...] = ()
    wrong: bool = False
    crime: bool = False
    beside: tuple[UUID, ...] = ()


def read(text: str, directory: Directory, day: date) -> Accusation:
    """Return whom the words speak of, by the packaged taxonomy (see `Rules.accused` for the one in force)."""
    return _reader(directory).read(text, day)


@lru_cache(maxsize=4)
def _reader(directory: Directory) -> "Accused":
    return Accused(directory, Offices.parse(law.seed("taxonomy")))


class _Meant(NamedTuple):
    """What the name of a unit or a post means here; `own` is a unit's own name, which outranks all others."""

    units: tuple[UUID, ...]
    in_charge: bool
    own: bool


class _Office(NamedTuple):
    start: int
    end: int
    units: frozenset[UUID]
    in_charge: bool


class _Bearer(NamedTuple):
    """Somebody of the directory, the words of their name folded and exact."""

    id: UUID
    folds: tuple[str, ...]
    keys: tuple[str, ...]


class _Person(NamedTuple):
    start: int
    end: int
    people: tuple[UUID, ...]
    loose: bool


class Accused:
    """Finds officials and units in words. Made once for a directory."""

    def __init__(self, directory: Directory, offices: Offices) -> None:
        self._conduct = Conduct.load()
        self._offices = Names(_meanings(directory, offices))
        self._ranks = Names((rank, True) for rank in offices.ranks)
        self._bearers = _by_given_name(directory.names)
        self._held = _units_by_person(directory)
        self._directory = directory

    def read(self, text: str, day: date) -> Accusation:
        """Return whom the words speak of, and whether a wrong is told of any of them."""
        said = Said(text)
        offices = self._offices_in(said)
        people = self._people_in(said, offices)
        offices = [one for one in offices if not any(_overlap(one, person) for person in people)]
        found = sorted([*offices, *people], key=lambda one: one.start)
        told = self._conduct.read(said, [_mention(one) for one in found])
        accused, others = (
            [found[at] for at in told.of],
            [one for n, one in enumerate(found) if n not in told.of],
        )
        meant, units = self._whom(accused, day), _units_of(accused)
        beside = [
            one for one in (*self._whom(others, day), *_units_of(others)) if one not in {*meant, *units}
        ]
        return Accusation(meant, units, told.wrong, told.crime, tuple(dict.fromkeys(beside)))

    def _whom(self, found: Sequence["_Office | _Person"], day: date) -> tuple[UUID, ...]:
        people = [one for one in found if isinstance(one, _Person)]
        named = [person for one in people for person in one.people]
        for office in found:
            if isinstance(office, _Office) and office.in_charge and not self._is_one_of(office, people):
                named += [
                    person
                    for unit in office.units
                    for person in self._directory.holders(unit, _IN_CHARGE, day)
                ]
        return tuple(dict.fromkeys(named))

    def _is_one_of(self, office: _Office, people: Sequence[_Person]) -> bool:
        """Say whether the name beside a post says which of its holders is meant."""
        return any(
            _gap(office, person) <= _DIRECTLY + 1
            and any(self._held.get(one, set()) & office.units for one in person.people)
            for person in people
        )

    # --- units and posts ------------------------------------------------------------------------

    def _offices_in(self, said: Said) -> list[_Office]:
        found = self._offices.find(said)
        ranks = {hit.end: hit.start for hit in self._ranks.find(said)} if found else {}
        offices: list[_Office] = []
        for hit in found:
            office = _office(hit)
            start = ranks.get(office.start)
            if start is not None and said.together(start, hit.start):
                office = office._replace(start=start, in_charge=True)
                offices = [one for one in offices if one.end <= start]
            offices.append(office)
        return offices

    # --- people ---------------------------------------------------------------------------------

    def _people_in(self, said: Said, offices: Sequence[_Office]) -> list[_Person]:
        at_names = [at for at, word in enumerate(said.words) if word.fold in self._bearers]
        if not at_names:
            return []
        titles = {hit.end: hit for hit in self._conduct.titles.find(said)}
        people: list[_Person] = []
        for at in at_names:
            person = _Naming(
                said, at, self._bearers[said.words[at].fold], titles, offices, self._held
            ).person()
            if person is not None:
                people = [one for one in people if one.end <= person.start]
                people.append(person)
        return people


class _Naming:
    """One word that may be somebody's given name, and what stands around it."""

    def __init__(
        self,
        said: Said,
        at: int,
        bearers: Sequence[_Bearer],
        titles: Mapping[int, Found[bool]],
        offices: Sequence[_Office],
        held: Mapping[UUID, set[UUID]],
    ) -> None:
        self._said, self._at, self._held = said, at, held
        lengths = {bearer: _length(said.words, at, bearer) for bearer in bearers}
        self._length = max(lengths.values())
        start = at - self._length + 1
        title = titles.get(start)
        if (
            self._length == 2 and titles.get(at) is not None and titles[at].start == start
        ):  # "anh Tuân" and Anh Tuân
            self._length, start, title = 1, at, titles[at]
        self._bearers = [bearer for bearer, length in lengths.items() if length >= self._length]
        self._start, self._title = start, title
        here = _Person(start, at + 1, (), loose=False)
        self._near = [
            (gap, office)
            for office in offices
            if said.together(office.start, at) and (gap := self._gap(office, here)) <= _NEAR
        ]
        self._inside = any(_overlap(office, here) for office in offices)

    def _gap(self, office: _Office, here: _Person) -> int:
        """Count the words between, but for titles and what joins a name to a post."""
        first, last = min(office.end, here.end), max(office.start, here.start)
        title = self._title
        between = [
            word.fold
            for at, word in enumerate(self._said.words[first:last], first)
            if not (title is not None and title.start <= at < title.end)
        ]
        return sum(word not in _JOINS for word in between)

    def person(self) -> _Person | None:
        if self._inside and self._length < 3:
            return None
        meant = self._spelled()
        if not meant or not self._is_name(meant):
            return None
        units = frozenset(unit for _, office in self._near for unit in office.units)
        there = [bearer for bearer in meant if self._held.get(bearer.id, set()) & units]
        loose = self._length == 1 and not self._near
        return _Person(self._start, self._at + 1, tuple(one.id for one in there or meant), loose)

    def _spelled(self) -> list[_Bearer]:
        """Return whom the spelling fits; where it fits nobody, whom it may have missed by a mark."""
        words = self._said.words[self._start : self._at + 1]
        exact = [bearer for bearer in self._bearers if _misses(words, bearer) == 0]
        if exact:
            return exact
        called = self._title is not None and (bool(self._near) or words[-1].raw[:1].isupper())
        forgiven = called or self._length >= 3
        return [bearer for bearer in self._bearers if _misses(words, bearer) == 1] if forgiven else []

    def _is_name(self, meant: Sequence[_Bearer]) -> bool:
        if self._length > 1:
            return True
        word = self._said.words[self._at]
        capital = word.raw[:1].isupper() and not word.raw.isupper()
        beside = any(gap == 0 for gap, _ in self._near)
        if self._title is not None:
            weak = any(self._title.values)
            return not weak or not self._said.bare or capital or beside
        if beside and (capital or not word.bare or self._said.bare):
            return True
        first = self._at == 0 or not self._said.together(self._at - 1, self._at)
        return capital and (not word.bare or not first)


def _length(words: Sequence[Token], at: int, bearer: _Bearer) -> int:
    """Count the words up to `at` that are words of the name in their order, some perhaps left out."""
    length, left = 1, bearer.folds[:-1]
    while left and at - length >= 0 and words[at - length].fold in left:
        left = left[: len(left) - 1 - left[::-1].index(words[at - length].fold)]
        length += 1
    return length


def _misses(words: Sequence[Token], bearer: _Bearer) -> int:
    """Count the words whose marks are others than those of the name."""
    keys = set(zip(bearer.folds, bearer.keys, strict=True))
    return sum(not word.bare and (word.fold, word.key) not in keys for word in words)


def _overlap(one: "_Office | _Person", other: "_Office | _Person") -> bool:
    return one.start < other.end and other.start < one.end


def _gap(one: "_Office | _Person", other: "_Office | _Person") -> int:
    return max(one.start, other.start) - min(one.end, other.end)


def _mention(found: "_Office | _Person") -> Mention:
    if isinstance(found, _Person):
        return Mention(found.start, found.end, loose=found.loose, person=True)
    return Mention(found.start, found.end, person=found.in_charge or not found.units)


def _units_of(found: Iterable["_Office | _Person"]) -> tuple[UUID, ...]:
    return tuple(
        dict.fromkeys(unit for one in found if isinstance(one, _Office) for unit in sorted(one.units))
    )


def _office(hit: Found[_Meant]) -> _Office:
    own = [meant for meant in hit.values if meant.own] or hit.values
    units = frozenset(unit for meant in own for unit in meant.units)
    return _Office(hit.start, hit.end, units, any(meant.in_charge for meant in hit.values))


# --- learning a directory -----------------------------------------------------------------------


def _by_given_name(names: Mapping[UUID, str]) -> dict[str, list[_Bearer]]:
    found: dict[str, list[_Bearer]] = {}
    for person, name in names.items():
        words = Said(name).words
        for cut in _given_names(words):
            bearer = _Bearer(person, tuple(w.fold for w in words[:cut]), tuple(w.key for w in words[:cut]))
            found.setdefault(bearer.folds[-1], []).append(bearer)
    return found


def _given_names(words: Sequence[Token]) -> Iterator[int]:
    """Yield where a given name ends: the last word, and for Y Bliu Niê the second."""
    if words:
        yield len(words)
    if len(words) > 2 and words[0].fold in {"y", "h"}:
        yield 2


def _units_by_person(directory: Directory) -> dict[UUID, set[UUID]]:
    held: dict[UUID, set[UUID]] = {}
    for holding in directory.holdings:
        held.setdefault(holding.person_id, set()).add(holding.unit_id)
    return held


def _meanings(directory: Directory, offices: Offices) -> Iterator[tuple[str, _Meant]]:
    of_type: dict[str, list[UUID]] = {}
    for unit in directory.units:
        of_type.setdefault(unit.type, []).append(unit.id)
    for name, post in offices.everywhere:
        yield (
            name,
            _Meant(
                tuple(unit for code in post.of for unit in of_type.get(code, ())), post.in_charge, own=False
            ),
        )
    areas = {area.code: area.name for area in directory.areas}
    for unit in directory.units:
        area = areas.get(unit.area, "")
        for name, post in offices.names:
            if AREA in name and unit.type in post.of and area:
                yield name.replace(AREA, area.replace("/", " ")), _Meant((unit.id,), post.in_charge, own=True)
        for own in _own_names(unit.name, list(areas.values())):
            yield own, _Meant((unit.id,), in_charge=False, own=True)


def _own_names(name: str, areas: Sequence[str]) -> Iterator[str]:
    """Yield a unit's name without its commune's, and what people keep of it: "hội phụ nữ" of the whole."""
    words = [word.raw for word in Said(name).words]
    folds = [word.fold for word in Said(name).words]
    for area in areas:
        tail = [word.fold for word in Said(area).words]
        if len(folds) > len(tail) and folds[-len(tail) :] == tail:
            words, folds = words[: -len(tail)], folds[: -len(tail)]
    if len(folds) > 1 and folds[-1] in {"xa", "phuong"}:
        words = words[:-1]
    if not words or [w.fold for w in Said(name).words] in [
        [w.fold for w in Said(area).words] for area in areas
    ]:
        return
    yield " ".join(words)
    for head in (1, 2):
        for first in range(head, len(words) - 1):
            for last in range(first + 2, len(words) + 1):
                yield " ".join(words[:head] + words[first:last])
