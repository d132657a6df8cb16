"""A few words that name another commune put right where it is: one question, and it goes there."""

import pytest

from tests.conversations.wide import DRAIN, Wide
from tests.storage.province import NEIGHBOUR, OURS

OPEN = "thôn 1 hỏng mấy tối nay, sửa giúp dân với"
"""Words that do not tell what it is about."""
LIGHT = "đèn đường thôn 1 hỏng mấy tối nay"


@pytest.mark.parametrize(
    "words",
    [
        "à nhầm, ở xã Bình An Mẫu cơ",
        "a nham o xa binh an mau co",
        "xã Bình An Mẫu",
        "không phải xã Tân Lập Mẫu, xã Bình An Mẫu",
        "ở xã Bình An Mẫu chứ không phải Tân Lập Mẫu",
        "o Binh An Mau chu ko phai o xa Tan Lap Mau",
        "sửa lại giúp tôi, đổi sang xã Bình An Mẫu",
        "It is in Binh An Mau commune",
        "Actually it is in Binh An Mau commune, not Tan Lap Mau",
        "sorry, wrong commune, it's Binh An Mau",
        "ấy, thôn 1 Bình An chứ không phải Tân Lập",
        "nham roi, thon 1 Binh An chu khong phai Tan Lap",
    ],
)
@pytest.mark.parametrize("before", [(), ("2",)])
async def test_at_the_review_and_after_correct_it(wide: Wide, words: str, before: tuple[str, ...]) -> None:
    """The hamlet is kept where both have one of its name; it is one question."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", f"thôn 1 {DRAIN}")
    for text in before:
        await wide.says("dan", text)
    assert "Việc này ở thôn 1, xã Bình An Mẫu phải không" in await wide.says("dan", words)
    shown = await wide.says("dan", "1")
    assert "đồng ý cho xã Bình An Mẫu" in shown
    assert "Nhắn thêm" not in shown
    await wide.says("dan", "gui")
    assert [(area, unit) for area, unit, _ in await wide.cases()] == [("ba_thon_1", "ba_kt_xa")]


@pytest.mark.parametrize(
    "words", ["nhầm, ở xã Tân Lập Mẫu", "toi nham, thon 1 xa Tan Lap Mau", "tan lap mau"]
)
async def test_one_question_earlier(wide: Wide, words: str) -> None:
    """Where it is asked what it is about: at once, and that question comes again."""
    await wide.says("dan", f"x{NEIGHBOUR}")
    about = await wide.says("dan", OPEN)
    assert "thôn 1, xã Tân Lập Mẫu phải không" in await wide.says("dan", words)
    assert await wide.says("dan", "1") == about
    shown = await wide.says("dan", "1")
    assert "thôn 1, xã Tân Lập Mẫu" in shown
    assert words not in shown


async def test_a_hamlet_the_other_has_not_is_asked_for(wide: Wide) -> None:
    """Of the commune that was named."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", f"thôn 4 {DRAIN}")
    await wide.says("dan", "nhầm, xã Bình An Mẫu cơ")
    assert "thôn Hạ" in await wide.says("dan", "1")


async def test_no_leaves_it_where_it_was(wide: Wide) -> None:
    """The place is asked for there."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", f"thôn 1 {DRAIN}")
    await wide.says("dan", "nhầm, xã Bình An Mẫu cơ")
    assert "thôn Bến Đò" in await wide.says("dan", "2")
    assert "đồng ý cho xã Tân Lập Mẫu" in await wide.says("dan", "thôn 2")


@pytest.mark.parametrize(
    "words",
    [
        "ở Tân Lập Mẫu chứ không phải Bình An Mẫu",
        "xã Bình An Mẫu cũng bị y như vậy",
        "nước từ xã Bình An Mẫu chảy sang",
    ],
)
async def test_what_tells_more_is_added(wide: Wide, words: str) -> None:
    """Nor does it move what only says that it is no other."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", f"thôn 1 {DRAIN}")
    shown = await wide.says("dan", words)
    assert f"Nhắn thêm: {words}" in shown
    assert "đồng ý cho xã Tân Lập Mẫu" in shown


@pytest.mark.parametrize("words", ["Bình An", "tôi bên Bình An", "toi ben binh an"])
async def test_a_commune_is_named_without_its_last_word(wide: Wide, words: str) -> None:
    """Where no other of the desk begins so."""
    assert "xã, phường nào" in await wide.says("dan", "cống tắc mấy hôm rồi, ngập hết đường")
    await wide.says("dan", words)
    assert "thôn 1, xã Bình An Mẫu" in await wide.says("dan", "thôn 1")
    await wide.says("dan", "1")
    assert [area for area, _, _ in await wide.cases()] == ["ba_thon_1"]
