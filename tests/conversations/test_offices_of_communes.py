"""What the office of a province asks besides: of which commune, and page by page."""

import pytest
import yaml
from sqlalchemy import select

from bot.commands import rulebook
from bot.commands.running import Refused
from storage.ground.tables import Area
from tests.conversations.wide import Wide
from tests.storage import commune
from tests.storage.province import NEIGHBOUR, OURS


async def test_an_admin_of_the_province_says_where_a_hamlet_is_added(wide: Wide) -> None:
    """The communes are offered with the letters of their codes; an admin of one is asked nothing."""
    await wide.says("t_quan_tri", "quan tri")
    await wide.says("t_quan_tri", "3")
    asked = await wide.says("t_quan_tri", "1")
    assert "xã Bình An Mẫu (AM)" in asked
    await wide.says("t_quan_tri", "bình an")
    await wide.says("t_quan_tri", "thôn 9")
    await wide.says("t_quan_tri", "1")
    areas = await commune.found(wide.store, select(Area).where(Area.name == "thôn 9"))
    assert [area.parent for area in areas] == [NEIGHBOUR]
    for words in ("quan tri", "3", "1"):
        asked = await wide.says("quan_tri", words)
    assert "Bình An" not in asked


async def test_a_head_of_the_province_reads_the_units_page_by_page(wide: Wide) -> None:
    """Each page has a digit for each of its units and one for the next; every unit stands on one of them."""
    async with wide.store.read() as work:
        units = [unit for unit in work.desk.directory.units if unit.stands_on(work.today)]
    assert len(units) > 9
    pages = [(await wide.says("t_chanh", "so lieu")).splitlines()[1:]]
    while len(pages[-1]) == 9 and len(pages) < 9:
        pages.append((await wide.says("t_chanh", "9")).splitlines()[1:])
    assert all(len(page) <= 9 for page in pages)
    shown = [line for page in pages[:-1] for line in page[:-1]] + pages[-1]
    assert len(shown) == len(set(shown)) == len(units)


async def test_the_command_line_shows_and_loads_a_communes_own(wide: Wide) -> None:
    """The whole that holds there comes out; only what differs is kept, and it is undone there."""
    store = wide.store
    body = yaml.safe_load("\n".join(await rulebook.exported(store, "office", area=NEIGHBOUR)))
    body["evening"]["at"] = "15:00"
    data = yaml.safe_dump(body, allow_unicode=True).encode()
    assert (await rulebook.load(store, "office", data, "sớm", area=NEIGHBOUR, check=True))[-1].startswith(
        "checked"
    )
    told = await rulebook.load(store, "office", data, "sớm", area=NEIGHBOUR)
    assert told[-1] == f"office@{NEIGHBOUR} 1 is in force"
    async with store.read() as work:
        assert work.desk.part(NEIGHBOUR).times.evening.hour == 15
        assert work.desk.part(OURS).times.evening.hour == 16
    kept = yaml.safe_load("\n".join(await rulebook.exported(store, "office", 1, NEIGHBOUR)))
    assert kept == {"evening": {"at": "15:00"}}
    listed = await rulebook.listed(store, NEIGHBOUR)
    assert any(line.startswith(f"office@{NEIGHBOUR} 1 (in force)") for line in listed)
    await rulebook.undo(store, "office", NEIGHBOUR)
    async with store.read() as work:
        assert work.desk.part(NEIGHBOUR).times.evening.hour == 16
    for name, area in (("office", "nowhere"), ("deadlines", NEIGHBOUR), ("office", "thon_1")):
        with pytest.raises(Refused):
            await rulebook.exported(store, name, area=area)
