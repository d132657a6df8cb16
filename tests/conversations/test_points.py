"""A shared point where a map of the desk was brought: it names its hamlet, or it is asked which is meant."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.messages import Location
from services.office import boundaries
from storage.store.engine import Store
from tests.conversations.paper import on_paper
from tests.conversations.player import Player
from tests.conversations.test_sharing import share, type_
from tests.conversations.wide import DRAIN, Wide
from tests.storage.province import NEIGHBOUR, OURS

MAP = ("demo.geojson", Path("storage/seeds/demo.geojson").read_bytes())
THEIRS = Location(18.085, 106.32)
"""In thôn 1 of the neighbour; the others are in thôn 2 and thôn 3 of ours, and between both communes."""
OURS_2, OURS_3 = Location(18.0821, 106.2911), Location(18.0821, 106.27)
BORDER = Location(18.085, 106.31, accuracy=200)
AWAY = Location(18.2, 106.4)


async def bring(store: Store) -> None:
    """Bring the made-up map."""
    async with store.work() as work:
        await boundaries.bring(work, [MAP])


@pytest.fixture
async def mapped(wide: Wide) -> Wide:
    """Bring the map to the desk of two communes."""
    await bring(wide.store)
    return wide


async def shares(wide: Wide, who: str, point: Location) -> str:
    """Share a point; returns what is told at once."""
    return await wide.says(who, "", **on_paper(point))


async def test_the_review_shows_the_hamlet_and_nothing_is_asked(mapped: Wide) -> None:
    """What is shown for review is the confirmation; the commune is not asked for either."""
    assert "Ở đâu" not in await shares(mapped, "dan", THEIRS)
    assert "thôn 1, xã Bình An Mẫu (18.08500, 106.32000)" in await mapped.says("dan", DRAIN)
    await mapped.says("dan", "gui")
    place = "thôn 1, xã Bình An Mẫu (18.08500, 106.32000)"
    assert await mapped.cases() == [("ba_thon_1", "ba_kt_xa", place)]


async def test_a_point_in_another_commune_is_asked_about_and_served_directly(mapped: Wide) -> None:
    """As words that name it are; it goes there and not to our reception."""
    await mapped.says("dan", f"x{OURS}")
    await mapped.says("dan", DRAIN)
    assert "Việc này ở thôn 1, xã Bình An Mẫu phải không" in await shares(mapped, "dan", THEIRS)
    assert "thôn 1, xã Bình An Mẫu (18.08500, 106.32000)" in await mapped.says("dan", "1")
    await mapped.says("dan", "gui")
    assert [(area, unit) for area, unit, _ in await mapped.cases()] == [("ba_thon_1", "ba_kt_xa")]


@pytest.mark.parametrize(
    ("pressed", "area"),
    [("1", "ba_thon_1"), ("2", "thon_2"), ("3", ""), ("thôn Hạ xã Bình An Mẫu", "ba_thon_ha")],
)
async def test_between_two_hamlets_it_is_asked(mapped: Wide, pressed: str, area: str) -> None:
    """All that may be meant are buttons, of whichever commune; elsewhere and words are answers too."""
    await mapped.says("dan", f"x{NEIGHBOUR}")
    await mapped.says("dan", DRAIN)
    asked = await shares(mapped, "dan", BORDER)
    assert "thôn 1, xã Bình An Mẫu\nthôn 2, xã Tân Lập Mẫu\nNơi khác" in asked
    shown = await mapped.says("dan", pressed)
    if "phải không ạ" in shown:
        shown = await mapped.says("dan", "1")
    assert "18.08500, 106.31000" in shown
    assert "±" not in shown
    await mapped.says("dan", "gui")
    assert [found for found, _, _ in await mapped.cases()] == [area or NEIGHBOUR]


@pytest.mark.parametrize(("pressed", "area"), [("1", "thon_3"), ("2", "thon_2")])
async def test_where_words_and_a_point_disagree_it_is_asked(mapped: Wide, pressed: str, area: str) -> None:
    """Neither is taken silently; the point of where somebody only stands does not stay with the case."""
    await mapped.says("dan", f"x{OURS}")
    await shares(mapped, "dan", OURS_3)
    asked = await mapped.says("dan", f"{DRAIN} ở thôn 2")
    assert "không ở chỗ bà con kể" in asked
    assert "thôn 3, xã Tân Lập Mẫu\nthôn 2, xã Tân Lập Mẫu" in asked
    shown = await mapped.says("dan", pressed)
    assert ("18.08210, 106.27000" in shown) == (area == "thon_3")
    await mapped.says("dan", "gui")
    assert [found for found, _, _ in await mapped.cases()] == [area]


@pytest.mark.parametrize("way", ["", "3"])
async def test_a_point_for_a_place_that_was_told(mapped: Wide, way: str) -> None:
    """In the same hamlet it says where there, without a question; in another it is asked."""
    await mapped.says("dan", f"x{OURS}")
    await mapped.says("dan", f"{DRAIN} ở thôn 2")
    if way:
        await mapped.says("dan", way)
    assert "thôn 2, xã Tân Lập Mẫu (18.08210, 106.29110)" in await shares(mapped, "dan", OURS_2)
    if way:
        await mapped.says("dan", way)
    assert "không ở chỗ bà con kể" in await shares(mapped, "dan", OURS_3)
    shown = await mapped.says("dan", "1")
    assert "thôn 3, xã Tân Lập Mẫu (18.08210, 106.27000)" in shown
    assert "vị trí" not in shown.partition("\n•")[2].partition("[")[0].replace("Thêm ảnh, vị trí", "")


async def test_a_point_outside_the_map_stays_a_point(mapped: Wide) -> None:
    """As it does where nobody brought a map."""
    await mapped.says("dan", f"x{OURS}")
    await mapped.says("dan", DRAIN)
    assert "vị trí 18.20000, 106.40000" in await shares(mapped, "dan", AWAY)


async def test_its_own_address_holds(mapped: Wide) -> None:
    """Where it names a commune, the map does not outrank it; the name of a shop is no place of ours."""
    await mapped.says("dan", f"x{OURS}")
    await mapped.says("dan", DRAIN)
    here = replace(OURS_2, address="Quán cà phê Hoa")
    assert "Quán cà phê Hoa, thôn 2, xã Tân Lập Mẫu (18.08210" in await shares(mapped, "dan", here)
    await mapped.says("hai", f"x{OURS}")
    await mapped.says("hai", DRAIN)
    there = replace(OURS_2, address="Quốc lộ 1A, phường Vũng Áng")
    told = await shares(mapped, "hai", there)
    assert "phường Vũng Áng" in told
    assert "thôn 2" not in told


async def test_an_alarm_of_no_commune_goes_where_the_point_is(mapped: Wide) -> None:
    """At once, as by words; nobody is asked while it burns."""
    await mapped.says("dan", "cháy nhà rồi cứu với")
    assert [area for area, _, _ in await mapped.cases()] == ["tinh_mau"]
    await shares(mapped, "dan", THEIRS)
    assert [area for area, _, _ in await mapped.cases()] == ["ba_thon_1"]


async def test_words_that_are_no_hamlet_stay_beside_the_point(mapped: Wide) -> None:
    """Who told them knows the tree; whoever stands in another commune is asked, and may stay with it."""
    await mapped.says("dan", f"x{OURS}")
    await mapped.says("dan", DRAIN)
    assert "cây đa đầu làng, xã Tân Lập Mẫu\n" in await mapped.says("dan", "gần cây đa đầu làng")
    assert "không ở chỗ bà con kể" in await shares(mapped, "dan", THEIRS)
    assert "cây đa đầu làng, xã Tân Lập Mẫu\n" in await mapped.says("dan", "2")
    shown = await shares(mapped, "dan", OURS_3)
    assert "gần cây đa đầu làng, thôn 3, xã Tân Lập Mẫu (18.08210, 106.27000)" in shown


async def test_a_hamlet_of_that_name_in_another_commune_is_not_the_same(mapped: Wide) -> None:
    """Each commune has its own “thôn 1”."""
    await shares(mapped, "dan", THEIRS)
    asked = await mapped.says("dan", f"{DRAIN} ở thôn 1 xã Tân Lập Mẫu")
    assert "thôn 1, xã Bình An Mẫu\nthôn 1, xã Tân Lập Mẫu" in asked
    await mapped.says("dan", "2")
    await mapped.says("dan", "gui")
    assert [area for area, _, _ in await mapped.cases()] == ["thon_1"]


async def test_a_desk_of_one_commune_learns_the_hamlet(player: Player) -> None:
    """The neighbour's part of the map is none of its own."""
    await bring(player.store)
    await type_(player, "citizen", DRAIN)
    assert "thôn 2, xã Tân Lập Mẫu (18.08210, 106.29110)" in (await share(player, "citizen", OURS_2)).text
    await type_(player, "neighbour", DRAIN)
    assert "vị trí 18.08500, 106.32000" in (await share(player, "neighbour", THEIRS)).text


async def test_without_a_map_nothing_changes(wide: Wide) -> None:
    """A point is a point, and its accuracy no question."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", DRAIN)
    assert "vị trí 18.08500, 106.31000\n" in await shares(wide, "dan", BORDER)
