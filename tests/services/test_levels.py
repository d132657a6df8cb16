"""A case goes up to the province, down to a commune or to the neighbour: who may, who gets it, who hears."""

from uuid import UUID

import pytest

from domain.cases import NotAllowed
from domain.people import Role
from services.acts.handing import units_for
from services.office import directory
from services.standing import crossing
from services.standing.refusals import CrossingIsDecided, DecidedAbove, TooManyCrossings, WrongUnit
from tests.services.levels import WHY, Province
from tests.storage.province import NEIGHBOUR, OURS, PROVINCE


async def test_a_head_moves_a_case_to_the_neighbour(wide: Province) -> None:
    """It is the neighbour's from then on: theirs to read, to take and to count; nobody's of where it was."""
    code = await wide.open()
    assert await wide.has(code) == "kt_xa"
    assert "officer" in await wide.relations("kt_tuan", code)
    async with wide.at(code) as (_, case):
        opened, due = case.clock_from, case.due_on
    await wide.does("chu_tich", "reassign", code, unit_id=await wide.unit("ba_kt_xa"), **WHY)
    async with wide.at(code) as (_, case):
        assert (case.area, case.hops, case.officer_id) == (NEIGHBOUR, 0, None)
        assert (case.clock_from, case.due_on) == (opened, due)
        assert case.handed_at > opened or case.handed_at == opened
    for former in ("kt_tuan", "kt_truong", "chu_tich", "vp_chanh"):
        assert await wide.relations(former, code) <= {"anybody"}
    assert "officer" in await wide.relations("ba_kt_son", code)
    assert "supervisor" in await wide.relations("ba_chu_tich", code)
    assert any(code in text and "đơn vị khác" in text for text in wide.told("kt_tuan"))
    assert any(code in text and "Phòng Kinh tế (xã Tân Lập Mẫu)" in text for text in wide.told("ba_kt_son"))
    assert any(code in text for text in wide.told("ba_vp_hoa")), "the reception that receives it hears too"
    assert not any(code in text for text in wide.told("vp_lan"))
    said = wide.told("dan")[-1]
    assert "Phòng Kinh tế (xã Bình An Mẫu)" in said
    assert WHY["reason"] in said
    assert len(said.splitlines()) <= 4


async def test_up_it_stays_a_matter_of_its_place_and_comes_down_to_its_hamlet(wide: Province) -> None:
    """The province's unit of the field has it meanwhile, and its heads; no word of the commune moves it."""
    code = await wide.open()
    async with wide.at(code) as (work, case):
        hamlet = case.area
        up = crossing.unit_in(work, case, PROVINCE)
        assert up.type == work.rules.taxonomy.fields[case.field].tinh
    await wide.does("chu_tich", "reassign", code, unit_id=str(up.id), **WHY)
    async with wide.at(code) as (_, case):
        assert case.area == hamlet
    assert "supervisor" not in await wide.relations("chu_tich", code)
    assert "supervisor" in await wide.relations("t_chanh", code)
    assert any(code in text for text in wide.told("t_tiep")), "the province's reception hears"
    down = await wide.unit("kt_xa")
    with pytest.raises(NotAllowed):
        await wide.does("chu_tich", "reassign", code, unit_id=down, **WHY)
    await wide.does("t_chanh", "reassign", code, unit_id=down, **WHY)
    async with wide.at(code) as (_, case):
        assert case.area == hamlet
    assert "officer" in await wide.relations("kt_tuan", code)


async def test_down_to_another_commune_it_is_that_communes(wide: Province) -> None:
    """From above it may go to either."""
    code = await wide.open()
    async with wide.at(code) as (work, case):
        up = str(crossing.unit_in(work, case, PROVINCE).id)
    await wide.does("chu_tich", "reassign", code, unit_id=up, **WHY)
    await wide.does("t_chanh", "reassign", code, unit_id=await wide.unit("ba_kt_xa"), **WHY)
    async with wide.at(code) as (_, case):
        assert case.area == NEIGHBOUR


@pytest.mark.parametrize("who", ["kt_tuan", "kt_truong"])
async def test_who_is_no_head_asks_and_only_a_head_decides(wide: Province, who: str) -> None:
    """An officer and their chief ask alike; a chief does not decide on it, the commune's chair does."""
    code = await wide.open()
    there = await wide.unit("ba_kt_xa")
    with pytest.raises(CrossingIsDecided):
        await wide.does(who, "transfer", code, unit_id=there, **WHY)
    await wide.does(who, "ask_transfer", code, unit_id=there, **WHY)
    asked = [text for text in wide.told("chu_tich") if code in text and "đề nghị chuyển" in text]
    assert asked
    assert "Phòng Kinh tế (xã Bình An Mẫu)" in asked[0]
    if who != "kt_truong":
        assert not any("đề nghị chuyển" in text for text in wide.told("kt_truong"))
        with pytest.raises(DecidedAbove):
            await wide.does("kt_truong", "reassign", code, unit_id=there, **WHY)
    assert not any("đề nghị chuyển" in text for text in wide.told("ba_chu_tich"))
    await wide.says("chu_tich", f"duyet {code}")
    assert await wide.has(code) == "ba_kt_xa"
    assert WHY["reason"] in wide.told("dan")[-1], "the citizen reads the reason that was asked with"


async def test_a_chief_of_a_unit_moves_nothing_out_by_themselves(wide: Province) -> None:
    """Within the commune they give it to whom they like."""
    code = await wide.open()
    with pytest.raises(CrossingIsDecided):
        await wide.does("kt_truong", "reassign", code, unit_id=await wide.unit("ba_kt_xa"), **WHY)
    await wide.does("kt_truong", "reassign", code, unit_id=await wide.unit("vhxh_xa"))
    assert await wide.has(code) == "vhxh_xa"


async def test_what_goes_to_and_fro_is_for_the_province_to_decide(wide: Province) -> None:
    """After so many crossings a commune can only give it up; the province sends it where it likes."""
    code = await wide.open()
    ours, theirs = await wide.unit("kt_xa"), await wide.unit("ba_kt_xa")
    for who, to in (("chu_tich", theirs), ("ba_chu_tich", ours), ("chu_tich", theirs)):
        await wide.does(who, "reassign", code, unit_id=to, **WHY)
    with pytest.raises(TooManyCrossings):
        await wide.does("ba_chu_tich", "reassign", code, unit_id=ours, **WHY)
    async with wide.at(code) as (work, case):
        up = str(crossing.unit_in(work, case, PROVINCE).id)
    await wide.does("ba_chu_tich", "reassign", code, unit_id=up, **WHY)
    await wide.does("t_chanh", "reassign", code, unit_id=ours, **WHY)
    assert await wide.has(code) == "kt_xa"


async def test_no_accused_unit_gets_it_in_whatever_commune(wide: Province) -> None:
    """The wall goes with the case."""
    code, there = await wide.open(), await wide.unit("ba_kt_xa")
    async with wide.at(code) as (_, case):
        case.excluded = [there]
    with pytest.raises(WrongUnit):
        await wide.does("chu_tich", "reassign", code, unit_id=there, **WHY)
    async with wide.at(code) as (work, case):
        assert str(crossing.unit_in(work, case, NEIGHBOUR).id) != there


async def test_who_is_accused_at_home_reads_it_nowhere(wide: Province) -> None:
    """Whoever serves in both communes is outside in both; so is who was entered again over there."""
    code = await wide.open()
    ours, theirs = await wide.unit("kt_xa"), await wide.unit("ba_kt_xa")
    async with wide.at(code) as (work, case):
        case.excluded = [ours]
        case.unit_id = UUID(await wide.unit("vhxh_xa"))
        seed = "people: [{code: kt_tuan, name: Đỗ Anh Tuân, roles: [{role: officer, unit: ba_kt_xa}]}]"
        await directory.seed(work, seed.encode(), "more.yaml")
    await wide.does("chu_tich", "reassign", code, unit_id=theirs, **WHY)
    assert await wide.relations("kt_tuan", code) == set()
    assert not any(code in text and "Tân Lập" in text for text in wide.told("kt_tuan"))


async def test_a_chair_who_is_accused_sends_it_to_the_province(wide: Province) -> None:
    """Where nobody in the commune could read it, it is opened above."""
    code = await wide.open("Chủ tịch xã Hoàng Đức Thịnh và bí thư Đinh Thị Mai Hương nhận hối lộ của dân")
    async with wide.at(code) as (work, case):
        assert case.confidential
        assert work.desk.directory.seat(case.unit_id) == PROVINCE
        assert work.desk.directory.commune_of(case.area).code == OURS
    assert await wide.relations("chu_tich", code) == set()
    assert not any(code in text for who in ("chu_tich", "bi_thu", "vp_chanh") for text in wide.told(who))
    assert any(code in text for who in ("t_chanh", "t_kiem_tra") for text in wide.told(who))


async def test_what_is_kept_close_is_told_to_no_reception(wide: Province) -> None:
    """It crosses to those in charge who may read it there."""
    code = await wide.open("cán bộ Đỗ Anh Tuân phòng kinh tế nhận hối lộ của dân")
    async with wide.at(code) as (work, case):
        assert case.confidential
        there = crossing.unit_in(work, case, NEIGHBOUR)
        assert there.type in {"ct_xa", "dang_xa"}
    await wide.does("t_chanh", "reassign", code, unit_id=str(there.id), **WHY)
    assert not any(code in text for text in wide.told("ba_vp_hoa"))
    assert any(code in text for who in ("ba_chu_tich", "ba_bi_thu") for text in wide.told(who))


async def test_what_is_kept_close_goes_only_where_somebody_in_charge_reads_it(wide: Province) -> None:
    """A unit whose one chief is spoken of does not get it, though somebody else works there too."""
    code = await wide.open("cán bộ Đỗ Anh Tuân phòng kinh tế nhận hối lộ của dân")
    async with wide.at(code) as (work, case):
        first = crossing.unit_in(work, case, NEIGHBOUR)
        (chief,) = work.desk.directory.holders(first.id, {Role.HEAD}, work.today)
        case.excluded_people = [*case.excluded_people, str(chief)]
        seed = f"people: [{{code: them, name: Lò Văn Ký, roles: [{{role: officer, unit: {first.code}}}]}}]"
        await directory.seed(work, seed.encode(), "more.yaml")
    async with wide.at(code) as (work, case):
        assert crossing.unit_in(work, case, NEIGHBOUR).id != first.id


async def test_units_that_are_proposed_are_of_the_same_place(wide: Province) -> None:
    """Neither the neighbour's nor the province's, which only a head chooses by name."""
    code = await wide.open()
    async with wide.at(code) as (work, case):
        assert {work.desk.directory.seat(unit.id) for unit in await units_for(work, case)} == {OURS}


@pytest.mark.parametrize(
    ("who", "said", "unit"),
    [
        ("chu_tich", "chuyen {code} len tinh", PROVINCE),
        ("chu_tich", "{code} chuyển lên tỉnh", PROVINCE),
        ("chu_tich", "giao {code} sang xa binh an", NEIGHBOUR),
        ("chu_tich", "chuyen {code} sang xa binh an", NEIGHBOUR),
    ],
)
async def test_a_head_says_where_it_goes(wide: Province, who: str, said: str, unit: str) -> None:
    """Up, or to the neighbour by name: why is asked, and the unit of the field there gets it."""
    code = await wide.open()
    asked = await wide.says(who, said.format(code=code))
    assert "Vì sao chuyển" in asked
    done = await wide.says(who, "2")
    assert code in done
    async with wide.at(code) as (work, case):
        assert work.desk.directory.seat(case.unit_id) == unit
    assert "Nơi có việc thuộc địa bàn nơi nhận" in wide.told("dan")[-1]


async def test_what_is_above_sends_it_down_in_words(wide: Province) -> None:
    """“Xuống xã” is the commune in which the matter is."""
    code = await wide.open()
    async with wide.at(code) as (work, case):
        up = str(crossing.unit_in(work, case, PROVINCE).id)
    await wide.does("chu_tich", "reassign", code, unit_id=up, **WHY)
    await wide.says("t_chanh", f"giao {code} xuong xa")
    await wide.says("t_chanh", "1")
    assert await wide.has(code) == "kt_xa"


async def test_an_officer_asks_in_words(wide: Province) -> None:
    """It waits for the chair, and stays where it is meanwhile."""
    code = await wide.open()
    assert "Vì sao chuyển" in await wide.says("kt_tuan", f"chuyen {code} sang xa binh an")
    assert "trình" in await wide.says("kt_tuan", "2")
    assert await wide.has(code) == "kt_xa"
    assert any("đề nghị chuyển" in text for text in wide.told("chu_tich"))
    await wide.says("chu_tich", f"duyet {code}")
    assert await wide.has(code) == "ba_kt_xa"
