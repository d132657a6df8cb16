"""Digits answer the message that was read last, and one press that comes twice is one."""

import pytest

from bot.stories import Pass
from tests.conversations.player import A_BREATH, Player

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"
DONE = "Sáng nay đội đã nạo vét cống, nước rút hết."


@pytest.fixture
async def desk(player: Player) -> Player:
    """Return a desk where a drain was told of and the receipt was given."""
    await player.seats(("officer", "supervisor", "head", "duty", "reception"))
    await player.say("citizen", {"text": DRAIN})
    await player.say("citizen", {"text": "1"})
    return player


def last(player: Player, who: str) -> str:
    """Return what somebody was told last."""
    return [one.message.text for one in player.paper.told if one.address == who][-1]


def code(player: Player) -> str:
    """Return the code of the first case."""
    return next(one.message.copy for one in player.paper.told if one.message.copy)


async def answer(player: Player) -> None:
    """Let the case be taken and answered."""
    await player.say("officer", {"text": f"nhan {code(player)}"})
    await player.say("officer", {"text": f"tl {code(player)} {DONE}"})


@pytest.mark.parametrize(("typed", "told"), [("5", "chấm điểm"), ("1", "chưa ổn"), ("hai long", "chấm điểm")])
@pytest.mark.parametrize("opened", ["1", "gui y kien"])
async def test_an_answer_takes_the_digits_from_what_was_only_opened(
    desk: Player, opened: str, typed: str, told: str
) -> None:
    """The receipt's button was pressed by accident, days ago: the mark is a mark."""
    await desk.say("citizen", {"text": opened})
    await desk._pass(Pass(0, 2, "working day"))
    await answer(desk)
    await desk.say("citizen", {"text": typed})
    assert told in last(desk, "citizen")


async def test_words_after_the_answer_are_about_it(desk: Player) -> None:
    """Not added to what was opened before it came."""
    await desk.say("citizen", {"text": "1"})
    await answer(desk)
    await desk.say("citizen", {"text": "cong van tac"})
    assert "thêm" not in last(desk, "citizen")


async def test_a_number_answers_a_question_that_came_since(desk: Player) -> None:
    """“Add more” was only opened: it does not keep the answer from the officer."""
    await desk.say("citizen", {"text": "1"})
    await desk.say("officer", {"text": f"nhan {code(desk)}"})
    await desk.say("officer", {"text": f"hoi {code(desk)} Mấy nhà bị ngập ạ?"})
    await desk.say("citizen", {"text": "3"})
    assert "Đã chuyển lời" in last(desk, "citizen")


async def test_words_half_told_are_kept(desk: Player) -> None:
    """A report with words in it does not give way: its question goes on and keeps its digits."""
    await desk.say("citizen", {"text": "gui y kien"})
    await desk.say("citizen", {"text": "đèn đường hỏng nửa tháng nay, tối om"})
    asked = last(desk, "citizen")
    await answer(desk)
    await desk.say("citizen", {"text": "viet tiep"})
    assert last(desk, "citizen").splitlines()[-1] == asked.splitlines()[-1]


async def test_a_sealed_report_never_gives_way(desk: Player) -> None:
    """What comes next would be told in the open."""
    await desk.say("citizen", {"text": "gui kin"})
    await answer(desk)
    await desk.say("citizen", {"text": "rác chất đống ở chợ thôn 2, hôi lắm"})
    assert "🔒 Gửi kín" in last(desk, "citizen")


async def test_a_digit_rates_the_answer_that_came_in_the_morning(desk: Player) -> None:
    """What was held for the night brings no numbers; the receipt's are not meant any more."""
    await desk._pass(Pass(0, 13, "hour"))
    await answer(desk)
    await desk._pass(Pass(0, 12, "hour"))
    await desk.say("citizen", {"text": "4"})
    assert "chấm điểm" in last(desk, "citizen")


async def test_the_receipts_digits_are_the_receipts_until_then(desk: Player) -> None:
    """Without an answer “1” adds to the case, as it says."""
    await desk.say("citizen", {"text": "1"})
    assert "nhắn thêm" in last(desk, "citizen")
    await desk.say("citizen", {"text": "cống trước nhà bà Bảy"})
    assert "Đã chuyển thêm" in last(desk, "citizen")


@pytest.mark.parametrize("who", ["citizen", "officer"])
async def test_one_press_that_comes_twice_is_one(player: Player, who: str) -> None:
    """The second opens no “add more” after “send”; an official's next press is a next press, however fast."""
    await player.seat("officer")
    await player.say("citizen", {"text": DRAIN})
    if who == "officer":
        await player.say("citizen", {"text": "1"})
    player.between = A_BREATH
    await player.say(who, {"text": "1"})
    told = len(player.paper.told)
    await player.say(who, {"text": "1"}, silent=True)
    assert (len(player.paper.told) == told) == (who == "citizen")


async def test_answers_to_two_questions_in_a_row_are_two(player: Player) -> None:
    """However fast: each question is shown before it is answered."""
    await player.say("citizen", {"text": "bị hư rồi sửa giúp dân với"})
    player.between = A_BREATH
    for _ in range(2):
        await player.say("citizen", {"text": "1"})
    assert "hiểu thế này" in last(player, "citizen")


@pytest.mark.parametrize("typed", ["9", "7", "12", "?", "5!", "1 1"])
async def test_no_case_is_opened_of_nothing_but_a_digit(player: Player, typed: str) -> None:
    """Not understood three times, whoever only presses is shown what there is to press."""
    await player.seats(("reception", "duty"))
    await player.say("citizen", {"text": "chào xã"})
    for _ in range(7):
        player.paper.told.clear()
        await player.say("citizen", {"text": typed})
        assert [one for one in player.paper.told if one.address != "citizen"] == []
