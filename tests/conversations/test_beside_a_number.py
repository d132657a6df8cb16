"""What stands beside a telephone number is read by whoever is to call, or nobody calls."""

import pytest

from tests.conversations.player import Player

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"
CODE = "LM-6NYWV4N"
DOORS = (("goi lai",), (DRAIN, "1", "4"), (DRAIN, "1", f"goi lai {CODE}"))


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "words",
    ["gặp chị Sáu là má tui", "chồng tôi hay nghe máy", "tôi bị câm, nhắn tin thôi", "gọi sau 5h chiều"],
)
async def test_it_is_read_by_who_calls(seated: Player, door: tuple[str, ...], words: str) -> None:
    """Whom to ask for, when, and that somebody cannot speak."""
    await seated.told("citizen", *door, f"0905123456 {words}")
    who = "reception" if door == ("goi lai",) else "officer"
    await seated.told(who, f"nhan {CODE}", f"xem {CODE}")
    assert words in "\n".join(one.message.text for one in seated.paper.told if one.address == who)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("words", ["đừng gọi số đó, nó nghe thấy", "đừng gọi số này, nhắn tin thôi"])
async def test_who_wants_no_call_is_promised_none(seated: Player, door: tuple[str, ...], words: str) -> None:
    """The telephone may be in somebody else's hand."""
    told = await seated.told("citizen", *door, f"0905123456 {words}")
    assert "gọi số 0905" not in told
    who = "reception" if door == ("goi lai",) else "officer"
    await seated.told(who, f"nhan {CODE}", f"xem {CODE}")
    assert "ĐỪNG GỌI" in "\n".join(one.message.text for one in seated.paper.told if one.address == who)


@pytest.mark.parametrize("name", ["0905123456 anh Nam", "số tôi là 0905123456 ạ", "0905 123 456 Tám"])
async def test_a_name_is_no_more_than_whose_it_is(seated: Player, name: str) -> None:
    """The call is promised, and nothing is added."""
    assert "0905 123 456" in await seated.told("citizen", DRAIN, "1", f"goi lai {CODE}", name)


async def test_why_is_told_with_the_number_and_the_call_is_owed(seated: Player) -> None:
    """More words make no message of a call."""
    told = await seated.told("citizen", "goi lai", "0905123456, cống trước nhà thôn 3 tắc nước vô nhà rồi")
    assert "0905 123 456" in told
