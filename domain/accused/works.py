"""Posts called by their work, as "the one who does the insurance cards at the commune"."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from uuid import UUID

from domain.accused.offices import Office, with_commune
from domain.directory import Directory
from domain.understand.loosely import Found, Layered, Names, Said
from domain.understand.offices import Offices, Post

_IS = "la"
_BETWEEN = 3  # words between what they do and of what: "làm [thẻ] bhyt", "ngồi [quầy ở] một cửa"


class WorkNames:
    """What the units of one directory do, by which their people are called."""

    def __init__(self, directory: Directory, offices: Offices) -> None:
        works = offices.works
        self._of_type: dict[str, list[UUID]] = {}
        for unit in directory.units:
            self._of_type.setdefault(unit.type, []).append(unit.id)
        self._parts = works.parts
        self._works: Names[tuple[frozenset[UUID], bool]] = Layered((), works.spelled, self._meant)

    def _meant(self, work: tuple[Post, bool]) -> tuple[frozenset[UUID], bool]:
        post, sure = work
        return frozenset(unit for code in post.of for unit in self._of_type.get(code, ())), sure

    def first_words(self) -> set[str]:
        """Return the folded words with which begins whatever is done in one of the units."""
        return self._works.first_words(lambda work: work[0])

    def may_name(self, said: Said) -> bool:
        """Say whether any of the words could be what is done in one of the units."""
        return any(units for units, _ in self._works.among(said))

    def find(self, said: Said, offices: Sequence[Office]) -> list[Office]:
        """Return whoever is called by their work, be it only that they sit in one of these offices."""
        works = self._works.find(said)
        bodies = [one for one in offices if one.units and not (one.in_charge or one.general)]
        if not works and not bodies:
            return []
        parts = self._parts.find(said)
        ends, starts = {one.end: one for one in parts}, {one.start: one for one in parts}
        if not any("somebody" in one.values for one in parts):
            return []
        found = [*self._called(said, works, ends, starts), *self._sitting(said, bodies, ends)]
        apart: list[Office] = []
        for one in found:
            if not any(one.start < other.end and other.start < one.end for other in apart):
                apart.append(one)
        return apart

    def _called(
        self,
        said: Said,
        works: Sequence[Found[tuple[frozenset[UUID], bool]]],
        ends: Mapping[int, Found[str]],
        starts: Mapping[int, Found[str]],
    ) -> Iterator[Office]:
        for hit in works:
            start, charge = _somebody(said, hit.start, ends)
            itself = starts.get(hit.start)
            if start is None and itself is not None and "does" in itself.values:
                start, charge = _right_before(hit.start, ends), False  # “cô tiếp dân”
            if start is None:
                continue
            office = with_commune(_post(start, hit.end), said)
            every = charge or office.end > hit.end
            units = frozenset(unit for of, sure in hit.values if sure or every for unit in of)
            if units:
                yield _post(start, office.end, units)

    def _sitting(
        self, said: Said, bodies: Collection[Office], ends: Mapping[int, Found[str]]
    ) -> Iterator[Office]:
        for body in bodies:
            start, _ = _somebody(said, body.start, ends)
            if start is not None:
                yield _post(start, body.end, body.units)


def _somebody(said: Said, at: int, ends: Mapping[int, Found[str]]) -> tuple[int | None, bool]:
    """Return where the words for whoever does this begin, and whether they are in charge of it."""
    for before in range(at, max(0, at - _BETWEEN) - 1, -1):
        if before < at and said.folds[before] == _IS:
            break  # “người đo là anh Tuân phòng kinh tế”: who it was is named
        does = ends.get(before)
        if does is None or "somebody" in does.values or not said.together(does.start, at):
            continue
        if said.words[does.start].raw[:1].isupper() and not said.shouted:
            continue  # a name
        start = _right_before(does.start, ends)
        if start is not None and said.together(start, at):
            return start, "in_charge" in does.values
    return None, False


def _right_before(at: int, ends: Mapping[int, Found[str]]) -> int | None:
    somebody = ends.get(at)
    return somebody.start if somebody is not None and "somebody" in somebody.values else None


def _post(start: int, end: int, units: frozenset[UUID] = frozenset()) -> Office:
    return Office(start, end, units, in_charge=False, place=False)
