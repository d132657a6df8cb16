"""Who writes is left out of a headline; what was done with somebody's name is what is told."""

import pytest

from domain.understand import introductions

TOLD = """
cô Tâm kiểm tra đảng lộ tên tôi cho ông Sáng
chị Lan lộ tên tôi cho nhà hàng xóm biết, giờ họ đe
cán bộ đọc tên tôi ra loa rồi cả thôn 2 cười
ai đó lấy tên tôi đi vay tiền ở hội
cán bộ quên ghi tên con vào danh sách nhận gạo
bà Yến gạch tên em khỏi sổ hộ nghèo
họ nêu tên cháu trước cuộc họp thôn
họ biết tên tôi rồi tới nhà đe liền
tên tôi ai cũng biết, họ tới nhà đe
nó nói tên tôi: thằng hay kiện, cho cả xóm nghe
cán bộ bắt tôi ký tên vào giấy trắng rồi đuổi về
bà Lan ghi sai họ tên của con tôi trên giấy khai sinh
ông Tuân chửi tôi là đồ ăn mày trước cả xóm
bà ấy nhục mạ con là đứa ngu trước mặt thầy cô
họ ép chúng tôi là phải nộp tiền, không thì cắt nước
CÔ TÂM LỘ TÊN TÔI CHO ÔNG SÁNG BÊN ĐẢNG ỦY
""".strip().splitlines()
WHO = [
    ("Tôi tên Hoa, cống thôn 2 tắc", ", cống thôn 2 tắc"),
    ("tên tôi là Trần Văn Bảy, cống thôn 2 tắc", ", cống thôn 2 tắc"),
    ("tên em là hoa, cống thôn 2 tắc", ", cống thôn 2 tắc"),
    ("Họ tên: tran van bay, cống thôn 2 tắc", ", cống thôn 2 tắc"),
    ("dạ em tên là Hoa, cống thôn 2 tắc", "dạ , cống thôn 2 tắc"),
    ("cán bộ đọc tên tôi Trần Văn Bảy ra loa", "cán bộ đọc ra loa"),
    ("nó lấy tên em là Hoa đi vay tiền ở hội", "nó lấy đi vay tiền ở hội"),
    ("ho doc ten toi tran van bay ra loa", "ho doc ra loa"),
    ("họ lộ tên tôi\nGiờ cả xóm biết", "họ lộ tên tôi Giờ cả xóm biết"),
]


@pytest.mark.parametrize("text", TOLD)
def test_what_was_done_with_a_name_introduces_nobody(text: str) -> None:
    """Nothing of it is cut, though “tên tôi” or “tôi là” stands in it."""
    assert introductions.spans(text) == []


@pytest.mark.parametrize(("text", "left"), WHO)
def test_only_the_name_is_left_out(text: str, left: str) -> None:
    """And never the words behind it."""
    assert " ".join(introductions.without_introductions(text).split()) == left
