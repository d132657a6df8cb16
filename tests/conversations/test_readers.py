"""Nobody comes to read what is kept close by one person's word, nor with the help of whom it speaks of."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

import locales
from bot.commands import directory as shell
from domain.cases import Act, NotAllowed, Relation
from services.acts.act import act
from services.office import absences, keys, needs, office, orders, rulebook, undoing
from services.office.keys import NeedsSecond
from services.standing import parties
from services.standing.parties import Actor
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.tables import KeyRequest
from storage.ground.work import Work
from storage.people import people
from tests.conversations.player import Player
from tests.conversations.test_keys import asked, pressed, state

TODAY = "2026-11-16"
AGAINST_ADMIN = "ông Phạm Quốc Bảo văn phòng đòi tiền 2 triệu mới chịu làm sổ đỏ cho tôi ở thôn 3"
AGAINST_OFFICER = "anh Đỗ Anh Tuân đòi tiền 2 triệu mới chịu làm sổ đỏ cho tôi ở thôn 3"
AGAINST_CHAIR = "ông Hoàng Đức Thịnh chủ tịch xã đòi tiền 2 triệu mới chịu làm sổ đỏ cho tôi ở thôn 3"
MYSELF = {"do": "give_role", "person": "quan_tri", "unit": "ct_xa", "role": "supervisor", "from": TODAY}
XOAN = {"do": "add_person", "name": "Lê Thị Xoan", "unit": "ct_xa", "role": "supervisor", "from": TODAY}
SEATED = ("head", "party", "keeper", "admin", "officer", "supervisor", "reception")


@pytest.fixture
async def desk(player: Player) -> Player:
    """Seat both heads, the keeper, the admin, and some officials."""
    await player.seats(SEATED)
    return player


async def told(player: Player, story: str) -> str:
    """Let a citizen tell something that is kept close; return its code."""
    await player.say("citizen", {"text": story})
    for _ in range(3):
        async with player.store.read() as work:
            codes = list(await work.session.scalars(select(Case.code)))
        if codes:
            return codes[0]
        await player.say("citizen", {"text": "1"})
    raise AssertionError("not sent")


async def admins(player: Player, *texts: str) -> str:
    """Let the admin type; return the last answer."""
    for text in texts:
        await player.say("admin", {"text": text})
    return heard(player, "admin")[-1]


def heard(player: Player, name: str) -> list[str]:
    """Return what somebody was told, in order."""
    return [d.message.text for d in player.paper.told if d.address == name]


async def chat(player: Player, work: Work, name: str) -> people.Chat:
    """Return somebody's chat."""
    return await people.chat(work, player.key(name))


async def case_of(work: Work, code: str) -> Case:
    """Return a case that is there."""
    case = await stored.by_code(work, code)
    assert case is not None
    return case


async def reads(player: Player, code: str, person: str) -> bool:
    """Say whether an official, by their code, may read a case."""
    async with player.store.read() as work:
        found, case = await people.person_by_code(work, person), await case_of(work, code)
        assert found is not None
        return bool(
            {Relation.OFFICER, Relation.SUPERVISOR} & parties.relations(work, case, Actor(person_id=found.id))
        )


# --- an admin alone ------------------------------------------------------------------------------


async def test_an_admin_opens_no_case_by_making_himself_a_chief(desk: Player) -> None:
    """What he asks for waits for a head; until then, as before, he reads nothing and takes nothing over."""
    code = await told(desk, AGAINST_OFFICER)
    said = await admins(
        desk, "quan tri", "1", "Thêm vai trò", "Bảo", "Chủ tịch UBND xã", "lãnh đạo đơn vị", "1", "1"
    )
    assert "người thứ hai" in said
    assert not await reads(desk, code, "quan_tri")
    assert "đòi tiền" not in await admins(desk, f"xem {code}")
    async with desk.store.work() as work:
        with pytest.raises(NotAllowed):
            await act(
                work, await case_of(work, code), Act.TAKE_OVER, Actor.of(await chat(desk, work, "admin"))
            )
    assert any("🔑" in text for text in heard(desk, "head"))


async def test_heads_hear_who_proposed_and_who_agreed(desk: Player) -> None:
    """Both names stand in what every head is told of a new reader."""
    row = await asked(desk, XOAN)
    await pressed(desk, "party", f"menu:grant_key:{row}")
    for name in ("head", "party"):
        (text,) = [text for text in heard(desk, name) if "Chìa khóa vừa đổi" in text]
        assert "Lê Thị Xoan" in text
        assert "Phạm Quốc Bảo và Đinh Thị Mai Hương" in text


async def test_made_up_chiefs_send_no_broadcast(desk: Player) -> None:
    """One admin, two made-up chiefs, two phones: nobody is a chief, nobody is invited, nobody proposes."""
    for name in ("Trần Văn Giả", "Lê Thị Xoan"):
        said = await admins(
            desk, "quan tri", "1", "Thêm cán bộ", name, "Phòng Kinh tế", "lãnh đạo đơn vị", "1", "1", "1"
        )
        assert "người thứ hai" in said
    async with desk.store.read() as work:
        names = set(work.rules.directory.names.values())
        assert not names & {"Trần Văn Giả", "Lê Thị Xoan"}
    assert await people_invited(desk) == []


async def test_nor_does_a_made_up_officer_who_becomes_a_chief(desk: Player) -> None:
    """Added as an officer and invited alone, then made a chief: that takes two, and the invitation dies."""
    async with desk.store.work() as work:
        admin = (await chat(desk, work, "admin")).person_id
        await orders.carry_out(work, {**XOAN, "role": "officer"}, admin)
        person = await people.person_by_code(work, f"{XOAN['unit']}.1")
        assert person is not None
        token = await keys.invite(work, person, admin)
        with pytest.raises(NeedsSecond):
            await orders.carry_out(work, {**MYSELF, "person": f"{XOAN['unit']}.1"}, admin)
    await desk.say("stranger", {"text": token})
    await desk.say("stranger", {"text": "nhan tin thon"})
    assert "thôn" not in heard(desk, "stranger")[-1] or "Tổ tiếp nhận" in heard(desk, "stranger")[-1]
    async with desk.store.read() as work:
        assert not parties.roles_of(work, await chat(desk, work, "stranger")) & parties.IN_CHARGE


async def people_invited(desk: Player) -> list[str]:
    """Return the tokens that were shown to anybody."""
    return [token for d in desk.paper.told for token in re.findall(r"cb-[0-9a-f]{32}", d.message.text)]


# --- who is spoken of ----------------------------------------------------------------------------


async def test_who_is_spoken_of_gives_no_key_and_learns_nothing(desk: Player) -> None:
    """The admin is answered as ever; whoever may read the case sees why it can only be refused."""
    await told(desk, AGAINST_ADMIN)
    said = await admins(
        desk,
        "quan tri",
        "1",
        "Thêm cán bộ",
        "Lê Thị Xoan",
        "Chủ tịch UBND xã",
        "lãnh đạo đơn vị",
        "1",
        "1",
        "1",
    )
    assert "Đã chuyển người thứ hai duyệt" in said
    asking = [d for d in desk.paper.told if d.key.startswith("second.asked:")]
    assert {d.address for d in asking} == {"head", "party"}
    for delivery in asking:
        assert "đang nói tới người xin" in delivery.message.text
        assert [choice.action.split(":")[1] for choice in delivery.message.choices] == ["refuse_key"]
    row = asking[0].message.choices[0].action.rpartition(":")[2]
    assert "chưa đồng ý được" in await pressed(desk, asking[0].address, f"menu:grant_key:{row}")
    assert await state(desk, row) == "waiting"
    await pressed(desk, asking[0].address, f"menu:refuse_key:{row}")
    assert await state(desk, row) == "refused"
    assert not any("giữ kín chưa xong" in text for text in heard(desk, "admin"))


async def test_asked_before_it_was_told_of_them(desk: Player) -> None:
    """A request that waits cannot be granted any more once its asker is spoken of."""
    row = await asked(desk, XOAN)
    await told(desk, AGAINST_ADMIN)
    await pressed(desk, "head", f"menu:grant_key:{row}")
    await pressed(desk, "party", f"menu:grant_key:{row}")
    assert await state(desk, row) == "waiting"


@pytest.mark.parametrize("accused", [True, False])
async def test_who_is_spoken_of_agrees_to_no_key_and_does_not_learn_it(desk: Player, accused: bool) -> None:
    """A chair is asked, shown and answered the same whether a case speaks of him or not."""
    if accused:
        await told(desk, AGAINST_CHAIR)
    row = await asked(desk, XOAN)
    asking = {d.address: d.message for d in desk.paper.told if d.key.startswith("second.asked:")}
    assert asking["head"] == asking["party"]
    assert asking["head"].text in await pressed(desk, "head", "menu:waiting_keys")
    assert "Đã ghi lời đồng ý" in await pressed(desk, "head", f"menu:grant_key:{row}")
    assert await state(desk, row) == ("waiting" if accused else "granted")
    assert "Không có việc nào" in await pressed(desk, "head", "menu:waiting_keys")
    if accused:
        await pressed(desk, "party", f"menu:grant_key:{row}")
        assert await state(desk, row) == "granted"
        told_admin = [text for text in heard(desk, "admin") if "được đồng ý" in text]
        assert told_admin
        assert not any("Hương" in text or "Thịnh" in text for text in told_admin)


# --- undone, moved, documents --------------------------------------------------------------------


async def test_a_chief_who_went_does_not_come_back_by_undoing(desk: Player) -> None:
    """To take a chief's role away one is enough; to give it back by “hoan tac” it takes two."""
    end = {"do": "end_role", "person": "kt_truong", "unit": "kt_xa", "role": "supervisor", "to": "2026-11-15"}
    async with desk.store.work() as work:
        admin = (await chat(desk, work, "admin")).person_id
        await orders.carry_out(work, end, admin)
        with pytest.raises(NeedsSecond):
            await office.undo(work, by=admin)
    said = await admins(desk, "hoan tac", "1")
    assert "người thứ hai" in said
    async with desk.store.read() as work:
        (row,) = await work.session.scalars(select(KeyRequest))
    await pressed(desk, "head", f"menu:grant_key:{row.id}")
    async with desk.store.read() as work:
        person = await people.person_by_code(work, "kt_truong")
        assert person is not None
        assert keys.holds(work, person.id)


async def test_an_invitation_from_before_is_void_where_undoing_gives_the_key(desk: Player) -> None:
    """Issued while they opened nothing, it opens nothing once their role is back by “hoan tac”."""
    end = {"do": "end_role", "person": "kt_truong", "unit": "kt_xa", "role": "supervisor", "to": "2026-11-15"}
    async with desk.store.work() as work:
        admin, head = [(await chat(desk, work, name)).person_id for name in ("admin", "head")]
        made = (await orders.carry_out(work, end, admin))[1]
        person = await people.person_by_code(work, "kt_truong")
        assert person is not None
        token = await keys.invite(work, person, admin)
        await office.undo(work, made.number, admin, head)
        assert keys.holds(work, person.id)
    await desk.say("stranger", {"text": token})
    async with desk.store.read() as work:
        assert (await chat(desk, work, "stranger")).person_id is None


async def test_an_ordinary_unit_is_made_and_ordinary_people_move_alone(desk: Player) -> None:
    """What opens nothing waits for nobody."""
    async with desk.store.work() as work:
        admin = (await chat(desk, work, "admin")).person_id
        for order in (
            {"do": "add_unit", "name": "Trạm Y tế", "type": "vhxh_xa", "parent": "vhxh_xa"},
            {"do": "add_unit", "name": "Tổ số hóa", "type": "ttpvhcc_xa"},
            {"do": "move_person", "person": "kt_tuan", "unit": "vhxh_xa", "from": TODAY},
            {"do": "rename_unit", "unit": "kt_xa", "name": "Phòng Kinh tế mới"},
        ):
            assert not await needs.takes_two(work, order), order
            await orders.carry_out(work, order, admin)


async def test_a_taxonomy_that_hands_such_cases_elsewhere_takes_two(desk: Player) -> None:
    """Loaded by whoever keeps the server, told to heads; an admin alone does not go back to another way."""
    async with desk.store.work() as work:
        body = await rulebook.current(work, "taxonomy")
        first = next(field for field in body["fields"] if field.get("confidential"))
        first["xa"] = "kt_xa"
        await rulebook.put(work, "taxonomy", body, "đổi nơi nhận")
    await desk.settle()
    assert any("taxonomy" in text and "người giữ máy chủ" in text for text in heard(desk, "head"))
    back = {"do": "back", "name": "taxonomy"}
    async with desk.store.work() as work:
        admin, head = [(await chat(desk, work, name)).person_id for name in ("admin", "head")]
        assert await needs.takes_two(work, back)
        before = work.rules
        with pytest.raises(NeedsSecond):
            await undoing.go_back(work, "taxonomy", admin)
        assert work.rules is before
        await undoing.go_back(work, "taxonomy", admin, head)


@pytest.mark.parametrize("typed", [("hoan tac", "1"), ("quan tri", "8", "{name}", "1", "1")])
async def test_such_a_way_back_is_asked_for_and_agreed_to(desk: Player, typed: tuple[str, ...]) -> None:
    """From chat, by either way: a head agrees, and then it is as it was."""
    async with desk.store.work() as work:
        packaged = await rulebook.current(work, "taxonomy")
        body = await rulebook.current(work, "taxonomy")
        next(field for field in body["fields"] if field.get("confidential"))["xa"] = "kt_xa"
        await rulebook.put(work, "taxonomy", body, "đổi nơi nhận")
    name = locales.words("vi")("admin.names.taxonomy")
    assert "người thứ hai" in await admins(desk, *(text.replace("{name}", name) for text in typed))
    (request,) = [d for d in desk.paper.told if d.key.startswith("second.asked:") and d.address == "head"]
    async with desk.store.read() as work:
        assert await rulebook.current(work, "taxonomy") != packaged
    assert "Đã ghi lời đồng ý" in await pressed(desk, "head", request.message.choices[0].action)
    async with desk.store.read() as work:
        assert await rulebook.current(work, "taxonomy") == packaged


async def test_other_documents_go_back_alone(desk: Player) -> None:
    """A taxonomy with the same ways, and any other document, wait for nobody."""
    async with desk.store.work() as work:
        body = await rulebook.current(work, "taxonomy")
        other = next(field for field in body["fields"] if not field.get("confidential"))
        other["name"] = f"{other['name']} và việc khác"
        await rulebook.put(work, "taxonomy", body, "đổi tên")
    async with desk.store.work() as work:
        admin = (await chat(desk, work, "admin")).person_id
        assert not await needs.takes_two(work, {"do": "back", "name": "taxonomy"})
        await undoing.go_back(work, "taxonomy", admin)
        last = await undoing.latest(work, admin)
        assert last is None or last.document != "taxonomy"  # what went back itself is not undone


# --- standing in ---------------------------------------------------------------------------------


async def stands_in(desk: Player, absent: str, stand_in: str) -> None:
    """Let an official be away for two days and another stand in."""
    async with desk.store.work() as work:
        both = [await people.person_by_code(work, code) for code in (absent, stand_in)]
        assert both[0] is not None
        assert both[1] is not None
        first = date(2026, 11, 16)
        by = await chat(desk, work, "head")
        await absences.begin(work, by, both[0].id, both[1].id, (first, first + timedelta(days=2)))
    await desk.settle()


async def test_a_stand_in_reads_nothing_close_unless_in_charge(desk: Player) -> None:
    """What is kept close is lent to no officer: it stays with those who read it, and the next above."""
    code = await told(desk, AGAINST_OFFICER)
    await stands_in(desk, "chu_tich", "vhxh_hai")
    assert not await reads(desk, code, "vhxh_hai")
    assert await reads(desk, code, "bi_thu")
    async with desk.store.read() as work:
        case, officer = await case_of(work, code), await people.person_by_code(work, "vhxh_hai")
        assert officer is not None
        assert officer.id not in [
            *parties.workers(work, case),
            *parties.handling(work, case),
            *parties.in_charge(work, case),
        ]
        assert parties.workers(work, case)


async def test_who_took_it_lends_it_to_nobody_either(desk: Player) -> None:
    """The officer who does a chief's work for two days does not find the accusations in it."""
    code = await told(desk, AGAINST_OFFICER)
    async with desk.store.work() as work:
        await act(work, await case_of(work, code), Act.ACCEPT, Actor.of(await chat(desk, work, "head")))
    await stands_in(desk, "chu_tich", "vhxh_hai")
    assert not await reads(desk, code, "vhxh_hai")


async def test_a_chief_who_stands_in_for_a_head_reads_no_more(desk: Player) -> None:
    """What is a head's is lent to a head; every head hears of the days."""
    code = await told(desk, AGAINST_OFFICER)
    await stands_in(desk, "chu_tich", "vhxh_truong")
    assert not await reads(desk, code, "vhxh_truong")
    assert any("Ngô Thị Bích Vân" in text for text in heard(desk, "party"))


# --- a desk that begins --------------------------------------------------------------------------


async def test_a_fresh_desk_is_set_up_without_a_deadlock(player: Player) -> None:
    """Seeded, nobody there: the shell lets in an admin and a head, and these two everybody else."""
    for name, code in (("admin", "quan_tri"), ("head", "chu_tich")):
        lines = await shell.invite(player.store, code, "http://127.0.0.1:8080")
        (token,) = [line for line in lines if line.startswith(people.INVITE_PREFIX)]
        await player.say(name, {"text": token})
    await admins(player, "quan tri", "1", "Cấp mã mời", "Tuân", "1")
    assert len(await people_invited(player)) == 1  # an officer opens nothing
    said = await admins(player, "quan tri", "1", "Cấp mã mời", "Vũ Đình Sáng", "1")
    assert "người thứ hai" in said
    (request,) = [d for d in player.paper.told if d.key.startswith("second.asked:")]
    await pressed(player, "head", request.message.choices[0].action)
    token = (await people_invited(player))[-1]
    await player.say("supervisor", {"text": token})
    async with player.store.read() as work:
        assert parties.roles_of(work, await chat(player, work, "supervisor")) & parties.IN_CHARGE
    assert any("Vũ Đình Sáng vừa vào" in text for text in heard(player, "head"))
