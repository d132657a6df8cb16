"""Who is spoken of loses the case before anything is asked of whoever speaks."""

import pytest

from tests.conversations.player import Player

FARM = """# x
@ thứ Hai 16/11/2026 09:00
citizen: trại heo thôn 2 xả thải hôi
citizen: 1
"""
DRAIN = """# x
@ thứ Hai 16/11/2026 09:00
citizen: cống thôn 3 tắc mấy hôm rồi, mưa là ngập
citizen: 1
"""


def told(player: Player, who: str) -> str:
    """Return all that somebody was told."""
    return "\n".join(one.message.text for one in player.paper.told if one.address == who)


@pytest.mark.parametrize(
    ("story", "words"),
    [
        (DRAIN, "thằng Tuân kinh tế nó bảo đưa 1 triệu nó mới cho người thông"),
        (FARM, "ông Sáng ăn của nó tháng 10 triệu, hỏi sao nó không xả"),
        (FARM, "anh Sáng phòng kinh tế thôn 2 ăn hối lộ nhận tiền của chủ trại nên không xử lý"),
    ],
)
async def test_a_wrong_is_heard_before_it_is_asked_what_it_goes_with(
    player: Player, story: str, words: str
) -> None:
    """Words that may go with a case or not, and tell a wrong of its officials, take it from them at once."""
    await player.play(story)
    await player.say("citizen", {"text": words}, silent=True)
    assert words in told(player, "head")
    assert "giao cho đơn vị khác" in told(player, "officer")
    assert words not in told(player, "officer") + told(player, "colleague")


async def test_whoever_meant_another_matter_says_so_afterwards(player: Player) -> None:
    """The same words begin a report of their own; the first stays closed to whom they speak of."""
    await player.play(FARM)
    await player.say(
        "citizen", {"text": "ông Sáng ăn của nó tháng 10 triệu, hỏi sao nó không xả"}, silent=True
    )
    await player.say("citizen", {"text": "1"}, silent=True)
    await player.say("citizen", {"text": "thôn 3"}, silent=True)
    await player.say("citizen", {"text": "1"}, silent=True)
    assert "Vũ Đình Sáng và Phòng Kinh tế không được xem" in told(player, "citizen")
    assert "ăn của nó" not in told(player, "officer")


async def test_what_tells_no_wrong_is_asked_about_as_ever(player: Player) -> None:
    """Nobody loses a case by a question about papers."""
    await player.play(FARM)
    await player.say("citizen", {"text": "hỏi luôn đăng ký khai sinh cho cháu cần giấy tờ gì"}, silent=True)
    assert "hay là việc khác ạ?" in told(player, "citizen")
    assert "giao cho đơn vị khác" not in told(player, "officer")
