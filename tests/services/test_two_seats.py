"""Whoever holds roles in two communes is in each only what they are there, whatever the other one says.

Who decides, hears, stands in, keeps an identity and is away goes by the commune of the case.
"""

from datetime import timedelta
from typing import Any

import pytest

from domain.cases import NotAllowed, State
from scheduler.clock import tick
from services.office import absences, directory, editing, orders
from services.standing import exclusion, keepers, parties, superiors
from services.standing.refusals import StandsAbove
from storage.ground.tables import Person
from storage.ground.work import Work
from storage.people import people, reached
from tests.services.levels import WHY, Province
from tests.services.two_channels import key
from tests.storage.commune import chat_of, work_off
from tests.storage.province import NEIGHBOUR, OURS

BRIBE = "ông Vũ Đình Sáng trưởng phòng kinh tế nhận hối lộ của dân thôn 3 10 triệu"
ROAD = "đường thôn 3 ổ gà sâu, xe máy ngã mấy lần rồi"
DEPUTY = ("ba_pho", "Khổng Văn Lực", ("head", "ba_ct_xa"))
LONG = 40
"""Days away that outlast every test."""


async def entered(wide: Province, *those: tuple[Any, ...]) -> None:
    """Give people roles besides their own: (code, name, (role, unit), ...); who is new gets a chat."""
    rows = ""
    for code, name, *roles in those:
        held = ", ".join(f"{{role: {role}, unit: {unit}, from: 2025-07-01}}" for role, unit in roles)
        rows += f"\n  - {{code: {code}, name: {name}, roles: [{held}]}}"
    async with wide.store.work() as work:
        new = [code for code, *_ in those if await people.person_by_code(work, code) is None]
        await directory.seed(work, f"people:{rows}\n".encode(), "more.yaml")
        for code in new:
            chat_of(work, code).person_id = (await someone(work, code)).id


async def someone(work: Work, code: str) -> Person:
    """Return a person by their code."""
    found = await people.person_by_code(work, code)
    assert found is not None
    return found


async def away(wide: Province, who: str, stand_in: str, by: str) -> None:
    """Let somebody say that somebody is away from today on."""
    async with wide.store.work() as work:
        absent, standing = [(await someone(work, code)).id for code in (who, stand_in)]
        last = work.today + timedelta(days=LONG)
        await absences.begin(
            work, await people.chat(work, key(work, by)), absent, standing, (work.today, last)
        )
    await work_off(wide.desk)


async def days(wide: Province, count: int) -> None:
    """Let days pass, half a day at a time."""
    for _ in range(2 * count):
        wide.clock.pass_(hours=12)
        while await tick(wide.store):
            pass
        await work_off(wide.desk)


def of(wide: Province, who: str, code: str) -> list[str]:
    """Return what somebody was told of a case."""
    return [text for text in wide.told(who) if code in text]


async def stands(wide: Province, code: str) -> tuple[str, State, str | None]:
    """Return the unit, the state and the officer of a case."""
    async with wide.at(code) as (work, case):
        who = await people.name_of(work, case.officer_id) if case.officer_id else None
        return work.desk.directory.unit(case.unit_id).code, State(case.state), who


# --- who stands above ----------------------------------------------------------------------------


@pytest.mark.parametrize("late", [False, True])
async def test_who_heads_both_is_judged_by_the_heads_of_the_case(wide: Province, late: bool) -> None:
    """A chair of two communes has an accusation here: the other head here is asked, nobody there hears."""
    await entered(wide, ("chu_tich", "Hoàng Đức Thịnh", ("head", "ba_ct_xa")))
    code = await wide.open(BRIBE)
    await wide.does("chu_tich", "accept", code)
    if late:
        await days(wide, 20)
    else:
        await wide.does("chu_tich", "extend", code, days=3, reason="chờ xác minh")
    assert await wide.relations("ba_chu_tich", code) == set()
    assert of(wide, "ba_chu_tich", code) == []
    assert of(wide, "bi_thu" if late else "t_chanh", code)


@pytest.mark.parametrize("role", ["head", "supervisor"])
async def test_a_chief_elsewhere_is_an_officer_here(wide: Province, role: str) -> None:
    """An ordinary officer who leads in the neighbour asks the chief of their unit here."""
    unit = "ba_ct_xa" if role == "head" else "ba_kt_xa"
    await entered(wide, DEPUTY, ("vhxh_hai", "Đặng Thanh Hải", ("officer", "kt_xa"), (role, unit)))
    code = await wide.open()
    await wide.does("vhxh_hai", "accept", code)
    await wide.does("vhxh_hai", "extend", code, days=3, reason="chờ vật tư")
    assert of(wide, "kt_truong", code)
    await days(wide, 6)
    assert not of(wide, "ba_pho", code)
    async with wide.at(code) as (work, case):
        there = [(await someone(work, one)).id for one in ("ba_pho", "kt_truong")]
        assert [superiors.may_decide(work, case, parties.Actor(person_id=one)) for one in there] == [
            False,
            True,
        ]


async def test_the_neighbours_chair_turns_no_delay_by_standing_in(wide: Province) -> None:
    """Noting an officer of both as away, with himself as stand-in, he is nothing to what is late here."""
    await entered(wide, DEPUTY, ("kt_tuan", "Đỗ Anh Tuân", ("officer", "ba_kt_xa")))
    code = await wide.open()
    await wide.does("kt_tuan", "accept", code)
    await away(wide, "kt_tuan", "ba_chu_tich", by="ba_chu_tich")
    await days(wide, 5)
    assert (of(wide, "ba_pho", code), of(wide, "ba_chu_tich", code)) == ([], [])
    assert of(wide, "kt_truong", code)


# --- who opens an identity -----------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["ba_ct_xa", "ba_kt_xa"])
async def test_a_chief_elsewhere_of_the_accused_is_no_keeper_here(wide: Province, unit: str) -> None:
    """Whoever leads the accused in another commune keeps no identity of who accused them, told here."""
    role = "head" if unit == "ba_ct_xa" else "supervisor"
    await entered(wide, ("kiem_tra", "Trương Thị Minh Tâm", (role, unit)))
    code = await wide.open("ông Giang Hồng Sơn nhận hối lộ 20 triệu làm đường thôn 1")
    async with wide.at(code) as (work, case):
        case.sealed = True
        keeper = await someone(work, "kiem_tra")
        assert exclusion.in_chain(work, case, keeper.id)
        assert not keepers.is_one(work, case, keeper.id)
        assert keeper.id not in keepers.of(work, case)


async def test_nobody_in_charge_anywhere_keeps_what_names_nobody(wide: Province) -> None:
    """Where nobody is known to be spoken of, each who leads may be meant: in the neighbour too."""
    code = await wide.open()
    async with wide.at(code) as (work, case):
        case.sealed = True
        keeper = await someone(work, "kiem_tra")
        assert keepers.is_one(work, case, keeper.id)
    await entered(wide, ("kiem_tra", "Trương Thị Minh Tâm", ("supervisor", "ba_kt_xa")))
    async with wide.at(code) as (work, case):
        case.sealed = True
        assert not keepers.is_one(work, case, keeper.id)


# --- a day off here ------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["away", "back", "chat"])
@pytest.mark.parametrize("asked", [False, True])
async def test_what_is_said_here_leaves_the_neighbours_close_cases(
    wide: Province, what: str, asked: bool
) -> None:
    """A day off, its end and whoever says it take no case out of the hands of its reader elsewhere."""
    code = await wide.open("cán bộ phòng kinh tế vòi tiền 2 triệu của tôi ở thôn 1", area=NEIGHBOUR)
    await wide.does("ba_chu_tich", "accept", code)
    if asked:
        await wide.does("ba_chu_tich", "ask", code, question="Ai thu tiền, ngày nào ạ?")
    before = await stands(wide, code)
    if what == "chat":
        await wide.says("kt_truong", "/nghi ho Đỗ Anh Tuân 16/11-30/12")
        await wide.says("kt_truong", "1")
    else:
        for text in ("mai toi nghi", "1", *(["/nghi huy"] if what == "back" else [])):
            await wide.says("kt_tuan", text)
    assert await stands(wide, code) == before


async def test_who_has_a_close_case_gives_it_back_where_they_go(wide: Province) -> None:
    """It is their own commune's roles that count: a chief who is one no more there lets it go."""
    code = await wide.open(BRIBE)
    await wide.does("chu_tich", "accept", code)
    await entered(wide, ("chu_tich", "Hoàng Đức Thịnh", ("head", "ba_ct_xa")))
    async with wide.store.work() as work:
        last = (work.today - timedelta(days=1)).isoformat()
        order = {"do": "end_role", "person": "chu_tich", "unit": "ct_xa", "role": "head", "to": last}
        await orders.carry_out(work, order, None)
    await work_off(wide.desk)
    assert await stands(wide, code) == ("dang_xa", State.RECEIVED, None)


# --- who is away ---------------------------------------------------------------------------------


async def test_a_chief_elsewhere_takes_nobody_off_duty_here(wide: Province) -> None:
    """Who is on duty here is called, though the neighbour's chief notes them as away there."""
    await entered(wide, ("vp_truc", "Lê Minh Quý", ("officer", "ba_kt_xa")))
    for text in ("/nghi ho Lê Minh Quý 16/11-30/12", "Giang Hồng Sơn"):
        await wide.says("ba_kt_truong", text)
    await wide.says("a", f"x{OURS}")
    await wide.says("a", "cháy nhà ở thôn 3 rồi cứu với")
    assert any("KHẨN" in text for text in wide.told("vp_truc"))


async def test_their_own_word_holds_in_both(wide: Province) -> None:
    """Really away is away everywhere: here nobody stands in who serves only there, and the next are told."""
    await entered(wide, ("kt_tuan", "Đỗ Anh Tuân", ("officer", "ba_kt_xa")))
    await away(wide, "kt_tuan", "ba_kt_son", by="kt_tuan")
    here, there = await wide.open(), await wide.open(area=NEIGHBOUR, who="ba")
    async with wide.at(here) as (work, case):
        await reached.load(work)
        tuan, son = [(await someone(work, one)).id for one in ("kt_tuan", "ba_kt_son")]
        assert not {tuan, son} & set(parties.workers(work, case))
        assert parties.relations(work, case, parties.Actor(person_id=son)) == {"anybody"}
    async with wide.at(there) as (work, case):
        assert son in parties.workers(work, case)
        assert tuan not in parties.workers(work, case)


async def test_a_chief_names_a_stand_in_of_their_own_commune(wide: Province) -> None:
    """Whoever serves in the other commune of who is away is not theirs to give it to."""
    await entered(wide, ("kt_tuan", "Đỗ Anh Tuân", ("officer", "ba_kt_xa")))
    with pytest.raises(NotAllowed):
        await away(wide, "kt_tuan", "kt_thao", by="ba_kt_truong")
    await away(wide, "kt_tuan", "ba_kt_son", by="ba_kt_truong")
    assert not any("Đỗ Anh Tuân" in text for text in wide.told("kt_truong"))


async def test_a_chiefs_word_of_one_commune_leaves_their_own(wide: Province) -> None:
    """Noted as away there by a chief there, they can still say that they are away: then they are here too."""
    await entered(wide, ("kt_tuan", "Đỗ Anh Tuân", ("officer", "ba_kt_xa")))
    await away(wide, "kt_tuan", "ba_kt_son", by="ba_kt_truong")
    code = await wide.open()
    async with wide.at(code) as (work, case):
        await reached.load(work)
        tuan = (await someone(work, "kt_tuan")).id
        assert tuan in parties.workers(work, case)
    for text in ("/nghi hom nay", "1"):
        await wide.says("kt_tuan", text)
    async with wide.at(code) as (work, case):
        await reached.load(work)
        assert tuan not in parties.workers(work, case)


async def test_who_heads_elsewhere_names_no_chief_of_theirs_here(wide: Province) -> None:
    """Nobody stands above a head where they head; where they are an officer their chiefs do."""
    await entered(wide, ("kt_tuan", "Đỗ Anh Tuân", ("head", "ba_ct_xa")))
    with pytest.raises(StandsAbove):
        await away(wide, "kt_tuan", "kt_truong", by="kt_tuan")


async def test_nobody_below_hears_for_a_chief_of_the_province(wide: Province) -> None:
    """A chief of a department who is an officer here has a stand-in here for that, not for the department."""
    await entered(wide, ("t_sxd_truong", "Tống Văn Lộc", ("officer", "kt_xa")))
    await away(wide, "t_sxd_truong", "kt_thao", by="t_sxd_truong")
    code = await wide.open(ROAD)
    assert of(wide, "kt_thao", code)
    await wide.does("chu_tich", "reassign", code, unit_id=await wide.unit("sxd"), **WHY)
    told = len(wide.told("kt_thao"))
    await wide.does("t_sxd_vinh", "accept", code)
    await wide.does("t_sxd_vinh", "extend", code, days=3, reason="chờ vật tư của Sở")
    await days(wide, 6)
    assert not any(code in text for text in wide.told("kt_thao")[told:])


# --- who reads -----------------------------------------------------------------------------------


async def test_a_key_elsewhere_reads_nothing_here(wide: Province) -> None:
    """Who stands in for somebody outside a case reads it by a key of the case's commune, not of another."""
    roles = (("officer", "kt_xa"), ("supervisor", "ba_vhxh_xa"))
    await entered(wide, ("vhxh_hai", "Đặng Thanh Hải", *roles))
    code = await wide.open()
    await away(wide, "kt_tuan", "vhxh_hai", by="kt_truong")
    async with wide.at(code) as (work, case):
        outside = await someone(work, "kt_tuan")
        case.excluded_people = [str(outside.id)]
    assert await wide.relations("vhxh_hai", code) == set()
    assert "cống thôn 3" not in await wide.says("vhxh_hai", f"xem {code}")


# --- what a commune's own words are tried on -----------------------------------------------------


async def test_words_of_danger_are_tried_on_the_communes_own_stories(wide: Province) -> None:
    """An admin learns by them neither what is told elsewhere, nor of how few it is told here."""
    for number in range(6):
        await wide.open("cống nhà bà Khuất Thị Lụa tắc", area=NEIGHBOUR, who=f"h{number}")
    await wide.open("cống trước nhà ông Tạ Hữu Nghị tắc, nước ngập", who="h7")
    for name in ("Khuất Thị Lụa", "Tạ Hữu Nghị", "Đoàn Thị Không Ai"):
        for text in ("quan tri", "Từ khẩn cấp", "1", name, "1"):
            told = await wide.says("quan_tri", text)
        assert "trước dưới 5, sau dưới 5 tin" in told, told
        await wide.says("quan_tri", "huy")
    async with wide.store.work() as work:
        order = {"do": "add_word", "phrase": "khuất thị lụa", "number": "112"}
        theirs = await someone(work, "ba_quan_tri")
        edit = await editing.work_out(work, editing.placed(work, order, theirs.id))
        assert await editing.emergencies(work, edit) == (0, 6)


# --- what the citizen is told --------------------------------------------------------------------


@pytest.mark.parametrize("heard", [False, True])
async def test_the_citizen_is_told_whether_anybody_above_knows(wide: Province, heard: bool) -> None:
    """Late where no chief can be told, nobody says that the chiefs have been."""
    unheard = ("t_sxd_truong", "t_sxd_vinh", "t_chanh")
    async with wide.store.work() as work:
        for who in () if heard else unheard:
            (await people.chat(work, key(work, who))).blocked_at = work.now
    code = await wide.open(ROAD)
    await wide.does("chu_tich", "reassign", code, unit_id=await wide.unit("sxd"), **WHY)
    await days(wide, 12)
    told = "\n".join(of(wide, "dan", code))
    assert ("lãnh đạo đã được báo" in told, "tin chưa tới được lãnh đạo nào" in told) == (heard, not heard)
