"""Who wants to be called is called, who writes English is answered so, and what is unsent has no state."""

import re

import pytest

from domain.understand.headline import headline
from tests.conversations.player import Player

MONDAY = "# x\n@ thứ Hai 16/11/2026 09:00\nreception: viec\nofficer: viec\n"


async def say(player: Player, *messages: str) -> str:
    """Say it all, one by one. Returns the last that the citizen was told."""
    for text in messages:
        await player.say("citizen", {"text": text}, silent=True)
    return [one.message.text for one in player.paper.told if one.address == "citizen"][-1]


def told(player: Player, who: str) -> str:
    """Return all that somebody was told."""
    return "\n".join(one.message.text for one in player.paper.told if one.address == who)


@pytest.mark.parametrize(
    "words",
    [
        "cho tui xin can bo dat dai goi lai, so 0987654321",
        "gọi lại tôi số 0987654321 nhé",
        "xin cán bộ gọi cho tôi số 0987654321",
    ],
)
async def test_who_only_asks_to_be_called_is_called(player: Player, words: str) -> None:
    """Nothing else is asked, and whoever may take it sees by when they must call."""
    await player.play(MONDAY)
    assert "Cán bộ gọi số 0987 654 321" in await say(player, words)
    assert "Đã hẹn gọi lại" in told(player, "reception")
    assert "gọi được" in told(player, "reception")


async def test_a_story_may_ask_for_a_call(player: Player) -> None:
    """The promise is on record without a button pressed."""
    await player.play(MONDAY)
    story = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập, xin cán bộ gọi lại cho tôi số 0987654321"
    assert "gọi lại số 0987 654 321" in await say(player, story, "1")
    assert "bà con xin gọi lại" in told(player, "officer")


@pytest.mark.parametrize(
    "words", ["anh Tuân gọi cho tôi đòi tiền, số anh ấy 0912345678", "số 0912345678 gọi lừa đảo tôi"]
)
async def test_a_number_told_of_somebody_else_is_nobodys_to_call(player: Player, words: str) -> None:
    """Only who asks for it is called."""
    await player.play(MONDAY)
    assert "Cán bộ gọi số" not in await say(player, words)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("cho tui xin can bo dat dai goi lai, so 0987654321", "cho tui xin can bo dat dai goi lai"),
        ("đèn hư, số điện thoại của tôi 0987654321", "đèn hư"),
        ("nhà số 12 thôn 3 ngập", "nhà số 12 thôn 3 ngập"),
    ],
)
def test_no_headline_ends_with_what_announced_a_number(text: str, shown: str) -> None:
    """The number is left out with its words."""
    assert headline(text) == shown


@pytest.mark.parametrize(
    "words",
    [
        "The street light in hamlet 2 is broken since last week",
        "my neighbour burns trash every night in thôn 2",
    ],
)
async def test_who_writes_english_is_answered_in_it(player: Player, words: str) -> None:
    """Nobody has to ask for a language first, whether it is understood at once or asked about."""
    await player.play(MONDAY)
    assert re.match("This is what we understood|What is it about", await say(player, words))


@pytest.mark.parametrize("words", ["den duong hamlet 2 hu roi", "hom qua mat dien o thon 2", "ok thanks"])
async def test_who_writes_vietnamese_is_answered_in_it(player: Player, words: str) -> None:
    """A foreign word or two make no language."""
    await player.play(MONDAY)
    assert "hamlet" not in (await say(player, words)).lower().replace(words, "")


async def test_it_is_asked_first_what_lies_there_and_not_beside_what(player: Player) -> None:
    """Rubbish before a school is no matter of schooling."""
    await player.play(MONDAY)
    asked = await say(player, "chất đống trước trường mầm non thôn 4, bẩn quá")
    assert "Lĩnh vực: Môi trường, rác thải" in asked


async def test_how_far_it_is_cannot_be_asked_of_what_is_unsent(player: Player) -> None:
    """It is said so, and put to nothing that is told."""
    await player.play(MONDAY)
    asked = await say(player, "cống thôn 3 tắc mấy hôm rồi, mưa là ngập", "tới đâu rồi")
    assert "chưa gửi" in asked
    assert "Nhắn thêm" not in asked
