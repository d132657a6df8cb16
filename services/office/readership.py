"""Who would read an accusation, and all that says so: where it is the same before and after, so are they."""

from collections.abc import Hashable, Iterable
from datetime import date
from uuid import UUID

from domain import walls
from domain.accused import Accusation
from domain.directory import Directory
from domain.people import KEYS, Role
from domain.routing import RECEPTIONS, Field, NobodyThere, Unit, close_types
from domain.rules import Rules
from domain.walls import Wall
from services.standing import exclusion
from services.standing.refusals import NobodyLeft


def ways(fields: Iterable[Field]) -> list[Field]:
    """Return a field for each way which cases go."""
    return list({(field.xa, field.tinh, field.confidential): field for field in fields}.values())


class Readers:
    """Who reads what on a day, by the walls around it: whoever accuses a unit and its chief means one."""

    def __init__(self, rules: Rules, day: date) -> None:
        self._rules, self._directory, self._day = rules, rules.directory, day
        self._ways = ways(field for field in rules.taxonomy.fields.values() if field.confidential)
        self._behind: dict[Wall, set[tuple[UUID, bool]]] = {}

    def of(self, said: Accusation) -> set[tuple[UUID, bool]]:
        """Return who would read it, and who of them would have it on their desk."""
        wall = exclusion.around(self._rules, said, self._day)
        if wall not in self._behind:
            self._behind[wall] = self._readers(wall)
        return self._behind[wall]

    def _readers(self, wall: Wall) -> set[tuple[UUID, bool]]:
        directory, day, found = self._directory, self._day, set[tuple[UUID, bool]]()
        home = directory.commune or next(iter(directory.areas), None)
        for field in self._ways if home is not None else ():
            try:
                unit = exclusion.unit_for(directory, field, home.code, wall, day)  # type: ignore[union-attr]
            except (NobodyLeft, NobodyThere):
                continue
            above = [
                p for one in directory.chain(unit.id) for p in directory.holders(one, walls.READING, day)
            ]
            everybody = [*above, *directory.everyone(Role.HEAD, day)]
            found |= {(person, False) for person in everybody if not wall.shuts_out(directory, person, day)}
            found |= {(person, True) for person in wall.readers(directory, unit.id, day)}
        return found


def is_same(before: Rules, after: Rules, day: date) -> bool:
    """Say whether all is the same by which it is said who reads what accuses a unit, or who holds a key.

    That is where units stand, and which roles they have anywhere who hold a key now or would read: what
    others are matters to nobody's reading but where somebody is away, and may lend what they read.
    """
    both, away = (before.directory, after.directory), _is_away(before.directory, day)
    accused = {holding.person_id for holding in before.directory.holdings if holding.role in KEYS}
    reading = {h.person_id for one in both for h in one.holdings if h.role in walls.READING}
    people = {h.person_id for one in both for h in one.holdings} if away else accused | reading
    was, will_be = (_said_by(rules, people, day, away=away) for rules in (before, after))
    return was == will_be


def _is_away(directory: Directory, day: date) -> bool:
    return any(one.first_day <= day <= one.last_day for one in directory.whole.absences)


def _said_by(rules: Rules, people: Iterable[UUID], day: date, *, away: bool) -> object:
    """Return all of it. A unit without readers that leads to no other is never reached."""
    directory = rules.directory
    held = {holding for one in people for holding in directory.whole.held_by(one, day)}
    areas = [(area.code, area.parent, area.kind) for area in directory.areas if away or area.kind != "hamlet"]
    return (
        areas,
        [one.code for one in (directory.commune, *directory.areas[:1]) if one is not None],
        {_place(unit, day) for unit in _reached(rules, day)},
        {(one.person_id, one.role, tuple(directory.chain(one.unit_id))) for one in held},
        (directory.absences, {(one, directory.names.get(one)) for one in people}) if away else None,
    )


def _place(unit: Unit, day: date) -> Hashable:
    return unit.id, unit.code, unit.type, unit.area, unit.parent, unit.merged_into, unit.stands_on(day)


def _reached(rules: Rules, day: date) -> Iterable[Unit]:
    """Yield the units to which cases may go, or which lead to one, by their kind, place or readers."""
    directory = rules.directory
    kinds = {*close_types(rules.taxonomy), *RECEPTIONS}
    inner = {one for unit in directory.units for one in (unit.parent, unit.merged_into)}
    for unit in directory.units:
        leads = unit.id in inner or unit.merged_into is not None or unit.type in kinds
        if leads or directory.holders(unit.id, walls.READING, day):
            yield unit
