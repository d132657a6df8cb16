"""Where a point lies: polygons of any form, borders that are shared, circles, and what a point may be off."""

import math
from datetime import date

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from domain.directory import Directory
from domain.people import Area
from domain.shapes import DRAWN, MOST, Shape, Shapes, areas_at
from tests.domain.made_up import DEMO, PROVINCE

NORTH, EAST = 18.08, 106.29
METRE = 1 / 111_195.0
"""Degrees of a metre to the north."""


def drawn(code: str, ground: shapely.Polygon) -> Shape:
    """Draw an area."""
    return Shape(code, shapely.to_wkb(ground), ground.centroid.y, ground.centroid.x)


def box(code: str, west: float, south: float, east: float, north: float) -> Shape:
    """Draw a rectangle, in thousandths of degrees from the middle."""
    sides = (EAST + west / 1000, NORTH + south / 1000, EAST + east / 1000, NORTH + north / 1000)
    return drawn(code, shapely.box(*sides))


@st.composite
def stars(draw: st.DrawFn) -> shapely.Polygon:
    """Draw a polygon around the middle, convex or not."""
    far = draw(st.lists(st.floats(0.001, 0.05), min_size=3, max_size=30))
    turns = [2 * math.pi * number / len(far) for number in range(len(far))]
    rim = [(EAST + r * math.cos(at), NORTH + r * math.sin(at)) for r, at in zip(far, turns, strict=True)]
    return shapely.Polygon(rim)


@given(stars(), st.floats(0.01, 0.9), st.integers(0, 29))
def test_a_point_within_a_polygon_is_found_and_one_far_away_is_not(
    ground: shapely.Polygon, part: float, corner: int
) -> None:
    """Between the middle and a corner it is within, whatever the form; beyond all corners it is not."""
    shapes = Shapes([drawn("thon_1", ground)])
    east, north = ground.exterior.coords[corner % (len(ground.exterior.coords) - 1)]
    at = NORTH + part * (north - NORTH), EAST + part * (east - EAST)
    assert areas_at(DEMO, shapes, *at) == ("thon_1",)
    assert areas_at(DEMO, shapes, NORTH + 0.06, EAST) == ()


@given(st.floats(-0.9, 0.9), st.floats(0.5, 9), st.integers(2, 7))
def test_a_point_on_a_border_is_in_all_that_touch_there(along: float, wide: float, many: int) -> None:
    """Two side by side both have their border; where the corners of many meet all of them may be meant."""
    pair = Shapes([box("thon_1", -wide, -1, 0, 1), box("thon_2", 0, -1, wide, 1)])
    assert set(areas_at(DEMO, pair, NORTH + along / 1000, EAST)) == {"thon_1", "thon_2"}
    codes = sorted(DEMO.hamlet_codes)[:many]
    rim = [
        (EAST + math.cos(t) / 100, NORTH + math.sin(t) / 100)
        for t in (2 * math.pi * n / many for n in range(many))
    ]
    wedges = [
        drawn(
            code,
            shapely.Polygon(
                [(EAST, NORTH), rim[n], _between(rim[n], rim[(n + 1) % many]), rim[(n + 1) % many]]
            ),
        )
        for n, code in enumerate(codes)
    ]
    assert set(areas_at(DEMO, Shapes(wedges), NORTH, EAST)) == set(codes)


def _between(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Return a point out where two corners lead, a little to the left: the wedge keeps its ground."""
    turn = (math.atan2(one[1] - NORTH, one[0] - EAST), math.atan2(other[1] - NORTH, other[0] - EAST))
    half = turn[0] + ((turn[1] - turn[0]) % (2 * math.pi)) / 2
    return EAST + math.cos(half) / 100, NORTH + math.sin(half) / 100


@given(st.floats(1, 300), st.floats(0, 300))
def test_both_sides_of_a_border_are_meant_as_near_as_the_point_may_be_off(metres: float, off: float) -> None:
    """The side it is on comes first; a border is drawn no more exactly than some metres either."""
    if abs(metres - max(off, DRAWN)) < 0.5:
        return
    shapes = Shapes([box("thon_1", -9, -9, 9, 0), box("thon_2", -9, 0, 9, 9)])
    found = areas_at(DEMO, shapes, NORTH - metres * METRE, EAST, off)
    assert found == (("thon_1", "thon_2") if metres < max(off, DRAWN) else ("thon_1",))


def test_what_is_drawn_goes_before_a_circle_and_a_hamlet_before_its_commune() -> None:
    """A circle is taken where nothing is drawn, and never over the border of its commune."""
    commune = box("tan_lap_mau", -10, -10, 10, 10)
    circle = Shape("thon_2", None, NORTH, EAST + 0.009, 500)
    shapes = Shapes([commune, box("thon_1", -5, -5, 5, 5), circle])
    assert areas_at(DEMO, shapes, NORTH, EAST + 0.0048) == ("thon_1",)
    assert areas_at(DEMO, shapes, NORTH, EAST + 0.008) == ("thon_2",)
    assert areas_at(DEMO, shapes, NORTH + 0.009, EAST) == ("tan_lap_mau",)
    assert areas_at(DEMO, shapes, NORTH, EAST + 0.0115) == ()
    assert areas_at(DEMO, Shapes([circle]), NORTH, EAST + 0.0115) == ("thon_2",)


def test_on_the_border_of_two_communes_the_hamlets_of_both_are_meant() -> None:
    """Each commune by its hamlet there, or by itself where none is drawn."""
    ours, theirs = box("tan_lap_mau", -9, -9, 0, 9), box("binh_an_mau", 0, -9, 9, 9)
    hamlet = box("ba_thon_1", 0, -2, 4, 2)
    assert set(areas_at(PROVINCE, Shapes([ours, theirs, hamlet]), NORTH, EAST)) == {
        "tan_lap_mau",
        "ba_thon_1",
    }
    assert areas_at(DEMO, Shapes([ours, theirs, hamlet]), NORTH, EAST + 0.002) == ()


@pytest.mark.parametrize(("many", "found"), [(MOST, MOST), (MOST + 1, 1)])
def test_where_too_many_are_meant_their_communes_are(many: int, found: int) -> None:
    """Nobody can choose among more than fit the digits of one message."""
    commune = Area("xa", "xã Mẫu", "commune", None, date(2025, 7, 1))
    hamlets = [Area(f"thon_{n}", f"thôn {n}", "hamlet", "xa", date(2025, 7, 1)) for n in range(many)]
    stripes = [box(one.code, -9, n, 9, n + 1) for n, one in enumerate(hamlets)]
    desk = Directory((commune, *hamlets))
    near = areas_at(desk, Shapes([box("xa", -9, 0, 9, many), *stripes]), NORTH + many / 2000, EAST, 1500)
    assert len(near) == found
    assert (near == ("xa",)) == (found == 1)


def test_no_map_no_area() -> None:
    """Nor is anything found of areas that are not served."""
    assert areas_at(DEMO, Shapes(), NORTH, EAST) == ()
    assert areas_at(Directory(), Shapes([box("thon_1", -1, -1, 1, 1)]), NORTH, EAST) == ()
