"""What waits for a second person is decided where it reaches, once, by nobody who asked or gains."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import func, select

from domain.cases import NotAllowed, NotNow
from services.matters.change import change
from services.office import directory, keys, orders, requests
from services.office.order_checks import CannotOrder
from services.office.requests import KEY_REQUEST
from services.standing.parties import Actor
from storage.ground.tables import KeyRequest, RoleRow
from storage.mail.inbox import Arrived
from storage.people import matters, people
from tests.conversations.test_histories import TODAY, official
from tests.conversations.wide import Wide
from tests.storage.commune import chat_of, work_off

KEEPER = {"do": "give_role", "person": "ba_kt_truong", "unit": "ba_kt_xa", "role": "keeper", "from": TODAY}
MOVED = {"do": "move_person", "person": "ba_kt_truong", "unit": "ba_vhxh_xa", "from": TODAY}
FOREIGN = ("quan_tri", "chu_tich", "bi_thu", "kiem_tra", "kt_truong", "t_kiem_tra", "t_sxd_truong", "t_tiep")
OWN = ("ba_kt_truong", "ba_quan_tri", "ba_kt_son", "ba_kiem_tra")


async def asked(wide: Wide, order: dict[str, str] = KEEPER, who: str = "ba_quan_tri") -> str:
    """Let an admin ask for something; returns the request's id."""
    async with wide.store.work() as work:
        made = str((await requests.propose(work, await official(work, who), order, "việc này")).id)
    await work_off(wide.desk)
    return made


async def pressed(wide: Wide, who: str, verb: str, row: str) -> str:
    """Let somebody press, or forge, a button; returns what they were told."""
    wide.clock.pass_(minutes=1)
    before = len(wide.paper.told)
    await wide.desk.ingest(Arrived("paper", f"m{next(wide.numbers)}", who, {"tap": f"menu:{verb}:{row}"}))
    await work_off(wide.desk)
    return "\n".join(d.message.text for d in wide.paper.told[before:] if d.address == who)


async def state(wide: Wide, row: str) -> str:
    """Return how a request stands."""
    async with wide.store.read() as work:
        found = await matters.by_id(work, KeyRequest, UUID(row))
        assert found is not None
        return found.state


async def keepers(wide: Wide) -> int:
    """Count the times the role was given."""
    async with wide.store.read() as work:
        truong = await people.person_by_code(work, "ba_kt_truong")
        assert truong is not None
        given = (RoleRow.person_id == truong.id, RoleRow.role == "keeper")
        return await work.session.scalar(select(func.count()).where(*given)) or 0


@pytest.mark.parametrize("who", [*FOREIGN, *OWN, "dan"])
async def test_nobody_without_a_say_there_decides_or_learns_what_it_is(wide: Wide, who: str) -> None:
    """Forged or not, now or when it is over; whoever asked, in a second chat too, and who would gain."""
    row = await asked(wide)
    async with wide.store.work() as work:
        chat_of(work, "hai").person_id = (await official(work, "ba_quan_tri")).person_id
    for one in (who, "hai"):
        for verb in ("grant_key", "refuse_key"):
            assert "việc này:" not in await pressed(wide, one, verb, row)
            assert await state(wide, row) == "waiting"
    assert ("xin: việc này" in wide.told(who)) is False
    wide.clock.pass_(days=4)
    told = await pressed(wide, who, "grant_key", row)
    assert who not in FOREIGN or "quá hạn" not in told
    assert await keepers(wide) == 0


async def test_of_what_fits_no_more_nobody_elsewhere_hears(wide: Wide) -> None:
    """An order whose unit is gone reads as nothing in another commune, as over where it was asked."""
    row = await asked(wide, MOVED)
    async with wide.store.work() as work:
        away = {"do": "merge", "unit": "ba_vhxh_xa", "into": "ba_vp_xa", "on": TODAY, "carry": True}
        await orders.carry_out(work, away, None)
    for who in ("quan_tri", "chu_tich"):
        async with wide.store.work() as work:
            with pytest.raises(NotAllowed):
                await requests.open_one(work, await official(work, who), UUID(row))
    async with wide.store.work() as work:
        with pytest.raises(NotNow):
            await requests.open_one(work, await official(work, "ba_chu_tich"), UUID(row))


async def test_three_who_agree_at_once_give_it_once(wide: Wide) -> None:
    """In one batch: one counts, two read that it is decided; each hears once of the key."""
    row = await asked(wide)
    for n, who in enumerate(("ba_chu_tich", "ba_bi_thu", "t_chanh")):
        await wide.desk.ingest(Arrived("paper", f"race{n}", who, {"tap": f"menu:grant_key:{row}"}))
    await work_off(wide.desk)
    assert (await state(wide, row), await keepers(wide)) == ("granted", 1)
    assert "đã có người quyết" in wide.told("ba_bi_thu") + wide.told("t_chanh")
    for who in ("ba_chu_tich", "ba_bi_thu", "t_chanh", "ba_kt_truong"):
        assert sum("Chìa khóa vừa đổi" in d.message.text for d in wide.paper.told if d.address == who) == 1
    assert not any("Chìa khóa" in wide.told(who) for who in ("chu_tich", "quan_tri", "bi_thu"))


async def test_two_works_at_once_give_it_once(wide: Wide) -> None:
    """Two replicas that both have read it as waiting."""
    row = UUID(await asked(wide))

    async def agrees(who: str) -> bool:
        async with wide.store.work() as work:
            try:
                await requests.grant(work, await official(work, who), row)
            except NotNow:
                return False
            return True

    done = await asyncio.gather(agrees("ba_chu_tich"), agrees("ba_bi_thu"))
    assert sorted(done) == [False, True]
    assert await keepers(wide) == 1


async def test_what_breaks_off_between_the_yes_and_the_deed_leaves_neither(wide: Wide) -> None:
    """It waits as before, and the next yes does it once."""
    row = await asked(wide)

    class KilledError(Exception):
        pass

    async def breaks_off() -> None:
        async with wide.store.work() as work:
            await requests.grant(work, await official(work, "ba_chu_tich"), UUID(row))
            await work.session.flush()
            raise KilledError

    with pytest.raises(KilledError):
        await breaks_off()
    assert (await state(wide, row), await keepers(wide)) == ("waiting", 0)
    await pressed(wide, "ba_chu_tich", "grant_key", row)
    await pressed(wide, "ba_chu_tich", "grant_key", row)
    await pressed(wide, "ba_bi_thu", "refuse_key", row)
    assert (await state(wide, row), await keepers(wide)) == ("granted", 1)


async def test_an_asker_who_is_admin_no_more_there_asks_for_nothing(wide: Wide) -> None:
    """They administer another commune by now: it is over, whoever agrees."""
    row = await asked(wide)
    given = {"do": "give_role", "role": "admin", "from": TODAY}
    async with wide.store.work() as work:
        for person, unit in (("ba_kt_son", "ba_vp_xa"), ("ba_quan_tri", "vp_xa")):
            await orders.carry_out(work, {**given, "person": person, "unit": unit}, None)
        ended = {"do": "end_role", "person": "ba_quan_tri", "unit": "ba_vp_xa", "role": "admin"}
        await orders.carry_out(work, {**ended, "to": "2026-11-15"}, None)
    for who in ("ba_chu_tich", "t_chanh"):
        assert "quá hạn" in await pressed(wide, who, "grant_key", row)
    assert await keepers(wide) == 0


async def test_a_yes_of_the_evening_before_is_to_what_was_shown(wide: Wide) -> None:
    """Over midnight the same order is still the same; the last day over, it is not."""
    row = await asked(wide)
    wide.clock.pass_(hours=20)
    assert "Đã ghi lời đồng ý" in await pressed(wide, "ba_chu_tich", "grant_key", row)
    assert (await state(wide, row), await keepers(wide)) == ("granted", 1)


async def test_no_act_of_a_request_goes_around_the_border(wide: Wide) -> None:
    """By the engine itself: not even the noting of a yes."""
    row_id = UUID(await asked(wide))
    async with wide.store.work() as work:
        row = await matters.by_id(work, KeyRequest, row_id)
        assert row is not None
        for who in FOREIGN:
            by = Actor.of(await official(work, who))
            for act in ("agree", "grant", "refuse", "lapse", "propose"):
                with pytest.raises(NotAllowed):
                    await change(work, KEY_REQUEST, row, act, by)
    async with wide.store.read() as work:
        for who in FOREIGN:
            assert await requests.waiting(work, await official(work, who)) == []


@pytest.mark.parametrize("who", ["quan_tri", "ba_quan_tri"])
async def test_who_serves_nowhere_is_invited_by_the_province_alone(wide: Wide, who: str) -> None:
    """Else an admin of any commune had a chat under a name that is given a role in another later."""
    more = "people: [{code: ba_moi, name: Kha Thị Mới, roles: []}]"
    async with wide.store.work() as work:
        await directory.seed(work, more.encode(), "more.yaml")
    async with wide.store.work() as work:
        person = await people.person_by_code(work, "ba_moi")
        assert person is not None
        with pytest.raises(CannotOrder, match="other_area"):
            await keys.invite(work, person, (await official(work, who)).person_id)
        assert await keys.invite(work, person, (await official(work, "t_quan_tri")).person_id)
