"""What accuses somebody in one commune is nothing at any door of another, nor at theirs."""

import pytest

from scheduler.clock import tick
from services.office import directory
from tests.conversations.wide import Wide, code_in
from tests.storage.commune import chat_of, chats_of, work_off
from tests.storage.province import NEIGHBOUR, OURS

DOORS = ("{}", "tra cuu {}", "nhan {}", "ai da xem {}", "theo doi {}", "tl {} xong rồi", "mo danh tinh {}")
UNKNOWN = "Không thấy mã này"


@pytest.fixture
async def code(wide: Wide) -> str:
    """Let a citizen accuse the neighbour's chair at the neighbour's page."""
    await wide.says("dan", f"x{NEIGHBOUR}")
    for words in ("chủ tịch xã Bình An Mẫu ăn tiền làm đường của dân", "thôn 1", "gui"):
        told = await wide.says("dan", words)
    return code_in(told)


@pytest.mark.parametrize(
    "who",
    [
        "ba_chu_tich",
        "ba_kt_son",
        "chu_tich",
        "quan_tri",
        "ba_quan_tri",
        "t_quan_tri",
        "t_tiep",
        "t_sxd_truong",
    ],
)
async def test_typed_anywhere_its_code_is_unknown(wide: Wide, code: str, who: str) -> None:
    """To the accused, theirs, every official of ours, and admins, duty and departments of the province."""
    for door in DOORS:
        told = await wide.says(who, door.format(code))
        assert UNKNOWN in told, door
        assert "ăn tiền" not in told
        await wide.says(who, "huy")


@pytest.mark.parametrize("page", [OURS, NEIGHBOUR, "ba_thon_1", "thon_1"])
async def test_a_link_or_page_of_any_commune_opens_it_to_no_stranger(
    wide: Wide, code: str, page: str
) -> None:
    """Whoever comes by it, with its digits too."""
    await wide.says("la", f"x{page}")
    for words in (code, f"tra cuu {code}", code, "5678"):
        told = await wide.says("la", words)
        assert "ăn tiền" not in told
        assert "Đảng ủy" not in told
    assert UNKNOWN in await wide.says("la", code)


async def test_the_accuseds_own_second_chat_on_another_page_finds_nothing(wide: Wide, code: str) -> None:
    """A chat they tied to theirs as a citizen of ours."""
    async with wide.store.work() as work:
        (mine,) = await chats_of(work, ["ba_chu_tich"])
        second = chat_of(work, "rieng")
        second.commune, second.home = OURS, mine.key
    for door in DOORS[:2]:
        assert UNKNOWN in await wide.says("rieng", door.format(code))
    assert code not in await wide.says("rieng", "tra cuu")


async def test_no_group_gets_it_wherever_it_goes(wide: Wide, code: str) -> None:
    """Of the unit of the accused, of the one that has it, of one of ours; sent here or up."""
    async with wide.store.work() as work:
        for unit in ("ba_ct_xa", "ba_dang_xa", "ct_xa", "dang_xa", "vp_tinh"):
            chat = chat_of(work, f"g_{unit}")
            chat.group = True
            chat.unit_id = next(one.id for one in work.desk.directory.units if one.code == unit)
    for words in (f"chuyen {code} sang xa tan lap", "2"):
        await wide.says("t_chanh", words)
    await work_off(wide.desk)
    assert any(code in wide.told(who) for who in ("chu_tich", "bi_thu"))
    assert not any(who.startswith("g_") for who in wide.hear_of(code))
    assert wide.hear_of(code).isdisjoint(
        {"ba_chu_tich", "ba_kt_son", "ba_quan_tri", "vp_chanh", "vp_truc", "quan_tri"}
    )
    assert UNKNOWN in await wide.says("ba_chu_tich", code)


async def test_morning_and_evening_say_nothing_of_it(wide: Wide, code: str) -> None:
    """Days on end, late as it becomes: to no accused, to nobody of ours, to no admin or department."""
    for _ in range(20):
        wide.clock.pass_(hours=24)
        while await tick(wide.store):
            pass
        await work_off(wide.desk)
    assert wide.hear_of(code) <= {"dan", "ba_bi_thu", "t_chanh", "t_kiem_tra"}
    assert not any(
        "ăn tiền" in wide.told(who) for who in ("ba_chu_tich", "chu_tich", "t_sxd_truong", "t_tiep")
    )


async def test_promoted_to_the_province_or_given_a_role_here_they_find_nothing(wide: Wide, code: str) -> None:
    """The neighbour's chair heads the province from now on, and our economy's officer is his colleague."""
    more = """
people:
  - code: ba_chu_tich
    name: Nghiêm Văn Toàn
    roles: [{role: head, unit: vp_tinh}, {role: head, unit: ct_xa}]
  - {code: ba_kt_son, name: Giang Hồng Sơn, roles: [{role: supervisor, unit: ttra}]}
"""
    async with wide.store.work() as work:
        await directory.seed(work, more.encode(), "more.yaml")
    for who in ("ba_chu_tich", "ba_kt_son"):
        for door in DOORS[:3]:
            assert UNKNOWN in await wide.says(who, door.format(code)), who
        for words in ("viec", "don vi", "thong ke", "quahan", "tim đường"):
            assert code not in await wide.says(who, words)
    for words in (f"chuyen {code} sang xa tan lap", "2"):
        await wide.says("t_chanh", words)
    assert wide.hear_of(code).isdisjoint({"ba_chu_tich", "ba_kt_son"})
