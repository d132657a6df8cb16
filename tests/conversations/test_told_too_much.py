"""What officials are told of a citizen's later words, and what one admin may hold back or set ringing."""

import re
from datetime import date

import pytest

from storage.cases import cases
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.conversations.player import Player

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"
NAMED = "tôi là Nguyễn Thị Hoa, số 0912345678, nước vào tận nhà"
DAY_OFF = ("quan tri", "5", "1")
PAPER = ("Hội làng", "Chủ tịch UBND xã, QĐ 45/QĐ-UBND")


async def said(player: Player, who: str, *texts: str) -> str:
    """Say these one after the other. Returns the last answer."""
    for text in texts:
        await player.say(who, {"text": text})
    return [one.message.text for one in player.paper.told if one.key.startswith("reply:")][-1]


async def sent(player: Player, who: str = "citizen") -> str:
    """Send a report and return its code."""
    found = re.search(r"LM-\w{7}", await said(player, who, DRAIN, "1"))
    assert found is not None
    return found[0]


def told(player: Player, who: str, since: int = 0) -> str:
    """Return all somebody was told since so many messages."""
    return "\n".join(one.message.text for one in player.paper.told[since:] if one.address == who)


async def works_on(player: Player, day: date) -> bool:
    """Say whether a day is worked."""
    async with player.store.read() as work:
        return work.rules.calendar.is_working(day)


async def test_a_code_that_ties_two_chats_is_no_answer(player: Player) -> None:
    """Whoever reads it could tie their own chat to the sender's."""
    await player.seat("officer")
    code = await sent(player)
    digits = re.search(r"\d{4} \d{4}", await said(player, "other", "nối kênh"))
    assert digits is not None
    await said(player, "citizen", f"thêm {code}")
    await said(player, "citizen", digits[0])
    assert digits[0] not in told(player, "officer")
    assert "1234 5678" not in told(player, "officer")
    await said(player, "neighbour", "đường thôn 2 sụt hố to", "1")
    await said(player, "citizen", f"thêm {code}", "1234 5678")
    assert "1234 5678" in told(player, "officer")  # digits that tie nothing are words like others


@pytest.mark.parametrize("verb", ["tìm", "find", "lịch trực", "tìm hồ sơ"])
async def test_a_secret_is_one_behind_any_word(player: Player, verb: str) -> None:
    """It is never passed on with a case that is open."""
    await player.seat("officer")
    code = await sent(player)
    answer = await said(player, "citizen", f"thêm {code}", f"{verb} 8888 0843 0035 9930")
    assert "9930" not in told(player, "officer")
    assert "9930" not in answer


async def test_who_has_not_taken_a_case_reads_no_name_in_what_is_added(player: Player) -> None:
    """As on the card; whoever has taken it reads all."""
    await player.seats(("officer", "colleague"))
    code = await sent(player)
    await said(player, "citizen", f"thêm {code} {NAMED}")
    for official in ("officer", "colleague"):
        assert "nước vào tận nhà" in told(player, official)
        assert "Hoa" not in told(player, official)
        assert "0912" not in told(player, official)
    await said(player, "officer", f"nhan {code}")
    await said(player, "citizen", f"thêm {code} {NAMED} rồi")
    assert "Nguyễn Thị Hoa" in told(player, "officer")


@pytest.mark.parametrize(
    "after",
    [
        ("2", "anh Tuân đòi tôi 2 triệu mới làm", "Chỉ góp ý"),
        ("2", "anh Tuân đòi tôi 2 triệu mới làm", "Mở lại hồ sơ"),
        ("cống vẫn tắc, anh Tuân đòi tôi 2 triệu mới làm tiếp",),
    ],
)
async def test_who_is_accused_after_an_answer_is_told_nothing(player: Player, after: tuple[str, ...]) -> None:
    """What is answered or over is handed to nobody: “given to another unit” would say why."""
    await player.seats(("officer", "colleague", "supervisor", "head"))
    code = await sent(player)
    await said(
        player, "officer", f"nhan {code}", f"tl {code} Sáng nay đội đã nạo vét cống, nước rút hết rồi."
    )
    await said(player, "officer", "1")
    before = len(player.paper.told)
    await said(player, "citizen", after[0])
    marked = len(player.paper.told) if after[0] == "2" else before
    if after[1:]:
        await said(player, "citizen", *after[1:])
    for official in ("officer", "colleague", "supervisor"):
        assert not told(player, official, marked)
        assert "đơn vị khác" not in told(player, official, before)
    async with player.store.read() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        assert case.excluded_people


async def test_a_desk_that_serves_no_place_says_whom_to_call(
    sqlite_store: Store, clock: StoppedClock
) -> None:
    """Nobody who cries for help is left without an answer."""
    player = Player(sqlite_store, clock)
    for words in ("cháy nhà thôn 3 cứu với", "cống thôn 3 tắc", "menu"):
        answer = await said(player, "citizen", words)
        assert "114" in answer
        assert "chưa mở" in answer


async def test_long_days_off_take_two(player: Player) -> None:
    """On days off all waits, what accuses an admin too."""
    await player.seats(("admin", "head", "party"))
    shown = await said(player, "admin", *DAY_OFF, "30/11-4/12", *PAPER)
    assert "người quản trị khác đồng ý" in shown
    await said(player, "admin", "1")
    assert await works_on(player, date(2026, 12, 2))
    assert "đều phải chờ" in told(player, "head")
    await said(player, "head", "1")
    assert not await works_on(player, date(2026, 12, 2))


async def test_heads_hear_of_a_day_off(player: Player) -> None:
    """One day an admin adds alone, and not unseen."""
    await player.seats(("admin", "head", "party"))
    await said(player, "admin", *DAY_OFF, "30/11", *PAPER, "1")
    assert "Vừa đổi" in told(player, "head")
    assert "Phạm Quốc Bảo" in told(player, "party")


async def test_a_word_of_bribes_becomes_none_of_danger(player: Player) -> None:
    """The alarm it rings would tell of the accusation."""
    await player.seats(("admin", "head"))
    answer = await said(player, "admin", "quan tri", "6", "1", "đòi tiền", "4")
    assert "lời tố cáo" in answer
    assert "Vừa đổi" not in told(player, "head")
