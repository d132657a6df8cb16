"""An answer to one household reaches those joined to it without that household's number."""

import pytest

from tests.conversations.player import OFFICIALS, Player

CODE, SECOND = "LM-6NYWV4N", "LM-A5JVHJY"
ANSWER = "sáng 20/11 đội thoát nước đã nạo vét cống trước nhà anh, nước rút hết."


async def answered(player: Player, answer: str, *, own: str = "") -> dict[str, str]:
    """Let one case be joined to another and answered; return what each household read of that."""
    await player.seats(OFFICIALS)
    for who, *said in (
        ("citizen", "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường", "1"),
        ("neighbour", "Ngập hết cả đường thôn 3 do cống tắc", "1", "2"),
        *([("neighbour", f"goi lai {SECOND}", own)] if own else []),
        ("officer", f"nhan {CODE}", f"gop {SECOND} {CODE}", f"tl {CODE} {answer}"),
    ):
        for text in said:
            await player.say(who, {"text": text}, silent=True)
    heard = [one for one in player.paper.told if ANSWER in one.message.text]
    return {one.address: one.message.text for one in heard}


@pytest.mark.parametrize("number", ["0905 123 456", "0905123456", "chín không năm"])
async def test_a_joined_household_reads_no_number_of_another(player: Player, number: str) -> None:
    """Whoever it is written to reads it whole; a word that is no number stays."""
    heard = await answered(player, f"Chào anh Minh số {number}, {ANSWER}")
    assert number in heard["citizen"]
    assert (number in heard["neighbour"]) is not any(sign.isdigit() for sign in number)


async def test_it_reads_its_own_number_and_those_of_offices(player: Player) -> None:
    """Whom to call if it happens again is for all of them."""
    async with player.store.read() as work:
        office = next(unit.phone for unit in work.desk.directory.units if unit.phone)
    heard = await answered(player, f"gọi {office} khi cần, {ANSWER} Số 0912 345 678.", own="0912345678")
    assert office in heard["neighbour"]
    assert "0912 345 678" in heard["neighbour"]
