"""Whoever asks about what nobody can take back has not ordered it."""

import pytest

from scheduler.clock import tick
from tests.conversations.player import OFFICIALS, Player

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"
CODE = "LM-6NYWV4N"


@pytest.fixture
async def seated(player: Player) -> Player:
    """Seat all officials of the commune."""
    await player.seats(OFFICIALS)
    return player


async def told(player: Player, who: str, *texts: str, to: str = "") -> str:
    """Say these things; return what somebody is told for them."""
    since = len(player.paper.told)
    for text in texts:
        await player.say(who, {"text": text})
    return "\n".join(one.message.text for one in player.paper.told[since:] if one.address == (to or who))


@pytest.mark.parametrize(
    "asked",
    [
        "nhận {} được không",
        "nhận {} hay không đây",
        "nhận {} giùm tôi đi Thảo",
        "nhan {} chua",
        "tôi nhận {} nhầm",
        "nhận {} chưa?",
    ],
)
async def test_who_asks_about_taking_has_not_taken(seated: Player, asked: str) -> None:
    """The citizen would read that somebody has it."""
    await told(seated, "citizen", DRAIN, "1")
    assert "đã nhận việc" not in await told(seated, "officer", asked.format(CODE), to="citizen")


@pytest.mark.parametrize("asked", ["duyệt {} được không sếp", "duyệt {}?", "{} duyệt?"])
async def test_who_asks_about_deciding_has_not_decided(seated: Player, asked: str) -> None:
    """A deadline would move by a question."""
    await told(seated, "citizen", DRAIN, "1")
    await told(seated, "officer", f"nhan {CODE}", f"gia han {CODE}", "1", "1")
    said = await told(seated, "supervisor", asked.format(CODE))
    assert "Đã duyệt" not in said


async def test_who_asks_whether_it_was_reminded_reminds_nobody(seated: Player) -> None:
    """A chief only asks."""
    await told(seated, "citizen", DRAIN, "1")
    await told(seated, "officer", f"nhan {CODE}")
    assert "Đã nhắc" not in await told(seated, "supervisor", f"nhắc {CODE} chưa")


@pytest.mark.parametrize("asked", ["nhận {} chưa?", "nhận {} được không", "nhận {} chưa anh em"])
@pytest.mark.parametrize("who", ["duty", "police", "head"])
async def test_a_fire_goes_on_ringing(seated: Player, who: str, asked: str) -> None:
    """Nobody has it, and those above are rung."""
    await told(seated, "citizen", "cháy nhà thôn 2 cứu với")
    assert "đã nhận việc" not in await told(seated, who, asked.format(CODE), to="citizen")
    since = len(seated.paper.told)
    for _ in range(15):
        seated.clock.pass_(minutes=1)
        await tick(seated.store)
        await seated.settle()
    assert any(one.address == "party" for one in seated.paper.told[since:])


@pytest.mark.parametrize(
    "order",
    ["nhận {} nhé", "nhan {}", "{} tôi nhận", "để em lo {} cho", "nhận việc cống thôn 3", "nhan viec cong"],
)
async def test_an_order_is_still_one(seated: Player, order: str) -> None:
    """Said as to a colleague."""
    await told(seated, "citizen", DRAIN, "1")
    assert "đã nhận việc" in await told(seated, "officer", order.format(CODE), to="citizen")
