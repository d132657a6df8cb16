"""What is typed instead of pressed: a button's own words, a wish denied, a place corrected."""

import pytest
from sqlalchemy import select

from storage.cases.cases import Case
from tests.conversations.player import Player

LAMP = ("den duong thon 3 hong nua thang",)
ACCUSATION = "anh Tuân phòng kinh tế nhận tiền làm sổ đỏ của tôi"


async def tell(player: Player, *texts: str) -> str:
    """Say one after the other; return what the citizen was told last."""
    for text in texts:
        await player.say("citizen", {"text": text})
    return next(d.message.text for d in reversed(player.paper.told) if d.address == "citizen")


async def cases(player: Player) -> list[Case]:
    """Return every case there is."""
    async with player.store.read() as work:
        return list(await work.session.scalars(select(Case)))


@pytest.mark.parametrize("wish", ["đừng gửi nha", "dung gui", "thoi khoi gui nua", "dung gui nha"])
@pytest.mark.parametrize("begin", [LAMP, ("gui kin", "anh Tuan kinh te nhan tien thon 3")])
async def test_a_denied_wish_sends_nothing(player: Player, begin: tuple[str, ...], wish: str) -> None:
    """Nor does what is said after it without a choice."""
    assert "Chưa gửi" in await tell(player, *begin, wish)
    await tell(player, "co")
    assert await cases(player) == []


@pytest.mark.parametrize(
    ("answer", "goes_on"), [("co", False), ("ừ", False), ("khong", True), ("không ạ", True)]
)
async def test_whether_a_draft_is_dropped_is_answered_by_yes_and_no(
    player: Player, answer: str, *, goes_on: bool
) -> None:
    """A word that sounds like yes to sending does not send it either."""
    assert "bỏ hẳn" in await tell(player, *LAMP, "thoi khoi can nua, rut lai")
    told = await tell(player, answer)
    assert ("hiểu thế này" in told) is goes_on
    assert await cases(player) == []


@pytest.mark.parametrize(
    "said", ["Xem tiến độ", "xem tien do", "ho so tui toi dau roi", "con bao lau nua", "6nywv4n"]
)
async def test_a_button_is_typed(player: Player, said: str) -> None:
    """Its own words are the button, once and again; a code needs no prefix."""
    await tell(player, *LAMP, "1")
    for _ in range(2):
        assert "nhận ý kiến" in await tell(player, said)
    assert len(await cases(player)) == 1


async def test_a_place_is_corrected_in_words(player: Player) -> None:
    """It is not added to the story."""
    assert "Ở đâu: thôn 4, xã Tân Lập Mẫu" in await tell(player, *LAMP, "sua lai cho o thon 4 nhe")


@pytest.mark.parametrize(
    "story",
    [
        "anh bao van phong xa xem trom tin nhan cua dan roi ke ra quan nhau, thon 2",
        "cong an xa bao ke bai xe lau thon 2, moi thang lay 5 trieu",
    ],
)
@pytest.mark.parametrize("begin", [(), ("gui kin",)])
async def test_an_accusation_alarms_nobody_by_its_field(
    player: Player, begin: tuple[str, ...], story: str
) -> None:
    """Filed under what is usually urgent, sealed or not: it has a day to be answered by."""
    receipt = await tell(player, *begin, story, "1")
    assert "chậm nhất: thứ" in receipt
    assert ":30" not in receipt
    assert not any("KHẨN" in d.message.text for d in player.paper.told)


@pytest.mark.parametrize("away", ["gap can bo", "hoi thu tuc"])
async def test_leaving_the_sealed_way_is_said(player: Player, away: str) -> None:
    """And what accuses somebody there may go on sealed."""
    assert "không còn gửi kín" in await tell(player, "gui kin", away)
    await tell(player, ACCUSATION)
    while not any(c.label == "Gửi kín danh tính" for c in player.paper.told[-1].message.choices):
        await tell(player, "1")
    assert not any(ACCUSATION in case.story for case in await cases(player))


async def test_an_alarm_is_not_muted(player: Player) -> None:
    """Whoever called for help hears who comes, whatever they type meanwhile."""
    await player.seat("duty")
    assert "vẫn nhắn" in await tell(player, "cháy nhà ở thôn 3, lửa to lắm", "dung")
    await player.say("duty", {"text": f"nhan {(await cases(player))[0].code}"})
    assert any("đã nhận việc" in d.message.text for d in player.paper.told if d.address == "citizen")


@pytest.mark.parametrize("said", ["Huy", "huy"])
async def test_a_report_is_cancelled_where_a_name_is_asked(player: Player, said: str) -> None:
    """Of whom is spoken is a question like others: who types that it is to be dropped drops it."""
    assert "Đã bỏ" in await tell(player, "can bo vòi tiền làm sổ đỏ thôn 3", "1", said)


async def test_a_card_names_who_answered(player: Player) -> None:
    """And not whoever has the case by now."""
    await player.seats(("officer", "supervisor"))
    await tell(player, *LAMP, "1")
    code = (await cases(player))[0].code
    for who, text in (("officer", f"nhan {code}"), ("supervisor", f"giao {code}"), ("supervisor", "Thảo")):
        await player.say(who, {"text": text})
    await player.say("officer", {"text": f"tl {code} Đã thay bóng đèn mới ở thôn 3 sáng nay."})
    await player.say("supervisor", {"text": f"xem {code}"})
    assert "Đỗ Anh Tuân đã trả lời." in player.paper.told[-1].message.text


async def test_what_has_no_words_of_its_own_is_answered_all_the_same(player: Player) -> None:
    """A kind that a channel may come to send: no chat waits for it until it is dead."""
    await player.say("citizen", {"unsupported": "hologram"})
    assert "chưa đọc được tin này" in player.paper.told[-1].message.text
