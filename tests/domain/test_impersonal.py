"""Of an earlier answer only what is nobody's own is given again, however it is spelled."""

import pytest

from domain.answers import Answering
from domain.law import seed
from domain.understand.fold import tokens

RULES = Answering.parse(seed("templates"))
PLACES = frozenset(
    word.key for name in ("Phòng Kinh tế", "thôn 3", "xóm Đình", "xã Tân Lập Mẫu") for word in tokens(name)
)
SOMEBODYS = [
    *(
        "Giàng A Páo",
        "Lò Văn Pản",
        "Y Bliu Niê",
        "K'Brốc",
        "Thạch Sa Rây",
        "ông nguyễn văn tám",
        "Bé Na",
        "Hoa",
    ),
    *("Vợ chồng Hùng Lan", "N.V.T", "số nhà 12 ngõ 5", "thửa 123 tờ 45", "38A-123.45", "lan@gmail.com"),
    *(
        "Con gái bị tâm thần",
        "Nguy\u200bễn Văn Tám",
        "bà Sáu",
        "Nguyễn Văn A",
        "0905 123 456",
        "042 099 001 234",
    ),
    *(
        "LM-6NYWV4N",
        "NGUYỄN VĂN TÁM",
        "nguyễn thị hoa",
        "chị Lan",
        "cháu Tí",
        "hộ Tám Cường",
        "Trần Bé",
        "anh tám",
    ),
    *(
        "em Hà",
        "thầy Minh",
        "Rơ Châm H'Lan",
        "Điểu K'Ré",
        "chú Ba",
        "Sùng Mí Lử",
        "mẹ của Hương",
        "sổ đỏ số 12345",
    ),
    *(
        "facebook.com/hoa.nguyen",
        "nhà số 25/77",
        "xe máy 29-B1 234.56",
        "người nghiện ma túy",
        "Công ty Hoàng Gia",
    ),
    *(
        "quán Bảy Lúa",
        "vo chong Hung Lan",
        "STK 19034567890",
        "cụ Tư",
        "Ksor Blơi",
        "bác Năm Đực",
        "lê thị mận",
    ),
    *(
        "thằng Cu Tèo",
        "P. T. Hạnh",
        "Hờ A Dơ",
        "Danh Sóc Kha",
        "zalo 0905123456",
        "ông Ba Khía",
        "Triệu Mùi Pham",
    ),
    *(
        "bà con Tám",
        "Bàn Tài Tuyên",
        "gia đình liệt sĩ Mạc",
        "01 23 45 67 89 01",
        "người bị HIV",
        "cô Út",
        "Hùng xoăn",
    ),
    *(
        "số 7 đường Trần Phú",
        "biển số 38-H9 1234",
        "O'Neil",
        "Kim Jong",
        "dì Sáu",
        "mợ Tư",
        "Ma Seo Sính",
    ),
]
SHAPES = (
    "Xã đã làm việc với {} và đã sửa xong trong ngày.",
    "{} đã được xã sửa xong cống.",
    "Đã sửa xong cho {}.",
)


@pytest.mark.parametrize("somebody", SOMEBODYS)
@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_somebodys_own_is_not_given_again(somebody: str, shape: str) -> None:
    """Alone, the answer is not offered; among others, its sentence is left out."""
    assert RULES.again(shape.format(somebody), PLACES) is None
    others = "Xã đã nạo vét cống đầu thôn."
    assert RULES.again(f"{others} {shape.format(somebody)}", PLACES) == others


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("Sáng 17/11 xã đã nạo vét cống thôn 3.", "Sáng [ngày nào] xã đã nạo vét cống [ở thôn nào]."),
        ("Xã đã thay 12 bóng đèn đường.", "Xã đã thay [số mấy] bóng đèn đường."),
        ("Phòng Kinh tế đã kiểm tra cống.", "Phòng Kinh tế đã kiểm tra cống."),
        (
            "Cống đã thông. Mưa mà còn ngập, bà con nhắn lại.",
            "Cống đã thông. Mưa mà còn ngập, bà con nhắn lại.",
        ),
    ],
)
def test_what_is_everybodys_is(given: str, left: str) -> None:
    """Days, places and numbers are left open."""
    assert RULES.again(given, PLACES) == left


def test_a_word_that_somebody_else_has_used_is_known() -> None:
    """What two have written is no name."""
    text = "Xã đã sửa cái xyzt ở đầu cống."
    assert RULES.again(text) is None
    assert RULES.again(text, frozenset({"xyzt"})) == text
