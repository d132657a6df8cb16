"""How much somebody has to do in another commune is told to nobody who does not serve there or head it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from services.acts import handing
from services.office import absences, directory, orders
from services.standing import reach
from storage.ground.tables import Case
from storage.people import people
from tests.services.levels import Province
from tests.services.two_channels import key
from tests.storage.commune import work_off
from tests.storage.province import NEIGHBOUR

BOTH = "people: [{code: kt_tuan, name: Đỗ Anh Tuân, roles: [{role: officer, unit: ba_kt_xa}]}]"
LAMP = "đèn đường thôn {} hỏng ba hôm nay"


@pytest.fixture
async def both(wide: Province) -> str:
    """Let kt_tuan serve in both communes: three cases in hand over there, one here. Returns ours."""
    async with wide.store.work() as work:
        await directory.seed(work, BOTH.encode(), "more.yaml")
    for n in (1, 2, 3):
        code = await wide.open(LAMP.format(n), area=NEIGHBOUR, who=f"ba{n}")
        await wide.does("kt_tuan", "accept", code)
    own = await wide.open()
    await wide.does("kt_tuan", "accept", own)
    return own


async def test_a_chief_who_hands_a_case_on_counts_our_cases_alone(wide: Province, both: str) -> None:
    """Whoever has three over there is no busier here for all that this chief reads."""
    assert both
    code = await wide.open(LAMP.format(1), who="khac")
    async with wide.at(code) as (work, case):
        by = await people.chat(work, key(work, "kt_truong"))
        found = {
            await people.name_of(work, one): n
            for one, n in await handing.people_for(work, case, by.person_id)
        }
    assert found["Đỗ Anh Tuân"] == 1
    assert found["Bùi Phương Thảo"] == 0


@pytest.mark.parametrize(
    ("who", "count"),
    [
        ("kt_truong", 1),
        ("kt_thao", 1),
        ("ba_kt_truong", 3),
        ("ba_chu_tich", 3),
        ("t_chanh", 4),
        ("t_sxd_truong", 0),
    ],
)
async def test_whoever_asks_counts_where_they_serve(wide: Province, both: str, who: str, count: int) -> None:
    """A chief, a colleague who stands in, a chief a head over there, the province's; a department."""
    assert both
    async with wide.store.work() as work:
        tuan = await people.person_by_code(work, "kt_tuan")
        assert tuan is not None
        by = await people.chat(work, key(work, who))
        assert (await reach.in_hand(work, [tuan.id], by.person_id))[tuan.id] == count


async def test_who_says_that_somebody_is_away_reads_our_count(wide: Province, both: str) -> None:
    """So does who stands in."""
    assert both
    async with wide.store.work() as work:
        tuan, thao = [await people.person_by_code(work, code) for code in ("kt_tuan", "kt_thao")]
        assert tuan is not None
        assert thao is not None
        by = await people.chat(work, key(work, "kt_truong"))
        days = (work.today, work.today + timedelta(days=2))
        assert await absences.begin(work, by, tuan.id, thao.id, days) == 1
    await work_off(wide.desk)
    told = " ".join(text for who in ("kt_thao", "ba_kt_truong", "kt_tuan") for text in wide.told(who))
    assert "3 việc" not in told
    assert "4 việc" not in told


@pytest.mark.parametrize(
    "who", ["kt_truong", "chu_tich", "ba_kt_son", "ba_chu_tich", "t_sxd_truong", "quan_tri"]
)
async def test_no_list_or_figure_names_what_is_elsewhere(wide: Province, both: str, who: str) -> None:
    """Each list, search, count and history is of where its reader serves."""
    codes = await _codes(wide)
    assert both in codes
    for words in ("don vi", "thong ke", "viec", "quahan", "tim đèn", "lich su"):
        told = await wide.says(who, words)
        last = [one for one in wide.channels["paper"].told if one.address == who][-1]
        shown = " ".join([told, *(choice.label for choice in last.message.choices)])
        assert not any(code in shown for code, seat in codes.items() if seat not in _reads(who)), words


async def test_an_admin_who_ends_a_role_here_counts_what_is_here(wide: Province, both: str) -> None:
    """The preview says how many cases go back to their unit, not what they have in the other commune."""
    assert both
    ends = {"do": "end_role", "person": "kt_tuan", "role": "officer", "to": "2026-11-20"}
    async with wide.store.read() as work:
        for who, unit, count in (("quan_tri", "kt_xa", 1), ("ba_quan_tri", "ba_kt_xa", 3)):
            by = await people.person_by_code(work, who)
            assert by is not None
            assert (await orders.work_out(work, {**ends, "unit": unit}, by.id)).cases == count


async def _codes(wide: Province) -> dict[str, str]:
    async with wide.store.read() as work:
        desk = work.desk.directory
        cases = await work.session.scalars(select(Case))
        return {case.code: str(desk.seat(case.unit_id)) for case in cases if case.unit_id is not None}


def _reads(who: str) -> set[str]:
    if who.startswith("t_") or who == "quan_tri":
        return set()
    return {NEIGHBOUR} if who.startswith("ba_") else {"tan_lap_mau"}
