"""What is said of a case that is over goes with it, and why it was withdrawn shows to nobody it speaks of."""

import re

import pytest

from tests.conversations.player import Player

NOISE = """# x
@ thứ Hai 16/11/2026 20:30
citizen: loa karaoke thôn 2 ồn quá ngủ không được
citizen: 1
police: [Nhận xử lý]
"""
ANSWERED = f"""{NOISE}police: [Trả lời]
police: Tổ công an đã tới nhắc lúc 21h, chủ quán cam kết tắt trước 22h.
police: [Gửi]
"""
RATED = f"{ANSWERED}citizen: 5\n"


def told(player: Player, who: str, since: int = 0) -> list[str]:
    """Return what somebody was told."""
    return [one.message.text for one in player.paper.told[since:] if one.address == who]


@pytest.mark.parametrize("later", ["", "… 1 working day passes\n"])
@pytest.mark.parametrize(
    "words",
    ["tối nay nó mở lại rồi, to hơn hôm trước", "nó lại mở nữa rồi", "no lai mo nua roi", "vẫn ồn như cũ"],
)
async def test_what_goes_on_may_be_opened_again(player: Player, later: str, words: str) -> None:
    """Nobody is asked where it is who tells that what was answered is back."""
    await player.play(RATED + later)
    await player.say("citizen", {"text": words}, silent=True)
    assert "mở lại được" in told(player, "citizen")[-1]


@pytest.mark.parametrize("words", ["thôi cũng được", "vậy thôi kệ nó"])
async def test_a_few_words_right_after_the_mark_are_no_matter(player: Player, words: str) -> None:
    """They are kept with the case."""
    await player.play(RATED)
    await player.say("citizen", {"text": words}, silent=True)
    assert "ở đâu ạ" not in told(player, "citizen")[-1]


async def test_thanks_are_thanks_whoever_is_thanked(player: Player) -> None:
    """They begin nothing."""
    await player.play(RATED)
    await player.say("citizen", {"text": "cảm ơn mấy anh công an"}, silent=True)
    assert told(player, "citizen")[-1].startswith("Cảm ơn bà con")


@pytest.mark.parametrize("words", ["đèn đường thôn 3 hư rồi", "rác thôn 4 lại đổ bậy nữa rồi"])
async def test_another_matter_is_one(player: Player, words: str) -> None:
    """What names another hamlet is not about the case that is over."""
    await player.play(RATED)
    await player.say("citizen", {"text": words}, silent=True)
    assert "mở lại được" not in told(player, "citizen")[-1]


async def _withdrawn(player: Player, reason: str) -> list[str]:
    """Let the citizen withdraw. Returns what the police were told, whatever the code."""
    since = len(player.paper.told)
    for text in ("rút lại", "1", reason):
        await player.say("citizen", {"text": text}, silent=True)
    return [re.sub(r"LM-\w{7}", "", text) for text in told(player, "police", since)]


async def test_whoever_made_somebody_withdraw_hears_what_everybody_would(player: Player) -> None:
    """Word for word: they cannot guess that they were told of."""
    await player.play(NOISE)
    heard = [await _withdrawn(player, "Không muốn nói")]
    for text in ("loa karaoke thôn 2 ồn quá ngủ không được", "1"):
        await player.say("citizen", {"text": text}, silent=True)
    code = re.findall(r"LM-\w{7}", told(player, "citizen")[-1])[0]
    await player.say("police", {"text": f"nhan {code}"}, silent=True)
    heard.append(await _withdrawn(player, "anh Dũng bắt tôi rút"))
    assert heard[0] == heard[1]
    assert any("đã rút" in text for text in heard[0])
    assert not any("bắt tôi" in text for text in told(player, "police"))
    assert any("anh Dũng bắt tôi rút" in text for text in told(player, "party"))
