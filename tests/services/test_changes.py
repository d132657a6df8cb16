"""Changes of the directory: recorded row by row, followed by the cases they concern, and undone exactly."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from uuid_utils.compat import uuid7

from domain.cases import Act
from domain.people import Role
from services.acts.act import act
from services.office import directory, office, orders
from services.office.order_checks import CannotOrder
from services.standing.parties import Actor
from storage.cases import cases
from storage.ground import tables
from storage.office import changes
from storage.office.changes import InTheWay, NothingToUndo
from storage.people import people
from storage.store.engine import Store
from tests.amounts import times
from tests.conftest import MONDAY, StoppedClock
from tests.storage import commune

TODAY = date(2026, 11, 16)
TABLES = (tables.Area, tables.UnitRow, tables.Person, tables.RoleRow)
ADMIN = "  - {code: qt, name: Quản Trị, roles: [{role: admin, unit: vp_xa, from: 2025-07-01}]}\n"
Rows = dict[str, list[tuple[Any, ...]]]


async def settled(store: Store) -> None:
    """Seed the small commune, with an admin."""
    await commune.settle(store)
    async with store.work() as work:
        await directory.seed(work, f"people:\n{ADMIN}".encode(), "more.yaml")


async def rows(store: Store) -> Rows:
    """Return everything that is stored of areas, units, people and roles."""
    async with store.read() as work:
        found: Rows = {}
        for table in TABLES:
            query = select(*table.__table__.columns).order_by(*table.__table__.primary_key.columns)
            found[table.__tablename__] = [tuple(row) for row in await work.session.execute(query)]
        return found


async def ordered(store: Store, **order: Any) -> None:  # noqa: ANN401 - an order is any JSON
    """Carry out an order."""
    async with store.work() as work:
        await orders.carry_out(work, order, None)


async def undone(store: Store, number: int | None = None) -> None:
    """Undo a change."""
    async with store.work() as work:
        await office.undo(work, number)


def add(name: str, unit: str = "kt_xa", role: str = "officer") -> dict[str, Any]:
    """Return the order to add somebody today."""
    return {"do": "add_person", "name": name, "unit": unit, "role": role, "from": TODAY.isoformat()}


@st.composite
def order(draw: st.DrawFn) -> dict[str, Any]:
    """Draw an order that may or may not fit."""
    unit = draw(st.sampled_from(["vp_xa", "kt_xa", "ct_xa"]))
    person = draw(st.sampled_from(["ha", "tuan", "minh", "lan"]))
    first = TODAY + timedelta(days=draw(st.integers(0, 9)))
    last = first + timedelta(days=draw(st.integers(0, 9)))
    role = draw(st.sampled_from(["officer", "supervisor", "head", "duty"]))
    name = draw(st.sampled_from(["Nguyễn An", "Trần Bình", "Lê Chi"]))
    place = draw(st.sampled_from(["thon_1", "thon_3"]))
    return draw(
        st.sampled_from(
            [
                {**add(name, unit, role), "phone": "0912 345 678"},
                {"do": "give_role", "person": person, "unit": unit, "role": role, "from": first.isoformat()},
                {"do": "end_role", "person": person, "unit": unit, "role": role, "to": last.isoformat()},
                {"do": "move_person", "person": person, "unit": unit, "from": first.isoformat()},
                {"do": "duty", "people": [person], "from": first.isoformat(), "to": last.isoformat()},
                {"do": "rename_unit", "unit": unit, "name": name},
                {"do": "phone_unit", "unit": unit, "phone": "1022"},
                {"do": "add_unit", "name": name, "type": "vhxh_xa", "parent": "ct_xa"},
                {
                    "do": "merge",
                    "unit": unit,
                    "into": draw(st.sampled_from(["kt_xa", "ct_xa"])),
                    "on": last.isoformat(),
                },
                {"do": "add_area", "name": name},
                {"do": "rename_area", "area": place, "name": name},
                {"do": "close_area", "area": place},
            ]
        )
    )


@pytest.mark.storm
@settings(max_examples=times(10), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders_=st.lists(order(), min_size=1, max_size=6))
async def test_as_many_undos_restore_the_directory(store: Store, orders_: list[dict[str, Any]]) -> None:
    """Whatever was ordered, in whatever order: undone as often, every row is what it was."""
    async with store.read() as work:
        empty = not work.rules.directory.units
    if empty:
        await settled(store)
    before = [await rows(store)]
    for one in orders_:
        try:
            await ordered(store, **one)
        except CannotOrder:
            assert await rows(store) == before[-1]
        else:
            before.append(await rows(store))
    while len(before) > 1:
        assert await rows(store) == before.pop()
        await undone(store)
    assert await rows(store) == before[0]


@pytest.mark.parametrize("last", [0, 3, 6])
async def test_a_shorter_duty_from_the_same_day_takes_the_place_of_a_longer(store: Store, last: int) -> None:
    """The same person on duty from the same day: the earlier period is cut, and comes back whole."""
    await settled(store)
    before = [await rows(store)]
    for days in (6, last):
        until = TODAY + timedelta(days=days)
        await ordered(
            store, do="duty", people=["lan"], **{"from": TODAY.isoformat(), "to": until.isoformat()}
        )
        before.append(await rows(store))
    while len(before) > 1:
        assert await rows(store) == before.pop()
        await undone(store)
    assert await rows(store) == before[0]


async def test_a_seed_can_be_undone(store: Store) -> None:
    """What a file brought is taken back whole, and then there is nothing more to undo."""
    before = await rows(store)
    async with store.work() as work:
        await directory.seed(work, commune.SEED.encode(), "seed.yaml")
    await undone(store)
    assert await rows(store) == before
    with pytest.raises(NothingToUndo):
        await undone(store)


async def test_a_later_change_stands_in_the_way(store: Store) -> None:
    """An earlier change of the same row waits until the later one is undone; of another row it does not."""
    await settled(store)
    await ordered(store, do="rename_unit", unit="kt_xa", name="Phòng Kinh tế mới")
    await ordered(store, do="rename_unit", unit="vp_xa", name="Văn phòng mới")
    await ordered(store, do="rename_unit", unit="kt_xa", name="Phòng Kinh tế mới nữa")
    async with store.read() as work:
        last, office_, first = (await changes.listed(work))[:3]
    with pytest.raises(InTheWay) as way:
        await undone(store, first.number)
    assert way.value.later == last.number
    await undone(store, office_.number)
    async with store.read() as work:
        names = {unit.code: unit.name for unit in work.rules.directory.units}
    assert names["vp_xa"] == "Văn phòng"
    assert names["kt_xa"] == "Phòng Kinh tế mới nữa"


async def test_somebody_who_came_in_is_not_taken_away(store: Store) -> None:
    """Undoing would leave a chat, or a case, that belongs to nobody."""
    await settled(store)
    await ordered(store, **add("Nguyễn An"))
    async with store.work() as work:
        person = await people.person_by_code(work, "kt_xa.1")
        assert person
        token = await people.invite(work, person.id)
    async with store.work() as work:
        assert await people.accept_invite(work, commune.chat_of(work, "an"), token)
    before = await rows(store)
    with pytest.raises(InTheWay):
        await undone(store)
    assert await rows(store) == before


@pytest.mark.parametrize(
    ("order_", "key"),
    [
        (
            {"do": "end_role", "person": "ha", "unit": "ct_xa", "role": "head", "to": "2026-11-20"},
            "last_head",
        ),
        (
            {"do": "end_role", "person": "qt", "unit": "vp_xa", "role": "admin", "to": "2026-11-20"},
            "last_admin",
        ),
        ({"do": "merge", "unit": "vp_xa", "into": "kt_xa", "on": "2026-12-01"}, "last_reception"),
        ({"do": "merge", "unit": "kt_xa", "into": "kt_xa", "on": "2026-12-01"}, "same_unit"),
        ({"do": "merge", "unit": "kt_xa", "into": "vp_xa", "on": "2026-11-01"}, "too_early"),
        ({"do": "rename_unit", "unit": "kt_xa", "name": "văn  PHÒNG"}, "name_taken"),
        ({**add("Nguyễn An"), "phone": "12"}, "bad_phone"),
        (
            {"do": "give_role", "person": "minh", "unit": "kt_xa", "role": "officer", "from": "2026-12-01"},
            "has_role",
        ),
        ({"do": "duty", "people": ["lan"], "from": "2026-11-20", "to": "2026-11-18"}, "days_turned"),
    ],
)
async def test_what_does_not_fit_is_refused(sqlite_store: Store, order_: dict[str, Any], key: str) -> None:
    """The desk keeps a reception, a head and an admin; names are told apart; periods do not overlap."""
    await settled(sqlite_store)
    before = await rows(sqlite_store)
    with pytest.raises(CannotOrder) as refused:
        await ordered(sqlite_store, **order_)
    assert refused.value.key == key
    assert await rows(sqlite_store) == before


async def test_duty_is_held_by_those_named_and_nobody_else(store: Store) -> None:
    """The standing holder is cut around the days, which then belong to the new ones alone."""
    await settled(store)
    await ordered(store, do="duty", people=["minh", "tuan"], **{"from": "2026-11-20", "to": "2026-11-22"})
    await ordered(store, do="duty", people=["lan"], **{"from": "2026-11-21", "to": "2026-11-21"})
    async with store.read() as work:
        held = {
            day: sorted(
                [
                    await people.name_of(work, p)
                    for p in work.rules.directory.everyone(Role.DUTY, date(2026, 11, day))
                ]
            )
            for day in (19, 20, 21, 22, 23)
        }
    both, lan = ["Lê Văn Minh", "Trần Anh Tuấn"], ["Đỗ Thị Lan"]
    assert held == {19: lan, 20: both, 21: lan, 22: both, 23: lan}


async def test_cases_of_who_leaves_go_back_to_the_unit(store: Store, clock: StoppedClock) -> None:
    """On the day after the last one the case waits for somebody of the unit again; its date stays."""
    await settled(store)
    (code,) = await commune.open_cases(store, 1)
    async with store.work() as work:
        minh = await people.person_by_code(work, "minh")
        case = await cases.by_code(work, code)
        assert minh
        assert case
        await act(work, case, Act.ACCEPT, Actor(person_id=minh.id))
        due_at = case.due_at
    await ordered(store, do="end_role", person="minh", unit="kt_xa", role="officer", to="2026-11-17")
    assert await holder(store, code) == minh.id
    clock.pass_(days=2)
    async with store.work() as work:
        assert await office.ring_all(work, [str((await changes.latest(work)).number)]) == 1
    async with store.work() as work:
        case = await cases.by_code(work, code)
        assert case
        assert (case.officer_id, case.state, case.due_at) == (None, "received", due_at)
        assert await cases.first_broken_line(work, case) is None


async def holder(store: Store, code: str) -> object:
    """Return who has taken a case."""
    async with store.work() as work:
        case = await cases.by_code(work, code)
        assert case
        return case.officer_id


async def test_two_seeds_at_once_are_one(postgres_store: Store) -> None:
    """The second waits for the first and then finds everything as it should be."""
    data = commune.SEED.encode()

    async def seed() -> int:
        async with postgres_store.work() as work:
            counts = await directory.seed(work, data, "seed.yaml")
        return sum(count.new for count in counts.values())

    assert sorted(await asyncio.gather(seed(), seed())) == [0, 15]


def test_whatever_a_row_held_is_read_back_as_it_was() -> None:
    """A merged unit's heir too, which a second merger changes; and the moment somebody was entered."""
    unit = {"id": uuid7(), "merged_into": uuid7(), "parent": None, "valid_to": date(2026, 11, 15)}
    plain = {name: changes._json(value) for name, value in unit.items()}
    assert changes._typed(tables.UnitRow.__table__, plain) == unit
    person = {"id": uuid7(), "created_at": MONDAY}
    plain = {"id": str(person["id"]), "created_at": MONDAY.isoformat()}
    assert changes._typed(tables.Person.__table__, plain) == person
