"""What a map file must be to be taken for the boundaries of a desk, and which of its features are whose."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from domain.directory import Directory
from domain.mapfiles import Feature, Position, Ring
from domain.packaged import document
from domain.people import Area
from domain.shapes import Shape
from domain.understand.fold import fold
from domain.understand.gazetteer import Gazetteer, name_key

_RING = 4
"""Positions of the smallest ring, a triangle: the last is the first again."""


@cache
def policy() -> Mapping[str, Any]:
    """Return the numbers and names a file is checked by (`boundaries.yaml`)."""
    found: dict[str, Any] = document(Path(__file__).parent / "boundaries.yaml")
    return found


@dataclass
class Matched:
    """The features of each area of the desk, by its code; what is no area of it, and why not."""

    features: dict[str, list[Feature]] = field(default_factory=dict)
    unknown: list[tuple[Feature, str]] = field(default_factory=list)
    """With what was found wrong; empty where it is simply none of ours."""


def said(feature: Feature, what: str) -> str:
    """Return what a feature says of itself under one of the names of a property; empty for nothing."""
    return next(filter(None, (feature.says.get(name, "") for name in policy()["properties"][what])), "")


def called(feature: Feature) -> str:
    """Return what to call a feature in a message."""
    name = said(feature, "name") or said(feature, "code")
    return f"feature {feature.number}" + (f" “{name[:40]}”" if name else "")


# --- whose it is ---------------------------------------------------------------------------------


def matched(features: Sequence[Feature], directory: Directory) -> Matched:
    """Find the commune or hamlet of each feature: by its code, else by its name in its commune."""
    found, ours = Matched(), {area.code: area for area in directory.areas if area.kind != "province"}
    names: dict[str, list[Area]] = {}
    for area in ours.values():
        for name in {fold(area.name), fold(area.plain), name_key(area.name)} - {""}:
            names.setdefault(name, []).append(area)
    for feature in features:
        codes = [ours[one] for one in (said(feature, "code"), feature.says.get("id", "")) if one in ours]
        meant = codes[:1] or _by_name(feature, directory, names)
        if len(meant) == 1:
            found.features.setdefault(meant[0].code, []).append(feature)
        else:
            why = f"may be {', '.join(sorted(area.code for area in meant))}; give its “code”" if meant else ""
            found.unknown.append((feature, why))
    return found


def _by_name(feature: Feature, directory: Directory, names: Mapping[str, list[Area]]) -> list[Area]:
    province, name = said(feature, "province"), said(feature, "name")
    ours = directory.province
    if not name or (province and ours is not None and name_key(province) != name_key(ours.name)):
        return []
    within = said(feature, "commune")
    alike = names.get(fold(name), [])
    if within and fold(within) != fold(name):  # a hamlet, and its commune
        communes = {area.code for area in _communes(names, within)} | {within}
        hamlets = (area for area in alike if area.kind == "hamlet")
        return [area for area in hamlets if communes & set(directory.lineage(area.code)[1:])]
    standing = [area for area in alike if area.valid_to is None]
    return standing or alike


def _communes(names: Mapping[str, list[Area]], name: str) -> list[Area]:
    return [area for area in names.get(fold(name), ()) if area.kind == "commune"]


# --- what is wrong with it -----------------------------------------------------------------------


def dropped(features: Sequence[Feature]) -> list[str]:
    """Return what of the country a file leaves out that no map of it may leave out; a line each."""
    provinces = {name_key(name) for name in Gazetteer.load().provinces.values()}
    told = [
        {name_key(said(feature, "province")), name_key(said(feature, "name"))} & provinces
        for feature in features
    ]
    times = Counter(name for names in told for name in names)
    whole = policy()["whole"]
    lines = []
    for island in policy()["islands"]:
        here = times[name_key(island["province"])]
        wanted = len(times) >= whole["national"] or here >= whole["features"]
        wanted = wanted or bool(here and len(times) >= whole["provinces"])
        if wanted and not any(_is_in(one, island) for feature in features for one in _positions(feature)):
            lines.append(
                f"it leaves out {island['name']} ({island['province']}): a map of the country or of"
                " that province holds it"
            )
    return lines


def _positions(feature: Feature) -> Iterator[Position]:
    if feature.point is not None:
        yield feature.point
    for polygon in feature.polygons:
        yield from polygon[0] if polygon else ()


def _is_in(position: Position, box: Mapping[str, float]) -> bool:
    east, north = position
    return bool(box["west"] <= east <= box["east"] and box["south"] <= north <= box["north"])


def wrong(feature: Feature) -> str:
    """Return what is wrong with the ground of a feature, in a few words; empty where nothing is."""
    if feature.broken:
        return feature.broken
    rings = [ring for polygon in feature.polygons for ring in polygon]
    if not rings and feature.point is None:
        return "it has no ground"
    if not all(feature.polygons):
        return "a part of its outline is empty"
    if sum(map(len, rings)) > policy()["limits"]["vertices"]:
        return f"it has more than {policy()['limits']['vertices']} points; simplify it"
    if (why := next(filter(None, map(_wrong_ring, rings)), "")) or (why := _outside(feature)):
        return why
    ground = _polygons(feature)
    return "" if ground.is_valid else f"its outline is not sound: {shapely.is_valid_reason(ground)[:80]}"


def _wrong_ring(ring: Ring) -> str:
    if len(ring) < _RING:
        return "a ring of its outline has fewer than four points"
    return "" if ring[0] == ring[-1] else "a ring of its outline is not closed"


def _outside(feature: Feature) -> str:
    box = policy()["within"]
    rings = (ring for polygon in feature.polygons for ring in polygon)
    points = [*(one for ring in rings for one in ring), *([feature.point] if feature.point else [])]
    away = next((one for one in points if not _is_in(one, box)), None)
    if away is None:
        return ""
    swapped = _is_in((away[1], away[0]), box)
    why = "they seem to be north before east" if swapped else "is it in degrees, WGS 84 (EPSG:4326)?"
    return f"its coordinates ({away[0]:.6g}, {away[1]:.6g}) are not in Vietnam: {why}"


# --- what is kept of it --------------------------------------------------------------------------


def shape(code: str, features: Sequence[Feature]) -> Shape:
    """Return the ground of an area of features in which nothing is `wrong`; several are one ground.

    Raises ValueError, in a few words, where its circle is none or one of several.
    """
    outlines = [_polygons(feature) for feature in features if feature.polygons]
    if outlines:
        ground = shapely.union_all(outlines)
        middle = ground.point_on_surface()
        return Shape(code, shapely.to_wkb(ground), middle.y, middle.x)
    (east, north), *others = (feature.point for feature in features if feature.point is not None)
    if others:
        raise ValueError("it has more than one point")
    return Shape(code, None, north, east, _radius(features[0]))


def _radius(feature: Feature) -> int:
    limits, written = policy()["limits"], said(feature, "radius")
    try:
        radius = float(written) if written else float(limits["radius"])
    except ValueError:
        raise ValueError("its radius is no number of metres") from None
    if not limits["radius_least"] <= radius <= limits["radius_most"]:
        raise ValueError(f"its radius is not {limits['radius_least']} to {limits['radius_most']} metres")
    return round(radius)


def _polygons(feature: Feature) -> Any:  # noqa: ANN401 - shapely ships no types
    return shapely.MultiPolygon([shapely.Polygon(polygon[0], polygon[1:]) for polygon in feature.polygons])


def doubts(directory: Directory, shapes: Sequence[Shape]) -> list[str]:
    """Return what may be wrong between areas, a line each: what overlaps, hamlets that lie outside."""
    drawn = [one for one in shapes if one.outline is not None]
    grounds = shapely.from_wkb(np.array([one.outline for one in drawn], dtype=object))
    limits, kinds = policy()["limits"], [directory.area(one.area).kind for one in drawn]
    tree, lines = shapely.STRtree(grounds), []
    for first, second in sorted(map(tuple, tree.query(grounds, predicate="intersects").T.tolist())):
        if first >= second or kinds[first] != kinds[second] or _nested(directory, drawn, first, second):
            continue
        common = grounds[first].intersection(grounds[second]).area
        part = 100 * common / min(grounds[first].area, grounds[second].area)
        if part > limits["overlap_percent"]:
            lines.append(
                f"{drawn[first].area} and {drawn[second].area} overlap by {part:.0f} % of the smaller"
            )
    by_code = {one.area: ground for one, ground in zip(drawn, grounds, strict=True)}
    for code, ground in by_code.items():
        above = by_code.get(directory.area(code).parent or "")
        off = 100 * ground.difference(above).area / ground.area if above is not None else 0.0
        if off > limits["outside_percent"]:
            lines.append(f"{code} lies outside its {directory.area(code).parent} by {off:.0f} %")
    return lines


def _nested(directory: Directory, drawn: Sequence[Shape], first: int, second: int) -> bool:
    """Say whether one area lies in the other by the directory: a commune that was merged into it."""
    lines = directory.lineage(drawn[first].area), directory.lineage(drawn[second].area)
    return drawn[second].area in lines[0] or drawn[first].area in lines[1]
