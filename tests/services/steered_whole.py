"""The exhaustive comparison of an office before and after a change: slow, plain, and nothing left out.

Every word is read in both, and for every accusation each unit is asked who could read it there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any
from uuid import UUID

from domain import walls
from domain.accused import Accusation
from domain.directory import Directory
from domain.people import KEYS, Role
from domain.routing import Field, NobodyThere, close_types, route
from domain.rules import Rules
from services.office import meaning, steering
from services.office.steering import Steered
from services.standing import exclusion
from services.standing.refusals import NobodyLeft
from storage.ground.work import Work
from storage.office.directory import Change

Read = set[tuple[UUID, bool]]


def steered(work: Work, rows: Sequence[Change], then: Sequence[Any] = ()) -> Steered:
    """Compare the office as it is with what these rows, and what follows, would make of it."""
    if not any(row.what in {"role", "unit", "area", "person"} for row in rows):
        return Steered()
    whole, found = steering._after(work.desk.directory, rows), Steered()
    for seat in steering._seats(work, rows, then):
        before = work.desk if seat is None else work.desk.part(seat)
        found = found.also(_compared(work, before, whole, seat, rows, then))
        if found.steers:
            break
    return found


def _compared(  # noqa: PLR0917 - each says one thing of the change
    work: Work, before: Rules, whole: Directory, seat: str | None, rows: Sequence[Change], then: Sequence[Any]
) -> Steered:
    renames, dropped, following = meaning.renames(rows), Read(), Read()
    number = routes = words = False
    changed = replace(before, directory=whole if seat is None else whole.part(seat))
    words = renames and _lost(before, changed, work.today)
    for day in steering._days(work, rows, then):
        made = steering._merged(whole, then, day)
        directory = made if seat is None else made.part(seat)
        after = changed if made is whole else replace(before, directory=directory)
        number |= _number(before.directory, day) != _number(after.directory, day)
        routes |= _routes(before, day) != _routes(after, day)
        words |= _meets_reader(before.directory, after.directory, before, day)
        same = ((said, said) for said in _accusations(before.directory, after.directory, day))
        for was_said, will_be_said in (*same, *_meant(before, after, day, posts=renames)):
            was, will = _readers(before, was_said, day), _readers(after, will_be_said, day)
            dropped |= was - will
            following |= will - was
    gone, coming = (frozenset(one for one, _ in found) for found in (dropped, following))
    return Steered(gone, coming, number, words, routes)


def _lost(before: Rules, after: Rules, day: date) -> bool:
    there = {unit.id for unit in after.directory.units} | after.directory.names.keys()
    was, will_be = before.accused, after.accused
    return any(
        (was.named(text, day) - will_be.named(text, day)) & there
        for text in (*_of_posts(before, after), *_of_people(before.directory))
    )


def _meant(before: Rules, after: Rules, day: date, *, posts: bool) -> Iterator[tuple[Accusation, Accusation]]:
    was, will_be = before.accused, after.accused
    for text in (*_of_people(before.directory), *(_of_posts(before, after) if posts else ())):
        first, second = was.named(text, day), will_be.named(text, day)
        if first != second or len(second & after.directory.names.keys()) > 1:
            yield _accused(before, first), _accused(after, second)


def _accused(rules: Rules, ids: frozenset[UUID]) -> Accusation:
    people = tuple(sorted(one for one in ids if one in rules.directory.names))
    return Accusation(people, tuple(unit.id for unit in rules.directory.units if unit.id in ids), wrong=True)


def _of_posts(before: Rules, after: Rules) -> Iterator[str]:
    names = [name for name, _ in before.offices.everywhere]
    names += [unit.name for rules in (before, after) for unit in rules.directory.units]
    spelled = [
        " ".join(one) for name in names for one in product(*(word.split("/") for word in name.split()))
    ]
    ranked = [f"{rank} {unit.name}" for rank in before.offices.ranks for unit in before.directory.units]
    for name in dict.fromkeys((*spelled, *ranked)):
        yield from (f"{name} đòi tiền tôi", f"cứu tôi, ông {name} đang đánh vợ tôi")


def _of_people(before: Directory) -> Iterator[str]:
    for holding in before.holdings:
        name = before.names.get(holding.person_id, "")
        if name and holding.role in KEYS:
            unit, given = before.unit(holding.unit_id).name, name.split()[-1]
            yield from (
                f"{title}{one}" for title in ("", "ông ", "bà ", "anh ", "chị ") for one in (name, given)
            )
            yield from (f"{unit} {given}", f"ông {given} {unit}", f"{given} {unit}")


def _meets_reader(before: Directory, after: Directory, rules: Rules, day: date) -> bool:
    close = close_types(rules.taxonomy)
    read = {unit.id for unit in after.units if unit.type in close or after.holders(unit.id, {Role.HEAD}, day)}
    there = {(h.person_id, h.unit_id) for h in before.holdings}
    new = [h for h in after.holdings if h.unit_id in read and (h.person_id, h.unit_id) not in there]
    lasting = (h for h in before.holdings if h.valid_to is None or h.valid_to >= day)
    keyed = {holding.person_id for holding in lasting if holding.role in KEYS}
    return any(
        walls.given_name(after.names.get(h.person_id, "")) == walls.given_name(before.names.get(one, ""))
        for h in new
        for one in keyed - {h.person_id}
    )


def _accusations(before: Directory, after: Directory, day: date) -> Iterator[Accusation]:
    still = {unit.id for unit in after.units if unit.stands_on(day)}
    yield from (
        Accusation(units=(unit.id,)) for unit in before.units if unit.id in still and unit.stands_on(day)
    )
    holders = (h.person_id for h in before.holdings if h.role in KEYS and h.holds_on(day))
    yield from (Accusation(people=(person,)) for person in dict.fromkeys(holders))


def _readers(rules: Rules, said: Accusation, day: date) -> Read:
    directory, found = rules.directory, Read()
    wall = exclusion.around(rules, said, day)
    home = directory.commune or next(iter(directory.areas), None)
    kept = (field for field in rules.taxonomy.fields.values() if field.confidential)
    for field in {(field.xa, field.tinh): field for field in kept}.values() if home is not None else ():
        try:
            if wall:
                unread = {one.id for one in directory.units if not wall.readers(directory, one.id, day)}
                unit = route(field, home.code, directory.units, day, excluding=wall.units, unfit=unread)  # type: ignore[union-attr]
            else:
                unit = exclusion.unit_for(directory, field, home.code, wall, day)  # type: ignore[union-attr]
        except (NobodyLeft, NobodyThere):
            continue
        above = [p for one in directory.chain(unit.id) for p in directory.holders(one, walls.READING, day)]
        everybody = [*above, *directory.everyone(Role.HEAD, day)]
        found |= {(person, False) for person in everybody if not wall.shuts_out(directory, person, day)}
        found |= {(person, True) for person in wall.readers(directory, unit.id, day)}
    return found


def _routes(rules: Rules, day: date) -> list[UUID | None]:
    directory = rules.directory
    home, empty = directory.commune or next(iter(directory.areas), None), directory.empty(day)

    def goes(field: Field) -> UUID | None:
        try:
            return route(field, home.code if home else "", directory.units, day, empty=empty).id
        except NobodyThere:
            return None

    return [goes(field) for field in rules.taxonomy.fields.values()]


def _number(directory: Directory, day: date) -> str:
    standing = [unit for unit in directory.units if unit.phone and unit.stands_on(day)]
    return min(standing, key=lambda unit: directory.level(unit.id)).phone if standing else ""
