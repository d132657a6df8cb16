"""A case nobody settles climbs from its commune to the province, with the clock."""

from domain.alarms import Level
from services.standing import crossing, superiors
from storage.people import reached
from tests.services.levels import WHY, Province
from tests.storage.commune import work_off
from tests.storage.province import PROVINCE


async def test_an_overdue_case_climbs_to_the_province(wide: Province) -> None:
    """Its commune's heads hear before anybody above, and nobody of the neighbour ever does."""
    code = await wide.open()
    heard: dict[str, int] = {}
    for day in range(60):
        wide.clock.pass_(days=1)
        await work_off(wide.desk)
        for who in ("kt_tuan", "kt_truong", "chu_tich", "t_sxd_truong", "t_mt_truong", "ba_chu_tich"):
            if who not in heard and any(code in text for text in wide.told(who)):
                heard[who] = day
    assert "ba_chu_tich" not in heard
    above = [heard[who] for who in ("t_sxd_truong", "t_mt_truong") if who in heard]
    assert above, heard
    assert heard["kt_truong"] <= heard["chu_tich"] < min(above)


async def test_at_the_province_its_own_chiefs_and_heads_answer(wide: Province) -> None:
    """No head of a commune stands above the province."""
    code = await wide.open()
    async with wide.at(code) as (work, case):
        up = str(crossing.unit_in(work, case, PROVINCE).id)
    await wide.does("chu_tich", "reassign", code, unit_id=up, **WHY)
    async with wide.at(code) as (work, case):
        await reached.load(work)
        names = work.desk.directory.names
        heads = {names[one] for one in superiors.at_level(work, case, Level.HEADS)}
        assert heads == {"Lương Quang Hiển"}
        assert superiors.at_level(work, case, Level.PROVINCE) == []
