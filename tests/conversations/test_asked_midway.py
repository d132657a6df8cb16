"""What is wanted of the desk is done also where words for a case, or a yes, are waited for."""

import pytest

from tests.conversations.wide import Wide, code_in
from tests.storage.province import OURS

LIGHT = "đèn đường thôn 1 hỏng mấy tối nay"


async def sent(wide: Wide) -> str:
    """Send a case; returns its code."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", LIGHT)
    return code_in(await wide.says("dan", "gui"))


@pytest.mark.parametrize("words", ["rút lại", "rut lai", "rút đơn"])
async def test_who_is_asked_where_words_belong_may_withdraw(wide: Wide, words: str) -> None:
    """The question is not put again instead."""
    await sent(wide)
    assert "hay là việc khác" in await wide.says("dan", "sửa giùm: đèn ở thôn 2 chứ không phải thôn 1")
    told = await wide.says("dan", words)
    assert "hay là việc khác" not in told
    assert "rút" in told


@pytest.mark.parametrize(
    "words", ["bao giờ xong", "bao gio xong", "{code} bao giờ xong", "{code} toi dau roi"]
)
async def test_who_is_to_add_something_asks_how_far_it_is(wide: Wide, words: str) -> None:
    """It is shown, and no officer reads the question as an addition."""
    code = await sent(wide)
    await wide.says("dan", "1")
    told = await wide.says("dan", words.format(code=code))
    assert "chuyển thêm" not in told
    assert code in told


@pytest.mark.parametrize("words", ["yes send it", "Yes, please send it", "ok send"])
async def test_yes_in_english_sends(wide: Wide, words: str) -> None:
    """It is no part of the story."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", LIGHT)
    code_in(await wide.says("dan", words))


@pytest.mark.parametrize("words", ["yes don't send it", "do not send it"])
async def test_not_to_send_in_english_sends_nothing(wide: Wide, words: str) -> None:
    """Whatever stands before it."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", LIGHT)
    await wide.says("dan", words)
    assert not await wide.cases()


@pytest.mark.parametrize("words", ["cảm ơn", "cam on nhe", "mẹ tôi già lắm rồi không đi chợ được"])
async def test_what_names_no_place_is_none(wide: Wide, words: str) -> None:
    """It is asked for again."""
    await wide.says("dan", f"x{OURS}")
    assert "ở đâu" in await wide.says("dan", "rác chất đống cả tuần không ai dọn")
    told = await wide.says("dan", words)
    assert "Ở đâu: " not in told
    assert "thôn 2, xã Tân Lập Mẫu" in await wide.says("dan", "thôn 2")


@pytest.mark.parametrize(
    "words",
    ["đèn đường thôn 1 tắt. Cống thôn 2 tắc.", "1) cống xóm Đình tắc 2) trạm y tế thôn 3 không có bác sĩ"],
)
async def test_two_matters_told_after_a_link_are_asked_about(wide: Wide, words: str) -> None:
    """As those that are told out of the blue; each is a case of its own hamlet."""
    await wide.says("dan", f"x{OURS}")
    asked = await wide.says("dan", words)
    assert "Tổ tiếp nhận hiểu" not in asked
    await wide.says("dan", "1")
    await wide.says("dan", "gui")
    assert len(await wide.cases()) == 1
