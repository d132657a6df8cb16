"""Whether a change of the office steers who reads an accusation, by whoever comes or falls away.

Roles and trees say who gains (see `keys` and `readers`). Who loses, and who is next because somebody lost, is
only seen by comparing: for an accusation of each unit and of each holder of a key, by whatever people call
them (see `meaning`), who would read it as the office is, and as it would be, on every day on which it
changes; and to whom each field goes that accuses nobody.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from domain.accused import Accusation
from domain.calendar import day_after
from domain.directory import Directory
from domain.people import KEYS, Area, Holding, Role
from domain.routing import Field, NobodyThere, Unit, route
from domain.rules import Rules
from services.office import borders, meaning, readership
from storage.ground.work import Work
from storage.office.directory import Change, RoleRow

Step = Mapping[str, Any]
_UNIT, _AREA = ({one.name for one in fields(kind)} for kind in (Unit, Area))
_ROLE = ("person_id", "unit_id", "role", "valid_from", "valid_to")
_MOVES = frozenset({"role", "unit", "area", "person"})


@dataclass(frozen=True, slots=True)
class Steered:
    """Who would read some accusation no more, or come to read one, and whether another number is called.

    `words`: by people's words others would be meant. `routes`: what accuses nobody would go to others.
    """

    dropped: frozenset[UUID] = frozenset()
    next: frozenset[UUID] = frozenset()
    number: bool = False
    words: bool = False
    routes: bool = False

    @property
    def steers(self) -> bool:
        """Whether others would read, or others be meant: nothing weighs more."""
        return bool(self.dropped or self.next or self.words)

    def also(self, other: "Steered") -> "Steered":
        """Return what is true of either."""
        return Steered(
            self.dropped | other.dropped,
            self.next | other.next,
            self.number or other.number,
            self.words or other.words,
            self.routes or other.routes,
        )


def steered(work: Work, rows: Sequence[Change], then: Sequence[Step] = ()) -> Steered:
    """Compare the office as it is with what these rows, and what follows on a later day, would make of it."""
    if not any(row.what in _MOVES for row in rows):
        return Steered()
    made, found = _Change(_after(work.desk.directory, rows), rows, then), Steered()
    for seat in _seats(work, rows, then):
        rules = work.desk if seat is None else work.desk.part(seat)
        found = found.also(_compared(work, rules, made, seat))
        if found.steers:
            break  # of what is changed above the communes one that it steers is enough
    return found


@dataclass(frozen=True)
class _Change:
    """What is compared: the office as it would be, by which rows and later steps."""

    whole: Directory
    rows: Sequence[Change]
    then: Sequence[Step]
    _days: dict[date, Directory] = field(default_factory=dict)

    def directory(self, seat: str | None, day: date | None = None) -> Directory:
        """Return what is seen of it from a seat, on a day, or before anything follows."""
        whole = self.whole if day is None else self._on(day)
        return whole if seat is None else whole.part(seat)

    def _on(self, day: date) -> Directory:
        if day not in self._days:
            self._days[day] = _merged(self.whole, self.then, day)
        return self._days[day]


def _seats(work: Work, rows: Sequence[Change], then: Sequence[Step]) -> Iterator[str | None]:
    """Yield each commune in which others could come to read; what is changed above is seen from all below."""
    touched = borders.of_rows(work, rows, then)
    directory = work.desk.directory
    for seat in directory.seats:
        if any(directory.lies_in(one, seat) for one in touched):
            yield seat


def _compared(work: Work, before: Rules, made: _Change, seat: str | None) -> Steered:
    """Compare one commune's part of it before and after."""
    renames, changed = meaning.renames(made.rows), replace(before, directory=made.directory(seat))
    dropped, following = set[tuple[UUID, bool]](), set[tuple[UUID, bool]]()
    number = routes = False
    tried = meaning.Tried(before, changed)
    words = renames and tried.lost(work.today)
    for day in _days(work, made.rows, made.then):
        directory = made.directory(seat, day)  # mostly the same
        after = changed if directory is changed.directory else replace(before, directory=directory)
        number = number or _number(before.directory, day) != _number(after.directory, day)
        routes = routes or _routes(before, day) != _routes(after, day)
        words = words or meaning.meets_reader(before.directory, after.directory, before, day)
        moves = not readership.is_same(before, after, day)
        same = _accusations(before.directory, after.directory, day) if moves else ()
        pairs = tried.accusations(day, posts=renames, untouched=moves)
        was_read, will_be_read = readership.Readers(before, day), readership.Readers(after, day)
        for was_said, will_be_said in (*((said, said) for said in same), *pairs):
            was, will = was_read.of(was_said), will_be_read.of(will_be_said)
            dropped |= was - will
            following |= will - was
    gone, coming = (frozenset(one for one, _ in found) for found in (dropped, following))
    return Steered(gone, coming, number, words, routes)


def _routes(rules: Rules, day: date) -> list[UUID | None]:
    """Return the unit to which each field goes where no wrong is told; fields that go one way, once."""
    directory = rules.directory
    home, empty = directory.commune or next(iter(directory.areas), None), directory.empty(day)

    def goes(way: Field) -> UUID | None:
        try:
            return route(way, home.code if home else "", directory.units, day, empty=empty).id
        except NobodyThere:
            return None

    return [goes(way) for way in readership.ways(rules.taxonomy.fields.values())]


def _days(work: Work, rows: Iterable[Change], then: Iterable[Step]) -> list[date]:
    """Return today and the days to come on which something begins or is over by these rows."""
    found = {work.today, *(date.fromisoformat(step["on"]) for step in then)}
    for row in rows:
        held = row.row
        first = (row.values.get("valid_from"), getattr(held, "valid_from", None))
        last = (row.values.get("valid_to"), getattr(held, "valid_to", None))
        found |= {day for day in first if day is not None}
        found |= {day_after(day) for day in last if day is not None}
    return sorted(day for day in found if day >= work.today)


def _number(directory: Directory, day: date) -> str:
    unit = directory.hotline(day)
    return unit.phone if unit else ""


def _accusations(before: Directory, after: Directory, day: date) -> Iterator[Accusation]:
    still = {unit.id for unit in after.units if unit.stands_on(day)}
    for unit in before.units:
        if unit.id in still and unit.stands_on(day):
            yield Accusation(units=(unit.id,))
    holders = (h.person_id for h in before.holdings if h.role in KEYS and h.holds_on(day))
    for person in dict.fromkeys(holders):
        yield Accusation(people=(person,))


# --- the office as it would be -------------------------------------------------------------------


def _after(directory: Directory, rows: Iterable[Change]) -> Directory:
    units = {unit.id: unit for unit in directory.units}
    areas = {area.code: area for area in directory.areas}
    holdings, names = list(directory.holdings), dict(directory.names)
    for row in rows:
        if row.what == "role":
            _hold(holdings, row)
        elif row.what == "unit":
            _keep(units, row, getattr(row.row, "id", None) or row.values.get("id") or uuid7(), _unit)
        elif row.what == "area":
            _keep(areas, row, getattr(row.row, "code", None) or row.values["code"], _area)
        elif row.row is None and row.values.get("name"):
            names[row.values["id"]] = row.values["name"]
    known = tuple(holding for holding in holdings if holding.unit_id in units)
    ordered = tuple(sorted(units.values(), key=lambda unit: unit.code))
    return Directory(tuple(areas.values()), ordered, known, directory.absences, names, day=directory.day)


def _hold(holdings: list[Holding], row: Change) -> None:
    held = {name: getattr(row.row, name) for name in _ROLE} if isinstance(row.row, RoleRow) else {}
    if held and (before := Holding(**{**held, "role": Role(held["role"])})) in holdings:
        holdings.remove(before)
    if not row.gone:
        kept = {"valid_to": None, **held, **{n: v for n, v in row.values.items() if n in _ROLE}}
        holdings.append(Holding(**{**kept, "role": Role(kept["role"])}))


def _keep(found: dict[Any, Any], row: Change, key: object, made: Any) -> None:  # noqa: ANN401 - as `found`
    if row.gone:
        found.pop(key, None)
    else:
        found[key] = made(found.get(key), key, row.values)


def _unit(unit: Unit | None, key: UUID, values: Mapping[str, Any]) -> Unit:
    given = {name: value for name, value in values.items() if name in _UNIT}
    return replace(unit, **given) if unit else Unit(**{"parent": None, **given, "id": key})


def _area(area: Area | None, key: str, values: Mapping[str, Any]) -> Area:
    given = {name: value for name, value in values.items() if name in _AREA}
    return replace(area, **given) if area else Area(**{"parent": None, **given, "code": key})


def _merged(directory: Directory, then: Iterable[Step], day: date) -> Directory:
    """Let units below one that is merged by that day stand below the other."""
    into = {
        UUID(step["from"]): UUID(step["into"])
        for step in then
        if step["what"] == "merge" and date.fromisoformat(step["on"]) <= day
    }
    if not into:
        return directory
    above = {unit.id: unit.parent for unit in directory.units}
    units = []
    for unit in directory.units:
        target = into.get(unit.parent) if unit.parent else None
        moved = above[unit.parent] if target == unit.id and unit.parent else target
        units.append(replace(unit, parent=moved) if target else unit)
    return replace(directory, units=tuple(units))
