"""Units and who holds which role in which area, and what of it is seen from each commune of a desk."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from uuid import UUID

from domain.areas import Areas
from domain.people import SERVING, Absence, Area, Holding, Role, by
from domain.routing import Unit, reached


@dataclass(frozen=True, eq=False)
class Directory(Areas):
    """Areas, units and who holds which role: small, read often, changed seldom.

    `names` are those of everybody who holds or held a role; they are personal, so no log and no `repr` shows
    them. A directory is only ever the same as itself: what is learned of one is kept beside it.
    """

    units: tuple[Unit, ...] = ()
    holdings: tuple[Holding, ...] = ()
    absences: tuple[Absence, ...] = ()
    names: Mapping[UUID, str] = field(default_factory=dict, repr=False)
    _by_id: dict[UUID, Unit] = field(init=False, repr=False, compare=False)
    _desk: "Directory | None" = field(init=False, repr=False, compare=False, default=None)
    """What this is a part of: what stands anywhere can be looked up by its id."""
    _parts: dict[str, "Directory"] = field(init=False, repr=False, compare=False, default_factory=dict)
    _days: dict[int, "Directory"] = field(init=False, repr=False, compare=False, default_factory=dict)
    _empty: dict[date, frozenset[UUID]] = field(init=False, repr=False, compare=False, default_factory=dict)
    """The answer of `empty` for the day it was asked for last: it is asked for every case."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {unit.id: unit for unit in self.units})

    def unit(self, unit_id: UUID) -> Unit:
        """Return the unit. Raises KeyError."""
        found = self._by_id.get(unit_id)
        return found or (self._by_id[unit_id] if self._desk is None else self._desk.unit(unit_id))

    def heir(self, unit_id: UUID, day: date) -> Unit | None:
        """Return a unit, or where it stands no more that into which it was merged; None where none stands."""
        seen: set[UUID] = set()
        while self.has_unit(unit_id) and unit_id not in seen:
            seen.add(unit_id)
            unit = self.unit(unit_id)
            if unit.stands_on(day) or unit.merged_into is None:
                return unit if unit.stands_on(day) else None
            unit_id = unit.merged_into
        return None

    def has_unit(self, one: UUID) -> bool:
        """Say whether this is a unit of the desk, in whatever part."""
        return one in self.whole._by_id  # noqa: SLF001 - its own kind

    def chain(self, unit_id: UUID | None) -> list[UUID]:
        """Return a unit and those above it, the nearest first, each once in whatever tree."""
        found: list[UUID] = []
        while unit_id is not None and unit_id not in found:
            found.append(unit_id)
            unit_id = self.unit(unit_id).parent
        return found

    def area(self, code: str) -> Area:
        """Return the area. Raises KeyError."""
        found = self._by_code.get(code)
        return found or (self._by_code[code] if self._desk is None else self._desk.area(code))

    def reaches(self, unit_id: UUID, other: UUID) -> bool:
        """Say whether a unit has a say over another: that is of its commune, or of one below its province."""
        if not self.is_wide:
            return self.level(unit_id) >= self.level(other)
        own, of = self._by_id.get(unit_id), self._by_id.get(other)
        if own is None or of is None:
            return False
        seat = self.commune_of(own.area)
        return (seat.code if seat is not None else own.area) in self.lineage(of.area)

    @property
    def whole(self) -> "Directory":
        """The desk this is a part of, or itself."""
        return self if self._desk is None else self._desk

    def neighbours(self, unit_id: UUID, day: date) -> list[Unit]:
        """Return the units that stand that day in the commune of a unit, or beside it above the communes."""
        desk, seat = self.whole, self.seat(unit_id)
        units = desk.part(seat or "").units
        return [u for u in units if u.stands_on(day) and (not desk.is_wide or desk.seat(u.id) == seat)]

    def together(self, code: str, other: str) -> bool:
        """Say whether two areas are of one commune, or both of none: a hamlet's name is borne in many."""
        return self.part(code) is self.part(other)

    def on(self, day: date) -> "Directory":
        """Return the desk as it stands on a day: a merger or a split that is planned changes nothing before.

        The same where it serves the same communes.
        """
        turn = bisect_right(self._turns, day)
        if turn not in self._days:
            seen = replace(self, day=day)
            self._days[turn] = self if seen.communes == self.communes else seen
        return self._days[turn]

    def part(self, code: str) -> "Directory":
        """Return the desk as seen from an area: its commune with all that lies in it, and what is above.

        Whoever serves in another commune is not in it: what is read from it crosses no border. From an area
        that lies in no commune only that area and what is above is seen. A desk of one commune is its own.
        """
        if not self.is_wide:
            return self
        found = self._parts.get(code)
        if found is None:
            here = self.commune_of(code)
            found = self._seen_from(code) if here is None or here.code == code else self.part(here.code)
            self._parts[code] = found
        return found

    @property
    def is_apart(self) -> bool:
        """Whether borders run through the desk that this is, or is a part of."""
        return self.is_wide or self._desk is not None

    @property
    def is_part(self) -> bool:
        """Whether this is what is seen of a desk from one of its communes, or from what is above them."""
        return self._desk is not None

    def seat(self, unit_id: UUID) -> str | None:
        """Return where a unit has its say: its commune, or an area above; None without borders."""
        if self._desk is not None:
            return self._desk.seat(unit_id)
        if not self.is_wide:
            return None
        unit = self._by_id.get(unit_id)
        commune = self.commune_of(unit.area) if unit is not None else None
        return commune.code if commune is not None else unit.area if unit is not None else None

    @cached_property
    def seats(self) -> tuple[str | None, ...]:
        """Each commune that has units, and each area above that has some; None alone without borders."""
        return tuple(dict.fromkeys(self.seat(unit.id) for unit in self.units)) if self.is_apart else (None,)

    def seats_of(self, person_id: UUID | None, day: date) -> list[str | None]:
        """Return where somebody holds a role that day or later, else where they ever held one."""
        held = self._of_people.get(person_id, ())
        lasting = [holding for holding in held if holding.valid_to is None or holding.valid_to >= day]
        return list(dict.fromkeys(self.seat(holding.unit_id) for holding in lasting or held))

    def full_name(self, code: str) -> str:
        """Return what an area is called: in a desk of many communes a hamlet with its commune."""
        area, commune = self.area(code), self.commune_of(code) if self.is_wide else None
        return area.name if commune is None or commune is area else f"{area.name}, {commune.name}"

    def lies_in(self, seat: str | None, area: str | None) -> bool:
        """Say whether an area is a seat or lies in it: whoever has a say there has it here too."""
        return not self.is_apart or seat in self.lineage(area or "")

    @cached_property
    def own_units(self) -> tuple[Unit, ...]:
        """The units of a part without those above it; of the whole desk, all."""
        if self._desk is None:
            return self.units
        return tuple(unit for unit in self.units if not self.level(unit.id))

    def own(self, role: Role, day: date) -> list[UUID]:
        """Return who holds the role that day in one of these."""
        return self.everyone(role, day) if self._desk is None else self.holding(role, 0, day)

    def nearest(self, role: Role, day: date) -> list[UUID]:
        """Return who holds the role that day on the lowest level that has anybody; without borders, all."""
        return next(iter(self.by_level(role, day)), []) if self.is_apart else self.everyone(role, day)

    def topmost(self, role: Role, day: date) -> list[UUID]:
        """Return the same on the highest: whose affair the desk itself is, and no commune's."""
        return next(reversed(self.by_level(role, day)), []) if self.is_apart else self.everyone(role, day)

    def _seen_from(self, code: str) -> "Directory":
        own = self.lineage(code)
        commune = self._by_code[own[0]].kind == "commune" if own else False
        within = {*own, *(self._below(code) if commune else ())}
        units = tuple(unit for area in self._units_of for unit in self._units_of[area] if area in within)
        holdings = tuple(one for unit in units for one in self._of_units.get(unit.id, ()))
        people = {holding.person_id for holding in holdings}
        there = {self.seat(unit.id) for unit in units}
        found = Directory(
            areas=tuple(self._by_code[one] for one in sorted(within)),
            units=tuple(
                sorted(units, key=lambda unit: (unit.area in own[1:], unit.code))
            ),  # the nearest first
            holdings=holdings,
            absences=tuple(
                one
                for one in self.absences
                if one.person_id in people
                and any(self.holds_in(one, seat) for seat in there & self._served(one.person_id))
            ),
            names={person: self.names[person] for person in people if person in self.names},
            day=self.day,
        )
        object.__setattr__(found, "_desk", self)
        return found

    def units_within(self, seat: str | None) -> list[Unit]:
        """Return the units of a seat and of all that lies in it; of None, without borders, all."""
        if seat is None:
            return list(self.units)
        return [unit for area in self.within(seat) for unit in self._units_of.get(area, ())]

    def units_below(self, units: Iterable[UUID]) -> set[UUID]:
        """Return these units and all that stand below them."""
        return set(reached(units, self._under))

    @cached_property
    def _under(self) -> Mapping[UUID | None, list[UUID]]:
        below = by(self.units, lambda unit: unit.parent)
        return {above: [unit.id for unit in units] for above, units in below.items()}

    @cached_property
    def _units_of(self) -> Mapping[str, list[Unit]]:
        return by(self.units, lambda unit: unit.area)

    def hotline(self, day: date) -> Unit | None:
        """Return the unit to call: one that stands that day and has a number, a commune's own first."""
        units = sorted(self.units, key=lambda unit: self.level(unit.id))
        return next((unit for unit in units if unit.phone and unit.stands_on(day)), None)

    def holders(self, unit_id: UUID, roles: Iterable[Role], day: date) -> list[UUID]:
        """Return who holds one of the roles in the unit that day, each person once."""
        wanted = set(roles)
        there = self._of_units.get(unit_id, ())
        return list(dict.fromkeys(h.person_id for h in there if h.role in wanted and h.holds_on(day)))

    def empty(self, day: date) -> frozenset[UUID]:
        """Return the units in which nobody serves that day."""
        found = self._empty.get(day)
        if found is None:
            serving = {h.unit_id for h in self.holdings if h.role in SERVING and h.holds_on(day)}
            found = frozenset(self._by_id.keys() - serving)
            self._empty.clear()
            self._empty[day] = found
        return found

    def everyone(self, role: Role, day: date) -> list[UUID]:
        """Return everybody who holds the role that day, in whatever unit."""
        return [person for step in self.by_level(role, day) for person in step]

    def by_level(self, role: Role, day: date) -> list[list[UUID]]:
        """Return who holds the role that day, nobody twice: in the commune, then in what is above it."""
        steps = [self.holding(role, level, day) for level in range(self.height + 1)]
        return [step for step in steps if step]

    def holding(self, role: Role, level: int, day: date) -> list[UUID]:
        """Return who holds the role that day in a unit of a level (0: the commune), and in none below it."""
        found: dict[UUID, int] = {}
        for held in self._of_roles.get(role, ()):
            if held.holds_on(day):
                at = self.level(held.unit_id)
                found[held.person_id] = min(at, found.get(held.person_id, at))
        return [person for person, at in found.items() if at == level]

    def level(self, unit_id: UUID | None) -> int:
        """Count how far above the commune's own a unit's area is; whatever lies in the commune is its own."""
        unit = self._by_id.get(unit_id) if unit_id is not None else None
        return self._levels.get(unit.area, 0) if unit is not None else 0

    @property
    def height(self) -> int:
        """The highest level there is: 0 in a desk with nothing above the commune."""
        return max(self._levels.values(), default=0)

    @cached_property
    def _levels(self) -> Mapping[str, int]:
        """How far above its commune each area is; of many communes none has one of its own."""
        lowest = self.commune or next(iter(self.communes), None)
        above = self.lineage(lowest.code)[1:] if lowest is not None else ()
        return {code: number for number, code in enumerate(above, start=1)}

    def holdings_of(self, person_id: UUID) -> Sequence[Holding]:
        """Return every role a person holds, held or will hold."""
        return self._of_people.get(person_id, ())

    def held_by(self, person_id: UUID | None, day: date) -> list[Holding]:
        """Return the roles a person holds that day."""
        return [h for h in self._of_people.get(person_id, ()) if h.holds_on(day)]

    def present(self, person_id: UUID, day: date, seat: str | None = None) -> UUID:
        """Return who does a person's work of a seat that day: themselves, or who stands in for them there.

        Who stands in may be away too; where everybody is, or nobody stands in who serves there, the work
        stays with whoever it belongs to. Without a seat: who does all of it, wherever they serve.
        """
        if person_id not in self._away:
            return person_id
        found = {self._present(person_id, day, one) for one in self._where(person_id, seat)}
        return found.pop() if len(found) == 1 else person_id

    def is_away(self, person_id: UUID, day: date, seat: str | None = None) -> bool:
        """Say whether somebody is away from a seat that day; without one, from all in which they serve."""
        if person_id not in self._away:
            return False
        where = self._where(person_id, seat)
        return all(self._absence(person_id, day, one) is not None for one in where)

    def stand_ins(self, person_id: UUID, day: date) -> set[UUID]:
        """Return who does somebody's work that day, in whichever seat, while they are away."""
        if person_id not in self._away:
            return set()
        return {self._present(person_id, day, one) for one in self._where(person_id, None)} - {person_id}

    def standing_in_for(self, person_id: UUID | None, day: date) -> list[UUID]:
        """Return whose work somebody does that day besides their own."""
        if not self.absences or person_id is None:
            return []
        away = dict.fromkeys(a.person_id for a in self.absences if a.first_day <= day <= a.last_day)
        return [absent for absent in away if person_id in self.stand_ins(absent, day)]

    def lent(self, absent: UUID, to: UUID | None, day: date) -> list[Holding]:
        """Return the roles in which somebody does another's work: held where they serve themselves."""
        held = self.held_by(absent, day)
        return [one for one in held if self.present(absent, day, self.seat(one.unit_id)) == to]

    def holds_in(self, absence: Absence, seat: str | None) -> bool:
        """Say whether somebody is away from a seat: by their own word, or by that of a chief they have there.

        What one is in a commune is no affair of a chief in another.
        """
        if seat is None or absence.by in {None, absence.person_id}:
            return True
        desk, noted = self.whole, absence.noted or absence.first_day
        led = [
            one
            for one in desk.holdings_of(absence.by)
            if one.role in {Role.SUPERVISOR, Role.HEAD}
            and one.valid_from <= absence.first_day
            and (one.valid_to is None or one.valid_to >= noted)
        ]
        theirs = {
            one.unit_id for one in desk.holdings_of(absence.person_id) if desk.seat(one.unit_id) == seat
        }
        return any(
            chief.unit_id in desk.chain(unit)
            or (chief.role is Role.HEAD and desk.reaches(chief.unit_id, unit))
            for chief in led
            for unit in theirs
        )

    def _present(self, person_id: UUID, day: date, seat: str | None) -> UUID:
        asked = [person_id]
        while (away := self._absence(asked[-1], day, seat)) is not None:
            stand_in = away.stand_in_id
            if stand_in in asked or (seat is not None and seat not in self._served(stand_in)):
                return person_id
            asked.append(stand_in)
        return asked[-1]

    def _absence(self, person_id: UUID, day: date, seat: str | None) -> Absence | None:
        away = reversed(self._away.get(person_id, ()))
        there = (one for one in away if one.first_day <= day <= one.last_day and self.holds_in(one, seat))
        return next(there, None)

    def _where(self, person_id: UUID, seat: str | None) -> Iterable[str | None]:
        """Return the seat, or where that is not said each in which somebody serves."""
        if seat is not None or not self.is_apart:
            return (seat,)
        return self._served(person_id) or (None,)

    @cached_property
    def _of_units(self) -> Mapping[UUID, list[Holding]]:
        if self._desk is not None:  # all of a unit's are in a part that has the unit
            desk = self._desk._of_units  # noqa: SLF001 - its own kind
            return {unit.id: desk[unit.id] for unit in self.units if unit.id in desk}
        return by(self.holdings, lambda holding: holding.unit_id)

    @cached_property
    def _of_roles(self) -> Mapping[Role, list[Holding]]:
        return by(self.holdings, lambda holding: holding.role)

    @cached_property
    def _of_people(self) -> Mapping[UUID | None, list[Holding]]:
        found: dict[UUID | None, list[Holding]] = dict(by(self.holdings, lambda holding: holding.person_id))
        if self._desk is not None:  # nearly everybody serves in one commune: the lists of the desk are kept
            desk = self._desk._of_people  # noqa: SLF001 - its own kind
            found = {one: desk[one] if desk[one] == held else held for one, held in found.items()}
        return found

    @cached_property
    def _away(self) -> Mapping[UUID, list[Absence]]:
        return by(self.absences, lambda absence: absence.person_id)

    def _served(self, person_id: UUID) -> set[str | None]:
        return {self.seat(holding.unit_id) for holding in self._of_people.get(person_id, ())}
