"""Nobody who is accused takes a reader away or chooses one: by days off, by chats, by telling of it too."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.demo.seats import SEATS
from scheduler.clock import tick
from services.office import joining
from storage.ground.tables import Case
from storage.office import absences
from storage.office.directory import codes_of_people
from storage.people import people
from tests.conversations.player import Player

AGAINST_POLICE = "ông Cường trưởng công an xã nhận tiền của tôi mười triệu ở thôn 3"
BEATEN = "cứu tôi, ông Cường trưởng công an xã đang đánh vợ tôi ở thôn 3"
KNIFE = "cứu tôi, anh Quý trực văn phòng đang cầm dao đuổi tôi ở thôn 3"
UNKNOWN = "Không thấy mã này"


@pytest.fixture
async def desk(player: Player) -> Player:
    """Seat everybody, those who have no seat of the demo under their code."""
    async with player.store.read() as work:
        codes = set(await codes_of_people(work))
    await player.seats(name for name, seat in SEATS.items() if seat.person in codes)
    async with player.store.work() as work:
        for code in sorted(codes - {seat.person for seat in SEATS.values()}):
            person = await people.person_by_code(work, code)
            assert person is not None
            people.open_chat(work, player.paper.account, player.key(code), code).person_id = person.id
    return player


async def say(desk: Player, who: str, *lines: str) -> list[str]:
    """Say these and return what everybody hears of the last, with whom it is said to."""
    before = len(desk.paper.told)
    for words in lines:
        before = len(desk.paper.told)
        await desk.say(who, {"text": words}, silent=True)
    return [f"{told.address}: {told.message.text}" for told in desk.paper.told[before:]]


async def case(desk: Player) -> Case:
    """Return the latest case."""
    async with desk.store.read() as work:
        found = await work.session.scalars(select(Case).order_by(Case.opened_at.desc(), Case.id.desc()))
        latest = found.first()
        assert latest is not None
        return latest


async def passes(desk: Player, minutes: int) -> list[str]:
    """Let minutes pass; returns what everybody hears."""
    before = len(desk.paper.told)
    for _ in range(minutes):
        desk.clock.at += timedelta(minutes=1)
        await tick(desk.store)
        await desk.settle()
    return [f"{told.address}: {told.message.text}" for told in desk.paper.told[before:]]


async def lent(desk: Player, absent: str, *stand_ins: str) -> None:
    """Let rows stand from before, which nobody would be let enter now."""
    async with desk.store.work() as work:
        for stand_in in stand_ins:
            both = [await people.person_by_code(work, code) for code in (absent, stand_in)]
            assert both[0] is not None
            assert both[1] is not None
            await absences.add(work, both[0].id, both[1].id, work.today, work.today)


@pytest.mark.parametrize(
    ("who", "lines"),
    [
        ("ca_truong", ("nghi hom nay", "Thịnh")),
        ("ca_truong", ("nghi ho Dũng hom nay", "Mai Hương")),
        ("police", ("nghỉ hôm nay", "Cường")),
        ("police", ("nghi 17/11-20/11", "Đức Thịnh")),
    ],
)
async def test_nobody_names_somebody_above_as_a_stand_in(
    desk: Player, who: str, lines: tuple[str, ...]
) -> None:
    """They hear whom they may name."""
    heard = await say(desk, who, *lines)
    assert any("Không nhờ cấp trên làm thay được" in text for text in heard)
    async with desk.store.read() as work:
        assert not work.rules.directory.absences


@pytest.mark.parametrize("line", ["nghi ho Thịnh 16/11-30/11", "nghi ho Hoàng Đức Thịnh hom nay"])
@pytest.mark.parametrize("who", ["party", "vp_chanh", "supervisor"])
async def test_nobody_says_that_a_head_is_away(desk: Player, who: str, line: str) -> None:
    """Nor does another head; they hear who can."""
    assert any("Lãnh đạo xã tự báo nghỉ" in text for text in await say(desk, who, line))


async def test_a_head_named_before_as_a_stand_in_reads_on(desk: Player) -> None:
    """What is lent is lost and nothing else: the accusation still comes to the heads, and stays with them."""
    await lent(desk, "ca_truong", "chu_tich")
    await lent(desk, "ca_dung", "bi_thu")
    heard = await say(desk, "citizen", AGAINST_POLICE, "1")
    code = (await case(desk)).code
    assert any(text.startswith("head:") and code in text for text in heard)
    assert not any(text.startswith("vp_chanh:") for text in heard)
    await say(desk, "head", f"nhan {code}")
    await lent(desk, "ca_nga", "chu_tich")
    assert not any(UNKNOWN in text for text in await say(desk, "head", code))


async def test_a_stand_in_of_the_accused_chief_reads_nothing_in_their_place(desk: Player) -> None:
    """Who is lent to by somebody outside has no more than their own key opens."""
    await lent(desk, "chu_tich", "mttq_chu_tich")
    await say(desk, "citizen", "ông Thịnh chủ tịch xã nhận tiền của tôi mười triệu ở thôn 3", "1")
    code = (await case(desk)).code
    assert any(UNKNOWN in text for text in await say(desk, "mttq_chu_tich", code))
    assert not any(UNKNOWN in text for text in await say(desk, "party", code))


async def test_an_alarm_whose_holder_is_made_a_stand_in_rings_anew(desk: Player) -> None:
    """It is let go at once, others hear of it at once, and the one it was taken from hears nothing more."""
    await say(desk, "citizen", "cứu tôi, anh Tuân đang cầm dao đuổi tôi ở thôn 3")
    code = (await case(desk)).code
    await say(desk, "ca_nga", f"nhan {code}")
    heard = await say(desk, "officer", "nghi hom nay", "Nga", "1")
    assert (await case(desk)).officer_id is None
    assert any(text.startswith("ca_truong:") and code in text for text in heard)
    assert not any(text.startswith("officer:") and code in text for text in heard)
    assert any("CHƯA AI NHẬN" in text and code in text for text in await passes(desk, 11))
    await say(desk, "officer", "nghi huy")
    assert not any(UNKNOWN in text for text in await say(desk, "ca_nga", code))


async def test_an_alarm_in_the_hands_of_who_has_no_chat_any_more_rings_anew(desk: Player) -> None:
    """Whoever ended the chat; the next one hears of it at once."""
    await say(desk, "citizen", BEATEN)
    code = (await case(desk)).code
    await say(desk, "head", f"nhan {code}")
    before = len(desk.paper.told)
    async with desk.store.work() as work:
        await people.load_chats(work, [desk.key("admin"), desk.key("head")])
        admin, head = (work.chats[desk.key(name)].person_id for name in ("admin", "head"))
        assert admin is not None
        assert head is not None
        await joining.cut(work, admin, desk.key("head"), head)
    await desk.settle()
    assert (await case(desk)).officer_id is None
    told = [one for one in desk.paper.told[before:] if one.address == "party"]
    assert any(code in one.message.text for one in told)


@pytest.mark.parametrize("told", ["có người cầm dao đuổi người ở thôn 3, cứu với", KNIFE])
async def test_whoever_an_alarm_is_about_raises_one_of_their_own(desk: Player, told: str) -> None:
    """They join nothing and learn no code; theirs rings as any; every way to the first is unknown to them."""
    await say(desk, "citizen", KNIFE)
    first = (await case(desk)).code
    heard = await say(desk, "duty", told)
    theirs = [text for text in heard if text.startswith("duty:")]
    assert not any(first in text for text in heard)
    assert any("Mã: LM-" in text for text in theirs)
    for line in (first, f"nhan {first}", f"theo doi {first}", f"tl {first} xong rồi", "tra cuu"):
        assert not any("chờ cán bộ" in text or "Chỉ người" in text for text in await say(desk, "duty", line))


@pytest.mark.parametrize("words", [KNIFE, "cứu tôi, anh Dũng đang cầm dao đuổi tôi ở thôn 3"])
async def test_a_case_kept_from_one_has_no_card_in_a_group(desk: Player, words: str) -> None:
    """Whoever it is kept from may read along there; a button of it is of a code nobody knows."""
    await say(desk, "ca_truong-group", "/nhom")
    heard = await say(desk, "citizen", words)
    code = (await case(desk)).code
    assert not any(text.startswith("group:") and code in text for text in heard)
    before = len(desk.paper.told)
    await desk.say("police-group", {"tap": f"accept:{code}:1"}, silent=True)
    assert [t.message.text for t in desk.paper.told[before:] if t.address == "group"] == [
        "Không thấy mã này. Việc giữ kín thì nhắn riêng với Tổ tiếp nhận."
    ]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("cứu tôi, ông Khoa chánh văn phòng ủy ban đang đánh vợ tôi ở thôn 3", False),
        (KNIFE, False),
        ("cuu toi, ong Khoa chanh van phong dang danh vo toi o thon 3", False),
        ("cứu tôi, có người cầm dao đuổi tôi ở thôn 3", True),
        (BEATEN, True),
    ],
)
async def test_the_office_of_the_accused_is_not_who_is_to_be_called(
    desk: Player, words: str, offered: bool
) -> None:
    """Neither at once nor when it is late; of any other danger it is."""
    now = "\n".join(text for text in await say(desk, "citizen", words) if text.startswith("citizen:"))
    assert ("0200 000 0113" in now) is offered
    await say(desk, "head", f"nhan lay {(await case(desk)).code}")
    desk.clock.at += timedelta(days=1)
    late = "\n".join(text for text in await passes(desk, 1) if text.startswith("citizen:"))
    assert "đã quá giờ" in late
    assert ("0200 000 0113" in late) is offered
