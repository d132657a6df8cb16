"""After an alarm was called off, by its sender or by an official: what comes back is heard, and rings."""

import pytest

from bot.stories import Pass
from tests.conversations.player import Player

ALL = ("officer", "head", "party", "duty", "police")


@pytest.fixture
async def desk(player: Player) -> Player:
    """Return a desk whose officials have a chat."""
    await player.seats(ALL)
    return player


def told(player: Player, who: str) -> str:
    """Return what somebody was told last."""
    return next((str(one.message.text) for one in reversed(player.paper.told) if one.address == who), "")


def code_in(text: str) -> str:
    """Return the code a reply names."""
    return text.partition("Mã: ")[2].split()[0].strip(".")


async def _called_off(desk: Player, by: str) -> str:
    await desk.say("citizen", {"text": "chay nha bep nha toi thon 4, lua to"})
    code = code_in(told(desk, "citizen"))
    await desk.say(by, {"tap": f"{'calm' if by == 'police' else 'all_clear'}:{code}:1"})
    if by == "police":  # who stops an alarm for others is asked first
        await desk.say(by, {"text": "1"})
    await desk._pass(Pass(0, 10, "minute"))
    return code


@pytest.mark.parametrize("by", ["citizen", "police"])
@pytest.mark.parametrize(
    "words",
    [
        "chay lai nua roi",
        "lua bung len lai kia",
        "cháy lan qua nhà tôi rồi, cứu với",
        "khói lại bốc lên mù mịt",
    ],
)
async def test_what_is_back_is_an_alarm_of_its_own_with_what_was_told_before(
    desk: Player, by: str, words: str
) -> None:
    """Everybody is woken, at the place that is known; and it rings until somebody takes it."""
    code = await _called_off(desk, by)
    await desk.say("citizen", {"text": words})
    again = told(desk, "citizen")
    assert "114" in again
    assert code_in(again) != code
    assert "chưa ai nhận" in again
    assert "chở chính xác" not in again
    for name in ("duty", "police"):
        assert words in told(desk, name)
        assert "thôn 4" in told(desk, name)
    await desk._pass(Pass(0, 6, "minute"))
    assert "5 PHÚT CHƯA AI NHẬN" in told(desk, "head")


@pytest.mark.parametrize("by", ["citizen", "police"])
@pytest.mark.parametrize("words", ["ong ay toi kia", "nhà bên cũng bị luôn", "mọi người ơi làm sao giờ"])
async def test_what_may_mean_that_it_is_back_is_asked_with_the_numbers(
    desk: Player, by: str, words: str
) -> None:
    """A yes rings; a no is not asked again."""
    await _called_off(desk, by)
    await desk.say("citizen", {"text": words})
    assert "nguy hiểm lúc này không" in told(desk, "citizen")
    assert "114" in told(desk, "citizen")
    await desk.say("citizen", {"text": "1"})
    assert words in told(desk, "police")
    assert "Mã: " in told(desk, "citizen")


async def test_a_no_is_not_asked_again(desk: Player) -> None:
    """Whoever has said that nobody is in danger goes on with another matter."""
    await _called_off(desk, "citizen")
    await desk.say("citizen", {"text": "đèn đường trước nhà tôi hư mấy hôm nay"})
    assert "nguy hiểm lúc này không" in told(desk, "citizen")
    await desk.say("citizen", {"text": "không"})
    await desk.say("citizen", {"text": "thôn 3"})
    assert "nguy hiểm lúc này không" not in told(desk, "citizen")


@pytest.mark.parametrize("words", ["cảm ơn các anh", "dạ hết rồi ạ, cám ơn", "ok không sao rồi"])
async def test_thanks_and_what_calms_is_not_asked_about(desk: Player, words: str) -> None:
    """It wakes nobody and asks nothing."""
    await _called_off(desk, "citizen")
    await desk.say("citizen", {"text": words})
    assert "nguy hiểm lúc này không" not in told(desk, "citizen")


async def test_it_is_one_alarm_as_long_as_it_rings(desk: Player) -> None:
    """What is cried an hour later, while nobody has it, goes to the same case, whose place is known."""
    await desk.say("citizen", {"text": "chay nha bep nha toi thon 4, lua to"})
    code = code_in(told(desk, "citizen"))
    await desk._pass(Pass(0, 61, "minute"))
    await desk.say("citizen", {"text": "cuu voi, chay toi nha tren roi"})
    assert code_in(told(desk, "citizen")) == code
    assert "cuu voi, chay toi nha tren roi" in told(desk, "police")


async def test_long_after_it_was_taken_a_cry_rings_anew(desk: Player) -> None:
    """Who took it an hour ago may be home again."""
    await desk.say("citizen", {"text": "chay nha bep nha toi thon 4, lua to"})
    code = code_in(told(desk, "citizen"))
    await desk.say("police", {"tap": f"accept:{code}:1"})
    await desk._pass(Pass(0, 61, "minute"))
    await desk.say("citizen", {"text": "cuu voi, chay tiep roi"})
    assert code_in(told(desk, "citizen")) != code
    await desk._pass(Pass(0, 6, "minute"))
    assert "5 PHÚT CHƯA AI NHẬN" in told(desk, "head")


async def test_another_danger_in_another_hamlet_is_another_alarm(desk: Player) -> None:
    """An hour later, while the first still rings: neither waits for the other."""
    await desk.say("citizen", {"text": "chay nha bep nha toi thon 4, lua to"})
    code = code_in(told(desk, "citizen"))
    await desk._pass(Pass(0, 61, "minute"))
    await desk.say("citizen", {"text": "co nguoi duoi nuoc o thon 2 cuu voi"})
    assert code_in(told(desk, "citizen")) != code
    assert "thon 4" not in told(desk, "police")


async def test_where_nobody_can_be_told_nothing_else_is_said(player: Player) -> None:
    """Neither of a cry, nor of what follows it, nor of an ordinary matter."""
    await player.say("citizen", {"text": "cháy nhà thôn 1 bà con ơi"})
    assert "Chưa báo được ai" in told(player, "citizen")
    await player.say("citizen", {"text": "có ai không"})
    assert "Chưa báo được ai" in told(player, "citizen")
    await player.say("neighbour", {"text": "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"})
    await player.say("neighbour", {"text": "1"})
    assert "chưa cán bộ nào nhận được tin" in told(player, "neighbour")
    assert "1 ngày làm việc" not in told(player, "neighbour")
