"""An official with cases in hand writes without saying for which: it is asked, and nothing is lost."""

import pytest

from bot.stories import Attach, parse
from tests.conversations.player import Player

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"
HOLE = "ổ gà to ở thôn 1, xe máy ngã"
DONE = "Da nao vet cong xong sang nay, nuoc rut het"


@pytest.fixture
async def desk(player: Player) -> Player:
    """Return a desk where the officer has taken one case."""
    await player.seats(("officer", "supervisor", "head", "police"))
    await player.sit({"kt_thao": "colleague"})
    await open_and_take(player, "citizen", DRAIN)
    return player


async def open_and_take(player: Player, who: str, story: str) -> str:
    """Let somebody tell something and the officer take it; returns the code."""
    await player.say(who, {"text": story})
    await player.say(who, {"text": "1"})
    code = [one.message.copy for one in player.paper.told if one.address == who and one.message.copy][-1]
    await player.say("officer", {"text": f"nhan {code}"})
    return str(code)


def last(player: Player, who: str) -> str:
    """Return what somebody was told last, with its choices."""
    told = [one.message for one in player.paper.told if one.address == who][-1]
    return "\n".join([told.text, *(choice.label for choice in told.choices)])


@pytest.mark.parametrize(
    "words",
    [DONE, "Đã nạo vét cống xong sáng nay, nước rút hết.", "Tuần sau đội làm xong", "da lam xong roi"],
)
async def test_words_out_of_the_blue_are_taken_for_the_answer(desk: Player, words: str) -> None:
    """It says to which case, and sends nothing before it is pressed."""
    await desk.say("officer", {"text": words})
    assert "Đây là trả lời bà con cho LM-" in last(desk, "officer")
    assert words in last(desk, "officer")
    assert words not in last(desk, "citizen")


async def test_pressed_it_is_sent(desk: Player) -> None:
    """To the citizen, as it was typed."""
    await desk.say("officer", {"text": DONE})
    await desk.say("officer", {"text": "1"})
    assert DONE in last(desk, "citizen")


async def test_it_can_be_a_note(desk: Player) -> None:
    """Which no citizen reads."""
    await desk.say("officer", {"text": DONE})
    await desk.say("officer", {"text": "2"})
    assert "Đã ghi chú" in last(desk, "officer")
    assert DONE not in last(desk, "citizen")


async def test_it_can_be_another_matter(desk: Player) -> None:
    """Then it is asked whose it is, as before."""
    await desk.say("officer", {"text": DONE})
    await desk.say("officer", {"text": "3"})
    assert "Đây là ý kiến của ai" in last(desk, "officer")


async def test_words_that_tell_nothing_yet_are_asked_for(desk: Player) -> None:
    """An answer must say something, here as elsewhere."""
    await desk.say("officer", {"text": "da xong"})
    await desk.say("officer", {"text": "1"})
    assert "chưa cho bà con biết điều gì" in last(desk, "officer")


async def test_of_several_it_is_asked_which(desk: Player) -> None:
    """And more words go with the first."""
    code = await open_and_take(desk, "neighbour", HOLE)
    await desk.say("officer", {"text": "Tuần sau đội sẽ vá đường"})
    assert "Lời này về việc nào" in last(desk, "officer")
    await desk.say("officer", {"text": "cả hai bên lề nữa"})
    labels = last(desk, "officer").splitlines()
    place = next(n for n, line in enumerate(labels[-4:], start=1) if code in line)
    await desk.say("officer", {"text": str(place)})
    await desk.say("officer", {"text": "1"})
    assert "vá đường\ncả hai bên lề nữa" in last(desk, "neighbour")
    assert "vá đường" not in last(desk, "citizen")


async def test_a_photo_with_words_is_seen_before_it_goes(desk: Player) -> None:
    """Files go with the answer."""
    (kept,) = [await desk._file(line) for line in [_photo("Đã nạo vét cống xong sáng nay")]]
    await desk.say("officer", kept)
    await desk.say("officer", {"text": "1"})
    assert "Gửi kèm 1 tệp" in last(desk, "officer")
    await desk.say("officer", {"text": "1"})
    assert [one.message.files for one in desk.paper.told if one.address == "citizen"][-1]


def _photo(caption: str) -> Attach:
    (line,) = parse(f"# x\nofficer: (photo) {caption}\n").lines
    assert isinstance(line, Attach)
    return line


@pytest.mark.parametrize(
    "words",
    [
        "đèn đường xóm Đình hỏng nửa tháng nay, tối om cả xóm",
        "điện nhà tôi ở thôn 4 mất cả tuần nay, gọi không ai tới",
    ],
)
async def test_what_an_official_plainly_reports_is_a_report(desk: Player, words: str) -> None:
    """Another matter, of which nothing was done."""
    await desk.say("officer", {"text": words})
    assert "Đây là ý kiến của ai" in last(desk, "officer")


@pytest.mark.parametrize("words", ["2", "cảm ơn", "xin chào"])
async def test_a_digit_or_mere_talk_asks_nothing(desk: Player, words: str) -> None:
    """They answer no citizen."""
    desk.paper.told.clear()
    await desk.say("officer", {"text": words})
    assert "Đây là trả lời" not in last(desk, "officer")


async def test_who_has_nothing_in_hand_is_asked_whose_it_is(desk: Player) -> None:
    """A colleague's words are no answer to a case that is not theirs."""
    await desk.say("colleague", {"text": "đường thôn 2 lún sâu, xe máy ngã mấy lần rồi"})
    assert "Đây là ý kiến của ai" in last(desk, "colleague")
