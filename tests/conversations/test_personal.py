"""Whoever need not read a number of the citizen's does not: on cards, in lists, in what others are told."""

import re

import pytest

from tests.conversations.player import Player

TOLD = (
    "cống thôn 3 tắc mấy hôm rồi, mưa là ngập cả đường, DN 4 42 42 012 34567, B1234567, MST 0312345678, "
    "CCCD 042099012345, xe tôi 38A-123.45, gọi 0905 123 456"
)
_PERSONAL = ("012 34567", "B1234567", "0312345678", "042099012345", "38A-123.45", "0905 123 456")


def _read_by(player: Player, *who: str) -> str:
    """Return all that these have read, with its buttons."""
    told = [one.message for one in player.paper.told if one.address in who]
    return "\n".join([part for one in told for part in (one.text, *(choice.label for choice in one.choices))])


async def test_a_card_that_nobody_has_taken_holds_no_number(player: Player) -> None:
    """Nor do the lists; whoever takes the case reads all of it."""
    await player.play(f"# x\n# y\ncitizen: {TOLD}\ncitizen: 1\n")
    await player.say("supervisor", {"text": "viec"})
    await player.say("officer", {"text": "viec"})
    for who in ("officer", "supervisor"):
        read = _read_by(player, who)
        assert "cống thôn 3 tắc" in read
        assert not [one for one in _PERSONAL if one in read]
        assert not re.search(r"\d{6,}", read.replace("LM-", ""))
    await player.say("officer", {"text": "nhan LM-6NYWV4N"})
    assert all(one in _read_by(player, "officer") for one in _PERSONAL)


@pytest.mark.parametrize(
    "text", ["xe tải 38C-123.45 đổ rác ở bờ sông thôn 3", "xe 38c-12345 do rac o thon 3"]
)
async def test_the_plate_of_who_dumps_rubbish_is_on_the_card(player: Player, text: str) -> None:
    """Before anybody has taken the case: it is what is told."""
    await player.play(f"# x\n# y\ncitizen: {text}\ncitizen: 1\ncitizen: 1\n")
    others = {one.address for one in player.paper.told} - {"citizen"}
    assert re.search(r"38c-123\.?45", _read_by(player, *others), re.IGNORECASE)


async def test_who_follows_reads_a_reason_without_its_numbers(player: Player) -> None:
    """When it is told, and when they look: whoever told the case reads it whole."""
    await player.play("# x\n# y\ncitizen: cống thôn 3 tắc mấy hôm rồi, mưa là ngập\ncitizen: 1\n")
    for text in ("cống thôn 3 tắc, mưa là ngập", "1", "1"):
        await player.say("neighbour", {"text": text})
    for text in ("nhan LM-6NYWV4N", "giahan LM-6NYWV4N", "1", "Chờ xe 38A-123.45 của thợ, máy 0905 123 456."):
        await player.say("officer", {"text": text})
    await player.say("supervisor", {"text": "duyet"})
    await player.say("supervisor", {"text": "duyet LM-6NYWV4N"})
    for text in ("tra cuu", "1"):
        await player.say("neighbour", {"text": text})
    read = _read_by(player, "neighbour")
    assert read.count("Chờ xe … của thợ, máy …") == 2
    assert "0905 123 456" in _read_by(player, "citizen")
    listed = next(
        line for line in _read_by(player, "supervisor").splitlines() if "xin thêm" in line and "·" in line
    )
    assert "0905 123 456" not in listed
