"""What in a text tells who wrote it is found, and exactly that is taken out."""

from pathlib import Path

import pytest

from domain.understand import traces

_LINES = (Path(__file__).parent / "traces_told.tsv").read_text(encoding="utf-8").splitlines()
ROWS = [tuple(line.split("\t")) for line in _LINES]
"""What is told (nothing: calm), the text, and what is left of it."""
SON = (
    "chi Yen an chan tien ho ngheo cua me toi la ba Tran Thi Sau, nha toi canh quan Hai Luom thon 2, "
    "toi la con trai ut, lam tho ho, goi toi 0905 123 456"
)


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
        (
            SON,
            ["phone", "name", "kin"],
            "chi Yen an chan tien ho ngheo cua me",
        ),
        (
            "anh Tuan dia chinh lay toi 3 trieu, toi la Hung sdt 0905123456 cccd 040088001234",
            ["phone", "identity", "name"],
            "anh Tuan dia chinh lay toi 3 trieu",
        ),
        (
            "trưởng thôn ăn tiền, em là con dâu bà Tư, làm công nhân may, nhà sát chợ",
            ["kin"],
            "trưởng thôn ăn tiền",
        ),
        (
            "ông Hải lấy tiền của mẹ em tên là Phan Thị Bông, em là con gái út, gọi em qua 0912 345 678 nhé",
            ["phone", "name", "kin"],
            "ông Hải lấy tiền của mẹ",
        ),
        ("họ ăn chặn, tôi là cháu ngoại bà Bảy, sinh năm 1990", ["kin"], "họ ăn chặn"),
        ("can bo xa doi tien, co gi goi cho toi 0905123456 nhe", ["phone"], "can bo xa doi tien"),
        ("tui la Hai Lua, lam ray, nha cuoi xom Chua, bi cong an lay xe", ["name"], "bi cong an lay xe"),
        ("tôi làm thợ hồ nên biết họ rút ruột", ["kin"], "nên biết họ rút ruột"),
        ("nha toi la Nguyen Van Hung so 12 thon 2 sdt 0905123456", ["phone", "kin"], ""),
        ("nha toi la nguyen van hung thon 2", ["kin"], ""),
        ("nha em la nha ba Tu canh cho", ["kin"], ""),
        ("me toi ten Sau bi cat tien", ["name", "kin"], "me bi cat tien"),
    ],
)
def test_what_tells_who_wrote_it_is_taken_out(text: str, found: list[str], left: str) -> None:
    """With and without diacritics; the rest of the words stays as it was."""
    told = traces.read(text)
    assert list(told.traces) == found
    assert told.without == left
    assert not traces.read(told.without).traces


@pytest.mark.parametrize(
    "text",
    [
        "cán bộ địa chính vòi tiền 2 triệu mới chịu làm sổ đỏ cho tôi ở thôn 3",
        "ông chủ tịch quát tôi trước mặt mọi người ngày 12/11/2026",
        "công an xã đánh con tôi ở chợ hôm chủ nhật",
        "chủ quán đầu xóm Đình xả nước thải ra mương mấy tháng nay, tôi sợ bị trả thù",
        "truong thon thu 300 nghin moi nha, ai hoi thi bi doa",
        "nhà tôi là hộ nghèo mà không được xét",
        "nha toi la ho ngheo thon 2 ma truong thon khong xet",
        "truong thon lam an gian doi, lam kho ba con",
        "họ làm cho dân khổ, làm thuê làm mướn cũng bị thu",
        "can bo goi dan len roi mang, lam viec o xa ma khong biet luat",
        "nhà bà Tư sát chợ bị lấy đất, con bà ấy đi tù",
        "đất của dân họ bán cho công ty, sinh năm 1990 cũng bị ghi thành 1960",
    ],
)
def test_a_plain_story_tells_nobody(text: str) -> None:
    """Nothing is asked, and no letter of it changes."""
    assert traces.read(text) == traces.Told((), text)


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("nha toi la Nguyen Van Hung so 12 thon 2 sdt 0905123456", ["phone", "kin"]),
        ("Nguyễn Văn Hùng số 12 thôn 2", ["name"]),
        ("nha tran thi sau thon 3", ["name"]),
        ("thôn 2", []),
        ("trước nhà văn hóa thôn 3", []),
        ("gần trạm bơm, đường Trần Phú", []),
        ("nhà ông Tư cuối xóm Chùa", []),
    ],
)
def test_a_place_tells_whose_house_it_is(place: str, found: list[str]) -> None:
    """There a bare name is enough; a spot everybody knows tells nobody."""
    assert list(traces.read_place(place).traces) == found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1][:60])
def test_what_is_told_in_passing_is_found_and_no_more(row: tuple[str, str, str]) -> None:
    """Pages on the net, numbers read out, land, birth, where to meet; whom others are it does not touch."""
    told = traces.read(row[1])
    assert ",".join(told.traces) == row[0]
    assert told.without == row[2]
