"""What citizens say that is no matter of a case: greetings, thumbs, and what they do not want after all."""

import pytest

from tests.conversations.player import Player

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"


async def said(player: Player, who: str, text: str) -> str:
    """Say something; returns the answer, with the labels of its buttons."""
    await player.say(who, {"text": text})
    last = [one.message for one in player.paper.told if one.key.startswith("reply:")][-1]
    return " ".join((last.text, *(f"[{choice.label}]" for choice in last.choices)))


def told(player: Player, who: str) -> list[str]:
    """Return what somebody was told."""
    return [one.message.text for one in player.paper.told if one.address == who]


# --- greetings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["hello, good morning", "Good morning, how are you?", "hi, nice to meet you"]
)
async def test_who_greets_in_english_is_greeted_in_it(player: Player, words: str) -> None:
    """It begins no case, and nobody is asked whether they are in danger."""
    answer = await said(player, "citizen", words)
    assert answer.startswith("Hello!")
    assert "[Tell us something]" in answer


@pytest.mark.parametrize("words", ["hello", "thank you", "hi"])
async def test_a_word_everybody_says_changes_no_language(player: Player, words: str) -> None:
    """Who says hello may well go on in Vietnamese."""
    assert "bà con" in await said(player, "citizen", words)
    assert "Gửi ý kiến" in await said(player, "citizen", "menu")


# --- beaten at home, and by whom serves -----------------------------------------------------------


async def test_a_child_beaten_at_home_is_told_the_childrens_line(player: Player) -> None:
    """However little a child says."""
    await player.seat("police")
    answer = await said(player, "citizen", "bố đang đánh con")
    assert "111 Trẻ em" in answer
    assert "113 Công an" in answer


@pytest.mark.parametrize("words", ["anh Dũng công an đánh tôi", "anh dung cong an danh toi"])
async def test_whom_an_official_beats_is_asked_and_the_official_hears_nothing(
    player: Player, words: str
) -> None:
    """Yes rings, and no goes on; neither reaches whoever is named, nor their unit."""
    for name in ("police", "head", "duty"):
        await player.seat(name)
    assert "113 Công an" in await said(player, "citizen", words)
    assert "Đã báo" in await said(player, "citizen", "có")
    assert not told(player, "police")
    assert told(player, "head")
