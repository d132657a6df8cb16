"""Nobody alone chooses who reads: not by taking readers away, by who is next, by names, numbers or chats."""

from datetime import timedelta
from typing import Any

import pytest

from domain.people import Role
from scheduler.clock import tick
from services.office import joining, keys, needs, office, orders, requests, steering
from services.office.keys import NeedsSecond
from services.standing import parties
from storage.ground.work import Work
from storage.people import joined, people
from tests.conftest import StoppedClock
from tests.conversations.player import Player
from tests.conversations.test_keys import asked, chat, pressed, state
from tests.conversations.test_readers import AGAINST_ADMIN, AGAINST_OFFICER, MYSELF, XOAN, reads, told

TODAY, YESTERDAY = "2026-11-16", "2026-11-15"
LAN = {"do": "give_role", "person": "vp_lan", "unit": "vp_xa", "role": "head", "from": TODAY}
AGAINST_POLICE = "ông Trịnh Xuân Cường trưởng công an xã đòi tiền 2 triệu của tôi ở thôn 3"
SEATED = ("head", "party", "keeper", "admin", "officer", "supervisor", "reception", "duty", "police")


def gives(person: str, unit: str, role: str = "officer", day: str = TODAY) -> dict[str, Any]:
    """Return the order that gives a role."""
    return {"do": "give_role", "person": person, "unit": unit, "role": role, "from": day}


def ends(person: str, unit: str, role: str, day: str = YESTERDAY) -> dict[str, Any]:
    """Return the order that ends a role."""
    return {"do": "end_role", "person": person, "unit": unit, "role": role, "to": day}


def merges(unit: str, into: str, on: str = "2027-11-16", *, carry: bool = False) -> dict[str, Any]:
    """Return the order that merges two units."""
    return {"do": "merge", "unit": unit, "into": into, "on": on, "carry": carry}


ATTEMPTS = {
    "the chair an officer of the police": gives("chu_tich", "ca_xa"),
    "the same from next year": gives("chu_tich", "ca_xa", day="2027-01-01"),
    "the party head an officer of the police": gives("bi_thu", "ca_xa"),
    "the party head an officer below the chair": gives("bi_thu", "vp_xa"),
    "the chair an officer of the Front": gives("chu_tich", "mttq_xa"),
    "the chair on duty, by a role, in economy": gives("chu_tich", "kt_xa", "duty"),
    "the party head gone": ends("bi_thu", "dang_xa", "head"),
    "the chair gone from next month": ends("chu_tich", "ct_xa", "head", "2026-12-31"),
    "the keeper gone": ends("kiem_tra", "dang_xa", "keeper"),
    "the police below the chair, in a year": merges("ca_xa", "ct_xa"),
    "the party's unit gone without its people": merges("dang_xa", "mttq_xa", "2026-11-20"),
    "the admin an officer": gives("quan_tri", "kt_xa"),
    "the admin on duty in the police": gives("quan_tri", "ca_xa", "duty"),
    "the admin on the roster": {
        "do": "duty",
        "people": ["vp_truc", "quan_tri"],
        "from": TODAY,
        "to": "2026-11-20",
    },
    "another number in danger": {"do": "phone_unit", "unit": "vp_xa", "phone": "0999 111 222"},
    "no number in danger": {"do": "phone_unit", "unit": "vp_xa", "phone": ""},
    "a number that comes before it": {"do": "phone_unit", "unit": "ca_xa", "phone": "0999 111 222"},
}
ORDINARY = {
    "an officer comes": {
        "do": "add_person",
        "name": "Lê Văn Mới",
        "unit": "ca_xa",
        "role": "officer",
        "from": TODAY,
    },
    "a second role": gives("kt_thao", "vhxh_xa"),
    "a chief helps out": gives("kt_truong", "vp_xa"),
    "an officer goes": ends("kt_tuan", "kt_xa", "officer"),
    "a chief goes": ends("kt_truong", "kt_xa", "supervisor"),
    "duty": {"do": "duty", "people": ["vp_lan"], "from": TODAY, "to": "2026-11-20"},
    "a hamlet": {"do": "add_area", "name": "thôn Mới"},
}


@pytest.fixture
async def desk(player: Player) -> Player:
    """Seat both heads, the keeper, the admin, and some officials."""
    await player.seats(SEATED)
    return player


def heard(player: Player, name: str, kind: str = "") -> list[str]:
    """Return what somebody was told, of one kind or of all."""
    return [d.message.text for d in player.paper.told if d.address == name and d.key.startswith(kind)]


async def ids(work: Work, *names: str) -> list[Any]:
    """Return these people's ids, by their codes."""
    found = [await people.person_by_code(work, name) for name in names]
    return [person.id for person in found if person is not None]


@pytest.mark.parametrize("order", ATTEMPTS.values(), ids=ATTEMPTS.keys())
async def test_what_steers_takes_two(desk: Player, order: dict[str, Any]) -> None:
    """It is seen before the yes, refused where it is done, and done with a head's word."""
    async with desk.store.work() as work:
        admin, head = await ids(work, "quan_tri", "bi_thu")
        before = set(work.rules.directory.holdings)
        assert await needs.takes_two(work, order)
        with pytest.raises(NeedsSecond):
            await orders.carry_out(work, order, admin)
        assert set(work.rules.directory.holdings) == before
        await orders.carry_out(work, order, admin, head)


@pytest.mark.parametrize("order", ORDINARY.values(), ids=ORDINARY.keys())
async def test_everyday_work_is_done_alone(desk: Player, order: dict[str, Any]) -> None:
    """An honest admin meets no question more than there was."""
    async with desk.store.work() as work:
        (admin,) = await ids(work, "quan_tri")
        assert not await needs.takes_two(work, order)
        await orders.carry_out(work, order, admin)


async def test_who_is_taken_away_comes_back_by_two(desk: Player) -> None:
    """To undo the giving of a key takes one, so it takes two."""
    async with desk.store.work() as work:
        admin, head = await ids(work, "quan_tri", "bi_thu")
        await orders.carry_out(work, LAN, admin, head)
        with pytest.raises(NeedsSecond):
            await office.undo(work, by=admin)
        await office.undo(work, by=admin, second=head)


async def test_who_goes_may_agree_where_nobody_else_can(player: Player) -> None:
    """A head who is the only other one agrees to his own going; the admin alone does not."""
    await player.seats(("head", "admin"))
    row = await asked(player, ends("chu_tich", "ct_xa", "head"))
    await pressed(player, "head", f"menu:grant_key:{row}")
    assert await state(player, row) == "granted"


async def test_heads_named_again_in_the_accused_unit_are_not_shut_out(desk: Player) -> None:
    """Whoever enters strangers under the heads' names shuts no head out, before or after it is told."""
    async with desk.store.work() as work:
        (admin,) = await ids(work, "quan_tri")
        for name in ("Hoàng Đức Thịnh", "đinh thị mai hương"):
            order = {"do": "add_person", "name": name, "unit": "ca_xa", "role": "officer", "from": TODAY}
            await orders.carry_out(work, order, admin)
    code = await told(desk, AGAINST_POLICE)
    assert await reads(desk, code, "chu_tich")
    assert await reads(desk, code, "bi_thu")
    assert len(heard(desk, "head", "keys:")) == len(heard(desk, "party", "keys:")) == 2


async def test_a_merger_to_come_takes_no_case_from_who_has_it(desk: Player) -> None:
    """The police are to stand below the chair next year: the chair reads on, and the police never do."""
    code = await told(desk, AGAINST_POLICE)
    await desk.say("head", {"text": f"nhan {code}"})
    async with desk.store.work() as work:
        admin, second = await ids(work, "quan_tri", "bi_thu")
        await orders.carry_out(work, merges("ca_xa", "ct_xa", carry=True), admin, second)
    assert await reads(desk, code, "chu_tich")
    assert not await reads(desk, code, "ca_truong")


async def test_a_case_leaves_who_is_shut_out_by_two(desk: Player) -> None:
    """The chair became one of the accused unit: what he had waits with who is next, and no word is left."""
    code = await told(desk, AGAINST_POLICE)
    await desk.say("head", {"text": f"nhan {code}"})
    async with desk.store.work() as work:
        admin, second = await ids(work, "quan_tri", "bi_thu")
        await orders.carry_out(work, gives("chu_tich", "ca_xa"), admin, second)
    assert not await reads(desk, code, "chu_tich")
    assert await reads(desk, code, "bi_thu")
    await desk.say("party", {"text": f"nhan {code}"})
    assert "Đã nhận việc" in heard(desk, "party", "reply:")[-1]


async def test_on_every_day_that_changes_anything(desk: Player) -> None:
    """What begins in a year is compared then, and whoever drops out or comes next is known."""
    async with desk.store.read() as work:
        plan = await orders.work_out(work, ends("bi_thu", "dang_xa", "head", "2027-06-30"))
        chair, party, front = await ids(work, "chu_tich", "bi_thu", "mttq_chu_tich")
        found = steering.steered(work, plan.rows)
        assert party in found.dropped
        assert chair not in found.dropped | found.next
        assert not found.number
        assert front not in found.dropped


# --- what heads hear -----------------------------------------------------------------------------


async def test_heads_hear_of_each_role_invitation_roster_word_and_number(desk: Player) -> None:
    """One line an order; those on duty hear of the roster, of words of danger and of the number."""
    async with desk.store.work() as work:
        admin, head = await ids(work, "quan_tri", "bi_thu")
        await orders.carry_out(work, ORDINARY["an officer comes"], admin)
        thao = await people.person_by_code(work, "kt_thao")
        assert thao is not None
        await keys.invite(work, thao, admin)
        await orders.carry_out(work, ATTEMPTS["another number in danger"], admin, head)
        await orders.carry_out(work, ORDINARY["duty"], admin)
    await desk.settle()
    for name in ("head", "party"):
        assert len(heard(desk, name, "keys:")) == 4
    on_duty = heard(desk, "duty", "keys:")
    assert len(on_duty) == 2
    assert any("0999 111 222" in text for text in on_duty)
    for text in ("quan tri", "6", "1", "chó dại", "115 Cấp cứu", "1"):
        await desk.say("admin", {"text": text})
    for name in ("head", "reception"):  # who is on duty by now
        assert "chó dại" in heard(desk, name, "keys:words")[-1]
        assert "Phạm Quốc Bảo" in heard(desk, name, "keys:words")[-1]


# --- the second person ---------------------------------------------------------------------------


async def joins(player: Player, code: str, address: str) -> None:
    """Let a chat join under a name, by an invitation issued earlier."""
    async with player.store.work() as work:
        (person,) = await ids(work, code)
        token = await people.invite(work, person)
    await player.say(address, {"text": token})


async def test_a_yes_is_to_what_was_shown(desk: Player, clock: StoppedClock) -> None:
    """A chat that joins while it waits is told to heads, the old yes is void, a young chat gets no key."""
    code = await told(desk, AGAINST_OFFICER)
    row = await asked(desk, LAN)
    await joins(desk, "vp_lan", "stranger")
    assert any("đang chờ duyệt" in text for text in heard(desk, "head", "joined:"))
    again = await pressed(desk, "head", f"menu:grant_key:{row}")
    assert "đã có thay đổi" in again
    assert "hiện có 2 nơi nhắn tin" in again
    assert await state(desk, row) == "waiting"
    assert "qua một ngày" in await pressed(desk, "head", f"menu:grant_key:{row}")
    assert "đã có thay đổi" in await pressed(desk, "party", f"menu:grant_key:{row}")
    assert await state(desk, row) == "waiting"
    assert not await reads(desk, code, "vp_lan")
    clock.pass_(hours=25)
    await pressed(desk, "head", f"menu:grant_key:{row}")
    assert await state(desk, row) == "granted"


async def test_a_chat_that_is_shut_is_counted_too(desk: Player) -> None:
    """A stranger's chat that takes no messages for the moment is one of those shown."""
    async with desk.store.work() as work:
        (lan,) = await ids(work, "vp_lan")
        shut = people.open_chat(work, desk.paper.account, desk.key("stranger"), "stranger")
        shut.person_id, shut.blocked_at = lan, work.now - timedelta(days=3)
    row = await asked(desk, LAN)
    assert "hiện có 2 nơi nhắn tin" in heard(desk, "head", f"second.asked:{row.replace('-', '')}")[0]


@pytest.mark.parametrize("name", ["vp_lan", "kt_tuan"])
async def test_no_key_for_whom_a_case_speaks_of(desk: Player, name: str) -> None:
    """Whoever reads the case is told, and can only refuse; of anybody else it is asked as always."""
    await told(desk, AGAINST_OFFICER)
    row = await asked(desk, {**LAN, "person": name})
    asking = [
        d.message for d in desk.paper.told if d.key.startswith("second.asked:") and d.address == "party"
    ]
    assert ("đang nói tới" in asking[0].text) == (name == "kt_tuan")
    await pressed(desk, "party", f"menu:grant_key:{row}")
    assert await state(desk, row) == ("waiting" if name == "kt_tuan" else "granted")


async def test_nor_for_a_new_entry_under_the_same_name(desk: Player) -> None:
    """Who is accused becomes no head as somebody else, whether a reader agrees or who reads nothing."""
    async with desk.store.work() as work:
        await orders.carry_out(work, gives("vp_lan", "vp_xa", "admin"), None)
    await told(desk, AGAINST_OFFICER)
    order = {"do": "add_person", "name": "do anh tuan", "unit": "vp_xa", "role": "head", "from": TODAY}
    row = await asked(desk, order)
    assert "Đã ghi lời đồng ý" in await pressed(desk, "reception", f"menu:grant_key:{row}")
    assert "chưa đồng ý được" in await pressed(desk, "head", f"menu:grant_key:{row}")
    assert await state(desk, row) == "waiting"


async def test_with_one_head_who_is_accused_it_is_asked_as_always(
    player: Player, clock: StoppedClock
) -> None:
    """Nothing tells the admin or the head: it is passed on, noted, and lapses like any other."""
    await player.seats(("head", "party", "admin"))
    await told(player, "ông Hoàng Đức Thịnh chủ tịch xã đòi tiền 2 triệu của tôi ở thôn 3")
    async with player.store.work() as work:
        for one in await joined.of_person(work, (await ids(work, "bi_thu"))[0]):
            one.blocked_at = work.now
    row = await asked(player, LAN)
    assert "Đã ghi lời đồng ý" in await pressed(player, "head", f"menu:grant_key:{row}")
    assert await state(player, row) == "waiting"
    clock.pass_(days=4)
    await tick(player.store)
    assert await state(player, row) == "over"


async def test_another_admin_learns_nothing_of_it(desk: Player) -> None:
    """Who reads no such case is asked and answered as ever, and their yes does nothing."""
    async with desk.store.work() as work:
        await orders.carry_out(work, {**MYSELF, "person": "vp_lan", "unit": "vp_xa", "role": "admin"}, None)
    await desk.settle()
    row = await asked(desk, XOAN)
    await told(desk, AGAINST_ADMIN)
    before = len(desk.paper.told)
    assert "Đã ghi lời đồng ý" in await pressed(desk, "reception", f"menu:grant_key:{row}")
    assert await state(desk, row) == "waiting"
    later = await asked_again(desk)
    (shown,) = [d for d in desk.paper.told[before:] if later in d.key and d.address == "reception"]
    assert "đang nói tới" not in shown.message.text
    assert [choice.action.split(":")[1] for choice in shown.message.choices] == ["grant_key", "refuse_key"]


async def asked_again(desk: Player) -> str:
    """Let the admin ask for something else; return the request's id in keys."""
    async with desk.store.work() as work:
        row = await requests.propose(work, await chat(desk, work, "admin"), MYSELF, "việc này")
        made = row.id.hex
    await desk.settle()
    return made


# --- chats ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["head", "party", "keeper", "supervisor"])
async def test_the_last_chat_of_a_key_is_cut_by_two(desk: Player, name: str) -> None:
    """The admin asks, a head or the person agrees; alone nothing is cut, whatever is pressed."""
    await desk.say(name, {"text": "menu"})
    key = desk.key(name)
    assert "người thứ hai" in await pressed(desk, "admin", f"menu:end_chat:{key}")
    async with desk.store.work() as work:
        assert (await chat(desk, work, name)).person_id is not None
        with pytest.raises(NeedsSecond):
            await joining.end(work, await chat(desk, work, "admin"), key, strange=True)
    (request,) = [d for d in desk.paper.told if d.key.startswith("second.asked:") and d.address == name]
    other = "party" if name == "head" else "head"
    await pressed(desk, other, request.message.choices[0].action)
    async with desk.store.read() as work:
        assert (await chat(desk, work, name)).person_id is None


async def test_other_chats_are_cut_alone(desk: Player) -> None:
    """An officer's, and a key's where another is left."""
    await desk.seat("head", "second telephone")
    for name in ("officer", "head"):
        await desk.say(name, {"text": "menu"})
        await pressed(desk, "admin", f"menu:end_chat:{desk.key(name)}")
        async with desk.store.read() as work:
            assert (await chat(desk, work, name)).person_id is None
    assert "người thứ hai" in await pressed(desk, "admin", f"menu:end_chat:{desk.key('second telephone')}")


async def test_an_admin_who_is_an_officer_already_may_stay_one(desk: Player) -> None:
    """The roster around an admin's own days of duty is cut by one; no day is added."""
    async with desk.store.work() as work:
        admin, head = await ids(work, "quan_tri", "bi_thu")
        long = {"do": "duty", "people": ["quan_tri"], "from": TODAY, "to": "2026-11-30"}
        await orders.carry_out(work, long, admin, head)
        await orders.carry_out(work, {**ORDINARY["duty"], "from": "2026-11-20", "to": "2026-11-22"}, admin)
        assert Role.DUTY in parties.roles_of(work, await chat(desk, work, "admin"))
