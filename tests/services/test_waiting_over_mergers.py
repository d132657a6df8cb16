"""What waits while communes are merged follows, or is withdrawn with a word; what was promised is kept."""

import pytest

from scheduler.clock import tick
from services.office import editing, orders, requests
from services.office.order_checks import CannotOrder
from storage.people import matters, people
from storage.people.matters import WAITING
from storage.people.second import OVER, KeyRequest
from tests.services.levels import WHY, Province
from tests.services.mergers import MERGE, THE_DAY, cases, comes_from, hours, merged, order, the_day_comes
from tests.services.two_channels import key
from tests.storage.province import NEIGHBOUR, OURS

BULL = "bò sổng chuồng húc ở thôn Hạ"


async def eve(wide: Province, hour: int = 8) -> None:
    """Plan the merger, and let the day before it come."""
    await order(wide, **MERGE)
    wide.clock.at = THE_DAY.replace(hour=hour, minute=50)
    while await tick(wide.store):
        pass


async def test_a_sealed_report_is_read_by_whom_it_said(wide: Province) -> None:
    """Sent on the eve and opened on the day, where it would be nobody's above the commune any more."""
    await eve(wide, 14)
    await wide.says("d2", f"x{NEIGHBOUR}")
    for text in ("gui kin", "ông Vũ Đình Sáng nhận hối lộ 20 triệu ở thôn 1"):
        told = await wide.says("d2", text)
    assert "Nơi đọc: Thanh tra tỉnh" in told
    await wide.says("d2", "1")
    wide.clock.at = THE_DAY
    await hours(wide, 48, 2)
    assert [unit for _, unit in await cases(wide)] == ["ttra"]


async def test_a_sealed_report_to_a_unit_that_is_merged_goes_where_that_went(wide: Province) -> None:
    """The chair who was promised is the merged commune's: nobody below, nor anybody accused, reads it."""
    await eve(wide, 14)
    await wide.says("d2", f"x{NEIGHBOUR}")
    for text in ("gui kin", "ông Giang Hồng Sơn nhận hối lộ 20 triệu ở thôn 1", "1", "1"):
        await wide.says("d2", text)
    wide.clock.at = THE_DAY
    await hours(wide, 48, 2)
    assert [unit for _, unit in await cases(wide)] == ["ct_xa"]


async def test_a_crossing_that_is_none_any_more_is_withdrawn(wide: Province) -> None:
    """Whoever asked hears it, and nobody above is asked about it again."""
    await eve(wide)
    code = await wide.open("cống thôn 3 tắc mấy hôm rồi")
    await wide.does("kt_tuan", "accept", code)
    await wide.does("kt_tuan", "ask_transfer", code, unit_id=await wide.unit("ba_kt_xa"), **WHY)
    await the_day_comes(wide)
    (told,) = [text for text in wide.told("kt_tuan") if code in text and "đã được rút" in text]
    assert "Phòng Kinh tế" in told
    before = len(wide.told("t_chanh"))
    await hours(wide, 96)
    assert not any("đề nghị chuyển" in text for text in wide.told("t_chanh")[before:])
    async with wide.at(code) as (_, case):
        assert (case.request, case.state) == (None, "accepted")


async def test_a_crossing_to_another_unit_follows(wide: Province) -> None:
    """It is asked for the unit of which the one that was meant has become part, and can be granted."""
    await eve(wide)
    code = await wide.open("cống thôn 3 tắc mấy hôm rồi")
    await wide.does("kt_tuan", "accept", code)
    await wide.does("kt_tuan", "ask_transfer", code, unit_id=await wide.unit("ba_vhxh_xa"), **WHY)
    await the_day_comes(wide)
    async with wide.at(code) as (_, case):
        assert case.request is not None
        assert case.request["unit_id"] == await wide.unit("vhxh_xa")
    await wide.does("chu_tich", "reassign", code, unit_id=await wide.unit("vhxh_xa"), **WHY)
    assert await wide.has(code) == "vhxh_xa"


@pytest.mark.parametrize(("unit", "state"), [("ba_kt_xa", OVER), ("kt_xa", WAITING)])
async def test_an_order_that_fits_no_more_is_over(wide: Province, unit: str, state: str) -> None:
    """It waits for a second person; whoever asked for it hears so on the day. What fits goes on waiting."""
    wide.clock.at = THE_DAY.replace(day=30, hour=2)
    asks, other = ("ba_quan_tri", "ba_kt_son") if state == OVER else ("quan_tri", "kt_tuan")
    role = {"do": "give_role", "person": other, "unit": unit, "role": "supervisor", "from": "2026-12-05"}
    async with wide.store.work() as work:
        number = (
            await requests.propose(work, await people.chat(work, key(work, asks)), role, "thêm quyền")
        ).id
    await order(wide, **MERGE)
    wide.clock.at = THE_DAY
    await hours(wide, 12)
    async with wide.store.work() as work:
        row = await matters.by_id(work, KeyRequest, number)
        assert row is not None
        assert (row.state, row.expires_at > work.now) == (state, True)
    assert any("thêm quyền" in text for text in wide.told(asks)) == (state == OVER)


async def test_words_of_danger_of_the_old_commune_go_on(wide: Province) -> None:
    """In the whole of the merged one; its own stay."""
    for who, phrase in (("ba_quan_tri", "bò sổng chuồng húc"), ("quan_tri", "nước giếng đổi màu tím")):
        async with wide.store.work() as work:
            admin = await people.person_by_code(work, who)
            assert admin is not None
            word = {"do": "add_word", "phrase": phrase, "number": "113"}
            await editing.carry_out(work, editing.placed(work, word, admin.id), admin.id)
    await merged(wide)
    for who, text in (("a1", BULL), ("a2", "nước giếng đổi màu tím ở thôn 3")):
        await comes_from(wide, who, OURS)
        told = await wide.says(who, text)
        assert ("113" in told, "114" in told) == (True, False)  # without the word all numbers are told


async def test_no_admin_makes_a_neighbours_name_unclear(wide: Province) -> None:
    """Alarms that tell a hamlet alone ring in its commune; from above the name may be given."""
    rename = {"do": "rename_area", "area": "thon_1", "name": "thôn Hạ"}
    add = {"do": "add_area", "parent": OURS, "name": "Thôn hạ"}
    for what in (rename, add):
        async with wide.store.work() as work:
            admin = await people.person_by_code(work, "quan_tri")
            assert admin is not None
            with work.within(OURS), pytest.raises(CannotOrder, match="name_unclear"):
                await orders.work_out(work, what, admin.id)
    await wide.says("w", "cháy nhà ở thôn Hạ rồi cứu với")
    assert [unit for _, unit in await cases(wide)] == ["ba_ca_xa"]
    async with wide.store.work() as work:
        above = await people.person_by_code(work, "t_quan_tri")
        assert above is not None
        await orders.work_out(work, rename, above.id)
        admin = await people.person_by_code(work, "ba_quan_tri")
        assert admin is not None
        again = {"do": "rename_area", "area": "ba_thon_ha", "name": "thôn Mới"}
        await orders.work_out(work, again, admin.id)


async def test_of_a_new_hamlet_no_name_of_the_old_commune_is_taken(wide: Province) -> None:
    """In a merged commune names of all its hamlets are taken."""
    await merged(wide)
    with pytest.raises(CannotOrder, match="name_taken"):
        await order(wide, do="add_area", name="thôn Hạ")


async def test_the_order_says_that_hamlets_share_a_name(wide: Province) -> None:
    """Before it is given."""
    async with wide.store.read() as work:
        plan = await orders.work_out(work, MERGE)
        assert plan.warnings == ["office.warning.same_hamlets"]
