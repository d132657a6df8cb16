"""What in a text tells who wrote it is found, and exactly that is taken out."""

import pytest

from domain.understand import traces


@pytest.mark.parametrize(
    ("text", "found", "left"),
    [
        (
            "Tôi là Nguyễn Thị Bình, số 0905 777 888, thôn 2. Trưởng thôn thu tiền không có biên lai",
            ["phone", "name"],
            "thôn 2. Trưởng thôn thu tiền không có biên lai",
        ),
        (
            "truong thon thu tien, toi la em dau ong Luc, ai cung biet",
            ["kin"],
            "truong thon thu tien, ai cung biet",
        ),
        ("con tôi học lớp 5A trường xã, cô giáo đánh cháu", ["kin"], "cô giáo đánh cháu"),
        ("nhà tôi số 12 sát chợ, họ đổ rác hằng đêm", ["kin"], "họ đổ rác hằng đêm"),
        (
            "vợ tôi làm kế toán ở trường mầm non nên biết họ kê khống tiền ăn",
            ["kin"],
            "nên biết họ kê khống tiền ăn",
        ),
        ("họ ăn chặn tiền; mail em là hoa.nguyen@gmail.com", ["email"], "họ ăn chặn tiền"),
        ("Tôi là Lan, số 0905777888. Ông ấy đánh người", ["phone", "name"], "Ông ấy đánh người"),
        ("so may cua toi la 0905777888, ong Luc danh nguoi", ["phone"], "ong Luc danh nguoi"),
    ],
)
def test_what_tells_who_wrote_it_is_taken_out(text: str, found: list[str], left: str) -> None:
    """With and without diacritics; the rest of the words stays as it was."""
    told = traces.read(text)
    assert list(told.traces) == found
    assert told.without == left


@pytest.mark.parametrize(
    "text",
    [
        "cán bộ địa chính vòi tiền 2 triệu mới chịu làm sổ đỏ cho tôi ở thôn 3",
        "ông chủ tịch quát tôi trước mặt mọi người ngày 12/11/2026",
        "công an xã đánh con tôi ở chợ hôm chủ nhật",
        "chủ quán đầu xóm Đình xả nước thải ra mương mấy tháng nay, tôi sợ bị trả thù",
        "truong thon thu 300 nghin moi nha, ai hoi thi bi doa",
    ],
)
def test_a_plain_story_tells_nobody(text: str) -> None:
    """Nothing is asked, and no letter of it changes."""
    assert traces.read(text) == traces.Told((), text)
