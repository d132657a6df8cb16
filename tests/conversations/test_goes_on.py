"""What people were told to write is understood when they write it, at once and later."""

import pytest

from bot.stories import Pass
from tests.conversations.player import Player

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"


@pytest.fixture
async def desk(player: Player) -> Player:
    """Return a desk with an officer."""
    await player.seat("officer")
    return player


def told(player: Player, who: str) -> str:
    """Return what somebody was told last."""
    return next((str(one.message.text) for one in reversed(player.paper.told) if one.address == who), "")


async def _sent(desk: Player) -> str:
    await desk.say("citizen", {"text": DRAIN})
    await desk.say("citizen", {"text": "1"})
    return told(desk, "citizen").partition("Mã: ")[2].split()[0]


async def _followed(desk: Player) -> str:
    code = await _sent(desk)
    await desk.say("neighbour", {"text": "cong thon 3 tac, mua la ngap het duong"})
    await desk.say("neighbour", {"text": "1"})
    await desk.say("neighbour", {"text": "1"})
    return code


@pytest.mark.parametrize("words", ["truoc nha ba Bay", "dạ đoạn trước nhà bà Bảy"])
async def test_a_late_answer_to_a_lapsed_question_is_the_answer(desk: Player, words: str) -> None:
    """It goes to the officer, and nothing else is asked."""
    code = await _sent(desk)
    await desk.say("officer", {"tap": f"accept:{code}:1"})
    await desk.say("officer", {"text": f"hoi {code} Cống đoạn nào ạ?"})
    await desk._pass(Pass(0, 9, "day"))
    await desk.say("citizen", {"text": words})
    assert words in told(desk, "officer")
    assert code in told(desk, "citizen")


async def test_a_short_remark_is_offered_to_the_case_that_is_open(desk: Player) -> None:
    """What tells a place of its own is another matter."""
    code = await _sent(desk)
    await desk._pass(Pass(0, 60, "minute"))
    await desk.say("citizen", {"text": "cong truoc nha ba Bay"})
    assert f"thêm vào {code}" in told(desk, "citizen")
    await desk.say("citizen", {"text": "1"})
    assert "cong truoc nha ba Bay" in told(desk, "officer")
    await desk.say("citizen", {"text": "đèn đường thôn 2 hỏng mấy hôm nay"})
    assert code not in told(desk, "citizen")


@pytest.mark.parametrize(
    "words", ["chua duoc, van tac", "nha toi van bi", "chỗ nhà tôi vẫn bị", "chưa ổn đâu ạ"]
)
@pytest.mark.parametrize("over", ["answer", "withdraw"])
async def test_a_follower_who_still_has_the_trouble_sends_it_with_one_tap(
    desk: Player, words: str, over: str
) -> None:
    """Their own words and their place are not asked for again."""
    code = await _followed(desk)
    if over == "answer":
        await desk.say("officer", {"tap": f"accept:{code}:1"})
        await desk.say("officer", {"text": f"tl {code} Đội đã nạo vét cống sáng nay, nước rút hết."})
    else:
        for said in (f"xin rút lại {code} giúp tôi", "1", "2"):
            await desk.say("citizen", {"text": said})
    await desk.say("neighbour", {"text": words})
    assert "thôn 3" in told(desk, "neighbour")
    await desk.say("neighbour", {"text": "1"})
    assert "Mã: " in told(desk, "neighbour")
    assert words in told(desk, "officer")


@pytest.mark.parametrize("words", ["toi khong dong y", "Tôi chưa đồng ý với câu trả lời này"])
async def test_who_does_not_agree_with_an_answer_has_it_reopened(desk: Player, words: str) -> None:
    """They are asked why, and no new matter begins."""
    code = await _sent(desk)
    await desk.say("officer", {"tap": f"accept:{code}:1"})
    await desk.say("officer", {"text": f"tl {code} Đội đã nạo vét cống sáng nay, nước rút hết."})
    await desk.say("citizen", {"text": words})
    assert f"mở lại {code}" in told(desk, "citizen")
