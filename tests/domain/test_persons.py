"""What names a person, a house or an illness is told from what is of a place."""

import pytest

from domain.understand.persons import names_somebody

PLACES = frozenset({"thon", "3", "ben", "do"})


@pytest.mark.parametrize(
    "text",
    [
        "nhà ông Tám Cường số 12 thôn 3 xả nước thải lò mổ ra mương",
        "bà Trần Thị Bé thôn 3 bị tâm thần",
        "con nhà bà Sáu Nhung nghiện ma túy",
        "nha ong tam cuong xa nuoc thai",
        "ong tam do rac ra muong",
        "hàng xóm đổ rác sang đường",
        "nha ben xa nuoc ra ngo",
        "Giàng A Páo đổ rác ra suối",
        "đường hỏng do Lò Văn Pản chở đất",
        "quán bia cạnh chợ xả nước bẩn",
        "xe 38A-123.45 chở đất rơi vãi",
        "thửa 123 tờ 45 bị lấn",
        "cống tắc, gọi 0905123456",
        "chị Hoa đổ rác",
        "N.V.T. đổ rác ra mương",
        "số nhà 12 ngõ 5 xả nước",
    ],
)
def test_a_person_or_a_house_is_seen(text: str) -> None:
    """With and without diacritics, by name, title, plate, parcel or number."""
    assert names_somebody(text, PLACES)


@pytest.mark.parametrize(
    "text",
    [
        "cống thôn 3 tắc mấy hôm rồi, mưa là ngập",
        "Ngập hết cả đường thôn 3 do cống tắc",
        "Trạm bơm thôn Bến Đò hỏng",
        "bà con thôn 3 mất nước ba ngày nay",
        "cong thon 3 tac ba ngay nay roi, ong nuoc vo",
        "cầu Chui ngập, đường Trần Phú nhiều ổ gà",
        "anh em trong thôn đi lại khó",
        "nước vào cả bếp nhà tôi",
        "ĐƯỜNG LIÊN THÔN HƯ HỎNG NẶNG",
        "may bom ben do khong chay",
        "chua co ai sua, anh huong moi nguoi",
    ],
)
def test_a_matter_of_a_place_names_nobody(text: str) -> None:
    """What many have is theirs to follow together."""
    assert not names_somebody(text, PLACES)
