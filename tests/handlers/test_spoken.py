"""What officials say in their own words of what the help names; how answers begin is none of it."""

import pytest

from handlers.officer import spoken

VERBS = [
    ("xin gia han 3 ngay vi cho phong kinh te", "extend", "cho phong kinh te"),
    ("xin gia hạn thêm 5 ngày", "extend", ""),
    ("em xin gia hạn việc này đến 20/11 vì chờ vật tư", "extend", "chờ vật tư"),
    ("xin thêm 3 ngày nữa", "extend", ""),
    ("chuyển việc này cho phòng văn hóa", "transfer", "phòng văn hóa"),
    ("việc này không phải của tôi", "transfer", ""),
    ("không phải việc của em ạ", "transfer", ""),
    ("việc này không thuộc thẩm quyền phòng tôi", "transfer", ""),
    ("giao việc này cho chị Thảo", "reassign", "chị Thảo"),
    ("đóng việc này", "decline", ""),
    ("việc này không khẩn cấp", "calm", ""),
    ("ghi chú: mai xuống xem", "note", "mai xuống xem"),
    ("hỏi bà con ngập từ bao giờ", "question", "ngập từ bao giờ"),
    ("đã gọi cho bà con rồi", "called", ""),
]
ANSWERS = [
    "Xin gia hạn tạm trú thì bà con nộp tờ khai CT01",
    "Gia hạn giấy phép kinh doanh phải nộp trước 30 ngày",
    "Đã chuyển việc này cho phòng văn hóa",
    "Việc này không thuộc thẩm quyền xã, bà con gửi huyện",
    "Đóng cống xong rồi",
    "Hỏi bà con xung quanh thì được biết cống tắc từ lâu",
    "Mai nghỉ lễ, thứ Hai tiếp dân",
    "Nghỉ học nhiều vì cống tắc",
    "Sáng mai đội thông cống xuống",
    "mai",
    "xem",
    "Tôi bị mất điện thoại ở chợ hôm qua",
    "Mất điện thoại bàn của ủy ban do đứt dây",
    "Mất điện",
    "Khóa máy bơm",
    "Đã cắt máy bơm cũ",
    "Thay máy bơm mới",
    "Dân báo mất điện thoại",
]
OPTIONS = [
    ("mai em xin nghỉ", "away", "mai"),
    ("mai tôi nghỉ phép", "away", "mai"),
    ("em xin nghỉ ốm hôm nay", "away", "hom nay"),
    ("xin phép nghỉ từ 25/11 đến 28/11", "away", "tu 25/11 den 28/11"),
    ("xin nghỉ phép 2 ngày từ thứ hai", "away", "2 ngay tu thu hai"),
    ("cho xem việc của tôi", "mine", ""),
    ("mở giúp danh sách việc nhé", "mine", ""),
    ("xem việc quá hạn", "late", ""),
    ("cho em xem thống kê", "figures", ""),
    ("mất điện thoại rồi, khóa máy cũ", "my_chats", ""),
    ("mat dien thoai roi khoa may cu", "my_chats", ""),
    ("Tôi mất điện thoại rồi, nhờ anh khóa máy cũ ngay giúp tôi", "my_chats", ""),
    ("em bị mất cắp điện thoại hôm qua", "my_chats", ""),
    ("em đổi điện thoại rồi", "my_chats", ""),
    ("các nơi tôi đăng nhập", "my_chats", ""),
    ("cac noi toi dang nhap", "my_chats", ""),
    ("đăng xuất khỏi các máy khác", "my_chats", ""),
    ("chấm dứt các nơi cũ", "my_chats", ""),
    ("tôi đang đăng nhập ở những đâu", "my_chats", ""),
    ("ai đang vào tên tôi?", "my_chats", ""),
    ("I lost my phone", "my_chats", ""),
]


@pytest.mark.parametrize(("text", "name", "rest"), VERBS, ids=[row[0] for row in VERBS])
def test_a_verb_is_heard_without_a_code(text: str, name: str, rest: str) -> None:
    """With what is said behind it, as it was typed."""
    command = spoken.verb(text)
    assert command is not None
    assert (command.name, command.text) == (name, rest)


@pytest.mark.parametrize(("text", "name", "rest"), OPTIONS, ids=[row[0] for row in OPTIONS])
def test_a_line_of_the_menu_is_heard_in_words(text: str, name: str, rest: str) -> None:
    """Days away, and lists that somebody asks to see."""
    command = spoken.option(text)
    assert command is not None
    assert (command.name, command.text) == (name, rest)


@pytest.mark.parametrize("text", ANSWERS)
def test_how_an_answer_begins_is_no_command(text: str) -> None:
    """Nothing is taken from the citizen by a word that stands in a command too."""
    assert spoken.verb(text) is None
    assert spoken.option(text) is None


@pytest.mark.parametrize("text", ["trả lời bà con: Sáng mai đội xuống", "trả lời: Sáng mai đội xuống"])
def test_who_says_that_it_is_the_answer_sends_only_the_answer(text: str) -> None:
    """The words that say so are for the desk."""
    assert spoken.answer(text) == "Sáng mai đội xuống"
    assert spoken.answer("Trả lời xong trong tuần") == "Trả lời xong trong tuần"
