"""The last listed year ends and the desk goes on: danger asks no calendar, dates are estimates."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from scheduler.clock import begin
from tests.conversations.player import OFFICIALS, Player


async def told_at(player: Player, when: str, *texts: str) -> tuple[str, set[str]]:
    """Say these things at a moment. Returns what the citizen is told, and which officials hear anything."""
    player.clock.at = datetime.fromisoformat(when).replace(tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    for text in texts:
        await player.say("citizen", {"text": text})
    told = player.paper.told
    return "\n".join(one.message.text for one in told if one.address == "citizen"), {
        one.address for one in told if one.address in OFFICIALS
    }


@pytest.mark.parametrize("when", ["2028-12-31T23:00", "2029-01-03T10:00", "2031-02-01T02:00"])
async def test_a_cry_is_heard(seated: Player, when: str) -> None:
    """Whoever is on duty is rung at once."""
    said, heard = await told_at(seated, when, "cháy nhà thôn 2 cứu với")
    assert "114" in said
    assert "duty" in heard


@pytest.mark.parametrize("when", ["2028-12-15T10:00", "2028-12-29T10:00", "2029-03-01T10:00"])
async def test_a_report_has_a_day_that_is_an_estimate(seated: Player, when: str) -> None:
    """It goes to its unit, and its sender reads that the day may move."""
    said, heard = await told_at(seated, when, "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường", "1")
    assert heard
    assert "Mã: LM-" in said
    assert "dự kiến, ngày có thể đổi" in said


async def test_a_desk_starts(seated: Player) -> None:
    """After a restart in the new year too."""
    seated.clock.at = datetime(2029, 1, 3, 10, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    await begin(seated.store)
