"""Who is shut out of a case because it speaks of them: asked wherever somebody might hear of it.

What is said later is heard again, and the wall around the case only ever grows.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import locales
from domain import walls
from domain.accused import Accusation
from domain.cases import Act
from domain.directory import Directory
from domain.people import SERVING, Role
from domain.routing import GOVERNING, Field, NobodyThere, Unit, route
from domain.rules import Rules
from domain.understand import Understood
from domain.understand.understood import URGENT
from domain.walls import Wall
from services.standing.refusals import NobodyLeft
from storage.cases.cases import Case
from storage.ground.work import Recent, Work

_POLICE = "113"
_NAMED = 4
"""So many people and units are named to whoever speaks of them."""


_NO_WALL = Wall()


def wall_of(case: Case | Recent) -> Wall:
    """Return who stands outside a case."""
    if not case.excluded_people and not case.excluded:
        return _NO_WALL
    return Wall(_ids(case.excluded_people), _ids(case.excluded))


def _ids(kept: Iterable[str]) -> frozenset[UUID]:
    return frozenset(UUID(one) for one in kept or ())


def shut_out(work: Work, case: Case | Recent, person_id: UUID | None) -> bool:
    """Say whether this person must never see or hear of the case: it speaks of them or of where they work."""
    return wall_of(case).shuts_out(work.rules_of(case).directory, person_id, work.today)


def kept_from_danger(work: Work, case: Case, person_id: UUID | None) -> bool:
    """Say whether this person is not even called out to the danger a case tells of, without its story."""
    return wall_of(case).keeps_from_danger(work.rules_of(case).directory, person_id, work.today)


def in_chain(work: Work, case: Case, person_id: UUID | None) -> bool:
    """Say whether the case speaks of this person, or of somebody they are a chief of in whatever commune."""
    if shut_out(work, case, person_id):
        return True
    directory, day = work.desk.directory, work.today
    above = {unit for accused_unit in _ids(case.excluded) for unit in _chain(directory, accused_unit)}
    held = directory.held_by(person_id, day)
    return any(holding.role in walls.READING and holding.unit_id in above for holding in held)


def _chain(directory: Directory, unit: UUID) -> list[UUID]:
    return directory.chain(unit) if directory.has_unit(unit) else []


def barred_units(work: Work, case: Case) -> set[UUID]:
    """Return the units that may not have the case: it speaks of them, or of everybody there."""
    wall = wall_of(case)
    return wall.barred(work.rules_of(case).directory, work.today) if wall else set()


def hotline(work: Work, case: Case | None) -> Unit | None:
    """Return the unit to call about a case: the first with a number where nobody it speaks of may answer.

    In a desk of many that is the one that has the case, else one of the same commune or level.
    """
    rules = work.rules_of(case) if case is not None else work.rules
    directory, day = rules.directory, work.today
    wall = wall_of(case) if case is not None else Wall()
    with_phone = [unit for unit in directory.units if unit.phone and unit.stands_on(day)]
    if case is not None and directory.whole.is_wide:
        seat = directory.seat(case.unit_id)
        with_phone.sort(key=lambda unit: (unit.id != case.unit_id, directory.seat(unit.id) != seat))
    else:
        with_phone.sort(key=lambda unit: directory.level(unit.id))
    return next((unit for unit in with_phone if not wall.touches(directory, unit.id, day)), None)


def present(work: Work, case: Case, people: Iterable[UUID], seat: str | None = None) -> list[UUID]:
    """Return who hears what is for these people in a seat: they or who stands in, but nobody shut out."""
    wall, directory, day = wall_of(case), work.rules_of(case).directory, work.today
    if not wall:
        return list(dict.fromkeys(directory.present(person, day, seat) for person in people))
    found = (wall.reader(directory, person, day, seat) for person in people)
    return list(dict.fromkeys(person for person in found if person is not None))


def heard_of(rules: Rules, text: str, day: date) -> Accusation:
    """Return whom some words speak of. Where no wrong is recognised, whoever is named at all may be meant."""
    said = told(rules, text, day)
    return said if said.wrong else feared(rules.directory, said)


def told(rules: Rules, text: str, day: date) -> Accusation:
    """Return whom words speak of: of harm that came to somebody with the police, they all."""
    said = rules.accused.read(text, day)
    if not rules.understanding.read(text).held:
        return said
    kinds = {field.xa for field in rules.taxonomy.fields.values() if field.urgency == URGENT}
    units = tuple(unit.id for unit in rules.directory.units if unit.type in kinds)
    return replace(
        said,
        units=tuple(dict.fromkeys((*said.units, *units))),
        sure=tuple(dict.fromkeys((*said.sure, *units))),
        wrong=True,
        crime=True,
        doubt=False,
        calm=False,
    )


def feared(directory: Directory, said: Accusation) -> Accusation:
    """Return the same words taken as by somebody who hides: they may be afraid of whomever they name."""
    if not said.beside:
        return said
    people = tuple(one for one in said.beside if not directory.has_unit(one))
    beside = tuple(one for one in said.beside if directory.has_unit(one))
    return replace(said, people=(*said.people, *people), units=(*said.units, *beside), beside=())


def with_all(said: Accusation, other: Accusation) -> Accusation:
    """Return the first with everybody of whom the other speaks, whether or not a wrong is told outright."""
    return replace(said, doubt=False).also(replace(other, doubt=False))


def known_then(directory: Directory, said: Accusation, case: Case) -> Accusation:
    """Return whom words about a case speak of: nobody who was entered under one of their names since then."""
    since = walls.entered_since(directory, (*said.people, *said.beside), case.id) if case.id else frozenset()
    return said.without(since) if since else said


def kept_out(directory: Directory, said: Accusation, wall: Wall, day: date) -> Accusation:
    """Return of whom some words speak only those who do stand outside: nobody else is promised to."""
    if not (said.people or said.units or said.alone):
        return said
    people = tuple(one for one in said.people if one in wall.people)
    said = replace(said, people=people, units=tuple(one for one in said.units if one in wall.units))
    return replace(said, alone=tuple(one for one in people if _is_alone(directory, said, one, wall, day)))


def _is_alone(directory: Directory, said: Accusation, person: UUID, wall: Wall, day: date) -> bool:
    """Say whether somebody is outside by themselves, without those they serve with."""
    units = {h.unit_id for h in directory.held_by(person, day) if h.role in SERVING}
    return person in said.alone or not units <= wall.units


def unit_for(directory: Directory, field: Field, area: str, wall: Wall, day: date) -> Unit:
    """Return the unit that must act: behind a wall only one whose chiefs may read it. Raises NobodyLeft."""
    if not wall:
        return route(field, area, directory.units, day, empty=directory.empty(day))
    unread = _Unread(directory, wall, day)
    try:
        return route(field, area, directory.units, day, excluding=wall.units, unfit=unread)
    except NobodyThere:
        raise NobodyLeft(Act.OPEN) from None


def still_reads(directory: Directory, promised: str, wall: Wall, day: date) -> Unit | None:
    """Return a unit of which a sender was told that it reads their case, while it may; else None.

    Where it was merged meanwhile that is the one it is part of.
    """
    desk = directory.whole
    unit = desk.heir(UUID(promised), day) if promised else None
    if unit is None or unit.id in wall.barred(desk, day) or not wall.readers(desk, unit.id, day):
        return None
    return unit


def unit_over(rules: Rules, field: Field, known: Iterable[UUID], wall: Wall, day: date) -> Unit:
    """Return the unit that looks into what is told of these people and units. Raises NobodyLeft.

    What is told of who heads the commune, serves above it or in another of the desk is not for those of the
    commune to judge: it goes to the province, to whoever there may read it.
    `known` are those named beyond doubt.
    """
    directory = rules.directory
    province = directory.province
    if province is not None and wall and is_over(directory, known, wall, day):
        units = [unit for unit in directory.units if directory.level(unit.id)]
        above, unread = replace(field, xa=field.tinh), _Unread(directory, wall, day)
        try:
            return route(above, province.code, units, day, excluding=wall.units, unfit=unread)
        except NobodyThere:
            pass
    return unit_for(directory, field, directory.home.code, wall, day)


def is_over(directory: Directory, known: Iterable[UUID], wall: Wall, day: date) -> bool:
    """Say whether nobody of the commune has a say over one of these who stand outside.

    They head it, serve above it, or in another of the desk.
    """
    if not directory.is_part:
        return False
    desk = directory.whole
    own = {unit.id for unit in directory.own_units if unit.type not in GOVERNING}
    for one in known:
        if one in wall.people:
            units = {held.unit_id for held in desk.held_by(one, day) if held.role in SERVING}
        else:
            units = {one} & wall.units
        if not units <= own:
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Unread:
    """The units whose chiefs may not read what is behind a wall: asked only of those that come first."""

    directory: Directory
    wall: Wall
    day: date

    def __contains__(self, unit: object) -> bool:
        return isinstance(unit, UUID) and not self.wall.readers(self.directory, unit, self.day)


def around(rules: Rules, said: Accusation, day: date) -> Wall:
    """Return the wall around a case of these words.

    Where nobody could read it, it is not taken to be about all who bear a name: of those who were entered
    under it later they alone are outside, not where they work. Who speaks of all heads in general means
    those who govern: whoever of the heads is not named himself reads it.
    """
    directory = rules.directory
    wall = walls.around(directory, said, day)
    if not leaves_nobody(rules, wall, day):
        return wall
    if later := walls.namesakes(directory, said.people, day):
        said = replace(said, alone=tuple(dict.fromkeys((*said.alone, *later))))
        narrower = walls.around(directory, said, day)
        if not leaves_nobody(rules, narrower, day):
            return narrower
    for unit in reversed([unit.id for unit in directory.units if unit.id in said.general]):
        theirs = {holding.person_id for holding in directory.holdings if holding.unit_id == unit}
        spared = {unit, *(person for person in said.general if person in theirs)}
        people = tuple(one for one in said.people if one not in spared)
        rest = replace(said, people=people, units=tuple(one for one in said.units if one not in spared))
        narrower = walls.around(directory, rest, day)
        if not leaves_nobody(rules, narrower, day):
            return narrower
    return wall


def in_danger(rules: Rules, said: Accusation, field: Field, day: date, has: UUID | None = None) -> Accusation:
    """Return whom words speak of where help is needed, `said` being heard so (`Accusation.in_danger`).

    Of whom a given name alone is told they alone are out, unless those who would come serve with them, or
    those of the unit that `has` the case.
    """
    directory = rules.directory
    types = {unit.id: unit.type for unit in directory.units}
    watch = {holding.unit_id for holding in directory.holdings if holding.role is Role.DUTY}
    comes = {unit for unit, kind in types.items() if kind == field.xa or unit in {*watch, has}}
    near = {one for one in said.alone if any(h.unit_id in comes for h in directory.held_by(one, day))}
    if not near:
        return said
    return replace(said, wrong=True, crime=True, alone=tuple(one for one in said.alone if one not in near))


def at_hand(rules: Rules, words: str, day: date) -> tuple[UUID, ...]:
    """Return who on duty bears a name that words tell, unless only to call them: a husband may."""
    beside = rules.accused.read(words, day).beside
    on_duty = rules.directory.everyone(Role.DUTY, day)
    named = rules.accused.named(words, day) if on_duty else frozenset[UUID]()
    return tuple(one for one in on_duty if one in named and one not in beside)


def is_violence(heard: Understood) -> bool:
    """Say whether people do harm to people now: then those who stop it must hear."""
    return _POLICE in heard.emergency


def may_go_there(rules: Rules, own: Field, wall: Wall, blamed: Collection[str] = ()) -> bool:
    """Say whether the unit that goes there is outside of what is told, so that its chiefs may read it.

    Where nobody of the directory is told of, it is if those who are, as a teacher, serve in no such unit.
    """
    units = [unit for unit in rules.directory.units if unit.type == own.xa]
    others = bool(wall) or (bool(blamed) and {own.xa, own.tinh}.isdisjoint(blamed))
    return others and bool(units) and not any(unit.id in wall.units for unit in units)


def leaves_nobody(rules: Rules, wall: Wall, day: date) -> bool:
    """Say whether nobody could read what is kept close behind this wall."""
    directory = rules.directory
    fields = [field for field in rules.taxonomy.fields.values() if field.confidential]
    try:
        unit_for(directory, fields[0], directory.home.code, wall, day)
    except (NobodyLeft, NobodyThere, IndexError):
        return bool(wall)
    return False


def close_field(rules: Rules, own: Field) -> Field:
    """Return the field by which what accuses somebody is routed: where such cases are kept close."""
    fields = rules.taxonomy.fields.values()
    return own if own.confidential else next((field for field in fields if field.confidential), own)


def names(directory: Directory, said: Accusation, day: date) -> list[str]:
    """Return what the people and units that are spoken of are called: names of officials are public."""
    desk = directory.whole
    found = [desk.names[person] for person in said.people if person in desk.names]
    known = [person for person in said.people if person not in said.alone]
    own = [h.unit_id for p in known for h in desk.held_by(p, day) if h.role in SERVING]
    units = (_called(directory, unit) for unit in dict.fromkeys([*own, *said.units]))
    return list(dict.fromkeys([*found, *units]))


def _called(directory: Directory, unit_id: UUID) -> str:
    """Return the name of a unit, of another commune with that: units of many communes share their names."""
    unit, seat = directory.unit(unit_id), directory.seat(unit_id) or ""
    here = (
        not directory.is_part or directory.commune_of(seat) == directory.commune or directory.level(unit_id)
    )
    return unit.name if here else f"{unit.name} ({directory.area(seat).name})"


def in_words(called: list[str], language: str) -> str:
    """Write names side by side, as a sentence begins; of very many only the first."""
    say, shown = locales.words(language), called[:_NAMED]
    if not shown:
        return ""
    *before, last = [*shown, say("walls.others")] if len(called) > _NAMED else shown
    whole = say("walls.and", before=", ".join(before), last=last) if before else last
    return whole[:1].upper() + whole[1:]
