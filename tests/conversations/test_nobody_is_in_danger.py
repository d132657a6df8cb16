"""Talk in passing wakes nobody, and a no to the question about danger is one in whatever words."""

import pytest

from scheduler.clock import tick
from tests.conversations.player import OFFICIALS, Player


async def rung(player: Player, *texts: str, minutes: int = 0) -> set[str]:
    """Say these things and let minutes pass; return which officials were told anything."""
    for text in texts:
        await player.say("citizen", {"text": text})
    for _ in range(minutes):
        player.clock.pass_(minutes=1)
        await tick(player.store)
        await player.settle()
    return {one.address for one in player.paper.told if one.address in OFFICIALS}


@pytest.mark.parametrize(
    "calm", ["nuoc rut roi", "nắng lên rồi", "má tui hổng biết chữ", "khi nao co nguoi xuong"]
)
async def test_what_is_said_in_passing_wakes_nobody(seated: Player, calm: str) -> None:
    """Left alone for as long as the question about danger would be."""
    assert not await rung(seated, calm, minutes=12)


@pytest.mark.parametrize(
    "no",
    [
        "có ai nguy hiểm đâu",
        "có ai đâu mà nguy hiểm",
        "tui có nói nguy hiểm gì đâu",
        "hihi không",
        "hông có ai hết á",
        "khum có",
        "tui hỏi tiền trợ cấp thôi",
    ],
)
async def test_a_no_in_other_words_is_one(seated: Player, no: str) -> None:
    """Nobody is told that help is on its way."""
    assert not await rung(seated, "tui già rồi", no, minutes=12)


@pytest.mark.parametrize("cry", ["có ai cứu tôi đâu", "có thấy ai tới đâu, nó đang đánh"])
async def test_a_cry_that_sounds_like_one_is_none(seated: Player, cry: str) -> None:
    """Nobody comes, and it goes on."""
    assert await rung(seated, "tui già rồi", cry)
