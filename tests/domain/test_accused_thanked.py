"""Thanks calm what is said of whoever is thanked; beside them an accusation is as heavy as without them."""

import pytest

from domain.accused import read
from domain.understand.fold import fold
from tests.domain.made_up import CODES, DAY, DEMO

TUAN = (
    "Sợ anh Tuân lắm",
    "Nghi anh Tuân lắm, sổ đỏ thôn 3",
    "anh Tuân có vấn đề",
    "không tin anh Tuân đâu",
    "Anh Tuân làm ẩu, sổ đỏ thôn 3",
    "anh Tuân bỏ về giữa chừng",
    "Anh Tuân thì chán lắm",
)
BESIDE = (
    "{}. Cảm ơn xã",
    "Cảm ơn xã. {}",
    "Cảm ơn xã nhưng {}",
    "{}, cảm ơn xã quan tâm",
    "{}. Trân trọng cảm ơn",
    "{}. cảm ơn anh chị nhiều",
    "Xin chào, cảm ơn. {}",
    "Tôi muốn gặp cán bộ. {}",
    "Tôi muốn gặp lãnh đạo. {}",
    "Cảm ơn chị Lan nhiệt tình. {}",
    "{}, chị Lan thì nhiệt tình",
)


@pytest.mark.parametrize("thanks", BESIDE)
@pytest.mark.parametrize("words", TUAN)
def test_thanks_to_others_calm_nothing(words: str, thanks: str) -> None:
    """Before it, behind it, in the same sentence or another: he may not get it."""
    for text in (thanks.format(words), fold(thanks.format(words))):
        said = read(text, DEMO, DAY)
        assert said.wrong, text
        assert "kt_tuan" in {CODES[one] for one in said.people}, text


@pytest.mark.parametrize(
    "text",
    [
        "cam on xa so anh tuan lam so do thon 3",
        "so anh tuan lam so do thon 3 cam on xa",
        "toi muon gap can bo so anh tuan lam",
        "muốn gặp chị Lan sợ anh Tuân lắm",
        "mong xã xem lại anh Tuân. trân trọng cảm ơn",
    ],
)
def test_nor_where_no_comma_parts_them(text: str) -> None:
    """Who is thanked or asked for stands right behind the word for it."""
    assert read(text, DEMO, DAY).wrong


def test_a_question_beside_it_keeps_it_from_him_too() -> None:
    """It is not kept close, as no wrong need be told; but he does not get it, whomever the thanks are for."""
    said = read("Nghi anh Tuân lắm, bao giờ có kết quả. Cảm ơn xã", DEMO, DAY)
    assert [CODES[one] for one in said.aside] == ["kt_tuan"]


@pytest.mark.parametrize(
    "text",
    [
        "anh Tuân xuống xem rồi. cảm ơn anh",
        "cảm ơn xã đã cử anh Tuân xuống giúp bà con",
        "cô Lan một cửa làm nhanh lắm. Cảm ơn cô",
        "hôm qua lên một cửa gặp cô Lan, cô hướng dẫn tận tình lắm",
        "anh Tuân phòng kinh tế, số điện thoại bao nhiêu",
        "Anh Tuân phòng kinh tế có ở xã không? Cảm ơn xã",
        "chị Yến phòng văn hóa rất tốt. Trân trọng cảm ơn",
        "Mẹ tôi được anh Tuân chở về trong bão. Cảm ơn anh",
        "anh Tuân là người tốt, cảm ơn xã",
        "cảm ơn xã và anh Tuân đã hỗ trợ",
        "cảm ơn chị Lan và anh Tuân nhiệt tình",
        "xin gặp chị Lan hoặc anh Tuân phòng kinh tế",
        "anh Tuân không nhận phong bì, bà con quý lắm",
        "cô Lan trạm y tế đỡ đẻ mát tay lắm, cảm ơn cô",
        "Anh Tuân ơi cho em hỏi sổ đỏ xong chưa",
    ],
)
def test_thanks_for_somebody_stay_calm(text: str) -> None:
    """Whoever is praised, asked for or thanked reads it as ever."""
    for said in (read(text, DEMO, DAY), read(fold(text), DEMO, DAY)):
        assert not said.wrong
        assert not said.aside
