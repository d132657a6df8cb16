"""Nobody alone gives a role that opens everything, whatever they press, type, forge, undo or merge."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.commands import directory as shell
from domain.people import Role
from services.office import keys, needs, office, orders, requests
from services.office.keys import NeedsSecond
from services.standing import parties
from storage.ground.tables import KeyRequest
from storage.ground.work import Work
from storage.people import people
from tests.conversations.player import Player

TODAY = "2026-11-16"
MORE = """
people:
  - {code: vp_lan, name: Trần Thị Ngọc Lan, roles: [{role: keeper, unit: vp_xa, from: 2026-11-16}]}
"""
TO_MYSELF = {"do": "give_role", "person": "quan_tri", "unit": "vp_xa", "role": "keeper", "from": TODAY}
TO_A_FRIEND = {"do": "give_role", "person": "vp_lan", "unit": "vp_xa", "role": "head", "from": TODAY}
AS_CHAIR = {"do": "invite", "person": "chu_tich", "name": "Hoàng Đức Thịnh"}
ATTEMPTS = {
    "keeper to myself": TO_MYSELF,
    "head to a friend": TO_A_FRIEND,
    "admin to a friend": {**TO_A_FRIEND, "role": "admin"},
    "keeper to a friend from next year": {**TO_A_FRIEND, "role": "keeper", "from": "2027-01-01"},
    "a new person as head": {
        "do": "add_person",
        "name": "Lê Văn Bạn",
        "unit": "ct_xa",
        "role": "head",
        "from": TODAY,
    },
    "an invitation as the chair": AS_CHAIR,
    "an invitation as the chair that ends his chats": {**AS_CHAIR, "ends": True},
    "an invitation as the keeper": {"do": "invite", "person": "kiem_tra", "name": "Trương Thị Minh Tâm"},
    "a second chat of my own": {"do": "invite", "person": "quan_tri", "name": "Phạm Quốc Bảo"},
    "chief of the chair's office, to myself": {**TO_MYSELF, "unit": "ct_xa", "role": "supervisor"},
    "chief of a unit far from all that, to a friend": {**TO_A_FRIEND, "unit": "kt_xa", "role": "supervisor"},
    "a new person as chief": {
        "do": "add_person",
        "name": "Lê Thị Xoan",
        "unit": "ct_xa",
        "role": "supervisor",
        "from": TODAY,
    },
    "a chief moved to the Party committee": {
        "do": "move_person",
        "person": "kt_truong",
        "unit": "dang_xa",
        "from": TODAY,
    },
    "an invitation as a chief": {"do": "invite", "person": "kt_truong", "name": "Vũ Đình Sáng"},
    "a unit merged into a chief's, without its people": {
        "do": "merge",
        "unit": "dang_xa",
        "into": "kt_xa",
        "on": "2026-11-20",
        "carry": False,
    },
    "a unit with its chief merged": {
        "do": "merge",
        "unit": "mttq_xa",
        "into": "vp_xa",
        "on": "2026-11-20",
        "carry": True,
    },
    "a unit to which such cases go, below a chief's": {
        "do": "add_unit",
        "name": "Đảng ủy bộ phận",
        "type": "dang_xa",
        "parent": "kt_xa",
    },
    "a unit with its head merged into mine": {
        "do": "merge",
        "unit": "dang_xa",
        "into": "vp_xa",
        "on": "2026-11-20",
        "carry": True,
    },
}
"""What an admin may try alone, as the order it comes to."""


@pytest.fixture
async def desk(player: Player) -> Player:
    """Seat both heads, the keeper, the admin and an officer."""
    await player.seats(("head", "party", "keeper", "admin", "officer"))
    return player


async def chat(player: Player, work: Work, who_: str) -> people.Chat:
    """Return somebody's chat."""
    return await people.chat(work, player.key(who_))


async def asked(player: Player, order: dict[str, object]) -> str:
    """Let the admin ask for something; return the request's id."""
    async with player.store.work() as work:
        row = await requests.propose(work, await chat(player, work, "admin"), order, "việc này")
        made = str(row.id)
    await player.settle()
    return made


async def pressed(player: Player, name: str, action: str) -> str:
    """Let somebody press, or forge, a button; return what they were answered."""
    await player.say(name, {"tap": action})
    replies = [d for d in player.paper.told if d.address == name and d.key.startswith("reply:")]
    return replies[-1].message.text


async def state(player: Player, row_id: str) -> str:
    """Return how a request stands."""
    async with player.store.read() as work:
        (row,) = await work.session.scalars(select(KeyRequest))
        assert str(row.id) == row_id
        return row.state


async def tried(work: Work, order: dict[str, object], admin: people.Chat) -> None:
    """Do it alone, past every preview and question."""
    if order["do"] != "invite":
        await orders.carry_out(work, order, admin.person_id)
        return
    person = await people.person_by_code(work, str(order["person"]))
    assert person is not None
    await keys.invite(work, person, admin.person_id)


@pytest.mark.parametrize("order", ATTEMPTS.values(), ids=ATTEMPTS.keys())
async def test_every_attempt_needs_a_second_person(desk: Player, order: dict[str, object]) -> None:
    """It is seen before the yes, it is refused where it is done, and nothing has changed."""
    async with desk.store.work() as work:
        admin = await chat(desk, work, "admin")
        before = set(work.rules.directory.holdings)
        assert await needs.gainers(work, order)
        with pytest.raises(NeedsSecond):
            await tried(work, order, admin)
        assert set(work.rules.directory.holdings) == before


@pytest.mark.parametrize("role", ["officer", "duty"])
async def test_what_opens_nothing_is_done_alone(desk: Player, role: str) -> None:
    """An admin's everyday work waits for nobody."""
    async with desk.store.work() as work:
        admin = await chat(desk, work, "admin")
        order = {**TO_A_FRIEND, "role": role, "unit": "kt_xa"}
        assert await needs.gainers(work, order) == []
        await orders.carry_out(work, order, admin.person_id)


async def test_neither_who_asked_nor_who_gains_nor_anybody_else_decides(desk: Player) -> None:
    """The admin, in a second chat too, the friend, an officer and the keeper press for nothing."""
    async with desk.store.work() as work:
        lan = await people.person_by_code(work, "vp_lan")
        assert lan is not None
        friend = people.open_chat(work, desk.paper.account, desk.key("reception"), "reception")
        friend.person_id = lan.id
    await desk.seat("admin", "newcomer")
    row = await asked(desk, TO_A_FRIEND)
    for name in ("admin", "newcomer", "reception", "officer", "keeper"):
        await pressed(desk, name, f"menu:grant_key:{row}")
        await pressed(desk, name, f"menu:refuse_key:{row}")
        assert await state(desk, row) == "waiting", name
    async with desk.store.read() as work:
        assert Role.HEAD not in parties.roles_of(work, await chat(desk, work, "reception"))


async def test_a_friend_who_would_gain_and_heads_already_does_not_decide_for_himself(desk: Player) -> None:
    """A head asked to agree to his own second role is not a second person for it."""
    row = await asked(desk, {**TO_MYSELF, "person": "chu_tich", "role": "admin"})
    assert "cho chính anh/chị" in await pressed(desk, "head", f"menu:grant_key:{row}")
    await pressed(desk, "party", f"menu:grant_key:{row}")
    assert await state(desk, row) == "granted"


async def test_agreed_it_is_done_once_and_everybody_concerned_hears(desk: Player) -> None:
    """The second press finds it decided; the record names both; heads and whom it concerns are told."""
    row = await asked(desk, TO_MYSELF)
    await pressed(desk, "head", f"menu:grant_key:{row}")
    assert "đã có người quyết" in await pressed(desk, "party", f"menu:grant_key:{row}")
    for name in ("head", "party", "admin"):
        told = [d.message.text for d in desk.paper.told if d.address == name and d.key.startswith("keys:")]
        assert len(told) == 1
        assert "Phạm Quốc Bảo và Hoàng Đức Thịnh" in told[0]
    async with desk.store.read() as work:
        assert Role.KEEPER in parties.roles_of(work, await chat(desk, work, "admin"))


async def test_an_invitation_agreed_to_is_given_to_who_asked_and_recorded(desk: Player) -> None:
    """Who agreed sees no token; used, it is told to the chair's own chat with a way to shut it."""
    row = await asked(desk, AS_CHAIR)
    agreed = await pressed(desk, "party", f"menu:grant_key:{row}")
    assert people.INVITE_PREFIX not in agreed
    given = [d.message.text for d in desk.paper.told if d.key.startswith("second.granted")]
    (token,) = [word for word in given[0].split() if word.startswith(people.INVITE_PREFIX)]
    assert "Cấp mã mời cho Hoàng Đức Thịnh" in "\n".join(await shell.listed(desk.store))
    await desk.say("stranger", {"text": token})
    (told,) = [d for d in desk.paper.told if d.address == "head" and d.key.startswith("joined:")]
    await pressed(desk, "head", told.message.choices[0].action)
    async with desk.store.read() as work:
        assert (await chat(desk, work, "stranger")).person_id is None


async def test_one_that_ends_the_older_chats_does_so_once_two_have_chosen_it(desk: Player) -> None:
    """The chair works in the new chat alone; the old one, and the other heads, hear of it."""
    await desk.say("head", {"text": "menu"})
    row = await asked(desk, {**AS_CHAIR, "ends": True})
    await pressed(desk, "party", f"menu:grant_key:{row}")
    given = [d.message.text for d in desk.paper.told if d.key.startswith("second.granted")]
    (token,) = [word for word in given[0].split() if word.startswith(people.INVITE_PREFIX)]
    assert "ngắt hết các nơi cũ" in "\n".join(await shell.listed(desk.store))
    await desk.say("stranger", {"text": token})
    async with desk.store.read() as work:
        assert (await chat(desk, work, "head")).person_id is None
        assert (await chat(desk, work, "stranger")).person_id is not None
    last = {
        name: [d.message.text for d in desk.paper.told if d.address == name] for name in ("head", "party")
    }
    assert "nơi này thôi làm việc" in last["head"][-1]
    assert any("đã bị Phạm Quốc Bảo ngắt" in text for text in last["party"])


@pytest.mark.parametrize(("choice", "ended"), [("1", True), ("2", False)])
async def test_whoever_invites_chooses_what_becomes_of_the_older_chats(
    desk: Player, choice: str, *, ended: bool
) -> None:
    """Of an ordinary officer an admin does so alone, who hears when it was used."""
    await desk.say("officer", {"text": "menu"})
    for text in ("quan tri", "1", "Cấp mã mời", "Anh Tuân", choice, "1"):
        await desk.say("admin", {"text": text})
    words = " ".join(d.message.text for d in desk.paper.told if d.address == "admin").split()
    (token,) = [word for word in words if word.startswith(people.INVITE_PREFIX)]
    await desk.say("stranger", {"text": token})
    async with desk.store.read() as work:
        assert ((await chat(desk, work, "officer")).person_id is None) is ended
    heard = [d for d in desk.paper.told if d.address == "admin" and d.key.startswith("replaced:")]
    assert len(heard) == ended


async def test_an_invitation_that_was_open_before_is_good_for_nothing_after(desk: Player) -> None:
    """A token issued for somebody who opens nothing does not become a key with the role."""
    async with desk.store.work() as work:
        lan = await people.person_by_code(work, "vp_lan")
        assert lan is not None
        token = await keys.invite(work, lan, (await chat(desk, work, "admin")).person_id)
    row = await asked(desk, TO_A_FRIEND)
    await pressed(desk, "party", f"menu:grant_key:{row}")
    await desk.say("stranger", {"text": token})
    async with desk.store.read() as work:
        assert (await chat(desk, work, "stranger")).person_id is None


async def test_what_comes_back_by_undoing_needs_a_second_person_too(desk: Player) -> None:
    """A key that was taken away does not return by one admin's “hoan tac”."""
    async with desk.store.work() as work:
        end = {
            "do": "end_role",
            "person": "kiem_tra",
            "unit": "dang_xa",
            "role": "keeper",
            "to": "2026-11-15",
        }
        await orders.carry_out(work, end, None)
    async with desk.store.work() as work:
        admin = await chat(desk, work, "admin")
        with pytest.raises(NeedsSecond):
            await office.undo(work, by=admin.person_id)
        held = work.rules.directory.everyone(Role.KEEPER, date(2026, 11, 16))
        assert held == []


async def test_with_nobody_else_there_it_says_what_to_do(player: Player) -> None:
    """One admin and no head who can be reached: whoever keeps the server does it, by name of the command."""
    async with player.store.work() as work:
        quan_tri = await people.person_by_code(work, "quan_tri")
        assert quan_tri is not None
        people.open_chat(work, player.paper.account, player.key("admin"), "admin").person_id = quan_tri.id
    for text in ("quan tri", "1", "Cấp mã mời", "Thịnh"):
        await player.say("admin", {"text": text})
    await player.say("admin", {"text": "1"})
    assert "lệnh seed hoặc invite" in player.paper.told[-1].message.text
    async with player.store.read() as work:
        assert list(await work.session.scalars(select(KeyRequest))) == []


async def test_the_shell_is_the_installers_door_and_leaves_a_trace(desk: Player) -> None:
    """Seeding and inviting from the command line work alone, are recorded, and are told to heads at once."""
    lines = await shell.invite(desk.store, "chu_tich", "http://127.0.0.1:8080")
    assert any(people.INVITE_PREFIX in line for line in lines)
    await shell.seed(desk.store, MORE.encode(), "more.yaml")
    assert "Cấp mã mời cho Hoàng Đức Thịnh" in "\n".join(await shell.listed(desk.store))
    await desk.settle()
    for name in ("head", "party"):
        told = [d.message.text for d in desk.paper.told if d.address == name and d.key.startswith("keys:")]
        assert len(told) == 2
        assert all("người giữ máy chủ" in text for text in told)


async def test_a_request_whose_asker_is_admin_no_more_is_over(desk: Player) -> None:
    """Who lost the role in between gets nothing done by it."""
    row = await asked(desk, TO_A_FRIEND)
    async with desk.store.work() as work:
        await orders.carry_out(work, {**TO_A_FRIEND, "role": "admin", "person": "kt_thao"}, None)
        end = {"do": "end_role", "person": "quan_tri", "unit": "vp_xa", "role": "admin", "to": "2026-11-15"}
        await orders.carry_out(work, end, None)
    assert "quá hạn" in await pressed(desk, "party", f"menu:grant_key:{row}")
    assert await state(desk, row) == "waiting"
