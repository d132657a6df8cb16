"""Nothing of the office crosses the border of a commune, unless through the province."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import absences, overlays
from domain.directory import Directory
from domain.people import Role
from services.office import borders, broadcasts, keys, orders, rulebook, unheard
from services.office.order_checks import CannotOrder
from storage.ground.work import Work
from storage.people import people
from storage.people.people import Chat
from storage.store.engine import Store
from tests.domain.test_areas import TODAY, commune_of, desks
from tests.storage import commune, province

DAYS = {"from": "2026-11-20", "to": "2026-11-20"}
GIVES = {"do": "give_role", "role": "officer", "from": "2026-11-20"}


@pytest.fixture
async def store(sqlite_store: Store) -> Store:
    """Seed a province of two communes."""
    await province.settle(sqlite_store)
    return sqlite_store


async def person(work: Work, code: str) -> UUID:
    """Return the id of an official."""
    found = await people.person_by_code(work, code)
    assert found is not None
    return found.id


async def chat(work: Work, code: str) -> Chat:
    """Return the chat of an official."""
    (found,) = await commune.chats_of(work, [code])
    return found


def _seats(desk: Directory, one: UUID) -> set[str | None]:
    """Return the communes in which somebody serves by the spelling of areas; None for the province."""
    return {commune_of(desk, held.unit_id) for held in desk.held_by(one, TODAY)}


@given(desks())
def test_nobody_stands_in_over_a_border(desk: Directory) -> None:
    """Neither is anybody offered to, nor does an absence that is there lend a role of another commune."""
    for one in desk.names:
        for other in absences.serving(desk, one, TODAY):
            assert _seats(desk, one) & _seats(desk, other)
        for absent in desk.standing_in_for(one, TODAY):
            lent = {commune_of(desk, held.unit_id) for held in desk.lent(absent, one, TODAY)}
            assert lent <= _seats(desk, one)


@given(desks())
def test_who_is_told_of_a_commune_serves_there_or_above(desk: Directory) -> None:
    """Admins, duty and heads of each seat are its own; only where it has none those of the province."""
    for seat in desk.seats:
        part, code = desk.part(str(seat)), seat if seat != "tinh" else None
        for role in (Role.ADMIN, Role.DUTY, Role.HEAD):
            assert all(_seats(desk, one) & {code, None} for one in part.nearest(role, TODAY))
            assert all(code in _seats(desk, one) for one in part.own(role, TODAY))


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
rows = st.lists(
    st.fixed_dictionaries({"code": st.sampled_from("xyz"), "v": st.integers(0, 2)}),
    unique_by=lambda row: row["code"],
)
documents = st.fixed_dictionaries(
    {"a": json, "rows": rows, "cues": st.lists(st.text(max_size=2), unique=True)}
)


@given(documents, documents)
def test_a_document_of_a_commune_gives_itself_again(
    default: dict[str, object], whole: dict[str, object]
) -> None:
    """Laid on the province's what differs is the whole again, but for keys that it left out."""
    again = overlays.merged(default, overlays.difference(default, whole))
    assert sorted(again["cues"]) == sorted(whole["cues"])  # type: ignore[arg-type,type-var]
    assert {row["code"]: row["v"] for row in again["rows"]} == {
        row["code"]: row["v"]
        for row in whole["rows"]  # type: ignore[attr-defined]
    }
    assert overlays.difference(default, default) == {}


@pytest.mark.parametrize(
    ("order", "own", "refused"),
    [
        ({"do": "phone_unit", "unit": "ba_kt_xa", "phone": "0200"}, "ba_quan_tri", "quan_tri"),
        ({"do": "rename_area", "area": "ba_thon_1", "name": "thôn Mới"}, "ba_quan_tri", "quan_tri"),
        ({"do": "duty", "people": ["ba_vp_hoa"], **DAYS}, "ba_quan_tri", "quan_tri"),
        ({**GIVES, "person": "ba_kt_son", "unit": "ba_vhxh_xa"}, "ba_quan_tri", "quan_tri"),
        ({"do": "phone_unit", "unit": "sxd", "phone": "0200"}, "t_quan_tri", "ba_quan_tri"),
    ],
)
async def test_an_admin_orders_in_their_own_commune(
    store: Store, order: dict[str, object], own: str, refused: str
) -> None:
    """The neighbour's cannot, and not the one below; the province's can."""
    async with store.read() as work:
        with pytest.raises(CannotOrder, match="other_area"):
            await orders.work_out(work, order, await person(work, refused))
        for admin in (own, "t_quan_tri"):
            assert (await orders.work_out(work, order, await person(work, admin))).rows


async def test_a_roster_leaves_the_neighbours_alone(store: Store) -> None:
    """Who is put on duty in one commune takes nobody off duty in the other."""
    async with store.work() as work:
        order = {"do": "duty", "people": ["ba_kt_son"], **DAYS}
        await orders.carry_out(work, order, None)
    day = date(2026, 11, 20)
    async with store.read() as work:
        desk = work.desk.directory
        assert desk.part(province.NEIGHBOUR).own(Role.DUTY, day) == [await person(work, "ba_kt_son")]
        ours = desk.part(province.OURS)
        assert ours.own(Role.DUTY, day) == ours.own(Role.DUTY, date(2026, 11, 19)) != []


async def test_nobody_of_another_commune_is_invited_or_agrees(store: Store) -> None:
    """An invitation makes a chat theirs; who agrees to it has a say there too."""
    async with store.work() as work:
        son = await people.person_by_code(work, "ba_kt_son")
        assert son is not None
        with pytest.raises(CannotOrder, match="other_area"):
            await keys.invite(work, son, await person(work, "quan_tri"))
        with pytest.raises(CannotOrder, match="other_area"):
            await keys.invite(work, son, await person(work, "ba_quan_tri"), await person(work, "quan_tri"))
        assert await keys.invite(work, son, await person(work, "ba_quan_tri"))


async def test_a_broadcast_goes_no_further_than_its_author(store: Store) -> None:
    """A chief writes to their own commune, its other chiefs and those above let it go."""
    async with store.read() as work:
        theirs, above = await chat(work, "ba_chu_tich"), await chat(work, "t_chanh")
        for area in ("ba_thon_1", province.NEIGHBOUR):
            assert broadcasts.may(work, theirs, area)
            assert broadcasts.may(work, above, area)
        for area in ("thon_3", province.OURS, province.PROVINCE):
            assert not broadcasts.may(work, theirs, area)


async def test_faults_are_told_where_they_are(store: Store) -> None:
    """Who administers one commune hears of no name of the other, nor of the province."""
    async with store.work() as work:
        (await chat(work, "ba_kt_son")).blocked_at = work.now
        await work.session.flush()
        told = await unheard.news(work)
        assert any("Giang Hồng Sơn" in f.names for f in told[await person(work, "ba_quan_tri")])
        assert await person(work, "quan_tri") not in told
        assert await person(work, "t_quan_tri") not in told


async def test_a_commune_has_its_own_document_on_the_provinces(store: Store) -> None:
    """What it changes holds there alone, and nobody else may change it."""
    name = overlays.named("office", province.NEIGHBOUR)
    body = {"evening": {"at": "16:00"}}
    async with store.work() as work:
        before = work.desk.times
        for code in ("quan_tri",):
            with pytest.raises(CannotOrder, match="other_area"):
                await rulebook.put(work, name, body, "giờ", [await person(work, code)])
        with pytest.raises(CannotOrder, match="other_area"):
            await rulebook.put(work, "office", body, "giờ", [await person(work, "ba_quan_tri")])
        await rulebook.put(work, name, body, "giờ", [await person(work, "ba_quan_tri")])
    async with store.read() as work:
        assert work.desk.part(province.NEIGHBOUR).times.evening.hour == 16
        assert work.desk.part(province.NEIGHBOUR).times.evening.minute == 0
        assert work.desk.part(province.OURS).times == work.desk.times == before
        assert not borders.over(work, await person(work, "ba_quan_tri"), borders.ADMINS, [province.OURS])
