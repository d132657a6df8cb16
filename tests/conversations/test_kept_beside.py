"""What is said of a case that is kept close reaches nobody it speaks of by another case of the sender."""

import pytest

from bot.demo.seats import SEATS
from bot.stories import parse
from tests.conversations.player import Player

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập"
ACCUSED = ("gui y kien", "anh Đỗ Anh Tuân đòi tôi năm triệu", "thôn 3", "1")
NUMBER = "0912345678"


async def begin(player: Player) -> None:
    """Seat everybody, on a working morning."""
    here = "".join(f"{name}: x\n" for name in ("citizen", *SEATS))
    written = f"# x\n@ thứ Hai 16/11/2026 09:00\n{here}"
    await player._prepare(parse(written), written)


async def say(player: Player, who: str, text: str) -> str:
    """Say something; return the answer."""
    said = len(player.paper.told)
    await player.say(who, {"text": text}, silent=True)
    return "\n".join(one.message.text for one in player.paper.told[said:] if one.address == who)


def read(player: Player, who: str) -> str:
    """Return all that somebody was sent."""
    return "\n".join(one.message.text for one in player.paper.told if one.address == who)


def code_in(text: str) -> str:
    """Return the code a reply names."""
    return text.partition("Mã: ")[2].split()[0].strip(".")


async def drain(player: Player) -> str:
    """Let an officer have an ordinary case; return its code."""
    await begin(player)
    await say(player, "citizen", DRAIN)
    code = code_in(await say(player, "citizen", "1"))
    await say(player, "officer", f"nhan {code}")
    return code


async def accuse(player: Player) -> str:
    """Let the same sender accuse that officer; return the code."""
    for words in ACCUSED:
        said = await say(player, "citizen", words)
    return code_in(said)


async def test_a_number_left_for_an_accusation_stands_on_no_card_of_the_accused(player: Player) -> None:
    """Only whoever has the accusation may call."""
    code = await drain(player)
    other = await accuse(player)
    await say(player, "citizen", "goi lai")
    assert other in await say(player, "citizen", NUMBER)
    assert "0912 345 678" not in await say(player, "officer", code)
    assert "gọi được" not in read(player, "officer") + read(player, "colleague")
    assert "gọi được" in read(player, "head")


async def test_a_number_left_for_the_ordinary_case_is_called_for_that(player: Player) -> None:
    """Its own button says which it is."""
    code = await drain(player)
    await accuse(player)
    await player.say("citizen", {"tap": f"call:{code}:2"}, silent=True)
    await say(player, "citizen", NUMBER)
    assert "0912 345 678" in await say(player, "officer", code)
    assert "gọi được" not in read(player, "head")


async def test_without_an_accusation_every_open_case_has_the_number(player: Player) -> None:
    """As ever."""
    code = await drain(player)
    for words in ("gui y kien", "đèn đường thôn 2 hỏng cả tuần nay", "1", "goi lai", NUMBER):
        await say(player, "citizen", words)
    assert "0912 345 678" in await say(player, "officer", code)


async def test_why_nobody_may_call_is_read_with_the_accusation_alone(player: Player) -> None:
    """From the other case the number is only gone."""
    code = await drain(player)
    for words in (f"them {code} số tôi là {NUMBER}", "goi lai", NUMBER):
        await say(player, "citizen", words)
    assert "0912 345 678" in await say(player, "officer", code)
    other = await accuse(player)
    before = len(player.paper.told)
    assert "ĐỪNG GỌI" in await say(player, "citizen", "đừng gọi số đó nữa, người khác cầm máy")
    card = await say(player, "officer", code)
    assert "Gọi:" not in card
    assert "ĐỪNG GỌI" not in card
    told = [one for one in player.paper.told[before:] if one.address == "officer" and not one.edits]
    assert len(told) == 1, "the card that was asked for, and no word more"
    assert "ĐỪNG GỌI" in await say(player, "head", other)


async def test_a_number_told_after_an_alarm_that_accuses_is_not_the_accused_ones_to_call(
    player: Player,
) -> None:
    """Though he said before that he was on the way."""
    await begin(player)
    code = code_in(await say(player, "citizen", "cháy nhà ở thôn 2"))
    await say(player, "police", "đang trên đường")
    await say(player, "citizen", "anh Dũng công an đốt nhà tôi")
    await say(player, "citizen", NUMBER)
    await say(player, "police", code)
    assert "0912 345 678" not in read(player, "police")
    assert "gọi được" in read(player, "head")


@pytest.mark.parametrize(
    "words",
    [
        "anh Dũng công an đốt nhà tôi",
        "them {code} anh Dũng công an đốt nhà tôi",
        "thằng Dũng công an làm đấy",
    ],
)
@pytest.mark.parametrize("asked", [False, True])
async def test_an_alarm_leaves_whoever_its_own_sender_says_did_it(
    player: Player, words: str, *, asked: bool
) -> None:
    """It rings on for the others, and what is said of where they are reaches him neither way."""
    await begin(player)
    code = code_in(await say(player, "citizen", "cháy nhà ở thôn 2"))
    await say(player, "police", f"nhan {code}")
    if asked:
        await say(player, "police", f"hoi {code} bà con đang ở đâu?")
    before = len(player.paper.told)
    await say(player, "citizen", words.format(code=code))
    since = [(one.address, one.message.text) for one in player.paper.told[before:]]
    assert any(who == "duty" and "thôn 2" in text for who, text in since)
    assert any(who == "head" and f"📥 {code}" in text for who, text in since)
    if not asked:
        assert "Đã gửi câu hỏi" not in await say(player, "police", f"hoi {code} bà con đang ở đâu?")
    await say(player, "citizen", "tôi đang trốn ở nhà bà ngoại")
    assert "bà ngoại" not in read(player, "police")
    assert "bà ngoại" in read(player, "head")


async def test_a_neighbour_takes_an_alarm_from_nobody(player: Player) -> None:
    """What they tell is an alarm of their own: else anybody sends the help away."""
    await begin(player)
    code = code_in(await say(player, "citizen", "cháy nhà ở thôn 2"))
    await say(player, "police", f"nhan {code}")
    await say(player, "neighbour", "cháy nhà thôn 2 to lắm")
    await say(player, "neighbour", "anh Dũng công an đốt nhà người ta")
    assert "đang xử lý" in await say(player, "police", code)


async def test_an_answer_reaches_no_accused_asker_unless_it_plainly_is_one(player: Player) -> None:
    """It is asked which of both they mean."""
    code = await drain(player)
    other = await accuse(player)
    await say(player, "officer", f"hoi {code} cống ở đoạn nào?")
    asked = await say(player, "citizen", "hôm qua nó lại hẹn ra quán")
    assert "ý kiến nào" in asked
    assert other in await say(player, "citizen", "2")
    assert "quán" not in read(player, "officer") + read(player, "colleague")
    assert "hẹn ra quán" in read(player, "head")
    assert code in await say(player, "citizen", "cống ở trước nhà ông Bảy")
    assert "ông Bảy" in read(player, "officer")
    assert "ông Bảy" not in read(player, "head")


async def test_a_breath_of_words_after_a_question_does_not_go_to_the_accused(player: Player) -> None:
    """However fast they come."""
    code = await drain(player)
    await accuse(player)
    await say(player, "officer", f"hoi {code} cống ở đoạn nào?")
    for words in (
        "nó lại gọi",
        "hẹn ra quán",
        "tối nay",
        "tôi sợ lắm",
        "mấy anh ơi",
        "cứu tôi với ạ",
        "nó dọa",
    ):
        await say(player, "citizen", words)
    for words in ("nó lại", "quán", "tối nay", "sợ lắm", "dọa"):
        assert words not in read(player, "officer")


async def test_who_stops_a_fight_keeps_it_when_somebody_else_is_named(player: Player) -> None:
    """The chiefs of the police have it, the heads hear of it, and who is accused reads nothing."""
    await begin(player)
    await player.sit({"ca_truong": "chief"})
    code = code_in(await say(player, "citizen", "tụi nó đánh nhau chém lộn ở quán nhậu thôn 1"))
    before = len(player.paper.told)
    said = await say(player, "citizen", "có anh Quý trực ban ngồi đó xúi tụi nó chém")
    assert "Lê Minh Quý" in said
    assert "được giao cho" not in said
    since = [(one.address, one.message.text) for one in player.paper.told[before:]]
    assert "ngồi đó xúi" not in "".join(text for who, text in since if who == "duty")
    assert any(who == "head" and code in text for who, text in since)
    assert any(who == "chief" and f"📥 {code}" in text for who, text in since)


async def test_a_fight_leaves_the_police_where_one_of_them_is_named(player: Player) -> None:
    """Then the heads have it."""
    await begin(player)
    code = code_in(await say(player, "citizen", "tụi nó đánh nhau chém lộn ở quán nhậu thôn 1"))
    said = await say(player, "citizen", "có anh Dũng công an ngồi đó xúi tụi nó chém")
    assert f"Việc {code} được giao cho Chủ tịch" in said
    assert "ngồi đó xúi" not in read(player, "police")


async def test_however_many_cases_came_since_the_accusation_is_not_forgotten(player: Player) -> None:
    """The list of one's own cases is short, and the wall is not."""
    code = await drain(player)
    await accuse(player)
    for hamlet in ("thôn 1", "thôn 2", "thôn 4", "xóm Chùa", "xóm Đình", "thôn Tân Phúc"):
        for words in ("gui y kien", f"đèn đường {hamlet} hỏng cả tuần nay, tối om", "1"):
            await say(player, "citizen", words)
    await say(player, "officer", f"hoi {code} cống ở đoạn nào?")
    assert "ý kiến nào" in await say(player, "citizen", "hôm qua nó lại hẹn ra quán")
    assert "quán" not in read(player, "officer")
