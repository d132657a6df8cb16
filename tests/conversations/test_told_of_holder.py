"""Whoever has a case never reads what only they can have done, though nobody is named."""

import pytest

from tests.conversations.player import Player

ANSWERED = """# x
@ thứ Hai 16/11/2026 09:00
citizen: cống thôn 3 tắc
citizen: 1
citizen: 1
officer: [Nhận xử lý]
"""
REPLIED = """officer: [Trả lời]
officer: Sáng nay đội đã thông cống đầu thôn 3.
officer: 1
"""


def read_by(player: Player, who: str) -> str:
    """Return all that somebody was told."""
    return "\n".join(one.message.text for one in player.paper.told if one.address == who)


@pytest.mark.parametrize("words", ["đòi 500k mới thông", "keu toi dua 2 tram", "ăn nói như cha thiên hạ"])
async def test_added_words_shut_out_whoever_took_it(player: Player, words: str) -> None:
    """They are told that it went elsewhere, and the head reads why."""
    await player.play(ANSWERED)
    await player.say("citizen", {"text": words}, silent=True)
    assert words not in read_by(player, "officer") + read_by(player, "colleague")
    assert "giao cho đơn vị khác" in read_by(player, "officer")
    assert words in read_by(player, "head")


async def test_a_sum_told_after_the_answer_is_about_that_answer(player: Player) -> None:
    """No new case is opened of it, which might go where the accused works."""
    await player.play(ANSWERED + REPLIED)
    await player.say("citizen", {"text": "chú ấy đòi 200 ngàn"}, silent=True)
    assert "200 ngàn" not in read_by(player, "officer") + read_by(player, "colleague")
    assert "200 ngàn" in read_by(player, "head")


@pytest.mark.parametrize("words", ["vẫn chưa thông xong", "tôi mất 3 triệu sửa xe vì cống đó"])
async def test_what_is_still_wrong_goes_to_whoever_has_it(player: Player, words: str) -> None:
    """They do it."""
    await player.play(ANSWERED)
    await player.say("citizen", {"text": words}, silent=True)
    assert words in read_by(player, "officer")
