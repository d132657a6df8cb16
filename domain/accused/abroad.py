"""Posts and units of another commune of the desk, or of the province, by the name behind them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID
from weakref import WeakKeyDictionary

from domain.accused.offices import GENERIC, Office
from domain.directory import Directory
from domain.people import Area, Role, by
from domain.routing import GOVERNING
from domain.understand.fold import exact
from domain.understand.loosely import Names, Said

_WHERE = frozenset({"o", "ben", "cua", "tai", "thuoc", "tren", "duoi", "ngoai", "of", "in", "at", "the"})
_RANKS = GENERIC | {"tinh", "commune", "province", "ubnd", "uy", "ban"}
_PART = 2  # words of a commune's name by which it is known without the rest
_FAR = 4  # words between a post and the name of its commune: "ở bên ủy ban xã"
_PROVINCE, _MARKED = "tinh", exact("tỉnh")


class Seats:
    """The communes of a desk and its province by the names people call them: read once for all its parts."""

    def __init__(self, desk: Directory) -> None:
        self.names = Names(_called(desk.communes))
        self._types = {unit.id: unit.type for unit in desk.units}
        self._units = by(desk.units, lambda unit: (desk.seat(unit.id), unit.type))
        above = [unit.id for unit in desk.units if desk.level(unit.id)]
        heads = {holding.unit_id for holding in desk.holdings if holding.role is Role.HEAD}
        self._above = frozenset(unit for unit in above if unit in heads)

    def placed(self, offices: Iterable[Office], said: Said) -> list[Office]:
        """Return the offices, each where the words say it is; its place belongs to it then."""
        spans = {hit.start: (hit.end, hit.values[0]) for hit in self.names.find(said)}
        found: list[Office] = []
        for office in offices:
            if found and office.start < found[-1].end:
                continue
            found.append(self._placed(office, said, spans))
        return found

    def _placed(self, office: Office, said: Said, spans: Mapping[int, tuple[int, str]]) -> Office:
        at = office.end
        while at < len(said.folds) and at - office.end < _FAR and said.together(office.start, at):
            if at in spans:
                end, code = spans[at]
                return self._there(office, end, code)
            if _is_province(said, at) and _is_governing(office):
                return replace(office, end=at + 1, units=self._above, elsewhere=not self._above)
            if said.folds[at] not in _WHERE | _RANKS:
                break
            at += 1
        before = next((code for start, (end, code) in spans.items() if end == office.start), None)
        if before is not None and not said.is_parted(office.start):
            return self._there(office, office.end, before)
        return office

    def _there(self, office: Office, end: int, code: str) -> Office:
        """Return an office as one of a commune; of no unit of the desk where none there is of its kind."""
        kinds = office.of or {self._types[unit] for unit in office.units}
        if not kinds:
            return replace(office, end=end)
        units = frozenset(unit.id for kind in kinds for unit in self._units.get((code, kind), ()))
        return replace(office, end=end, units=units, elsewhere=not units)


_READ: WeakKeyDictionary[Directory, Seats] = WeakKeyDictionary()


def seats(desk: Directory) -> Seats:
    """Return the seats of a whole desk."""
    found = _READ.get(desk)
    if found is None:
        found = _READ[desk] = Seats(desk)
    return found


def units_of(directory: Directory, wanted: Iterable[UUID]) -> tuple[UUID, ...]:
    """Return units in the order of a part of the desk, then those that are elsewhere in it."""
    wanted = frozenset(wanted)
    if not wanted:
        return ()
    here = [unit.id for unit in directory.units if unit.id in wanted]
    return (*here, *sorted(wanted.difference(here)))


def _is_province(said: Said, at: int) -> bool:
    word = said.words[at]
    return word.fold == _PROVINCE and (word.bare or word.key == _MARKED)


def _is_governing(office: Office) -> bool:
    return bool(office.of) and office.of <= frozenset(GOVERNING)


def _called(communes: Sequence[Area]) -> Iterator[tuple[str, str]]:
    """Yield names of communes without their rank, and without last words where no other begins so."""
    words = {area.code: _bare(area.name) for area in communes}
    for code, own in words.items():
        for length in range(min(_PART, len(own)), len(own) + 1):
            begun = [one for one in words if words[one][:length] == own[:length]]
            if length == len(own) or begun == [code]:
                yield " ".join(own[:length]), code


def _bare(name: str) -> list[str]:
    words = [word.raw for word in Said(name.replace("/", " ")).words]
    return words[1:] if len(words) > 1 and Said(words[0]).folds[0] in _RANKED else words


_RANKED = GENERIC | {"thi", "dac"}


def named_places(areas: Sequence[Area]) -> Iterator[str]:
    """Yield the names of areas that have a name of two words or more, with and without what they are."""
    for area in areas:
        words = [word.raw for word in Said(area.name).words]
        if len(words) > _PART:
            yield " ".join(words)
            yield " ".join(words[1:])
