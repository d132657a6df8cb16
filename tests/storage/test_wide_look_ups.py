"""A desk of many communes: what is asked of the directory is looked up, what is learned is learned once."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from bench import province
from domain.accused import Accused, bearers, offices
from domain.directory import Directory
from domain.people import Role
from domain.rules import Rules
from domain.understand import _named, persons, served
from domain.understand.conduct import Conduct
from domain.understand.loosely import Layered, Names, Said
from domain.understand.persons import _read, names_somebody
from services.office import directory, unheard
from services.standing import reach
from storage.office.rulebook import read_directory
from storage.store.engine import Store
from tests.storage import commune

COMMUNES = 6
DAY = date(2026, 3, 2)


@pytest.fixture
async def store(sqlite_store: Store) -> Store:
    """Seed an invented province."""
    async with sqlite_store.work() as work:
        await directory.seed(work, *province.seed(COMMUNES))
    return sqlite_store


@pytest.fixture
async def desk(store: Store) -> Directory:
    """Return its directory."""
    async with store.read() as work:
        return await read_directory(work.session)


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Note each comparison of two ids."""
    found: list[UUID] = []
    equal = UUID.__eq__

    def compare(one: UUID, other: object) -> bool:
        found.append(one)
        return equal(one, other)

    monkeypatch.setattr(UUID, "__eq__", compare)
    return found


async def test_a_seed_compares_no_role_with_all_others(store: Store, compared: list[UUID]) -> None:
    """A second run of the file finds each row by its key."""
    data, name = province.seed(COMMUNES)
    async with store.read() as work:
        compared.clear()
        counts = await directory.seed(work, data, name, check=True)
    assert {kind: count.new + count.changed for kind, count in counts.items()} == dict.fromkeys(counts, 0)
    assert len(compared) < 40 * counts["role"].unchanged, len(compared)


async def test_the_names_of_places_are_read_once(desk: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are not read anew for each unit: of the whole desk that took minutes."""
    read: list[str] = []

    class Noted(Said):
        def __init__(self, text: str) -> None:
            read.append(text)
            super().__init__(text)

    monkeypatch.setattr(offices, "Said", Noted)
    Accused(desk, Rules.parse({}, Directory()).offices)
    assert sorted(read) == sorted([*(area.name for area in desk.areas), *{unit.name for unit in desk.units}])


async def test_a_change_of_the_directory_learns_no_words_again(desk: Directory) -> None:
    """Neither the words of the taxonomy nor its names of posts."""
    before = Rules.parse({}, Directory())
    misses = _named.cache_info().misses
    after = Rules.parse({}, desk)
    assert _named.cache_info().misses == misses
    assert after.offices.spelled is before.offices.spelled
    assert after.offices.works.spelled is before.offices.works.spelled


def test_names_over_others_are_found_as_if_they_were_one_list() -> None:
    """The longest is meant, whichever list it is of, and what both know means both."""
    under = [("công an/ca", 1), ("công an xã", 2), ("phòng kinh tế", 3)]
    own = [("công an", 10), ("kinh tế", 11), ("công an xã An Bình", 12)]
    layered = Layered(own, Names(under), lambda value: value)
    whole = Names([*under, *own])
    for text in (
        "công an xã",
        "công an xã An Bình đòi tiền",
        "ca",
        "phòng kinh tế",
        "kinh tế",
        "cong an",
        "không",
    ):
        assert layered.find(Said(text)) == whole.find(Said(text)), text


async def test_whose_units_somebodys_are(store: Store) -> None:
    """What is looked up is what walking through all units would find."""
    async with store.read() as work:
        desk, day = work.desk.directory, work.today
        for person in desk.names:
            held = desk.held_by(person, day)
            headed = [one.unit_id for one in held if one.role is Role.HEAD]
            led = {one.unit_id for one in held if one.role in {Role.SUPERVISOR, Role.HEAD}}
            wanted = {u.id for u in desk.units if any(desk.reaches(one, u.id) for one in headed)}
            wanted |= {u.id for u in desk.units if led & set(desk.chain(u.id))}
            assert reach.units_of(work, person) == wanted | {one.unit_id for one in held}
            seats = desk.seats_of(person, day)
            there = {u.id for u in desk.units if any(desk.lies_in(seat, u.area) for seat in seats)}
            assert reach.units_below(work, [person]) == there


async def test_whom_nothing_reaches_is_told_without_reading_them(store: Store) -> None:
    """Each morning everybody who has no chat is named: by the directory, however many communes there are."""
    async with store.read() as work:
        with commune.statements(store) as reading:
            found = await unheard.news(work)
        admins = {one.person_id for one in work.desk.directory.holdings if one.role is Role.ADMIN}
    assert found.keys() == admins
    assert len(reading) == 1
    assert all("" not in fault.names for faults in found.values() for fault in faults)


def _parts(desk: Directory) -> list[Rules]:
    """Return the rules of each commune of a desk."""
    rules = Rules.parse({}, desk)
    return [rules.part(area.code) for area in desk.communes]


def _counted(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> list[object]:
    """Note the first argument, after `self`, of each call."""
    calls: list[object] = []
    asked = getattr(owner, name)

    def noting(*args: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it takes and gives
        calls.append(args[-1])
        return asked(*args, **named)

    monkeypatch.setattr(owner, name, noting)
    return calls


async def test_a_text_is_read_once_for_all_communes(desk: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where it is depends on the commune: a hamlet that each of them has is that of whoever reads it."""
    parts = _parts(desk)
    told = "cống thôn 1 tắc mấy hôm rồi"
    read = _counted(monkeypatch, Conduct, "wrongs")
    heard = [part.understanding.read(told) for part in (*parts, *parts)]
    assert len(read) == 1
    assert heard[0].place is not None
    labels = {one.place.label for one in heard if one.place is not None}
    assert len(labels) == len(parts)
    assert {one.topic for one in heard} == {heard[0].topic}


async def test_a_text_that_names_nobody_is_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its strange words are compared with the places of each commune."""
    _read.cache_clear()
    looked = _counted(monkeypatch, persons, "strange_names")
    said = "cống ở Xuân Mỹ tắc rồi"
    assert not names_somebody(said, frozenset({"xuan", "my"}))
    assert names_somebody(said, frozenset({"tan", "lap"}))
    assert len(looked) == 1


async def test_names_of_a_desk_are_learned_once(desk: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of officials, of hamlets, of ranks and of works, whatever communes ask for them."""
    people = _counted(monkeypatch, bearers, "whole")
    hamlets = _counted(monkeypatch, served, "spelled")
    parts = _parts(desk)
    for part in parts:
        part.accused.read("ông Nguyễn Văn An ở phòng kinh tế nhận tiền", DAY)
        part.understanding.read("cống thôn 2 tắc mấy hôm rồi")
    assert sorted(map(str, people)) == sorted(desk.names.values())
    assert len(hamlets) == 1
    assert len({id(part.offices.spelled_ranks) for part in parts}) == 1
    assert len({id(part.offices.works.parts) for part in parts}) == 1


async def test_readings_of_all_communes_are_kept_together(
    desk: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commune has no readings of its own, and is told what was read for itself."""
    parts = _parts(desk)
    assert len({id(part.accused._recent) for part in parts}) == 1
    assert len({id(part.understanding._placed) for part in parts}) == 1
    heard = [part.accused.read("phòng kinh tế nhận tiền của dân", DAY).units for part in parts]
    assert all(
        set(units) <= {u.id for u in part.directory.units} for units, part in zip(heard, parts, strict=True)
    )
    assert len({*heard}) == len(parts)
    read = _counted(monkeypatch, Conduct, "wrongs")
    for part in parts:
        part.accused.read("phòng kinh tế nhận tiền của dân", DAY)
    assert not read


async def test_a_part_keeps_no_copies_of_who_holds_what(desk: Directory) -> None:
    """Who serves in one commune, or above, has the same list in the desk and in each part."""
    for area in desk.communes:
        part = desk.part(area.code)
        assert all(part.holdings_of(one) is desk.holdings_of(one) for one in part.names)
        assert desk.part(part.hamlets[0].code) is part
