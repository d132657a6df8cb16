"""What is said around an alarm: who may call it off, who is one more witness, what nobody else hears of."""

import pytest

from tests.conversations.player import Player


async def test_only_ones_own_alarm_is_called_off(player: Player) -> None:
    """A neighbour who saw it too adds words; the alarm goes on ringing."""
    await player.say("citizen", {"text": "cháy nhà ở thôn 2, lửa to lắm"})
    await player.say("neighbour", {"text": "cháy lớn ở thôn 2 rồi"})
    await player.say("neighbour", {"text": "nhầm rồi"})
    assert "thôi báo động" not in told(player, "neighbour").casefold()
    await player.say("citizen", {"text": "dập rồi"})
    assert "thôi báo động" in told(player, "citizen").casefold()


async def test_a_neighbour_reads_nothing_of_anothers_words(player: Player) -> None:
    """Who joins an alarm gets the numbers and its code, and none of what others told."""
    await player.say("citizen", {"text": "cháy nhà ông Tư ở thôn 2, số tôi 0905 123 456"})
    await player.say("neighbour", {"text": "thôn 2 cháy nhà cứu với"})
    assert "114" in told(player, "neighbour")
    assert "ông Tư" not in told(player, "neighbour")
    assert "0905" not in told(player, "neighbour")


async def test_two_patients_of_one_hamlet_are_two(player: Player) -> None:
    """Only what many see is one alarm: each who needs an ambulance has a case."""
    await player.say("citizen", {"text": "thôn 2 ba tôi bị đột quỵ"})
    first = code_in(told(player, "citizen"))
    await player.say("neighbour", {"text": "thôn 2 vợ tôi chuyển dạ mà không có xe"})
    assert code_in(told(player, "neighbour")) != first


async def test_what_is_kept_close_never_joins_nor_is_called_off(player: Player) -> None:
    """Whoever holds the phone may write “không sao rồi”; the case stays as pressing as it was."""
    await player.say("citizen", {"text": "chồng em đang đánh em, thôn 2"})
    first = code_in(told(player, "citizen"))
    await player.say("citizen", {"text": "không sao rồi"})
    assert "giữ kín" in told(player, "citizen")
    await player.say("neighbour", {"text": "thôn 2 chồng nhà bên đang đánh vợ"})
    assert code_in(told(player, "neighbour")) != first


@pytest.mark.parametrize("no", ["2", "không", "ko có ai", "nhầm"])
async def test_no_goes_on_with_the_story(player: Player, no: str) -> None:
    """Nobody types it twice."""
    await player.say("citizen", {"text": "mùi khét lạ ở chợ thôn 2, rác đốt mỗi tối"})
    await player.say("citizen", {"text": no})
    assert "GỌI NGAY" not in told(player, "citizen")
    assert "?" in told(player, "citizen")


@pytest.mark.parametrize("yes", ["1", "có", "Có người bị bỏng nặng"])
async def test_yes_is_an_alarm(player: Player, yes: str) -> None:
    """So is anything that sounds like danger, with what was told before."""
    await player.say("citizen", {"text": "thấy khói ở phía đồi thôn 4"})
    assert "nguy hiểm lúc này không" in told(player, "citizen")
    await player.say("citizen", {"text": yes})
    assert "Mã:" in told(player, "citizen")


async def test_the_numbers_stand_beside_an_open_question(player: Player) -> None:
    """In the middle of something else the words are still its answer; whom to call is said first."""
    await player.say("citizen", {"text": "đèn đường hỏng mấy hôm nay"})
    await player.say("citizen", {"text": "thôn 2, hình như có mùi gas"})
    assert "114" in told(player, "citizen").splitlines()[0]


async def test_a_page_makes_telephone_numbers_of_an_alarm(player: Player) -> None:
    """The message itself says that it is an alarm: a page may draw it so."""
    await player.say("citizen", {"text": "cháy nhà ở thôn 2, lửa to lắm"})
    assert last(player, "citizen").alarm


def last(player: Player, who: str):  # noqa: ANN201 - a message
    """Return what somebody was told last."""
    return next(one.message for one in reversed(player.paper.told) if one.address == who)


def told(player: Player, who: str) -> str:
    """Return the words of it."""
    return str(last(player, who).text)


def code_in(text: str) -> str:
    """Return the code a reply names."""
    return text.partition("Mã: ")[2].split()[0].strip(".")
