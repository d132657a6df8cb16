"""Whoever asks about what nobody can take back has not ordered it."""

import pytest

from scheduler.clock import tick
from tests.conversations.player import Player

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"
CODE = "LM-6NYWV4N"


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
    await seated.told("citizen", DRAIN, "1")
    assert "đã nhận việc" not in await seated.told("officer", asked.format(CODE), to="citizen")


@pytest.mark.parametrize("asked", ["duyệt {} được không sếp", "duyệt {}?", "{} duyệt?"])
async def test_who_asks_about_deciding_has_not_decided(seated: Player, asked: str) -> None:
    """A deadline would move by a question."""
    await seated.told("citizen", DRAIN, "1")
    await seated.told("officer", f"nhan {CODE}", f"gia han {CODE}", "1", "1")
    said = await seated.told("supervisor", asked.format(CODE))
    assert "Đã duyệt" not in said


async def test_who_asks_whether_it_was_reminded_reminds_nobody(seated: Player) -> None:
    """A chief only asks."""
    await seated.told("citizen", DRAIN, "1")
    await seated.told("officer", f"nhan {CODE}")
    assert "Đã nhắc" not in await seated.told("supervisor", f"nhắc {CODE} chưa")


@pytest.mark.parametrize("asked", ["nhận {} chưa?", "nhận {} được không", "nhận {} chưa anh em"])
@pytest.mark.parametrize("who", ["duty", "police", "head"])
async def test_a_fire_goes_on_ringing(seated: Player, who: str, asked: str) -> None:
    """Nobody has it, and those above are rung."""
    await seated.told("citizen", "cháy nhà thôn 2 cứu với")
    assert "đã nhận việc" not in await seated.told(who, asked.format(CODE), to="citizen")
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
    await seated.told("citizen", DRAIN, "1")
    assert "đã nhận việc" in await seated.told("officer", order.format(CODE), to="citizen")
