"""What one chat or a crowd sends in a breath, or a day, floods nobody, and nothing of it is lost."""

import re

import pytest
from sqlalchemy import select

from bot.demo.seats import SEATS
from bot.stories import parse
from domain import law
from scheduler.clock import tick
from storage.cases.cases import Case
from storage.office import rulebook
from tests.conftest import StoppedClock
from tests.conversations.player import A_BREATH, Player

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"
STORIES = (
    DRAIN,
    "rác thôn 4 chất đống mấy ngày không ai thu, hôi lắm",
    "đường thôn 2 sụt hố to, xe máy ngã hoài",
)


def _told(player: Player, who: str) -> list[str]:
    return [one.message.text for one in player.paper.told if one.address == who]


@pytest.fixture
async def player(player: Player) -> Player:
    """Return a desk in which everybody has a seat, and people write a message a second."""
    written = "# x\n@ thứ Hai 16/11/2026 09:00\n" + "".join(f"{name}: x\n" for name in SEATS)
    await player._prepare(parse(written), written)
    player.between = A_BREATH
    return player


async def test_small_talk_is_answered_once_a_breath(player: Player, clock: StoppedClock) -> None:
    """Whoever only greets, again and again, is greeted once, a minute later again; a story is heard."""
    for _ in range(5):
        await player.say("citizen", {"text": "alo"}, silent=True)
    assert len(_told(player, "citizen")) == 1
    await player.say("citizen", {"text": "cảm ơn"}, silent=True)
    assert len(_told(player, "citizen")) == 2  # thanks are no second greeting
    clock.pass_(seconds=61)
    await player.say("citizen", {"text": "alo"}, silent=True)
    assert len(_told(player, "citizen")) == 3
    await player.say("citizen", {"text": DRAIN}, silent=True)
    assert "cống thôn 3 tắc" in _told(player, "citizen")[-1]


async def test_what_tells_nothing_is_not_answered_for_ever(player: Player) -> None:
    """After as many as are answered one by one; then what tells something is answered all the same."""
    for _ in range(40):
        await player.say("citizen", {"text": "hihi hihi"}, silent=True)
    assert len(_told(player, "citizen")) <= 11
    await player.say("citizen", {"text": DRAIN}, silent=True)
    assert "cống thôn 3 tắc" in _told(player, "citizen")[-1]


async def test_a_chat_opens_so_many_cases_a_day(player: Player, clock: StoppedClock) -> None:
    """The words are given back, with from when on they may be sent; danger is no case too many."""
    office = law.seed("office")
    async with player.store.work() as work:
        flood = office["flood"] | {"cases_a_day": 2}
        await rulebook.replace(work, "office", office | {"flood": flood}, "two a day")
    for story in STORIES:
        clock.pass_(minutes=6)  # what comes sooner goes with the case before
        await player.say("citizen", {"text": story}, silent=True)
        while not re.search("Mã:|chưa gửi được", _told(player, "citizen")[-1]):
            await player.say("citizen", {"text": "1"}, silent=True)  # the first topic, then off it goes
    assert "chưa gửi được" in _told(player, "citizen")[-1]
    assert "đường thôn 2 sụt hố to, xe máy ngã hoài" in _told(player, "citizen")[-1]
    await player.say("citizen", {"text": "cháy nhà ở thôn 3, cứu với"}, silent=True)
    assert "114" in _told(player, "citizen")[-1]
    async with player.store.read() as work:
        assert len(list(await work.session.scalars(select(Case.id)))) == 3


async def test_a_crowd_that_sees_one_fire_is_read_together(player: Player, clock: StoppedClock) -> None:
    """A few are read at once, and who tells of more than fire; the others of that minute in one message."""
    for number in range(12):
        more = ", có người kẹt bên trong" if number == 9 else ""
        words = f"cháy nhà ở thôn 3{more}, tôi là người thứ {number}, gọi 09123456{number:02}"
        await player.say(f"neighbour{number}", {"text": words}, silent=True)
    rung = [one for one in player.paper.told if one.message.text.startswith("👥")]
    woken = {one.address for one in rung}
    for who in woken:
        heard = "\n".join(_told(player, who))
        assert [number for number in range(1, 12) if f"thứ {number}," in heard] == [1, 2, 3, 9]
    assert len(rung) == 4 * len(woken)
    clock.pass_(seconds=61)
    await tick(player.store)
    await player.settle()
    later = [one for one in player.paper.told if one.message.text.startswith("👥")][len(rung) :]
    assert {one.address for one in later} == woken
    assert len(later) == len(woken)
    for number in (4, 5, 6, 7, 8, 10, 11):
        assert f"thứ {number}," in later[0].message.text
        assert f"09123456{number:02}" in later[0].message.text.replace(" ", "")
