"""What is the province's own by its words, and who only says that they moved."""

import pytest

from domain.understand import moves, provincial

DEPARTMENTS = ("Sở Xây dựng", "Sở Y tế", "Sở Nông nghiệp và Môi trường")


@pytest.mark.parametrize(
    "text",
    [
        "bệnh viện đa khoa tỉnh thu tiền sai",
        "benh vien san nhi tinh bat cho 5 tieng",
        "Sở Y tế không trả phụ cấp",
        "so nong nghiep cham cap giay",
        "the provincial hospital took too much money",
    ],
)
def test_a_body_of_the_province_is_told(text: str) -> None:
    """By its kind and “tỉnh”, or as a department."""
    assert provincial.is_body(text, DEPARTMENTS)


@pytest.mark.parametrize(
    "text",
    [
        "cống thôn 1 xã Tân Lập Mẫu tỉnh Mẫu tắc",
        "trường học xã Tân Lập Mẫu tỉnh Mẫu dột nát",
        "trạm y tế xã chờ Sở Y tế cấp thuốc",
        "xã làm theo quyết định của Sở Xây dựng mà đường vẫn hỏng",
    ],
)
def test_an_address_or_who_is_waited_for_is_none(text: str) -> None:
    """The matter is the commune's."""
    assert not provincial.is_body(text, DEPARTMENTS)


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("tôi muốn phản ánh lên tỉnh việc này", True),
        ("xin gui len tinh giup", True),
        ("xã đã báo lên tỉnh rồi mà không ai làm", False),
        ("tôi gửi đơn cho xã mà không ai trả lời", False),
    ],
)
def test_the_wish_for_the_province_is_heard(text: str, *, wished: bool) -> None:
    """What was done before is none."""
    assert provincial.is_wished(text) is wished


@pytest.mark.parametrize(
    ("text", "road"), [("tinh lo 512 o ga", True), ("đường ĐT 512", True), ("đường tình trạng xấu", False)]
)
def test_a_road_of_the_province_is_told(text: str, *, road: bool) -> None:
    """By its kind or its number."""
    assert provincial.is_road(text) is road


@pytest.mark.parametrize(
    ("text", "amid", "told"),
    [
        ("tôi mới chuyển nhà sang", False, True),
        ("tu nay bao viec o", True, True),
        ("đổi sang", False, True),
        ("đổi sang", True, False),
        ("tôi chuyển nhà sang nhưng hàng xóm đốt rác", False, False),
    ],
)
def test_only_who_says_nothing_else_has_moved(text: str, *, amid: bool, told: bool) -> None:
    """While a matter is told, “đổi sang” puts right where that is."""
    assert moves.is_told(text, (), "", amid=amid) is told
