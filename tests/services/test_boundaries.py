"""A map file brought to a desk: whose it is what it draws, what is refused, and that all is replaced."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import mapping

from bot.commands import boundaries as command
from bot.commands.running import Refused
from bot.demo import house
from domain import boundaries as rules
from domain.shapes import Shapes, areas_at
from domain.understand.gazetteer import Gazetteer
from services.office import boundaries
from services.office.boundaries import BoundariesRefused, read
from storage.store.engine import Store
from tests.domain.made_up import DEMO, PROVINCE
from tests.storage import province

MAP = Path("storage/seeds/demo.geojson").read_bytes()
BOX = shapely.box(106.25, 18.06, 106.31, 18.11)
SMALL = shapely.box(106.26, 18.07, 106.27, 18.08)
SEA = shapely.box(112.0, 16.0, 112.5, 16.5)
FAR_SEA = shapely.box(114.0, 9.0, 114.5, 9.5)


def feature(ground: object, **says: object) -> dict[str, Any]:
    """Write a feature: its ground as shapely has it, or as it stands in the file."""
    written = ground if isinstance(ground, Mapping) else mapping(ground)
    return {"type": "Feature", "properties": says, "geometry": written}


def polygon(*ring: Sequence[float]) -> dict[str, Any]:
    """Write a polygon of one ring as it is."""
    return {"type": "Polygon", "coordinates": [list(map(list, ring))]}


def file(*features: dict[str, Any], **more: object) -> list[tuple[str, bytes]]:
    """Write a file of features."""
    told = {"type": "FeatureCollection", "features": list(features), **more}
    return [("map.geojson", json.dumps(told).encode())]


def refused(files: Sequence[tuple[str, bytes]]) -> str:
    """Return why files are refused."""
    with pytest.raises(BoundariesRefused) as why:
        read(files, PROVINCE)
    return "\n".join(why.value.problems)


COMMUNE = feature(BOX, name="xã Tân Lập Mẫu")


def test_the_made_up_map_fits_the_made_up_communes() -> None:
    """Nothing overlaps, nothing sticks out, and every hamlet is drawn or a circle."""
    found = read([("demo.geojson", MAP)], PROVINCE)
    assert (found.doubts, found.unknown) == ((), 0)
    assert {one.area for one in found.shapes} == {
        area.code for area in PROVINCE.areas if area.kind != "province"
    }
    assert [one.area for one in found.shapes if one.outline is None] == ["ba_xom_dinh"]
    assert read([("demo.geojson", MAP)], DEMO).unknown == 5


@pytest.mark.parametrize(
    ("says", "area"),
    [
        ({"code": "ba_thon_1", "name": "anything"}, "ba_thon_1"),
        ({"ten": "XÃ BÌNH ÂN MẪU"}, "binh_an_mau"),
        ({"TEN_XA": "Bình An Mẫu", "TEN_TINH": "Tỉnh Mẫu"}, "binh_an_mau"),
        ({"name": "Thôn  1", "commune": "xã Bình An Mẫu"}, "ba_thon_1"),
        ({"ten_thon": "thôn 1", "ten_xa": "Tân Lập Mẫu"}, "thon_1"),
        ({"name": "thon ha"}, "ba_thon_ha"),
    ],
)
def test_a_feature_is_known_by_its_code_or_its_name(says: dict[str, str], area: str) -> None:
    """Names are read as people spell them, with their rank or without; a hamlet within its commune."""
    assert [one.area for one in read(file(feature(SMALL, **says)), PROVINCE).shapes] == [area]


@pytest.mark.parametrize(
    "says",
    [
        {"name": "xã Nơi Khác"},
        {"name": "phường Bình An Mẫu"},
        {"name": "thôn 9", "commune": "xã Tân Lập Mẫu"},
        {"name": "xã Bình An Mẫu", "province": "Hà Tĩnh"},
        {"name": "thôn 1", "commune": "xã Nơi Khác"},
        {},
    ],
)
def test_what_is_none_of_the_desk_is_counted_and_left_out(says: dict[str, str]) -> None:
    """A map of more than the desk is no mistake."""
    found = read(file(COMMUNE, feature(SMALL, **says)), PROVINCE)
    assert ([one.area for one in found.shapes], found.unknown) == (["tan_lap_mau"], 1)


def test_a_name_that_two_communes_have_is_asked_about() -> None:
    """Nothing is guessed."""
    why = refused(file(COMMUNE, feature(SMALL, name="thôn 1")))
    assert why == "feature 2 “thôn 1”: may be ba_thon_1, thon_1; give its “code”"


def test_a_second_point_of_one_hamlet_is_refused() -> None:
    """Of two circles nobody knows which is meant."""
    points = [{"type": "Point", "coordinates": [east, 18.08]} for east in (106.26, 106.3)]
    told = refused(file(*(feature(point, code="thon_1") for point in points)))
    assert "more than one point" in told


W, S, E, N = BOX.bounds


@pytest.mark.parametrize(
    ("ground", "why"),
    [
        (polygon((W, S), (E, S), (E, N), (W, N)), "is not closed"),
        (polygon((W, S), (E, N), (W, S)), "fewer than four points"),
        (polygon((W, S), (E, N), (E, S), (W, N), (W, S)), "is not sound: Self-intersection"),
        (polygon((S, W), (S, E), (N, E), (S, W)), "north before east"),
        (polygon((5e5, 2e6), (6e5, 2e6), (6e5, 3e6), (5e5, 2e6)), "WGS 84"),
        (polygon((2.3, 48.8), (2.4, 48.8), (2.4, 48.9), (2.3, 48.8)), "not in Vietnam"),
        (polygon((W, S), (E, "x"), (E, N), (W, S)), "a coordinate is no number"),
        ({"type": "LineString", "coordinates": [[W, S], [E, N]]}, "its geometry is LineString"),
        ({"type": "Polygon", "coordinates": []}, "it has no ground"),
        ({"type": "MultiPolygon", "coordinates": [mapping(BOX)["coordinates"], []]}, "is empty"),
        ({"type": "Polygon"}, "KeyError"),
        ({"type": "Point", "coordinates": [2.3, 48.8]}, "not in Vietnam"),
    ],
)
def test_ground_that_cannot_be_is_refused_with_its_feature(ground: dict[str, Any], why: str) -> None:
    """The number and the name say where to look."""
    told = refused(file(feature(SMALL, name="xã Nơi Khác"), feature(ground, name="xã Tân Lập Mẫu")))
    assert told.startswith("feature 2 “xã Tân Lập Mẫu”: ")
    assert why in told


def test_what_is_not_ours_may_be_unsound() -> None:
    """Nobody has to mend the map of a whole country."""
    bent = polygon((W, S), (E, N), (E, S), (W, N), (W, S))
    assert len(read(file(COMMUNE, feature(bent, name="xã Nơi Khác")), PROVINCE).shapes) == 1


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff\xfe", "no JSON"),
        (b"[1, 2", "no JSON"),
        (b'{"type": "FeatureCollection", "features": [NaN]}', "NaN is no number"),
        (b'{"type": "FeatureCollection"}', "KeyError"),
        (b'{"type": "Feature"}', "no GeoJSON FeatureCollection"),
        (b"[]", "no GeoJSON FeatureCollection"),
        (b'{"type": "Topology", "objects": {}}', "KeyError"),
        (b'{"type": "FeatureCollection", "features": []}', "no feature is an area of this desk"),
        (b"[" * 100_000, "no JSON"),
    ],
)
def test_what_is_no_map_is_refused_in_a_line(data: bytes, why: str) -> None:
    """Whatever is in it."""
    assert why in refused([("map.geojson", data)])


def test_another_system_is_refused_and_wgs_84_by_any_name_taken() -> None:
    """Vietnam's own, VN-2000, is in metres."""
    crs: dict[str, Any] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3405"}}
    assert "EPSG::3405" in refused(file(COMMUNE, crs=crs))
    crs["properties"]["name"] = "urn:ogc:def:crs:OGC:1.3:CRS84"
    assert len(read(file(COMMUNE, crs=crs), PROVINCE).shapes) == 1


def test_what_is_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of bytes, features, points of one outline, and points of all."""
    round_ = feature(shapely.Point(106.28, 18.08).buffer(0.02, quad_segs=6000), name="xã Tân Lập Mẫu")
    assert "more than 20000 points" in refused(file(round_))
    policy = rules.policy()
    less = {**policy["limits"], "megabytes": 1, "features": 3, "all_vertices": 9}
    monkeypatch.setattr(rules, "policy", lambda: {**policy, "limits": less})
    assert "more than 1 MB" in refused(file(COMMUNE, more="x" * (1 << 20)))
    assert "more than 3 features" in refused(file(*[COMMUNE] * 4))
    assert "more points than are kept" in refused(file(COMMUNE, feature(SMALL, code="thon_1")))


@pytest.mark.parametrize(("radius", "kept"), [({}, 300), ({"radius": 450}, 450), ({"ban_kinh": "60.4"}, 60)])
def test_a_point_is_a_circle(radius: dict[str, object], kept: int) -> None:
    """Of so many metres as it says."""
    (found,) = read(file(feature(SMALL.centroid, code="thon_1", **radius)), PROVINCE).shapes
    assert (found.outline, found.radius) == (None, kept)


@pytest.mark.parametrize("radius", ["far", 5, 50_000])
def test_a_circle_that_is_none_is_refused(radius: object) -> None:
    """No hamlet is ten metres wide, nor as wide as a commune."""
    assert "its radius" in refused(file(feature(SMALL.centroid, code="thon_1", radius=radius)))


def test_several_features_of_one_area_are_one_ground() -> None:
    """An island of a commune may stand by itself."""
    shapes = read(file(COMMUNE, feature(shapely.box(106.4, 18.0, 106.5, 18.1), code="tan_lap_mau")), PROVINCE)
    for east in (106.28, 106.45):
        assert areas_at(PROVINCE, Shapes(shapes.shapes), 18.07, east) == ("tan_lap_mau",)


def test_doubts_are_told_and_stop_nothing() -> None:
    """Two hamlets that overlap, one that lies outside its commune; a little of it is how maps are drawn."""
    over = feature(shapely.box(106.265, 18.07, 106.275, 18.08), code="thon_2")
    out = feature(shapely.box(106.30, 18.07, 106.32, 18.08), code="thon_3")
    found = read(file(COMMUNE, feature(SMALL, code="thon_1"), over, out), PROVINCE)
    assert found.doubts == (
        "thon_1 and thon_2 overlap by 50 % of the smaller",
        "thon_3 lies outside its tan_lap_mau by 50 %",
    )
    near = feature(shapely.box(106.26995, 18.07, 106.28, 18.08), code="thon_2")
    assert read(file(COMMUNE, feature(SMALL, code="thon_1"), near), PROVINCE).doubts == ()


def test_topojson_draws_the_same() -> None:
    """Arcs that are shared, turned, quantised; a point among them."""
    ring = [[0, 0], [600, 0], [0, 500], [-600, 0], [0, -500]]
    topology = {
        "type": "Topology",
        "transform": {"scale": [0.0001, 0.0001], "translate": [106.25, 18.06]},
        "arcs": [ring[:3], [[600, 500], [-600, 0], [0, -500]], [[0, 0], [100, 0], [0, 100], [-100, -100]]],
        "objects": {
            "communes": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1]], "properties": {"code": "tan_lap_mau"}},
                    {"type": "MultiPolygon", "arcs": [[[~1, ~0]]], "properties": {"code": "binh_an_mau"}},
                    {"type": "Point", "coordinates": [50, 50], "properties": {"code": "thon_1"}},
                ],
            },
            "one": {"type": "Polygon", "arcs": [[2]], "id": "thon_2"},
        },
    }
    found = read([("map.topojson", json.dumps(topology).encode())], PROVINCE)
    drawn = {one.area: one for one in found.shapes}
    for code in ("tan_lap_mau", "binh_an_mau"):
        assert shapely.from_wkb(drawn[code].outline).equals_exact(BOX.normalize(), 1e-9, normalize=True)
    assert (drawn["thon_1"].north, drawn["thon_1"].east) == pytest.approx((18.065, 106.255))
    assert shapely.from_wkb(drawn["thon_2"].outline).area == pytest.approx(0.00005)


# --- Hoàng Sa and Trường Sa ----------------------------------------------------------------------


def _of(name: str, count: int = 1, ground: object = SMALL) -> list[dict[str, Any]]:
    return [feature(ground, name=f"xã Số {n}", ten_tinh=name) for n in range(count)]


NATIONAL = [*(_of(name)[0] for name in Gazetteer.load().provinces.values())]
PROVINCES = [feature(SMALL, name=name) for name in Gazetteer.load().provinces.values()]
INLAND = [one for one in NATIONAL if one["properties"]["ten_tinh"] not in {"Đà Nẵng", "Khánh Hòa"}]
HOANG_SA = feature(SEA, name="đặc khu Hoàng Sa", ten_tinh="Đà Nẵng")
TRUONG_SA = feature(FAR_SEA, name="đặc khu Trường Sa", ten_tinh="Khánh Hòa")


@pytest.mark.parametrize("country", [NATIONAL, PROVINCES, INLAND], ids=["communes", "provinces", "inland"])
def test_a_map_of_the_country_without_its_islands_is_refused(country: list[dict[str, Any]]) -> None:
    """One of the two is not enough, nor is the name without ground there; with both it is taken."""
    assert len(PROVINCES) == 34
    told = refused(file(COMMUNE, *country))
    assert "Hoàng Sa (Đà Nẵng)" in told
    assert "Trường Sa (Khánh Hòa)" in told
    assert refused(file(COMMUNE, *country, HOANG_SA)).startswith("it leaves out Trường Sa")
    assert refused(file(COMMUNE, *country, TRUONG_SA)).startswith("it leaves out Hoàng Sa")
    named = feature(SMALL, name="đặc khu Hoàng Sa", ten_tinh="Đà Nẵng")
    assert "Hoàng Sa" in refused(file(COMMUNE, *country, named, TRUONG_SA))
    assert len(read(file(COMMUNE, *country, HOANG_SA, TRUONG_SA), PROVINCE).shapes) == 1


@pytest.mark.parametrize(
    ("some", "missing"),
    [
        (_of("Đà Nẵng", 10), "Hoàng Sa"),
        (_of("TP. Đà Nẵng") + _of("Quảng Ngãi"), "Hoàng Sa"),
        (_of("tỉnh Khánh Hòa", 10), "Trường Sa"),
        (_of("Đà Nẵng", 9), ""),
        (_of("Hà Tĩnh", 50), ""),
        (_of("Hà Tĩnh") + _of("Nghệ An"), ""),
        (_of("Khánh Hòa", 10, FAR_SEA), ""),
    ],
)
def test_a_map_of_their_province_holds_them_too(some: list[dict[str, Any]], missing: str) -> None:
    """A desk there may draw its own commune alone."""
    if missing:
        assert refused(file(COMMUNE, *some)).startswith(f"it leaves out {missing}")
    else:
        assert len(read(file(COMMUNE, *some), PROVINCE).shapes) == 1


# --- in the database -----------------------------------------------------------------------------


async def drawn(store: Store) -> list[str]:
    """Return the areas that are drawn, as the next message will find them."""
    async with store.read() as work:
        return sorted(work.desk.shapes.areas)


async def test_an_import_replaces_all_and_a_refusal_nothing(store: Store) -> None:
    """A dry run writes nothing; whoever reads sees all of the old map or all of the new one."""
    await province.settle(store)
    assert await command._shown(store) == ["no boundaries: points are kept as they come"]
    lines = await command._brought(store, [("demo.geojson", MAP)], check=True)
    assert lines[:2] == ["communes: 2 outline", "hamlets: 11 outline, 1 circle"]
    assert lines[-1] == "checked only: nothing was written"
    assert await drawn(store) == []
    await command._brought(store, [("demo.geojson", MAP)], check=False)
    assert len(await drawn(store)) == 14
    bent = file(feature(polygon((W, S), (E, N), (E, S), (W, N), (W, S)), code="thon_1"))
    with pytest.raises(Refused, match=r"not sound(.|\n)*nothing was written"):
        await command._brought(store, bent, check=False)
    assert len(await drawn(store)) == 14
    lines = await command._brought(store, [*file(COMMUNE), *file(feature(SMALL, code="thon_1"))], check=False)
    assert await drawn(store) == ["tan_lap_mau", "thon_1"]
    assert "  not drawn: binh_an_mau" in lines
    assert await command._shown(store) == lines


async def test_the_demo_brings_its_map_once(store: Store) -> None:
    """A demo that was begun before it had one gets it too; what its people brought since then stays."""
    await house.furnish(store)
    assert len(await drawn(store)) == 14
    async with store.work() as work:
        await boundaries.bring(work, file(COMMUNE))
    await house.furnish(store)
    assert await drawn(store) == ["tan_lap_mau"]
