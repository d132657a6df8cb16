"""The wall around a case: who stands outside it, and that nobody comes in again."""

from datetime import date
from uuid import UUID, uuid5

import pytest

from domain.accused import Accusation
from domain.directory import Directory
from domain.people import Absence, Holding, Role
from domain.routing import Unit
from domain.walls import Wall, around

DAY = date(2026, 11, 16)
LATER = date(2026, 12, 1)
SINCE = date(2025, 7, 1)
SPACE = UUID(int=7)


def _id(name: str) -> UUID:
    return uuid5(SPACE, name)


def _unit(code: str, parent: str | None = None) -> Unit:
    return Unit(_id(code), code, code, code, "xa", _id(parent) if parent else None, SINCE)


def _holds(person: str, unit: str, role: Role = Role.OFFICER, *, since: date = SINCE) -> Holding:
    return Holding(_id(person), _id(unit), role, since)


UNITS = (_unit("ct"), _unit("dang"), _unit("kt", "ct"), _unit("to", "kt"), _unit("vp", "ct"))
HOLDINGS = (
    _holds("thinh", "ct", Role.HEAD),
    _holds("huong", "dang", Role.HEAD),
    _holds("sang", "kt", Role.SUPERVISOR),
    _holds("tuan", "kt"),
    _holds("lam", "to"),
    _holds("lan", "vp"),
    _holds("khoa", "vp", Role.SUPERVISOR),
    _holds("bao", "vp", Role.ADMIN),
)


def _office(
    *more: Holding, absences: tuple[Absence, ...] = (), names: dict[UUID, str] | None = None
) -> Directory:
    return Directory(units=UNITS, holdings=(*HOLDINGS, *more), absences=absences, names=names or {})


def _outside(wall: Wall, directory: Directory, day: date = DAY) -> set[str]:
    names = ("thinh", "huong", "sang", "tuan", "lam", "lan", "khoa", "bao", "moi")
    return {name for name in names if wall.shuts_out(directory, _id(name), day)}


@pytest.mark.parametrize(
    ("said", "outside"),
    [
        (Accusation(people=(_id("tuan"),)), {"sang", "tuan", "lam"}),
        (Accusation(units=(_id("kt"),)), {"sang", "tuan", "lam"}),
        (Accusation(people=(_id("lam"),)), {"lam"}),
        (Accusation(people=(_id("thinh"),)), {"thinh", "sang", "tuan", "lam", "lan", "khoa", "bao"}),
        (Accusation(people=(_id("bao"),)), {"bao"}),
        (Accusation(), set()),
    ],
)
def test_whoever_is_named_is_outside_with_their_units_and_those_below(
    said: Accusation, outside: set[str]
) -> None:
    """Colleagues, chiefs of the same unit and units below are outside too; a unit above is not."""
    assert _outside(around(_office(), said, DAY), _office()) == outside


def test_nobody_comes_in_again() -> None:
    """Moved, promoted to head, or serving elsewhere only: who was outside stays there."""
    wall = around(_office(), Accusation(people=(_id("tuan"),)), DAY)
    moved = tuple(h for h in HOLDINGS if h.person_id != _id("tuan"))
    later = Directory(units=UNITS, holdings=(*moved, _holds("tuan", "dang", Role.HEAD)))
    assert _outside(wall, later, LATER) == {"sang", "tuan", "lam"}


def test_who_joins_an_accused_unit_or_one_that_comes_below_it_is_outside() -> None:
    """Also in a unit that was made, or set below, afterwards."""
    wall = around(_office(), Accusation(units=(_id("kt"),)), DAY)
    units = (*UNITS, _unit("doi", "to"))
    later = Directory(units=units, holdings=(*HOLDINGS, _holds("moi", "doi", since=LATER)))
    assert "moi" not in _outside(wall, later, DAY)
    assert "moi" in _outside(wall, later, LATER)


def test_who_stands_in_is_outside_as_long_as_that_lasts() -> None:
    """At the moment of the accusation it is frozen; afterwards it ends with the absence."""
    away = (Absence(_id("tuan"), _id("lan"), LATER, LATER),)
    wall = around(_office(), Accusation(people=(_id("tuan"),)), DAY)
    office = _office(absences=away)
    assert "lan" in _outside(wall, office, LATER)
    assert "lan" not in _outside(wall, office, DAY)
    assert "lan" in _outside(around(office, Accusation(people=(_id("tuan"),)), LATER), office, DAY)


def test_what_is_for_somebody_whose_stand_in_is_outside_waits_for_them() -> None:
    """The accused who stands in for a head does not read in their place."""
    wall = around(_office(), Accusation(people=(_id("tuan"),)), DAY)
    office = _office(absences=(Absence(_id("huong"), _id("tuan"), DAY, DAY),))
    assert wall.reader(office, _id("huong"), DAY) == _id("huong")
    assert wall.reader(office, _id("sang"), DAY) is None


def test_the_same_name_entered_again_is_the_same_person() -> None:
    """Diacritics and capitals aside: it may be they again."""
    names = {_id("tuan"): "Đỗ Anh Tuân", _id("moi"): "đỗ anh tuân", _id("lan"): "Đỗ Anh Tuấn Lan"}
    office = _office(_holds("moi", "dang"), names=names)
    wall = around(office, Accusation(people=(_id("lam"),)), DAY)
    assert _outside(wall, office) == {"lam"}
    assert "moi" in _outside(around(office, Accusation(people=(_id("tuan"),)), DAY), office)


def test_nobody_entered_before_and_no_holder_of_a_key_is_a_namesake() -> None:
    """Who is entered under another's name in an accused unit shuts out no head, and nobody known before."""
    first, again = UUID(int=1), UUID(int=2)
    name = {first: "Hoàng Đức Thịnh", again: "hoang duc thinh"}
    for role, outside in ((Role.OFFICER, True), (Role.HEAD, False), (Role.ADMIN, False)):
        office = _office(Holding(again, _id("dang"), role, SINCE), names=name)
        assert Wall(frozenset({first})).shuts_out(office, again, DAY) is outside
    office = _office(Holding(first, _id("dang"), Role.OFFICER, SINCE), names=name)
    assert not Wall(frozenset({again})).shuts_out(office, first, DAY)


def test_units_whose_people_are_all_outside_cannot_have_it() -> None:
    """Beside those spoken of: the one whose only people were moved there from an accused unit."""
    office = Directory(units=(*UNITS, _unit("nha")), holdings=(*HOLDINGS, _holds("tuan", "nha")))
    wall = Wall(frozenset({_id("tuan")}), frozenset({_id("kt")}))
    assert wall.barred(office, DAY) == {_id("kt"), _id("to"), _id("nha")}


def test_a_wall_only_grows() -> None:
    """Two walls together keep out whom either kept out."""
    one = around(_office(), Accusation(people=(_id("lam"),)), DAY)
    other = around(_office(), Accusation(units=(_id("dang"),)), DAY)
    assert _outside(one | other, _office()) == {"lam", "huong"}
