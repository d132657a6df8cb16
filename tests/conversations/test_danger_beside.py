"""Danger told beside something else: in the middle of an official's work, or put into an earlier message."""

from datetime import timedelta

import pytest

from domain.messages import Edited
from tests.conversations.paper import on_paper
from tests.conversations.player import Player
from tests.conversations.test_sealed import STORY, tell

FIRE = "cháy nhà ở thôn 1, lửa to lắm"
OFFICIALS = ("head", "officer", "supervisor", "duty")


def told(player: Player, who: str, since: int = 0) -> str:
    """Return all that somebody was told since then."""
    return "\n".join(one.message.text for one in player.paper.told[since:] if one.address == who)


async def edit(player: Player, who: str, text: str) -> str:
    """Let somebody change an earlier message; return what they are told."""
    since = len(player.paper.told)
    await player.say(who, on_paper(Edited(text)))
    return told(player, who, since)


@pytest.mark.parametrize("who", ["head", "supervisor"])
async def test_in_the_middle_of_a_question_an_official_reads_whom_to_call(seated: Player, who: str) -> None:
    """Nobody is alarmed by what may be an answer, and they read that and how to raise it."""
    await tell(seated, "nhan tin thon", who=who)
    since = len(seated.paper.told)
    await tell(seated, FIRE, who=who)
    assert "114" in told(seated, who, since)
    assert not told(seated, "duty", since)
    await tell(seated, "huy", FIRE, who=who)
    assert "KHẨN" in told(seated, "duty", since)


@pytest.mark.parametrize("text", ["họp thôn lúc 7 giờ tối thứ Bảy", "mai cắt điện từ 7 giờ đến 11 giờ"])
async def test_what_is_calm_is_asked_on_as_ever(seated: Player, text: str) -> None:
    """No numbers stand above it."""
    await tell(seated, "nhan tin thon", "1", text, who="head")
    assert "GỌI NGAY" not in told(seated, "head")


@pytest.mark.parametrize("who", ["citizen", "officer"])
async def test_a_message_changed_into_danger_raises_the_alarm(seated: Player, who: str) -> None:
    """Out of the blue it is heard as if it were said now."""
    await tell(seated, "xin chào", who=who)
    since = len(seated.paper.told)
    assert "114" in await edit(seated, who, FIRE)
    assert "KHẨN" in told(seated, "duty", since)


async def test_what_was_told_sealed_and_is_changed_raises_nothing_by_name(seated: Player) -> None:
    """While sealed words may be what was changed the sender reads whom to call; days later it rings."""
    await tell(seated, "gui kin", STORY, "1")
    since = len(seated.paper.told)
    assert "114" in await edit(seated, "citizen", f"{STORY}. {FIRE}")
    assert "KHẨN" not in told(seated, "duty", since)
    seated.clock.at += timedelta(days=5)
    await edit(seated, "citizen", FIRE)
    assert "KHẨN" in told(seated, "duty", since)
