"""Nobody alone chooses who is meant, or who is called out: not by what a unit or a newcomer is called."""

from typing import Any

import pytest
from sqlalchemy import select

from services.office import needs, orders
from services.office.keys import NeedsSecond
from storage.cases.cases import Case
from tests.conversations.player import Player
from tests.conversations.test_readers import reads, told
from tests.conversations.test_steering import SEATED, TODAY, gives, heard, ids

AGAINST_POLICE = "ông Trịnh Xuân Cường đòi tiền tôi năm triệu ở thôn 3"
BEATEN = "cứu tôi, {} đang đánh vợ tôi ở thôn 3"


def enters(name: str, unit: str, role: str = "officer") -> dict[str, Any]:
    """Return the order that enters somebody."""
    return {"do": "add_person", "name": name, "unit": unit, "role": role, "from": TODAY}


def makes(name: str, kind: str, parent: str = "dang_xa") -> dict[str, Any]:
    """Return the order that makes a unit."""
    return {"do": "add_unit", "name": name, "type": kind, "parent": parent}


def calls(unit: str, name: str) -> dict[str, Any]:
    """Return the order that calls a unit otherwise."""
    return {"do": "rename_unit", "unit": unit, "name": name}


OTHERS_MEANT = [
    makes("Cán bộ công an", "kt_xa"),
    makes("Công an xã đòi tiền", "kt_xa"),
    makes("Ông Cường", "kt_xa"),
    calls("mttq_xa", "Công an xã viên"),
    calls("mttq_xa", "Chủ tịch xã"),
    enters("Nguyễn Văn Thịnh", "dang_xa"),
    enters("nguyen thi huong", "ct_xa"),
    enters("Trịnh Xuân Cường", "ct_xa"),
    enters("Lê Văn Cường", "dang_xa"),
    enters("Ông Hoàng Đức Thịnh", "kt_xa"),
    makes("Ban công an", "ct_xa"),
    {"do": "add_area", "name": "thôn Trịnh Xuân Cường"},
]
ORDINARY = [
    makes("Tổ hòa giải", "mttq_xa"),
    makes("Trạm Y tế xã", "tyt_xa", "ct_xa"),
    makes("Đội Quản lý trật tự", "kt_xa", "ct_xa"),
    makes("An ninh", "ca_xa"),
    calls("kt_xa", "Phòng Kinh tế và Hạ tầng"),
    calls("ttpvhcc_xa", "Trung tâm Hành chính công"),
    enters("Nguyễn Văn Cường", "kt_xa"),
    enters("Hoàng Đức Thịnh", "ca_xa"),
    enters("Lê Văn Mới", "dang_xa"),
    {"do": "add_area", "name": "thôn Mới"},
]


@pytest.fixture
async def desk(player: Player) -> Player:
    """Seat both heads, the keeper, the admin, some officials and the chief of police."""
    await player.seats(SEATED)
    await player.sit({code: code for code in ("ca_truong", "ca_nga")})
    return player


async def done(player: Player, *given: dict[str, Any], second: str | None = "bi_thu") -> None:
    """Let the admin give orders, alone or with a head."""
    async with player.store.work() as work:
        admin, *head = await ids(work, "quan_tri", *filter(None, [second]))
        for order in given:
            await orders.carry_out(work, order, admin, *head)
    await player.settle()


@pytest.mark.parametrize("order", OTHERS_MEANT, ids=str)
async def test_to_turn_words_on_others_takes_two(desk: Player, order: dict[str, Any]) -> None:
    """A unit called like a post, a reader's namesake where readers are, a hamlet called like somebody."""
    async with desk.store.read() as work:
        assert (await needs.need(work, order)).why == "steers"
    with pytest.raises(NeedsSecond):
        await done(desk, order, second=None)


@pytest.mark.parametrize("order", ORDINARY, ids=str)
async def test_what_turns_nothing_is_done_alone(desk: Player, order: dict[str, Any]) -> None:
    """Common names are common, and units get theirs."""
    async with desk.store.read() as work:
        assert not await needs.takes_two(work, order)


@pytest.mark.parametrize("order", [makes("Tổ hòa giải", "mttq_xa"), calls("kt_xa", "Trưởng công an xã")])
async def test_heads_hear_of_every_name_of_a_unit(desk: Player, order: dict[str, Any]) -> None:
    """At once, and by whom."""
    await done(desk, order, second=None)
    for name in ("head", "party"):
        assert order["name"] in heard(desk, name, "keys:")[-1]
        assert "Phạm Quốc Bảo" in heard(desk, name, "keys:")[-1]


@pytest.mark.parametrize(
    "order",
    [
        makes("Trưởng công an xã", "kt_xa"),
        makes("Trưởng công an xã", "chqs_xa"),
        makes("Đội trưởng công an xã", "kt_xa"),
        makes("Cán bộ công an", "kt_xa"),
        calls("kt_xa", "Trưởng công an xã"),
        calls("mttq_xa", "Ông trưởng công"),
    ],
)
@pytest.mark.parametrize(
    "who",
    ["trưởng công an xã", "ông trưởng công an", "truong cong an xa", "đội trưởng công an xã", "sếp công an"],
)
async def test_no_unit_takes_a_post_from_who_has_it(desk: Player, order: dict[str, Any], who: str) -> None:
    """Even with a head's yes: the chief of police hears no cry about himself."""
    await done(desk, order)
    before = len(desk.paper.told)
    await desk.say("citizen", {"text": BEATEN.format(who)})
    hears = {one.address for one in desk.paper.told[before:]}
    assert "head" in hears
    assert hears.isdisjoint({"ca_truong", "ca_nga", "police"})


@pytest.mark.parametrize(
    ("entered", "story"),
    [
        ([("Nguyễn Văn Thịnh", "dang_xa")], "ông Thịnh nhận tiền của tôi mười triệu ở thôn 3"),
        ([("Nguyễn Thị Hương", "ct_xa")], "bà Hương nhận tiền của tôi mười triệu ở thôn 3"),
        ([("Trịnh Xuân Cường", "ct_xa"), ("Trịnh Xuân Cường", "dang_xa")], AGAINST_POLICE),
        ([("Trịnh Xuân Cường", "ct_xa"), ("Lê Văn Cường", "dang_xa")], BEATEN.format("ông Cường công an")),
        (
            [("Trịnh Xuân Cường", "ct_xa"), ("Trịnh Xuân Cường", "dang_xa")],
            BEATEN.format("ông Trịnh Xuân Cường"),
        ),
    ],
)
async def test_a_namesake_takes_no_accusation_its_last_reader(
    desk: Player, entered: list[tuple[str, str]], story: str
) -> None:
    """The newcomers are out themselves; where they work it is read."""
    await done(desk, *(enters(*one) for one in entered))
    code = await told(desk, story)
    assert any([await reads(desk, code, one) for one in ("chu_tich", "bi_thu")])
    async with desk.store.read() as work:
        case = (await work.session.scalars(select(Case))).one()
        new = [p for p, name in work.rules.directory.names.items() if name in {one for one, _ in entered}]
        assert {str(one) for one in new if "công an" not in story} <= set(case.excluded_people)


async def test_who_comes_later_is_not_whom_an_open_case_speaks_of(desk: Player) -> None:
    """The chair keeps what he has taken, whoever is entered under the name of whom it accuses."""
    code = await told(desk, AGAINST_POLICE)
    await desk.say("head", {"text": f"nhan {code}"})
    await done(desk, enters("Trịnh Xuân Cường", "ct_xa"))
    await desk.say("citizen", {"text": f"{code} hôm qua ông Trịnh Xuân Cường lại tới đòi thêm tiền"})
    assert await reads(desk, code, "chu_tich")
    assert not await reads(desk, code, "ca_truong")
    assert any("lại tới" in text for text in heard(desk, "head"))


async def test_who_is_really_spoken_of_later_is_out(desk: Player) -> None:
    """A newcomer whose name nobody else bears is whom later words say they are."""
    code = await told(desk, AGAINST_POLICE)
    await done(desk, enters("Lò Văn Pẩu", "ct_xa"))
    await desk.say("citizen", {"text": f"{code} hôm qua ông Lò Văn Pẩu ở ủy ban cũng đòi tiền tôi"})
    assert not await reads(desk, code, "chu_tich")
    assert await reads(desk, code, "bi_thu")


@pytest.mark.parametrize("parent", ["ct_xa", "dang_xa"])
async def test_a_unit_with_nobody_takes_no_alarm(desk: Player, parent: str) -> None:
    """It stands before the police by its code; it is called when somebody serves there, by two."""
    await done(desk, makes("An ninh", "ca_xa", parent), second=None)
    friend = enters("Bạn Thân", "an_ninh")
    async with desk.store.read() as work:
        assert (await needs.need(work, friend)).why == "routes"
    with pytest.raises(NeedsSecond):
        await done(desk, friend, second=None)
    await desk.say("citizen", {"text": "cháy nhà thôn 2"})
    for name in ("police", "ca_nga", "ca_truong"):
        assert any("cháy nhà" in text for text in heard(desk, name))
    await done(desk, friend)
    assert "Bạn Thân" in heard(desk, "head", "keys:")[-1]


async def test_nobody_moved_there_takes_them_either(desk: Player) -> None:
    """Whatever brings somebody into the unit that would come first."""
    await done(desk, makes("An ninh", "ca_xa", "ct_xa"), second=None)
    for order in (gives("kt_thao", "an_ninh"), gives("vp_lan", "an_ninh", "duty", "2027-01-01")):
        async with desk.store.read() as work:
            assert await needs.takes_two(work, order)
