"""What is kept of somebody, and that it is to go, asked for in words: before a report and after one."""

import pytest

from tests.conversations.player import OFFICIALS, Player


@pytest.fixture(params=[(), ("cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường", "1")], ids=["new", "sent"])
async def chat(player: Player, request: pytest.FixtureRequest) -> Player:
    """Seat everybody; the citizen has written before or not."""
    await player.seats(OFFICIALS)
    for text in request.param:
        await player.say("citizen", {"text": text})
    return player


async def told(player: Player, text: str) -> str:
    """Return what the citizen is told, with what they may choose."""
    since = len(player.paper.told)
    await player.say("citizen", {"text": text})
    mine = [one.message for one in player.paper.told[since:] if one.address == "citizen"]
    assert all(one.address == "citizen" for one in player.paper.told[since:])
    return "\n".join(words for one in mine for words in (one.text, *(choice.label for choice in one.choices)))


@pytest.mark.parametrize(
    "words",
    [
        "các anh đang giữ thông tin gì của tôi",
        "xa dang luu thong tin gi ve toi",
        "cho tôi xem dữ liệu của tôi",
        "show me my data",
    ],
)
async def test_what_is_kept_is_shown(chat: Player, words: str) -> None:
    """Nothing of it goes to an officer."""
    assert await told(chat, words) == await told(chat, "du lieu cua toi")


@pytest.mark.parametrize(
    "words",
    ["xóa hết dữ liệu của tôi đi", "xoa du lieu cua toi", "tôi muốn rút lại sự đồng ý", "delete my data"],
)
async def test_that_it_is_to_go_is_asked_about(chat: Player, words: str) -> None:
    """What the law gives is offered, with its days."""
    assert "Xoá" in await told(chat, words) or "Erase" in await told(chat, words)
