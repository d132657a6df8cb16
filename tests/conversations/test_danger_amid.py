"""What may be danger amid a report is asked about; a no, or a bare place, wakes nobody."""

import pytest

from bot.stories import Pass
from tests.conversations.player import Player


@pytest.fixture
async def desk(player: Player) -> Player:
    """Return a desk whose officials have a chat."""
    await player.seats(("officer", "head", "party", "duty", "police"))
    return player


def heard(player: Player, who: str) -> str:
    """Return everything somebody was told."""
    return "\n".join(str(one.message.text) for one in player.paper.told if one.address == who)


@pytest.mark.parametrize("told", [(), ("thôn 3",)], ids=["place", "review"])
@pytest.mark.parametrize(
    "cry",
    [
        "trời ơi thằng cu nhà bên tụt xuống mương nước chảy xiết rồi",
        "thang nho nha tui tut xuong gieng khoi sau lam",
    ],
)
async def test_what_may_be_danger_is_asked_about_amid_a_report(
    desk: Player, told: tuple[str, ...], cry: str
) -> None:
    """It is neither a place nor an addition."""
    for line in ("rác chất đống trước chợ cả tuần", *told, cry):
        await desk.say("citizen", {"text": line})
    last = [str(one.message.text) for one in desk.paper.told if one.address == "citizen"][-1]
    assert "GỌI NGAY" in last or "nguy hiểm" in last
    await desk.say("citizen", {"text": "có"})
    assert "xuống mương" in heard(desk, "police") or "gieng" in heard(desk, "police")


@pytest.mark.parametrize(
    "story",
    ["đường bụi chết người, thi công mãi không xong", "nuoc thai doc chet nguoi luon, ca noi trang song"],
)
async def test_after_a_plain_no_nothing_is_urgent(desk: Player, story: str) -> None:
    """Nobody is woken for it."""
    for line in (story, "không", "thôn 2", "1"):
        await desk.say("citizen", {"text": line})
    assert "Việc khẩn" not in heard(desk, "citizen")
    assert "🚨" not in heard(desk, "head")


async def test_danger_told_sealed_beside_an_accusation_rings_at_once(desk: Player) -> None:
    """Nobody of the police that is accused hears of it."""
    await desk.say("citizen", {"text": "viet kin"})
    lines = ("công an xã nhận tiền sòng bạc thôn 4", "họ đang đập cửa nhà tôi, đông lắm", "1", "1", "1")
    for line in lines:
        await desk.say("citizen", {"text": line})
    await desk._pass(Pass(0, 2, "minute"))
    assert heard(desk, "head") or heard(desk, "duty")
    assert not heard(desk, "police")
