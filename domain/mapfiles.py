"""A map file read: GeoJSON or TopoJSON as features, each with what it says of itself and its ground.

Nothing here knows the desk. What is wrong is said with the feature's number, as it stands in the file.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

Position = tuple[float, float]
Ring = list[Position]
_SYSTEMS = ("CRS84", "EPSG::4326", "EPSG:4326")
"""How WGS 84 is called where a file of before 2016 names its system."""
_MISFITS = (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError)
_NEITHER = "this is no GeoJSON FeatureCollection and no TopoJSON Topology"
_TOO_LARGE = 1e9
_NUMBERS = 2


class NotAMap(ValueError):
    """The file cannot be read as a map; the message is one line that says why."""


@dataclass(frozen=True, slots=True)
class Feature:
    """What stands in a file under a number, from 1: its properties, lower case, and its ground.

    The ground is a list of polygons, each its outer ring and then its holes, in degrees east and north; or a
    single point. `broken` says why it cannot be read.
    """

    number: int
    says: Mapping[str, str]
    polygons: Sequence[Sequence[Ring]] = ()
    point: Position | None = None
    broken: str = ""


def read(data: bytes) -> list[Feature]:
    """Read the features of a file's bytes. Raises NotAMap."""
    try:
        text = data.decode("utf-8-sig")
        found = json.loads(text, parse_constant=_no_number)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NotAMap(f"this is no JSON in UTF-8: {str(error)[:80]}") from None
    if not isinstance(found, dict):
        raise NotAMap(_NEITHER)
    kind = found.get("type")
    try:
        if kind == "Topology":
            return list(_numbered(_of_topology(found)))
        _system(found)
        if kind == "FeatureCollection":
            return list(_numbered((one, lambda arcs: arcs) for one in found["features"]))
    except _MISFITS as error:
        raise NotAMap(f"this is no GeoJSON or TopoJSON: {type(error).__name__}: {error}") from None
    raise NotAMap(_NEITHER)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _system(found: Mapping[str, Any]) -> None:
    named = str(((found.get("crs") or {}).get("properties") or {}).get("name", ""))
    if named and not named.endswith(_SYSTEMS):
        raise NotAMap(f"its coordinates are in {named[:60]}; export it in WGS 84 (EPSG:4326)")


Rings = Callable[[Any], Any]


def _numbered(features: Iterator[tuple[Any, Rings]]) -> Iterator[Feature]:
    for number, (feature, unwound) in enumerate(features, start=1):
        says: dict[str, str] = {}
        try:
            told = feature.get("properties") or {}
            says = {
                str(k).lower(): str(v).strip() for k, v in told.items() if isinstance(v, str | int | float)
            }
            says |= {"id": str(feature["id"])} if "id" in feature else {}
            polygons, point = _ground(feature.get("geometry") or {}, unwound)
            yield Feature(number, says, polygons, point)
        except _MISFITS as error:
            yield Feature(number, says, broken=f"{type(error).__name__}: {error}"[:120])


def _ground(geometry: Mapping[str, Any], unwound: Rings) -> tuple[list[list[Ring]], Position | None]:
    kind = geometry.get("type")
    if kind == "Point":
        return [], _position(geometry["coordinates"])
    if kind not in {"Polygon", "MultiPolygon"}:
        raise ValueError(f"its geometry is {str(kind)[:20]}, no Polygon, MultiPolygon or Point")
    written = unwound(geometry["coordinates"] if "coordinates" in geometry else geometry["arcs"])
    polygons = [written] if kind == "Polygon" else written
    return [[[_position(one) for one in ring] for ring in polygon] for polygon in polygons], None


def _position(written: Sequence[Any]) -> Position:
    east, north = written[:_NUMBERS]
    if not all(type(one) in {int, float} and abs(one) < _TOO_LARGE for one in (east, north)):
        raise ValueError("a coordinate is no number")
    return float(east), float(north)


# --- TopoJSON ------------------------------------------------------------------------------------


def _of_topology(found: Mapping[str, Any]) -> Iterator[tuple[Any, Rings]]:
    """Yield the features of a topology, each with what makes rings of its arcs."""
    scaled = _scaled(found.get("transform"))
    arcs = [[scaled(one) for one in _summed(arc, found.get("transform"))] for arc in found["arcs"]]

    def ring(numbers: Sequence[int]) -> list[list[float]]:
        parts = (arcs[at] if at >= 0 else arcs[~at][::-1] for at in numbers)
        whole: list[list[float]] = []
        for part in parts:
            whole += part[1:] if whole else part
        return whole

    def rings(written: Any) -> Any:  # noqa: ANN401 - as deep as its geometry is
        return ring(written) if written and isinstance(written[0], int) else [rings(one) for one in written]

    for named in found["objects"].values():
        for one in named["geometries"] if named.get("type") == "GeometryCollection" else [named]:
            point = {"coordinates": scaled(one["coordinates"])} if one.get("type") == "Point" else {}
            yield {**one, "geometry": {**one, **point}}, rings


def _summed(arc: Sequence[Sequence[float]], transform: Any) -> Iterator[Sequence[float]]:  # noqa: ANN401 - as read
    """Yield the positions of an arc; where it is quantised each is written as what it is off the last one."""
    if transform is None:
        return iter(arc)
    return accumulate(arc, lambda last, step: [last[0] + step[0], last[1] + step[1]])


def _scaled(transform: Any) -> Callable[[Sequence[float]], list[float]]:  # noqa: ANN401 - as it was read
    if transform is None:
        return list
    (x, y), (dx, dy) = transform["scale"], transform["translate"]
    return lambda one: [one[0] * x + dx, one[1] * y + dy]
