"""What officials order in their own words, with a code anywhere or none; how answers begin is none of it."""

import pytest

from domain.understand import orders

CODE = "LM-6NYWV4N"
WITH_CODE = [
    (f"em nhận {CODE} nhé sếp", "accept", ""),
    (f"cho e nhận {CODE}", "accept", ""),
    (f"{CODE} nhận", "accept", ""),
    (f"{CODE} tôi nhận", "accept", ""),
    ("ok để tôi lo 6NYWV4N", "accept", ""),
    (f"nhận vụ {CODE} nha anh", "accept", ""),
    (f"{CODE} xin gia hạn thêm 5 ngày vì chờ máy xúc", "extend", "chờ máy xúc"),
    (f"{CODE} không phải việc bên em, trả lại kinh tế", "transfer", "kinh tế"),
    (f"chuyển vụ {CODE} qua bên công an giúp em nhé", "transfer", "công an"),
    (f"{CODE} giao Tuân", "reassign", "Tuân"),
    (f"nhờ chị Thảo làm thay {CODE}", "reassign", "chị Thảo"),
    (f"{CODE} ghi lại nội bộ: đã gọi ông Bảy", "note", "đã gọi ông Bảy"),
    (f"ai đã coi {CODE}", "readers", ""),
    (f"có những ai đã xem vụ {CODE} rồi", "readers", ""),
    (f"{CODE} ai coi rồi", "readers", ""),
    (f"ai gửi {CODE}", "identify", ""),
    (f"cho tôi số điện thoại người gửi {CODE}", "show", ""),
    (f"đồng ý {CODE}", "grant", ""),
    (f"{CODE} xong rồi", "answer", ""),
]
WITHOUT = [
    ("nhận luôn", "accept", "", ""),
    ("dạ em nhận cái vụ mương thoát nước nhé", "accept", "mương thoát nước", ""),
    ("việc này phải chờ thuê máy xúc, cho em xin thêm 5 ngày", "extend", "", "phải chờ thuê máy xúc"),
    ("bận trực lễ, lui lại tuần sau được ko sếp", "extend", "", "bận trực lễ"),
    ("chuyển qua bên công an giúp, không phải việc phòng mình", "transfer", "", "công an"),
    ("đẩy qua công an giúp, xe quá tải thuộc bên đó", "transfer", "", "công an"),
    (
        "chuyển vụ đèn đường qua bên văn phòng giúp, không phải việc mình",
        "transfer",
        "đèn đường",
        "văn phòng",
    ),
    ("em làm xong việc này rồi, đóng hồ sơ", "answer", "", ""),
    ("cho em ghi lại nội bộ: đã gọi ông Bảy, ổng hứa nhốt", "note", "", "đã gọi ông Bảy, ổng hứa nhốt"),
    ("ừ cho nó đi", "grant", "", ""),
    ("ừ cho nó thêm 5 ngày đi", "grant", "", ""),
    ("không cho, làm ngay đi", "refuse", "", "làm ngay đi"),
    ("không được, làm đúng hạn cho tôi", "refuse", "", "làm đúng hạn cho tôi"),
]
ANSWERS = """
Đã chuyển việc này cho phòng văn hóa
đã nhận vụ cống, mai xuống
da nhan vu cong, mai xuong
Nhận được phản ánh của bà con, tổ xuống dọn sáng nay
Xin gia hạn tạm trú thì bà con nộp tờ khai CT01
Không phải việc của xã, bà con gửi huyện
chuyển cho bà con 2 triệu hỗ trợ
Cho bà con đi đường tránh
không được đâu bà con ơi
Làm xong cống rồi
ai đã xem
LM-6NYWV4N đã thông cống sáng nay
tuần sau đội xuống
""".strip().splitlines()
LISTS = [
    ("hôm nay phòng mình trễ mấy việc", "late"),
    ("cho tôi danh sách việc trễ", "late"),
    ("trong tay em còn mấy việc", "mine"),
    ("các việc chưa ai nhận", "mine"),
    ("tình hình xã hôm nay thế nào", "units"),
    ("ai trễ hạn nhiều nhất", "units"),
    ("thêm người", "administer"),
    ("thêm anh Trần Văn Tý vào phòng kinh tế làm chuyên viên", "administer"),
    ("ngày 23/11 cả xã nghỉ bù, ghi vào lịch", "administer"),
    ("tuần này đổi người trực sang chị Lan", "admin_duty"),
    ("thôi hoàn tác cái vừa rồi", "admin_undo"),
]
INWARD = """
chuyển qua bên công an giúp, không phải việc phòng mình
xong rồi, đóng hồ sơ nhé
nhờ chị Thảo xem giúp em
sếp ơi vụ này khó
""".strip().splitlines()


@pytest.mark.parametrize(("text", "name", "rest"), WITH_CODE, ids=[row[0] for row in WITH_CODE])
def test_an_order_holds_a_code_anywhere(text: str, name: str, rest: str) -> None:
    """Before, behind or between the words, with its prefix or without."""
    assert orders.verb(text, ("LM",)) == orders.Order(name, CODE, text=rest)


@pytest.mark.parametrize(("text", "name", "of", "rest"), WITHOUT, ids=[row[0] for row in WITHOUT])
def test_an_order_is_heard_without_a_code(text: str, name: str, of: str, rest: str) -> None:
    """With the words that tell which case, and what is said besides, as they were typed."""
    assert orders.verb(text, ("LM",)) == orders.Order(name, of=of, text=rest)


@pytest.mark.parametrize("text", ANSWERS)
def test_how_an_answer_begins_is_no_order(text: str) -> None:
    """Nor is it meant for colleagues."""
    assert orders.verb(text, ("LM",)) is None
    assert not orders.inward(text)


@pytest.mark.parametrize(("text", "name"), LISTS, ids=[row[0] for row in LISTS])
def test_lists_and_pages_are_asked_for_in_words(text: str, name: str) -> None:
    """Whoever asks; who may see them is for others to say."""
    assert name in list(orders.wanted(text))


@pytest.mark.parametrize("text", INWARD)
def test_what_is_meant_for_colleagues_is_told_apart(text: str) -> None:
    """It is never the answer to a citizen by the first digit."""
    assert orders.inward(text)


NAMES = [
    ("cho anh Tuân làm giúp", "tuan", False, ""),
    ("sang phường khác", "phuong khac", True, ""),
    ("bên đó nhé", "do", True, ""),
    ("the other commune", "other commune", True, ""),
    ("về xã", "xa", False, "commune"),
    ("xuống cấp xã", "xuong cap xa", False, "commune"),
    ("to the province", "province", False, "province"),
    ("lên cấp trên", "len cap tren", False, "province"),
    ("xã Bình An Mẫu", "xa binh an mau", False, ""),
    ("bên kia đường", "kia duong", False, ""),
]


@pytest.mark.parametrize(("text", "bare", "unnamed", "level"), NAMES, ids=[row[0] for row in NAMES])
def test_a_name_is_read_without_what_stands_around_it(
    text: str, bare: str, unnamed: bool, level: str
) -> None:
    """What leads to it and what is asked of it fall away; a kind of place alone is told apart."""
    assert orders.bare_name(text) == bare
    assert orders.is_unnamed(text) is unnamed
    assert orders.level(bare) == level


@pytest.mark.parametrize("text", ["chuyển Sở Xây dựng rồi", "báo cáo tỉnh rồi", "Sở Xây dựng đang sửa"])
def test_what_was_done_belongs_nowhere_else(text: str) -> None:
    """It is told to the citizen."""
    assert list(orders.elsewhere(text, ("LM",))) == []


@pytest.mark.parametrize("text", ["chuyển sang phường Hòa Lạc", "việc này của huyện"])
def test_an_order_to_a_place_nobody_serves_is_one(text: str) -> None:
    """Unlike words that only may be."""
    assert "sent" in {said.name for said in orders.elsewhere(text, ("LM",))}
    assert "sent" not in {said.name for said in orders.elsewhere("đoạn này nằm bên kia đường", ("LM",))}


@pytest.mark.parametrize("text", ["nhận việc ở xóm Chùa", "tôi nhận việc xóm Chùa", "toi nhan viec xom chua"])
def test_a_name_that_sounds_like_a_question_asks_nothing(text: str) -> None:
    """It is one only as it is spelled."""
    assert not orders.asks("accept", text)
    assert orders.asks("accept", f"{text} chưa")
