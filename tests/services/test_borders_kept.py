"""A case stays in its commune: groups of another, codes typed there, the place put right before sending."""

import pytest
import yaml

from domain.alarms import Level
from services.office import directory
from services.standing import homes, superiors
from storage.people import people
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.services.levels import Province
from tests.services.two_channels import key
from tests.storage import province
from tests.storage.commune import chat_of
from tests.storage.province import NEIGHBOUR, OURS, PROVINCE

TYPED = ("nhan {}", "tra loi {} đã làm xong rồi", "dong {}", "giahan {} 3 ngay", "nhac {}", "chuyen {}")


async def test_a_group_of_another_commune_gets_no_card(wide: Province) -> None:
    """Though it is one of the unit that has the same field there."""
    async with wide.store.work() as work:
        for address, code in (("ours-group", "kt_xa"), ("theirs-group", "ba_kt_xa")):
            unit = next(unit for unit in work.desk.directory.units if unit.code == code)
            chat = chat_of(work, address)
            chat.group, chat.unit_id = True, unit.id
    code = await wide.open()
    assert any(code in text for text in wide.told("ours-group"))
    assert not any(code in text for text in wide.told("theirs-group"))


@pytest.mark.parametrize("who", ["ba_kt_son", "ba_kt_truong", "ba_chu_tich", "ba_vp_hoa"])
async def test_a_code_typed_elsewhere_does_nothing(wide: Province, who: str) -> None:
    """Every verb by its word: the history is as long as before, and none of the story is told."""
    code = await wide.open()
    async with wide.at(code) as (_, case):
        before = case.history_length
    for words in TYPED:
        assert "cống thôn 3 tắc" not in await wide.says(who, words.format(code))
        await wide.says(who, "huy")
    async with wide.at(code) as (_, case):
        assert case.history_length == before


@pytest.mark.parametrize(
    ("who", "area"),
    [("kt_tuan", OURS), ("ba_kt_son", NEIGHBOUR), ("ba_chu_tich", NEIGHBOUR), ("t_chanh", None)],
)
async def test_what_an_official_says_is_of_where_they_serve(
    wide: Province, who: str, area: str | None
) -> None:
    """Whatever commune their chat was of before; one of the province is of no commune."""
    async with wide.store.work() as work:
        chat = await people.chat(work, key(work, who))
        chat.commune = OURS if area == NEIGHBOUR else NEIGHBOUR
        assert homes.area_of(work, chat) == area


async def test_the_place_put_right_before_sending_is_the_other_communes(wide: Province) -> None:
    """What is shown again names it, and its unit alone gets the card."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", "thôn 1 cống tắc mấy hôm rồi, mưa là ngập đường")
    shown = await wide.says("dan", "ở thôn 1 xã Bình An Mẫu")
    if "xã Bình An Mẫu" in shown and "đồng ý cho" not in shown:
        shown = await wide.says("dan", "1")
    assert "đồng ý cho xã Bình An Mẫu" in shown
    await wide.says("dan", "gui")
    assert wide.told("ba_kt_son")
    assert not wide.told("kt_tuan")


async def test_two_communes_without_a_province_are_a_desk(sqlite_store: Store, clock: StoppedClock) -> None:
    """A head moves a case to the neighbour; nobody is above, to whom a delay could climb."""
    rows = yaml.safe_load(province.SEEDS[1].read_text("utf-8"))
    rows["units"] = [
        {key: value for key, value in unit.items() if value != "vp_tinh"}
        for unit in rows["units"]
        if unit["area"] != PROVINCE
    ]
    rows["people"] = [person for person in rows["people"] if not person["code"].startswith("t_")]
    alone = Province(sqlite_store, clock)
    async with sqlite_store.work() as work:
        await directory.seed(work, province.SEEDS[0].read_bytes(), "demo.yaml")
    async with sqlite_store.work() as work:
        await directory.seed(work, yaml.safe_dump(rows, allow_unicode=True).encode(), "two.yaml")
    async with sqlite_store.work() as work:
        for code in ("kt_tuan", "chu_tich", "ba_kt_son"):
            person = await people.person_by_code(work, code)
            assert person is not None
            chat_of(work, code).person_id = person.id
    code = await alone.open()
    async with alone.at(code) as (work, case):
        assert superiors.at_level(work, case, Level.PROVINCE) == []
        assert superiors.at_level(work, case, Level.PROVINCE_HEADS) == []
    assert "Vì sao chuyển" in await alone.says("chu_tich", f"{code} thuộc xã Bình An")
    await alone.says("chu_tich", "2")
    assert await alone.has(code) == "ba_kt_xa"
