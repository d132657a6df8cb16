"""What is typed once a report is sent: how far it is, a call, that it is put right, when one may come."""

import pytest

from tests.conversations.player import Player

STORY = "den duong truoc ngo thon 2 tat gan thang nay"


@pytest.fixture
async def sent(seated: Player) -> Player:
    """Return a desk to which a citizen has sent a report, and nobody took it yet."""
    await seated.told("citizen", STORY, "1")
    return seated


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("bao gio moi co nguoi toi sua", "Trả lời chậm nhất thứ Năm 19/11/2026"),
        ("khi nao xa xuong coi vay", "Trả lời chậm nhất thứ Năm 19/11/2026"),
        ("chừng nào mấy anh điện lực tới làm cho bà", "Trả lời chậm nhất"),
        ("chung nao moi lam", "Trả lời chậm nhất"),
        ("co ai lo vu nay chua", "đang ở Phòng Kinh tế"),
        ("ong nao giai quyet don nay", "đang ở Phòng Kinh tế"),
        ("goi cho ba", "gọi lại theo số nào"),
        ("ba khong biet bam nut dau, goi cho ba", "gọi lại theo số nào"),
        ("mat toi kem khong biet bam dau", "gọi lại theo số nào"),
        ("tôi không biết nhắn tin", "gọi lại theo số nào"),
        ("please call me back", "gọi lại theo số nào"),
        ("tram dien toi sua roi, cam on nhe", "Bà con muốn rút"),
        ("họ mới sửa xong rồi đó", "Bà con muốn rút"),
        ("thu 7 mot cua co lam khong chau", "Giờ làm việc của xã Tân Lập Mẫu: 07:30–11:30"),
        ("may gio xa mo cua", "Giờ làm việc"),
        ("so dien thoai xa la so may", "Gọi Văn phòng HĐND và UBND: 0200 000 0113"),
        ("what are your office hours", "Giờ làm việc"),
        ("ban la nguoi hay may", "Đây là máy tiếp nhận của xã Tân Lập Mẫu"),
        ("bam nham roi lay lai", "Bà con muốn rút"),
        ("dung cho nha ben biet toi bao", "không giấu lại được nữa"),
    ],
)
async def test_what_is_wanted_is_done(sent: Player, said: str, answer: str) -> None:
    """None of it is an addition to the story."""
    assert answer in await sent.told("citizen", said)


@pytest.mark.parametrize(
    "said",
    ["dien luc cat dien roi", "nuoc het roi", "sua roi ma 2 hom lai hong", "ai goi cho toi hoi nay vay"],
)
async def test_what_tells_more_is_no_wish(sent: Player, said: str) -> None:
    """It is told to the officer, or asked about."""
    told = await sent.told("citizen", said)
    assert not any(
        words in told for words in ("muốn rút", "theo số nào", "Giờ làm việc", "Trả lời chậm nhất")
    )


async def test_before_anything_is_sent_the_hours_are_told_too(seated: Player) -> None:
    """And by night when it opens again."""
    seated.clock.pass_(hours=12)
    told = await seated.told("citizen", "xa co lam viec khong")
    assert "Gần nhất làm việc lại 07:30 thứ Ba 17/11/2026" in told


async def test_whose_words_they_are_is_asked_twice_at_most(seated: Player) -> None:
    """Who only goes on has all of it added to the one case that is open."""
    await seated.told("citizen", "duong thon 4 o ga", "1")
    seated.clock.pass_(hours=1)
    asked = [await seated.told("citizen", said) for said in ("toi khong hai long", "lau qua troi", "met ghe")]
    assert ["hay là việc khác" in one for one in asked] == [True, True, False]
    assert "Đã chuyển thêm cho cán bộ" in asked[2]
    assert "toi khong hai long lau qua troi met ghe" in " ".join(
        told.message.text for told in seated.paper.told
    )


async def test_who_thinks_about_it_again_sends_nothing(seated: Player) -> None:
    """It is no part of the story either; and who thanks for something done is thanked."""
    await seated.told("citizen", STORY)
    told = await seated.told("citizen", "ma thoi de toi hoi lai da")
    assert "Nhắn thêm" not in told
    assert "Mã:" not in told
    assert "việc gì, ở đâu" not in await seated.told("neighbour", "cam on xa da sua duong thon 2")


async def test_what_is_kept_of_somebody_may_be_asked_for_amid_a_report(seated: Player) -> None:
    """It is no part of the story, which waits."""
    await seated.told("citizen", "duong thon 4 o ga")
    told = await seated.told("citizen", "xoa het du lieu cua toi")
    assert "về dữ liệu của mình" in told


async def test_who_says_it_is_put_right_and_was_made_to_is_heard(sent: Player) -> None:
    """Those above are told; whoever may have made them reads nothing of it."""
    assert "mừng quá" in await sent.told("citizen", "ho sua xong roi")
    assert "mừng quá" not in await sent.told("citizen", "ho bat toi noi vay, bat toi rut")
    assert "bị ép" in " ".join(one.message.text for one in sent.paper.told if one.address == "supervisor")
    assert "bị ép" not in " ".join(one.message.text for one in sent.paper.told if one.address == "officer")
