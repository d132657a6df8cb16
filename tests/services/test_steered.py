"""What little is compared finds what the exhaustive comparison finds, in any office by any change."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from random import Random
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.accused import differing
from domain.directory import Directory
from domain.people import Absence, Area, Holding, Role
from domain.routing import Unit
from domain.rules import Rules
from domain.understand.offices import Offices, Post, Works
from services.office import steering
from storage.ground.work import Work
from storage.office.directory import Area as AreaRow
from storage.office.directory import Change, RoleRow, UnitRow
from tests.amounts import times
from tests.services import steered_whole

TODAY, FROM = date(2026, 11, 16), date(2025, 7, 1)
DAYS = (TODAY, TODAY + timedelta(days=9), TODAY + timedelta(days=30))
TYPES = ("ct_xa", "dang_xa", "vp_xa", "ca_xa", "kt_xa", "mttq_xa")
ABOVE = ("vp_tinh", "snv", "ca_tinh")
CALLED = (
    "Công an xã",
    "Trưởng công an xã",
    "Cán bộ công an",
    "Phòng Kinh tế",
    "Phòng Kinh tế xã Tân Lập",
    "Tổ Hòa giải Tân Lập",
    "Đảng ủy xã",
    "Chủ tịch xã",
    "Văn phòng Ủy ban",
    "Ông Cường",
    "Sở Nội vụ",
    "thôn Trịnh Xuân Cường",
)
NAMES = (
    "Trịnh Xuân Cường",
    "Lê Văn Cường",
    "le van cuong",
    "Hoàng Đức Thịnh",
    "Nguyễn Thịnh",
    "Phạm Kinh Tế",
    "Đinh Thị An",
    "Y Công Niê",
    "Đỗ Anh",
    "Trần Mới",
)
PLACES = ("xã Tân Lập", "phường Bình An", "xã Đông Cường", "thôn Mới", "thôn Trịnh Xuân Cường", "thôn Một")
OFFICES = Offices(
    names=(
        ("công an xã", Post(("ca_xa",))),
        ("ca xã", Post(("ca_xa",))),
        ("trưởng công an/ca xã", Post(("ca_xa",), in_charge=True)),
        ("cán bộ", Post(())),
        ("phòng kinh tế", Post(("kt_xa",))),
        ("chủ tịch xã", Post(("ct_xa",), in_charge=True)),
        ("lãnh đạo xã", Post(("ct_xa", "dang_xa"), in_charge=True)),
        ("chủ tịch {area}", Post(("ct_xa",), in_charge=True)),
        ("sở nội vụ", Post(("snv",))),
        ("mặt trận", Post(("mttq_xa",))),
    ),
    ranks=("trưởng", "sếp"),
    heads=("phòng", "văn phòng"),
    works=Works(("ông", "cán bộ"), ("làm", "lo"), ("phụ trách",), (("hòa giải", Post(("mttq_xa",))),), ()),
)


@cache
def packaged() -> Rules:
    """Parse what is packaged, with few names of posts."""
    return replace(Rules.parse({}, Directory()), offices=OFFICES)


class Office:
    """An office drawn by chance: one to three communes with a province, their units and people."""

    def __init__(self, dice: Random) -> None:
        self._dice, self._made = dice, Counter[str]()
        communes = [f"xa_{number}" for number in range(dice.choice((1, 1, 2, 3)))]
        self.areas = [Area("tinh", "tỉnh Mẫu", "province", None, FROM, prefix="ZZ")]
        for number, code in enumerate(communes):
            self.areas.append(
                Area(code, dice.choice(PLACES[:3]), "commune", "tinh", FROM, prefix=f"A{number}")
            )
            self.areas.append(Area(f"{code}.t", dice.choice(PLACES[3:]), "hamlet", code, FROM))
        self.units: list[Unit] = []
        for code in ("tinh", *communes):
            for _ in range(dice.randint(0, 3) if code == "tinh" else dice.randint(2, 6)):
                self.units.append(self.unit(code))
        self.people = [self.id() for _ in range(dice.randint(3, 8))]
        self.names = {one: dice.choice(NAMES) for one in self.people}
        drawn = (self.holding(one) for one in self.people for _ in range(dice.randint(1, 2)))
        self.holdings = tuple(dict.fromkeys(drawn))
        self.absences = tuple(
            Absence(one, other, TODAY, dice.choice(DAYS))
            for one, other in (dice.sample(self.people, 2) for _ in range(dice.choice((0, 0, 1, 2))))
        )

    def id(self) -> UUID:
        """Return the next id."""
        self._made["id"] += 1
        return UUID(int=self._made["id"])

    def unit(self, area: str) -> Unit:
        """Draw a unit of an area."""
        number = self._made["unit"] = self._made["unit"] + 1
        kind, name = self._dice.choice(ABOVE if area == "tinh" else TYPES), self._dice.choice(CALLED)
        above = [unit.id for unit in self.units if unit.area in {area, "tinh"}]
        parent = self._dice.choice([None, *above])
        phone = self._dice.choice(("", f"0{number}"))
        last = self._dice.choice((None, None, None, DAYS[1]))
        code = f"{area}.{self._dice.randint(10, 99)}{number}"
        return Unit(self.id(), code, kind, name, area, parent, FROM, last, phone)

    def holding(self, person: UUID) -> Holding:
        """Draw a role."""
        first, last = self._dice.choice((FROM, FROM, DAYS[1])), self._dice.choice((None, None, DAYS[2]))
        role = self._dice.choice((Role.OFFICER, Role.OFFICER, Role.SUPERVISOR, Role.HEAD, Role.KEEPER, *Role))
        return Holding(person, self._dice.choice(self.units).id, role, first, last)

    def work(self) -> Work:
        """Return the work of a day in it."""
        units = tuple(sorted(self.units, key=lambda unit: unit.code))
        directory = Directory(tuple(self.areas), units, self.holdings, self.absences, self.names)
        rules = replace(packaged(), directory=directory)
        return cast("Work", SimpleNamespace(desk=rules, rules=rules, today=TODAY))

    def change(self) -> tuple[list[Change], list[dict[str, Any]]]:
        """Draw an order, and what follows from it."""
        draws = [self._enters, self._given, self._ended, self._made_unit, self._changed, self._changed]
        draws += [self._area, self._merges]
        rows, then = self._dice.choice(draws)()
        if self._dice.random() < 0.2:
            more, later = self._dice.choice(draws[:-1])()
            rows, then = [*rows, *more], [*then, *later]
        return rows, then

    def _enters(self) -> tuple[list[Change], list[Any]]:
        new = self.id()
        person = {"id": new, "name": self._dice.choice(NAMES)}
        return [Change("person", None, person), self._begun(new)], []

    def _given(self) -> tuple[list[Change], list[Any]]:
        return [self._begun(self._dice.choice(self.people))], []

    def _begun(self, person: UUID) -> Change:
        values = {"person_id": person, "unit_id": self._dice.choice(self.units).id}
        role = self._dice.choice((Role.OFFICER, Role.OFFICER, Role.DUTY, *Role)).value
        return Change("role", None, {**values, "role": role, "valid_from": self._dice.choice(DAYS)})

    def _ended(self) -> tuple[list[Change], list[Any]]:
        held = self._dice.choice(self.holdings)
        row = RoleRow(**{name: getattr(held, name) for name in steering._ROLE})
        gone = self._dice.random() < 0.3
        return [Change("role", row, {} if gone else {"valid_to": self._dice.choice(DAYS)}, gone=gone)], []

    def _made_unit(self) -> tuple[list[Change], list[Any]]:
        made = self.unit(self._dice.choice(self.units).area)
        names = ("id", "code", "type", "name", "area", "parent", "valid_from")
        return [Change("unit", None, {name: getattr(made, name) for name in names})], []

    def _changed(self) -> tuple[list[Change], list[Any]]:
        unit = self._dice.choice(self.units)
        other = self.unit(unit.area)
        parent = other.parent if other.parent != unit.id else None
        values = self._dice.choice(
            (
                {"name": other.name},
                {"name": other.name},
                {"phone": "0999"},
                {"parent": parent},
                {"type": other.type},
                {"valid_to": self._dice.choice(DAYS)},
            )
        )
        return [Change("unit", self._row(unit), values)], []

    def _area(self) -> tuple[list[Change], list[Any]]:
        area, name = self._dice.choice(self.areas), self._dice.choice(PLACES)
        if area.kind == "province" or self._dice.random() < 0.5:
            parent = self._dice.choice([one for one in self.areas if one.kind == "commune"]).code
            values = {"code": "moi", "name": name, "kind": "hamlet", "parent": parent, "valid_from": TODAY}
            return [Change("area", None, values)], []
        row = AreaRow(code=area.code, name=area.name, kind=area.kind, parent=area.parent, valid_from=FROM)
        return [Change("area", row, {"name": name})], []

    def _merges(self) -> tuple[list[Change], list[Any]]:
        source = self._dice.choice(self.units)
        into = self._dice.choice([one for one in self.units if one is not source])
        on = self._dice.choice(DAYS[1:])
        step = {"what": "merge", "from": str(source.id), "into": str(into.id), "on": on.isoformat()}
        values = {"valid_to": on - timedelta(days=1), "merged_into": into.id}
        return [Change("unit", self._row(source), values)], [step]

    @staticmethod
    def _row(unit: Unit) -> UnitRow:
        names = ("id", "code", "type", "name", "area", "parent", "valid_from", "valid_to", "phone")
        return UnitRow(**{name: getattr(unit, name) for name in names})


def tried(dice: Random) -> steering.Steered:
    """Compare a change in an office both ways."""
    office = Office(dice)
    work, (rows, then) = office.work(), office.change()
    found = steering.steered(work, rows, then)
    assert found == steered_whole.steered(work, rows, then)
    return found


@pytest.mark.storm
@settings(max_examples=times(15))
@given(st.randoms(use_true_random=False))
def test_what_is_left_out_would_have_found_nothing(dice: Random) -> None:
    """In every field: who drops out, who comes next, the number, the words, the ways."""
    tried(dice)


@pytest.mark.storm
@settings(max_examples=times(10))
@given(st.randoms(use_true_random=False))
def test_words_that_are_not_read_mean_whom_they_meant(dice: Random) -> None:
    """Each of them, in the office as it is and as it would be, on any day."""
    meant_alike(dice)


def meant_alike(dice: Random) -> None:
    """Read all words that are tried in an office before and after a change."""
    office = Office(dice)
    work, (rows, _) = office.work(), office.change()
    whole = steering._after(work.desk.directory, rows)
    for seat in steering._seats(work, rows, ()):
        before = work.desk if seat is None else work.desk.part(seat)
        after = replace(before, directory=whole if seat is None else whole.part(seat))
        found = differing.between(before.directory, after.directory, before.offices)
        words = (*steered_whole._of_posts(before, after), *steered_whole._of_people(before.directory))
        for text in dict.fromkeys(text for text in words if not found.may(text)):
            for day in DAYS:
                assert before.accused.named(text, day) == after.accused.named(text, day), text


@pytest.mark.parametrize("seed", [250, 509, 553, 766])
def test_words_that_once_meant_others_and_were_not_read(seed: int) -> None:
    """A name with its commune, whole names and kinds of unit that change elsewhere in the desk."""
    meant_alike(Random(seed))


def test_the_offices_that_are_drawn_are_steered_in_every_way_and_in_none() -> None:
    """What is compared above says something of each."""
    found = [tried(dice) for dice in map(Random, range(25))]
    for part in ("dropped", "next", "number", "words", "routes"):
        said = [bool(getattr(one, part)) for one in found]
        assert any(said), part
        assert not all(said), part
    assert any(one == steering.Steered() for one in found)
