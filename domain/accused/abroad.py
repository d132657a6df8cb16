"""Posts and units of another commune of the desk, or of the province, by the name behind them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from uuid import UUID
from weakref import WeakKeyDictionary

from domain.accused import leaders
from domain.accused.communes import Where, Whereabouts
from domain.accused.offices import GENERIC, Office
from domain.directory import Directory
from domain.people import Area, Role, by
from domain.routing import GOVERNING
from domain.understand.fold import fold
from domain.understand.loosely import Found, Names, Said

_PROVINCE = "tinh"
_PART = 2  # words of a commune's name by which it is known without the rest
_KEPT = 4  # messages whose places are kept while they are read
_OF_PROVINCE = {"vp_xa": "vp_tinh", "ca_xa": "ca_tinh", "chqs_xa": "bchqs_tinh", "mttq_xa": "mttq_tinh"}
"""What a commune's office is called with "tỉnh" behind it; what has none there is nobody's of the desk."""
_OF_COMMUNE = {above: here for here, above in _OF_PROVINCE.items()}


class Seats:
    """The communes of a desk and its province by the names people call them: read once for all its parts."""

    def __init__(self, desk: Directory) -> None:
        self.names = Names(_called(desk.communes if desk.is_apart else ()))
        self._is_apart = desk.is_apart
        self._codes = frozenset(area.code for area in desk.communes)
        self._types = {unit.id: unit.type for unit in desk.units}
        self._of_tinh = frozenset(unit.id for unit in desk.units if _PROVINCE in fold(unit.name).split())
        self._units = by(desk.units, lambda unit: (desk.seat(unit.id), unit.type))
        above = [unit for unit in desk.units if desk.level(unit.id)]
        heads = {holding.unit_id for holding in desk.holdings if holding.role is Role.HEAD}
        self._above = frozenset(unit.id for unit in above if unit.id in heads)
        self._above_of = by(above, lambda unit: unit.type)
        provinces = (area for area in desk.areas if area.kind == "province")
        self._provinces = {tuple(map(fold, _bare(area.name))) for area in provinces}
        self.told = lru_cache(maxsize=_KEPT)(self._told)

    def _told(self, said: Said) -> Whereabouts:
        return Whereabouts(said, self.names.find(said) if self._codes else (), self._provinces)

    def placed(self, offices: Sequence[Office], said: Said, home: str | None) -> list[Office]:
        """Return the offices, in their order, each where the words say it is; its place belongs to it then.

        `home` is the commune in which they are read.
        """
        told = self.told(said)
        if not offices or not told.may_tell:
            return list(offices)
        found: list[tuple[Office, Where | None]] = []
        for office in offices:
            if found and office.start < _end(*found[-1]):
                continue
            found.append((office, self._where(office, offices, told)))
        places = _shared(found, told)
        both = [(office, where) for (office, _), where in zip(found, places, strict=True)]
        bodies = {at for one, where in both if not one.in_charge for at in range(one.start, _end(one, where))}
        posts = {at for one, where in both if one.in_charge for at in range(one.start, _end(one, where))}
        more = list(told.also(posts, bodies))
        return [
            self._there(office, where, [then for at, then in more if at > office.start], home, told)
            for office, where in both
        ]

    def _where(self, office: Office, offices: Sequence[Office], told: Whereabouts) -> Where | None:
        if office.holder:
            return None
        # A body of its kind with a commune goes on with a post: "chủ tịch UBND xã A và UBND xã B".
        # So does the one right behind it: "phó chánh văn phòng | UBND tỉnh".
        behind = [one for one in offices if one.start >= office.end and (one.of or not told.fills(one))]
        stops = {one.start for one in behind if not (one.place and one.of <= _going_on(office, one))}
        return told.behind(office.start, office.end, stops) or told.before(office.start, office.end)

    def _there(
        self, office: Office, where: Where | None, later: Sequence[Where], home: str | None, told: Whereabouts
    ) -> Office:
        """Return an office as one of what is told; of no unit of the desk where none there is of its kind."""
        if where is None and not later:
            return office
        kinds = office.of or frozenset(self._types[unit] for unit in office.units)
        end = _end(office, where)
        if not kinds:
            return replace(office, end=end)
        units: set[UUID] = set() if where is not None else set(office.units)
        for one in later if where is None else (where, *later):
            units |= self._of(office, kinds, one, home, told)
        return replace(office, end=end, units=frozenset(units), elsewhere=not units)

    def _of(
        self, office: Office, kinds: frozenset[str], where: Where, home: str | None, told: Whereabouts
    ) -> set[UUID]:
        """Return the units of an office that are where the words say."""
        codes, units = set(where.codes), set[UUID]()
        named = {hit.values[0] for hit in told.spans}
        if where.others:
            codes |= self._codes - {home}
        if where.many:
            codes |= named if len(named) > 1 else self._codes
        if where.own or (where.many and len(named) <= 1):
            units |= office.units
            codes |= {home} if home is not None and kinds & _OF_COMMUNE.keys() else set()
        if where.above:
            units |= self._of_above(office, kinds, told)
        return units | self._of_communes(kinds, codes)

    def with_led(self, said: Said, offices: Sequence[Office], home: str | None) -> list[Office]:
        """Return offices, and who leads a commune called by its bare name, where no unit's name stands there.

        Of the commune that hears it they are meant as heads in general.
        """
        bodies = [one for one in offices if one.units and (one.place or one.in_charge or one.general)]
        apart = [*bodies, *(one for one in offices if one.holder)]
        found: list[Office] = []
        for one in leaders.led(said, self.told(said)):
            codes = set(one.where.codes) | ({home} if one.levels and home is not None else set())
            codes -= {home} if one.anybody else set()
            units = self._of_communes(frozenset(GOVERNING), codes)
            units |= self._above if one.where.above else frozenset()
            beside = (other for other in apart if not (one.levels and other.general))
            taken = any(one.start < other.end and other.start < one.end for other in (*found, *beside))
            if units and not taken:
                general = home is None or home in codes
                found.append(leaders.as_office(one, frozenset(units), general=general))
        rest = (one for one in offices if not any(_over(one, other) for other in found))
        return sorted([*found, *rest], key=lambda office: office.start)

    def _of_communes(self, kinds: frozenset[str], codes: Iterable[str | None]) -> set[UUID]:
        wanted = {_OF_COMMUNE.get(kind, kind) for kind in kinds}
        seats = [code if self._is_apart else None for code in codes]
        return {unit.id for code in seats for kind in wanted for unit in self._units.get((code, kind), ())}

    def _of_above(self, office: Office, kinds: frozenset[str], told: Whereabouts) -> frozenset[UUID]:
        """Return who is meant with "tỉnh" behind a post, and whatever unit is itself called so."""
        own = office.units & self._of_tinh
        if kinds <= frozenset(GOVERNING):
            return own | self._above
        found = {unit.id for kind in kinds for unit in self._above_of.get(_OF_PROVINCE.get(kind, kind), ())}
        in_doubt = told.is_bare and not found and _OF_PROVINCE.keys().isdisjoint(kinds)
        return own | found | (office.units if in_doubt else frozenset())


class Neighbours:
    """Who serves in which commune of a desk: whom a given name tells with the name of theirs."""

    def __init__(self, directory: Directory) -> None:
        self._desk = directory.whole
        self._seats = seats(directory.whole)

    def places(self, said: Said) -> Sequence[Found[str]]:
        """Return where communes are named."""
        return self._seats.told(said).spans

    def told(self, said: Said, at: int) -> frozenset[str]:
        """Return the communes named for somebody whose name ends there: "ông Toàn xã Bình An"."""
        told = self._seats.told(said)
        return told.of_name(at) if told.spans else frozenset()

    def sit(self, person: UUID, communes: frozenset[str]) -> bool:
        """Say whether somebody holds or held a role in one of these communes."""
        held = self._desk.holdings_of(person) if communes else ()
        return any(self._desk.seat(one.unit_id) in communes for one in held)


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


def _going_on(office: Office, other: Office) -> frozenset[str]:
    return office.of | frozenset(GOVERNING) if other.start == office.end else office.of


def _over(one: Office, other: Office) -> bool:
    return one.start < other.end and other.start < one.end


def _end(office: Office, where: Where | None) -> int:
    return office.end if where is None else max(office.end, where.end)


def _shared(found: Sequence[tuple[Office, Where | None]], told: Whereabouts) -> list[Where | None]:
    """Return where each office is: "chủ tịch và bí thư xã A" are both of A, perhaps of here too."""
    places = [where for _, where in found]
    for at in range(len(found) - 2, -1, -1):
        (office, where), (then, _), there = found[at], found[at + 1], places[at + 1]
        if there is None or there.end <= then.end or (where is not None and (where.codes or where.above)):
            continue
        if office.holder or not told.is_joined(office.end, then.start):
            continue
        sure = where is None and not told.is_ranked(office.end) and told.is_linked(office.end, then.start)
        places[at] = replace(there, end=office.end, own=there.own or not sure)
    return places


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


_RANKED = GENERIC | {"thi", "dac", _PROVINCE}


def shortened_places(areas: Iterable[Area]) -> Iterator[str]:
    """Yield what communes may be called by some first words of their names, wherever no other begins so."""
    for words in (_bare(area.name) for area in areas if area.kind == "commune"):
        yield from (" ".join(words[:length]) for length in range(min(_PART, len(words)), len(words) + 1))


def named_places(areas: Sequence[Area]) -> Iterator[str]:
    """Yield the names of areas that have a name of two words or more, with and without what they are."""
    for area in areas:
        words = [word.raw for word in Said(area.name).words]
        if len(words) > _PART:
            yield " ".join(words)
            yield " ".join(words[1:])
