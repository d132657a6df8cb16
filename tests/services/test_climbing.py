"""A delay at the province climbs to its own heads, and to nobody of a commune."""

from domain.alarms import Level
from services.standing import crossing, superiors
from storage.people import reached
from tests.services.levels import WHY, Province
from tests.storage.province import PROVINCE


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
