"""Somebody says that they moved, or asks to change their commune: what follows is of it."""

import pytest

from tests.conversations.wide import DRAIN, Wide
from tests.storage.province import NEIGHBOUR, OURS


@pytest.mark.parametrize(
    "words",
    [
        "tôi mới chuyển nhà sang xã Bình An Mẫu rồi, từ nay báo việc ở bên đó",
        "nha toi chuyen sang o xa Binh An Mau roi",
        "từ nay báo việc ở xã Bình An Mẫu",
        "em dọn về thôn 2 xã Bình An Mẫu ở rồi ạ",
        "đổi sang xã Bình An Mẫu",
        "We have moved to Binh An Mau commune",
    ],
)
async def test_who_moved_is_of_the_new_commune(wide: Wide, words: str) -> None:
    """Said as it stands, it is no report; the next “thôn 1” is that of the new commune."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", "huy")
    told = await wide.says("dan", words)
    assert "Từ nay việc bà con báo là của xã Bình An Mẫu" in told
    assert "phải không" not in told
    assert "đồng ý cho xã Bình An Mẫu" in await wide.says("dan", f"thôn 1 {DRAIN}")
    assert await wide.chat_commune("dan") == NEIGHBOUR


@pytest.mark.parametrize("words", ["đổi xã", "doi xa", "change commune"])
async def test_it_is_chosen_anew(wide: Wide, words: str) -> None:
    """By the keyword, or from the settings, which show it; a report that is told stays where it was told."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", f"thôn 1 {DRAIN}")
    assert "đang là của xã Tân Lập Mẫu" in await wide.says("dan", words)
    told = await wide.says("dan", "1")
    assert "Từ nay việc bà con báo là của xã Bình An Mẫu" in told
    assert "đồng ý cho xã Tân Lập Mẫu" in told
    await wide.says("dan", "gui")
    assert [area for area, _, _ in await wide.cases()] == ["thon_1"]
    shown = await wide.says("dan", "cai dat")
    assert "đang là của xã Bình An Mẫu" in shown
    assert "Đổi xã, phường" in shown


@pytest.mark.parametrize("words", ["đổi xã", "doi xa", "change commune"])
@pytest.mark.parametrize("which", ["1", "xã Bình An Mẫu", "xa binh an mau", "Bình An", "binh an"])
async def test_what_is_told_next_is_of_the_commune_chosen(wide: Wide, words: str, which: str) -> None:
    """Also right after a link, whose greeting has asked already what the matter is."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", words)
    assert "Từ nay việc bà con báo là của xã Bình An Mẫu" in await wide.says("dan", which)
    assert "đồng ý cho xã Bình An Mẫu" in await wide.says("dan", f"thôn 2 {DRAIN}")
    await wide.says("dan", "1")
    assert [area for area, _, _ in await wide.cases()] == ["ba_thon_2"]


async def test_a_desk_that_knows_nothing_says_so(wide: Wide) -> None:
    """A name of none leaves everything as it was."""
    assert "Chưa biết" in await wide.says("dan", "cai dat")
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", "doi xa")
    await wide.says("dan", "xã Hòa Lạc nào đó")
    assert "nên vẫn là xã Tân Lập Mẫu" in await wide.says("dan", "gần cầu cũ")
    assert await wide.chat_commune("dan") == OURS


@pytest.mark.parametrize(
    "words",
    [
        "tôi mới chuyển nhà sang xã Bình An Mẫu, hàng xóm đốt rác suốt ngày hôi lắm",
        "từ nay xã Bình An Mẫu thu tiền rác gấp đôi mà không ai giải thích",
    ],
)
async def test_who_tells_more_reports(wide: Wide, words: str) -> None:
    """The commune is only asked about as that of the matter."""
    await wide.says("dan", f"x{OURS}")
    assert "Từ nay việc bà con báo" not in await wide.says("dan", words)
    assert await wide.chat_commune("dan") == OURS


async def test_an_official_is_of_where_they_serve(wide: Wide) -> None:
    """They are told so."""
    assert "chỉ nghe việc của xã Tân Lập Mẫu" in await wide.says("vp_lan", "doi xa")


async def test_a_next_story_is_no_place_of_the_first(wide: Wide) -> None:
    """Of another matter it is kept apart and comes next; of the same it is added."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", "đường hỏng, ổ gà sâu lắm")
    asked = await wide.says("dan", "trường thôn 2 thu tiền học thêm bắt buộc mấy tháng nay")
    assert "được giữ riêng" in asked
    assert "Ở đâu: thôn 3, xã Tân Lập Mẫu" in await wide.says("dan", "thôn 3")
    shown = await wide.says("dan", "gui")
    while "Ở đâu" not in shown:
        shown = await wide.says("dan", "1")
    assert "Ở đâu: thôn 2, xã Tân Lập Mẫu" in shown
    await wide.says("dan", "gui")
    assert [area for area, _, _ in await wide.cases()] == ["thon_3", "thon_2"]


async def test_a_story_told_for_the_place_is_a_story(wide: Wide) -> None:
    """Its hamlet is the place, and not one of its words is."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", "hỏng nặng lắm rồi, sửa giúp dân với")
    shown = await wide.says("dan", "đèn đường thôn 1 hỏng mấy tối nay")
    assert "Ở đâu: thôn 1, xã Tân Lập Mẫu" in shown
    assert "đèn đường thôn 1 hỏng mấy tối nay" in shown


@pytest.mark.parametrize("place", ["gần trạm bơm thôn 3", "đoạn qua thôn 3 chỗ cua vào chùa"])
async def test_a_place_is_shown_as_it_is_told(wide: Wide, place: str) -> None:
    """Where nothing is wrong in it."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", "đường hỏng, ổ gà sâu lắm")
    assert f"Ở đâu: {place}, xã Tân Lập Mẫu" in await wide.says("dan", place)
