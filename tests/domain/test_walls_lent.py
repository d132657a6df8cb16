"""No act of whoever is accused takes a reader away, or makes one: not by whom they say is away."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from domain import absences
from domain.accused import Accusation
from domain.directory import Directory
from domain.people import Absence, Holding, Role
from domain.routing import Unit
from domain.walls import READING, Wall, around

DAY, SINCE = date(2026, 11, 16), date(2025, 7, 1)
SPACE = UUID(int=9)


def _id(name: str) -> UUID:
    return uuid5(SPACE, name)


def _unit(code: str, parent: str | None = None) -> Unit:
    return Unit(_id(code), code, code, code, "xa", _id(parent) if parent else None, SINCE)


HELD = (
    ("thinh", "ct", Role.HEAD),
    ("huong", "dang", Role.HEAD),
    ("sang", "kt", Role.SUPERVISOR),
    ("tuan", "kt", Role.OFFICER),
    ("thao", "kt", Role.OFFICER),
    ("cuong", "ca", Role.SUPERVISOR),
    ("dung", "ca", Role.OFFICER),
    ("khoa", "vp", Role.SUPERVISOR),
    ("lan", "vp", Role.OFFICER),
    ("quy", "vp", Role.DUTY),
    ("nhan", "mttq", Role.SUPERVISOR),
)
PEOPLE = [name for name, _, _ in HELD]
OFFICE = Directory(
    units=(
        _unit("ct"),
        _unit("dang"),
        _unit("kt", "ct"),
        _unit("ca", "ct"),
        _unit("vp", "ct"),
        _unit("mttq", "dang"),
    ),
    holdings=tuple(Holding(_id(person), _id(unit), role, SINCE) for person, unit, role in HELD),
)


def _entered(accused: UUID, dice: st.DataObject) -> Directory:
    """Let somebody enter whatever absences the desk lets them enter."""
    directory = OFFICE
    for _ in range(dice.draw(st.integers(0, 6))):
        mine = [accused, *absences.staff(directory, accused, DAY)]
        busy = {p for a in directory.absences for p in (a.person_id, a.stand_in_id)}
        person = dice.draw(st.sampled_from(mine))
        may = absences.standing(directory, person, accused, DAY)
        stand_in = dice.draw(st.sampled_from(may)) if may else None
        if stand_in is not None and person not in busy:
            more = Absence(person, stand_in, DAY, DAY)
            directory = replace(directory, absences=(*directory.absences, more))
    return directory


def _readers(wall: Wall, directory: Directory) -> set[UUID]:
    """Return who reads what is kept close behind a wall, by a key of their own."""
    keyed = {holding.person_id for holding in directory.holdings if holding.role in READING}
    return {person for person in keyed if not wall.shuts_out(directory, person, DAY)}


@given(st.sampled_from(PEOPLE), st.booleans(), st.data())
def test_absences_of_the_accused_change_no_reader(name: str, alone: bool, dice: st.DataObject) -> None:
    """Entered before the words or after them, of a whole name or a given name alone."""
    accused = _id(name)
    said = Accusation(people=(accused,), alone=(accused,) if alone else ())
    entered = _entered(accused, dice)
    before = around(OFFICE, said, DAY)
    readers = _readers(before, OFFICE)
    for wall in (before, around(entered, said, DAY)):
        assert _readers(wall, entered) == readers
        for unit in OFFICE.units if not alone else ():  # then what is lent is ordinary work
            there = set(wall.readers(entered, unit.id, DAY))
            assert there <= readers


@given(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))
def test_nobody_says_that_a_head_is_away_but_the_head(by: str, other: str) -> None:
    """Nor that anybody beside or above them is; and nobody is named who stands above."""
    staff = absences.staff(OFFICE, _id(by), DAY)
    assert {_id("thinh"), _id("huong")}.isdisjoint(staff)
    if _id(other) in staff:
        assert _id(by) in absences.above(OFFICE, _id(other), DAY)
    named = absences.standing(OFFICE, _id(other), _id(other), DAY)
    assert absences.above(OFFICE, _id(other), DAY).isdisjoint(named)


def test_a_head_speaks_for_their_own_line_and_for_whoever_has_no_head() -> None:
    """The chair does not say who of the Front is away."""
    assert _id("nhan") not in absences.staff(OFFICE, _id("thinh"), DAY)
    assert _id("nhan") in absences.staff(OFFICE, _id("huong"), DAY)
    flat = replace(OFFICE, units=tuple(replace(unit, parent=None) for unit in OFFICE.units))
    assert _id("nhan") in absences.staff(flat, _id("thinh"), DAY)


def test_an_officer_without_a_key_who_stands_in_for_the_accused_is_outside() -> None:
    """Whoever does their work may be their friend; a head or another chief keeps what is their own."""
    wall = around(OFFICE, Accusation(people=(_id("tuan"),)), DAY)
    for name, outside in (("lan", True), ("quy", True), ("thinh", False), ("khoa", False)):
        lent = replace(OFFICE, absences=(Absence(_id("tuan"), _id(name), DAY, DAY),))
        assert wall.shuts_out(lent, _id(name), DAY) is outside
        assert wall.reader(lent, _id("tuan"), DAY) is None
