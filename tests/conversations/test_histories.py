"""What was done to a message, to days away or to a request is read by who has a say there alone."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.matters import reading
from services.matters.change import change
from services.office import absences, broadcasts, orders, requests
from services.office.matters import KINDS
from services.office.requests import KEY_REQUEST
from services.standing.parties import Actor
from storage.ground.tables import Absence, KeyRequest
from storage.ground.work import Work
from storage.people import matters, people
from storage.people.people import Chat
from tests.conversations.player import Player
from tests.conversations.test_keys import TO_A_FRIEND, TO_MYSELF, asked, chat
from tests.conversations.wide import Wide
from tests.storage import commune

BODY = "Thứ Tư từ 7 giờ cắt điện."
TODAY = "2026-11-16"


async def official(work: Work, code: str) -> Chat:
    """Return an official's chat."""
    found = await people.person_by_code(work, code)
    assert found is not None
    (first, *_) = await people.chats_of(work, [found.id])
    return first


async def kinds_read(wide: Wide, code: str) -> list[str]:
    """Return of which kinds somebody may read a history, the latest first."""
    async with wide.store.read() as work:
        person = (await official(work, code)).person_id
        assert person is not None
        mine = await reading.readable(work, KINDS, person, None, 9)
        lines = [await matters.lines_of(work, [kind.name for kind in KINDS], one) for one in mine]
        return [theirs[0].kind for theirs in lines]


async def test_no_history_crosses_a_border(wide: Wide) -> None:
    """The neighbour's head and the province's read what was done there; ours read nothing."""
    async with wide.store.work() as work:
        officer, other = await official(work, "ba_kt_son"), await official(work, "ba_vhxh_nhung")
        assert officer.person_id is not None
        assert other.person_id is not None
        days = (work.today + timedelta(days=2), work.today + timedelta(days=3))
        await absences.begin(work, officer, officer.person_id, other.person_id, days)
        chief = await official(work, "ba_kt_truong")
        await broadcasts.propose(work, chief, "ba_thon_1", BODY)
        keeper = {"person": "ba_kt_truong", "unit": "ba_kt_xa", "role": "keeper", "from": TODAY}
        order = {"do": "give_role", **keeper}
        await requests.propose(work, await official(work, "ba_quan_tri"), order, "việc này")
    assert await kinds_read(wide, "ba_chu_tich") == ["key_request", "broadcast", "absence"]
    assert await kinds_read(wide, "ba_quan_tri") == ["key_request"]
    assert await kinds_read(wide, "ba_kt_truong") == ["broadcast", "absence"]
    assert await kinds_read(wide, "t_chanh") == ["key_request", "broadcast", "absence"]
    for code in ("chu_tich", "quan_tri", "kt_truong"):
        assert await kinds_read(wide, code) == [], code
        assert "Chưa có gì" in await wide.says(code, "lịch sử")


@pytest.fixture
async def desk(player: Player) -> Player:
    """Seat both heads, the admin and an officer."""
    await player.seats(("head", "party", "admin", "officer"))
    return player


async def read_by(player: Player, name: str, matter_id: UUID) -> str:
    """Return what somebody reads of a history, empty where they may not read it."""
    async with player.store.read() as work:
        reader = await chat(player, work, name)
        assert reader.person_id is not None
        mine = await reading.readable(work, KINDS, reader.person_id, None, 9)
        return await reading.written(work, KINDS, matter_id, "vi") if matter_id in mine else ""


async def test_a_yes_that_did_not_count_is_in_no_history_that_is_read(desk: Player) -> None:
    """Nor can anybody tell whose yes it was that counted, where there were two."""
    row_id = UUID(await asked(desk, TO_A_FRIEND))
    async with desk.store.work() as work:
        row = await matters.by_id(work, KeyRequest, row_id)
        assert row is not None
        await change(work, KEY_REQUEST, row, "agree", Actor.of(await chat(desk, work, "head")))
    assert len((await read_by(desk, "admin", row_id)).splitlines()) == 1
    async with desk.store.work() as work:
        await requests.grant(work, await chat(desk, work, "party"), row_id)
    for name in ("admin", "head", "party"):
        _, last = (await read_by(desk, name, row_id)).splitlines()
        assert last.endswith(": đã được đồng ý và làm."), name
    assert await read_by(desk, "officer", row_id) == ""


async def test_who_would_gain_reads_nothing_of_it(desk: Player) -> None:
    """A head for whom another role is asked is not shown the request; the other head is."""
    row_id = UUID(await asked(desk, {**TO_MYSELF, "person": "chu_tich", "role": "admin"}))
    assert await read_by(desk, "head", row_id) == ""
    assert "xin: việc này" in await read_by(desk, "party", row_id)


async def test_who_began_one_reads_it_whatever_they_are_since(desk: Player) -> None:
    """An admin who is none any more still reads what became of what they asked for."""
    row_id = UUID(await asked(desk, TO_A_FRIEND))
    end = {"do": "end_role", "person": "quan_tri", "unit": "vp_xa", "role": "admin", "to": "2026-11-15"}
    async with desk.store.work() as work:
        await orders.carry_out(work, {**TO_A_FRIEND, "role": "admin", "person": "kt_thao"}, None)
        await orders.carry_out(work, end, None)
    assert "xin: việc này" in await read_by(desk, "admin", row_id)


async def test_days_that_were_dropped_are_read_though_they_are_gone(desk: Player) -> None:
    """What is read stands in the lines alone."""
    async with desk.store.work() as work:
        officer = await chat(desk, work, "officer")
        stand_in = await people.person_by_code(work, "kt_thao")
        assert officer.person_id is not None
        assert stand_in is not None
        days = (work.today + timedelta(days=2), work.today + timedelta(days=3))
        await absences.begin(work, officer, officer.person_id, stand_in.id, days)
    async with desk.store.work() as work:
        assert await absences.end(work, await chat(desk, work, "officer")) is not None
    assert await commune.rows(desk.store, Absence) == []
    await desk.say("head", {"text": "lich su"})
    told = desk.paper.told[-1].message
    assert [line.partition(": ")[2].partition(" nghỉ")[0] for line in told.text.splitlines()] == [
        "Đỗ Anh Tuân ghi Đỗ Anh Tuân",
        "Đỗ Anh Tuân cho thôi lịch",
    ]
    assert told.choices == ()
    await desk.say(
        "head", {"tap": f"menu:history:{UUID(int=2**128 - 1)}"}
    )  # a later one than any: nothing is skipped
    assert desk.paper.told[-1].message.text == told.text


async def test_who_has_no_such_role_reads_nothing_by_a_forged_button(desk: Player) -> None:
    """An officer, a citizen: the button is nothing to them."""
    row_id = UUID(await asked(desk, TO_A_FRIEND))
    for name in ("officer", "citizen"):
        await desk.say(name, {"tap": f"menu:history:{UUID(int=row_id.int + 1)}"})
        assert "việc này" not in desk.paper.told[-1].message.text
