"""What is the province's own is told to it: no commune and no hamlet is asked for."""

import pytest

from tests.conversations.wide import DRAIN, Wide, code_in
from tests.storage.province import NEIGHBOUR, OURS, PROVINCE


@pytest.mark.parametrize("here", [OURS, NEIGHBOUR, ""])
@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("bệnh viện đa khoa tỉnh thu tiền sai, bắt bệnh nhân chờ 5 tiếng", "vp_tinh"),
        ("benh vien da khoa tinh thu tien sai, bat benh nhan cho 5 tieng", "vp_tinh"),
        ("tôi muốn phản ánh lên tỉnh việc nhà máy xả khói đen, môi trường ô nhiễm", "sonnmt"),
        ("tinh lo 512 day o ga, xe may nga lien tuc, duong sa hu hong het", "sxd"),
        ("Sở Xây dựng cấp giấy phép xây dựng chậm mấy tháng nay", "sxd"),
    ],
)
async def test_it_goes_to_the_unit_of_its_field(wide: Wide, here: str, text: str, unit: str) -> None:
    """From any chat."""
    if here:
        await wide.says("dan", f"x{here}")
    shown = await wide.says("dan", text)
    if "thuộc về gì" in shown:
        shown = await wide.says("dan", "1")
    assert "đồng ý cho tỉnh Mẫu" in shown
    assert (await wide.says("dan", "gui")).startswith("Tỉnh Mẫu đã nhận")
    assert [(area, found) for area, found, _ in await wide.cases()] == [(PROVINCE, unit)]
    assert await wide.chat_commune("dan") == (here or None)


@pytest.mark.parametrize("answer", ["của tỉnh", "tinh", "tỉnh Mẫu", "3"])
async def test_it_answers_of_which_commune_it_is(wide: Wide, answer: str) -> None:
    """The province is one of the buttons."""
    assert "tỉnh Mẫu" in await wide.says("dan", DRAIN)
    assert "đồng ý cho tỉnh Mẫu" in await wide.says("dan", answer)
    await wide.says("dan", "gui")
    assert [(area, unit) for area, unit, _ in await wide.cases()] == [(PROVINCE, "sxd")]


async def test_a_hamlet_that_is_said_is_kept(wide: Wide) -> None:
    """With its commune, which hears first of a road; who wants the province to hear it is heard there."""
    await wide.says("dan", f"x{OURS}")
    text = "tỉnh lộ 512 đoạn thôn 3 ổ gà sâu, xe máy ngã mấy lần"
    assert "đồng ý cho xã Tân Lập Mẫu" in await wide.says("dan", text)
    await wide.says("dan", "huy")
    shown = await wide.says("dan", f"tôi muốn phản ánh lên tỉnh: {text}")
    assert "thôn 3, xã Tân Lập Mẫu" in shown
    assert "đồng ý cho tỉnh Mẫu" in shown
    assert "t_sxd_vinh" in wide.hear_of(code_in(await wide.says("dan", "gui")))


async def test_it_can_be_put_right(wide: Wide) -> None:
    """By a few words that name the commune."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", "phản ánh lên tỉnh: đường thôn 3 ổ gà sâu, xe máy ngã mấy lần")
    await wide.says("dan", "của xã Tân Lập Mẫu chứ không phải của tỉnh")
    assert "đồng ý cho xã Tân Lập Mẫu" in await wide.says("dan", "1")


async def test_danger_rings_as_ever(wide: Wide) -> None:
    """A road of the province is where people are hurt, too."""
    await wide.says("dan", f"x{OURS}")
    code_in(await wide.says("dan", "lật xe trên tỉnh lộ 512 ở thôn 3, có người chết, cứu với"))
    assert [area for area, _, _ in await wide.cases()] == ["thon_3"]
