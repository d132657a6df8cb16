"""At the counter of a desk of many: what is told of another commune rings and is filed there."""

import pytest

from tests.conversations.wide import DRAIN, Wide, code_in
from tests.storage.province import PROVINCE

DROWNING = "có người đuối nước ở bến sông thôn Bến Đò"
DRAIN_THERE = "cống thôn Hạ xã Bình An Mẫu tắc mấy hôm rồi, mưa là ngập đường"


async def enter(wide: Wide, clerk: str, *said: str) -> str:
    """Enter something at the counter; returns what was told last."""
    for text in ("nhap ho", *said):
        told = await wide.says(clerk, text)
    return told


@pytest.mark.parametrize(
    ("clerk", "text", "area", "who"),
    [
        ("vp_lan", "cháy nhà ở thôn Hạ xã Bình An Mẫu", "ba_thon_ha", ("ba_ca_dung", "ca_dung")),
        ("vp_lan", "chay nha o thon Ha roi cuu voi", "ba_thon_ha", ("ba_ca_dung", "ca_dung")),
        ("ba_vp_hoa", f"{DROWNING} xã Tân Lập Mẫu", "thon_ben_do", ("ca_dung", "ba_ca_dung")),
        ("t_tiep", "cháy nhà ở thôn Hạ xã Bình An Mẫu", "ba_thon_ha", ("ba_ca_dung", "t_chanh")),
        ("vp_lan", "cháy nhà ở thôn 1 rồi cứu với", "thon_1", ("ca_dung", "ba_ca_dung")),
    ],
)
async def test_danger_rings_where_it_is(
    wide: Wide, clerk: str, text: str, area: str, who: tuple[str, str]
) -> None:
    """At once, and nobody of the clerk's commune is called out."""
    rung, spared = who
    code = code_in(await enter(wide, clerk, text))
    assert [found for found, _, _ in await wide.cases()] == [area]
    assert rung in wide.hear_of(code)
    assert spared not in wide.hear_of(code)


async def test_danger_of_no_commune_rings_at_the_province(wide: Wide) -> None:
    """Its clerk is asked nothing first."""
    code_in(await enter(wide, "t_tiep", "cháy nhà ở thôn 1 rồi cứu với"))
    assert [found for found, _, _ in await wide.cases()] == [PROVINCE]


async def test_what_is_of_another_commune_is_asked_about_and_filed_there(wide: Wide) -> None:
    """Consent is read out for it; the clerk is told whose unit has it, and stays of their own commune."""
    assert "thôn Hạ, xã Bình An Mẫu phải không" in await enter(wide, "vp_lan", DRAIN_THERE)
    for _ in range(4):
        shown = await wide.says("vp_lan", "1")
    assert "đồng ý cho xã Bình An Mẫu" in shown
    told = await wide.says("vp_lan", "1")
    assert "Phòng Kinh tế (xã Bình An Mẫu)" in told
    assert [(area, unit) for area, unit, _ in await wide.cases()] == [("ba_thon_ha", "ba_kt_xa")]
    assert "ba_kt_son" in wide.hear_of(code_in(told))
    assert await wide.chat_commune("vp_lan") is None


async def test_the_province_asks_of_which_commune_it_is(wide: Wide) -> None:
    """As a citizen is asked; what the words say is not asked."""
    assert "xã, phường nào" in await enter(wide, "t_tiep", f"thôn 1 {DRAIN}")
    for digit in ("2", "1", "1", "1"):
        shown = await wide.says("t_tiep", digit)
    assert "đồng ý cho xã Tân Lập Mẫu" in shown
    await wide.says("t_tiep", "1")
    assert "tên gì" in await enter(wide, "t_tiep", DRAIN_THERE)
    assert [(area, unit) for area, unit, _ in await wide.cases()] == [("thon_1", "kt_xa")]


async def test_whoever_is_accused_elsewhere_does_not_read_it(wide: Wide) -> None:
    """Entered in the next commune: it goes past the chair who is spoken of."""
    text = "chủ tịch xã Bình An Mẫu nhận tiền của nhà thầu làm đường thôn Hạ"
    assert "thôn Hạ, xã Bình An Mẫu" in await enter(wide, "vp_lan", text)
    for _ in range(7):
        told = await wide.says("vp_lan", "1")
        if "Đã nhập" in told:
            break
    assert "ba_chu_tich" not in wide.hear_of(code_in(told))
    assert [unit for _, unit, _ in await wide.cases()] == ["ttra"]
