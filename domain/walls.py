"""The wall around a case: who may never read it, because it speaks of them or of where they work.

The people are frozen when words are heard, so whoever is moved, promoted or invited again stays outside;
later words only ever add to it. Whoever comes into an accused unit afterwards is outside for as long as that
lasts, and so is an officer who stands in for somebody outside. Who reads by a key of their own loses only
what is lent: else whoever is accused would shut out a head by naming them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.accused import Accusation
from domain.directory import Directory
from domain.people import KEYS, SERVING, Role
from domain.routing import with_children
from domain.understand.fold import fold

READING = frozenset({Role.SUPERVISOR, Role.HEAD})
"""Roles that read what is kept close."""


@dataclass(frozen=True, slots=True)
class Wall:
    """Who stands outside: these people, and whoever is of these units or of one below them."""

    people: frozenset[UUID] = frozenset()
    units: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.people or self.units)

    def __or__(self, other: "Wall") -> "Wall":
        return Wall(self.people | other.people, self.units | other.units)

    def shuts_out(self, directory: Directory, person: UUID | None, day: date) -> bool:
        """Say whether this person is outside that day, or stands in for somebody who is without a key."""
        if person is None or not self:
            return False
        if self._names(directory, person, day):
            return True
        absent = directory.whole.standing_in_for(person, day)  # in whatever commune they do so
        lent = any(self._names(directory, one, day) for one in absent)
        return lent and not _has_key(directory, person, day)

    def keeps_from_danger(self, directory: Directory, person: UUID | None, day: date) -> bool:
        """Say whether this person may not even be called out to danger (place and kind, no word of a story).

        On duty by a role of their own they come whomever they stand in for: else whoever is accused would
        send them away by being absent.
        """
        if person is None or not self.shuts_out(directory, person, day):
            return False
        return self._names(directory, person, day) or not _has_duty(directory, person, day)

    def touches(self, directory: Directory, unit: UUID, day: date) -> bool:
        """Say whether a unit is outside, or somebody who is serves there: who calls it may reach them.

        Who is outside only because somebody made them a stand-in takes nobody's number away.
        """
        if not self:
            return False
        outside = (p for p in directory.holders(unit, SERVING, day) if self._names(directory, p, day))
        return self.shuts_unit(directory, unit) or any(not self._lends(directory, p, day) for p in outside)

    def _lends(self, directory: Directory, person: UUID, day: date) -> bool:
        """Say whether somebody does the work of one who is outside, and is of no unit that is."""
        if any(self.shuts_unit(directory, holding.unit_id) for holding in directory.held_by(person, day)):
            return False
        return any(self._names(directory, one, day) for one in directory.standing_in_for(person, day))

    def _names(self, directory: Directory, person: UUID, day: date) -> bool:
        held = directory.whole.held_by(person, day)  # whatever they are in another commune
        inside = any(self.shuts_unit(directory, holding.unit_id) for holding in held)
        return person in self.people or inside or self._is_namesake(directory, person, day)

    def _is_namesake(self, directory: Directory, person: UUID, day: date) -> bool:
        """Say whether somebody was entered later under the very name of one outside: it may be they again.

        Ids are in the order in which people were entered. Who holds a key by two people's word is who they
        are: else a stranger entered under a head's name would shut the head out.
        """
        names = directory.whole.names
        name = fold(names.get(person, ""))
        if not name or _holds_key(directory, person, day):
            return False
        return any(one < person and name == fold(names.get(one, "")) for one in self.people)

    def shuts_unit(self, directory: Directory, unit: UUID) -> bool:
        """Say whether a unit is outside, or came to stand below one that is."""
        return not self.units.isdisjoint(directory.chain(unit))

    def reader(self, directory: Directory, person: UUID, day: date, seat: str | None = None) -> UUID | None:
        """Return who reads what is for this person: who stands in (there), else they themselves, or nobody.

        What is for somebody outside is lent to nobody.
        """
        present = directory.present(person, day, seat)
        if not self:
            return present
        if self.shuts_out(directory, person, day):
            return None
        return next((one for one in (present, person) if not self.shuts_out(directory, one, day)), None)

    def readers(self, directory: Directory, unit: UUID, day: date) -> list[UUID]:
        """Return those in charge of a unit who may read a case behind this wall."""
        chiefs, seat = directory.holders(unit, READING, day), directory.seat(unit)
        found = (self.reader(directory, chief, day, seat) for chief in chiefs)
        return list(dict.fromkeys(one for one in found if one is not None))

    def barred(self, directory: Directory, day: date) -> set[UUID]:
        """Return the units that cannot have the case: those outside, and those whose people all are."""
        return {
            unit.id
            for unit in directory.units
            if self.shuts_unit(directory, unit.id)
            or ((there := directory.holders(unit.id, SERVING, day)) and not self._any(directory, there, day))
        }

    def _any(self, directory: Directory, people: Iterable[UUID], day: date) -> bool:
        # Who stands in reads it or whoever is away does, in whichever seat.
        return any(self.reader(directory, person, day) is not None for person in people)


def _has_key(directory: Directory, person: UUID, day: date) -> bool:
    """Say whether somebody reads what is kept close by a role of their own."""
    return any(holding.role in READING for holding in directory.held_by(person, day))


def _has_duty(directory: Directory, person: UUID, day: date) -> bool:
    """Say whether somebody is called to danger by a role of their own."""
    return any(holding.role is Role.DUTY for holding in directory.held_by(person, day))


def around(directory: Directory, said: Accusation, day: date) -> Wall:
    """Return the wall that keeps everybody out of whom these words speak.

    Their units and those below are outside with all who hold a role there, and whoever stands in for any of
    them without a key of their own (on duty by a role of their own: as long as they do); not the units of
    those of whom a given name alone is told. Who serves in another commune of the desk is so too, there.
    """
    wall = _around(directory, said, day)
    for view in _elsewhere(directory, said, day):
        wall |= _around(view, said, day)
    return wall


def _elsewhere(directory: Directory, said: Accusation, day: date) -> list[Directory]:
    """Return the parts of the desk in which somebody is spoken of who does not serve in this one."""
    desk = directory.whole
    if desk is directory:
        return []
    units = [*said.units, *(held.unit_id for one in said.people for held in desk.held_by(one, day))]
    seats = dict.fromkeys(desk.seat(unit) for unit in units)
    return [
        desk.part(seat)
        for seat in seats
        if seat and desk.commune_of(seat) and desk.part(seat) is not directory
    ]


def _around(directory: Directory, said: Accusation, day: date) -> Wall:
    """Return the wall around whom these words speak of, as far as they are seen from here."""
    known = [person for person in said.people if person not in said.alone]
    own = {h.unit_id for person in known for h in directory.held_by(person, day) if h.role in SERVING}
    units = with_children({*said.units, *own}, directory.units)
    people = {h.person_id for h in directory.holdings if h.unit_id in units and h.holds_on(day)}
    people |= set(said.people)
    lent = {other for one in people for other in directory.stand_ins(one, day)}
    people |= {one for one in lent if not (_has_key(directory, one, day) or _has_duty(directory, one, day))}
    return Wall(frozenset(people), frozenset(units))


def namesakes(directory: Directory, people: Iterable[UUID], day: date) -> frozenset[UUID]:
    """Return who of these bears a name of another of them, was entered later, and holds no key.

    Ids are in the order in which people were entered.
    """
    found = entered_since(directory, people)
    return frozenset(one for one in found if not _holds_key(directory, one, day))


def entered_since(directory: Directory, people: Iterable[UUID], since: UUID | None = None) -> frozenset[UUID]:
    """Return who of these was entered after another of them with the same given name, and after `since`."""
    first: dict[str, UUID] = {}
    later = set[UUID]()
    for one in sorted(set(people)):
        given = given_name(directory.names.get(one, ""))
        if given and first.setdefault(given, one) != one and (since is None or first[given] < since < one):
            later.add(one)
    return frozenset(later)


def given_name(name: str) -> str:
    """Return the folded last word of a name: what people are called by."""
    return fold(name).split(" ")[-1] if name.strip() else ""


def _holds_key(directory: Directory, person: UUID, day: date) -> bool:
    return any(holding.role in KEYS for holding in directory.held_by(person, day))
