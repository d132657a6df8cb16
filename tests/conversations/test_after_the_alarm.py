"""What is said once an alarm was raised is taken as it is meant: a mistake, that it eases, thanks."""

import re

import pytest

from domain.understand import aftermath
from tests.conversations.player import Player

FIRE = "# x\n@ thứ Hai 16/11/2026 09:00\ncitizen: chay nha thon 2\n"
FLOOD = """# x
@ thứ Hai 16/11/2026 22:10
citizen: ngap roi, nuoc vo nha toi thon ben do, co 2 dua nho
duty: [Nhận xử lý]
"""
THIEF = """# x
@ thứ Hai 16/11/2026 09:00
citizen: trộm đang cạy cửa nhà tôi ở thôn 2, 0912345678
"""


def code_in(text: str) -> str:
    """Return the code a message names."""
    return re.findall(r"LM-[0-9A-Z]{7}", text)[0]


async def say(player: Player, *messages: str) -> tuple[str, str]:
    """Say it all, one by one. Returns what the citizen was told of the last, and what everybody else was."""
    told = 0
    for text in messages:
        told = len(player.paper.told)
        await player.say("citizen", {"text": text}, silent=True)
    last = player.paper.told[told:]
    own = "\n".join(one.message.text for one in last if one.address == "citizen")
    return own, "\n".join(one.message.text for one in last if one.address != "citizen")


@pytest.mark.parametrize("words", ["khong, nham", "không, nhầm", "nham", "da khong, nham a", "by mistake"])
async def test_it_is_rung_off_as_the_desk_says(player: Player, words: str) -> None:
    """Who is told to write “nhầm” may say no before it, and leave the marks away."""
    await player.play(FIRE)
    own, others = await say(player, words)
    assert "Đã báo mọi người thôi báo động" in own
    assert "đã yên" in others


@pytest.mark.parametrize("words", ["không nhầm đâu", "khong nham", "nhầm rồi mà vẫn cháy", "nhầm à?"])
async def test_what_says_the_contrary_rings_on(player: Player, words: str) -> None:
    """In doubt it rings."""
    await player.play(FIRE)
    own, _ = await say(player, words)
    assert "thôi báo động. Hồ sơ" not in own


@pytest.mark.parametrize("words", ["không có cháy", "khong chay dau", "không có ai bị gì"])
async def test_who_says_again_that_there_is_none_is_not_asked(player: Player, words: str) -> None:
    """No second alarm comes of it."""
    await player.play(FIRE)
    own, _ = await say(player, "nham roi", words)
    assert "Có ai đang gặp nguy hiểm" not in own
    assert "ghi thêm vào hồ sơ" in own


async def test_danger_after_it_was_rung_off_is_still_asked_about(player: Player) -> None:
    """Only what denies it is believed."""
    await player.play(FIRE)
    own, _ = await say(player, "nham roi", "nó lại tới kìa")
    assert "GỌI NGAY" in own


@pytest.mark.parametrize("words", ["nước rút rồi", "ok có người tới rồi", "ổn rồi", "không có ai bị gì"])
async def test_what_eases_is_asked_about_by_a_button(player: Player, words: str) -> None:
    """It is passed on, and the citizen may end the alarm; no number is asked for."""
    await player.play(FLOOD)
    own, others = await say(player, words)
    assert "Hết nguy hiểm hẳn rồi thì bấm nút" in own
    assert "số điện thoại" not in own
    assert words in others


@pytest.mark.parametrize("words", ["cám ơn", "da cam on", "cảm ơn mấy anh công an", "5"])
async def test_thanks_and_marks_are_no_news(player: Player, words: str) -> None:
    """Nobody on the way is disturbed by them."""
    await player.play(FLOOD)
    own, others = await say(player, words)
    assert own
    assert not others


@pytest.mark.parametrize(
    "words", ["nước lên tới mái rồi", "2 đứa nhỏ còn trên gác", "12", "cám ơn, mà nước lên nữa"]
)
async def test_news_is_passed_on(player: Player, words: str) -> None:
    """Whoever goes there reads it at once."""
    await player.play(FLOOD)
    _, others = await say(player, words)
    assert words in others


async def test_who_asks_how_far_it_is_sees_it(player: Player) -> None:
    """“xem” is no news for whoever goes there."""
    await player.play(FLOOD)
    own, others = await say(player, "xem")
    assert "Lê Minh Quý nhận việc" in own
    assert not others


@pytest.mark.parametrize("words", ["đừng gọi số đó ổng cầm máy", "dung goi so do", "máy anh tôi giữ"])
async def test_nobody_calls_a_number_that_must_not_ring(player: Player, words: str) -> None:
    """The number is gone from the card, and the card says why, before and after the case is taken."""
    await player.play(THIEF)
    own, others = await say(player, words)
    assert "ĐỪNG GỌI số đó" in own
    assert "ĐỪNG GỌI, đừng nhắn" in others
    before = len(player.paper.told)
    await player.say("police", {"text": f"nhan {code_in(others)}"}, silent=True)
    card = "\n".join(one.message.text for one in player.paper.told[before:])
    assert "Hồ Tiến Dũng đang xử lý" in card
    assert "Gọi: 0912" not in card
    assert "ĐỪNG GỌI, đừng nhắn" in card


async def test_another_number_may_be_left_afterwards(player: Player) -> None:
    """It is the one to call."""
    await player.play(THIEF)
    _, others = await say(player, "đừng gọi số đó", "0987654321")
    assert "ĐỪNG GỌI" not in others.partition("bà con nhắn thêm")[0]
    assert "gọi được" in others


@pytest.mark.parametrize(
    "words", ["gọi số này nha", "đừng gọi công an", "không gọi được 114", "gọi lại cho tôi"]
)
def test_what_forbids_no_number(words: str) -> None:
    """A wish to be called is none not to be."""
    assert not aftermath.uncalled(words)
