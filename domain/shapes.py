"""In which hamlet or commune a point on the map lies, by the outlines of the areas of a desk."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from domain.areas import Areas

DRAWN = 10.0
"""Metres by which a border may lie elsewhere than it is drawn: nearer to one, both sides may be meant."""
MOST = 8
"""Areas among which somebody is asked to choose; with “elsewhere” they are nine, one digit each."""
_DEGREE = 111_195.0
"""Metres of a degree along a meridian."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The ground of an area: its outline (WKB, degrees east and north in WGS 84), or a circle.

    A circle has `radius` metres around `north` and `east`; with an outline these are a point within it.
    """

    area: str
    outline: bytes | None
    north: float
    east: float
    radius: int = 0


@dataclass(frozen=True, slots=True)
class Near:
    """An area at a point: how far its border is, in metres (0 within); it is `drawn`, or a circle."""

    area: str
    metres: float
    drawn: bool


class Shapes:
    """The outlines of a desk, found by a point; in metres on a plane, as a desk is a province at most."""

    def __init__(self, shapes: Iterable[Shape] = ()) -> None:
        self._shapes = tuple(shapes)
        middle = sum(shape.north for shape in self._shapes) / max(1, len(self._shapes))
        self._scale = np.array([_DEGREE * math.cos(math.radians(middle)), _DEGREE])
        grounds = np.array([self._ground(shape) for shape in self._shapes], dtype=object)
        self.areas = {shape.area: shape for shape in self._shapes}
        shapely.prepare(grounds)
        self._tree = shapely.STRtree(grounds)

    def __len__(self) -> int:
        return len(self._shapes)

    def near(self, north: float, east: float, metres: float) -> list[Near]:
        """Return the areas within so many metres of a point, those it is in first, then the nearest."""
        at = shapely.Point(self._scale * (east, north))
        numbers = self._tree.query(at, predicate="dwithin", distance=metres)
        far = shapely.distance(self._tree.geometries[numbers], at)
        found = zip((self._shapes[number] for number in numbers), far, strict=True)
        near = (Near(shape.area, float(off), shape.outline is not None) for shape, off in found)
        return sorted(near, key=lambda one: (one.metres, one.area))

    def _ground(self, shape: Shape) -> object:
        if shape.outline is None:
            return shapely.Point(self._scale * (shape.east, shape.north)).buffer(shape.radius)
        return shapely.transform(shapely.from_wkb(shape.outline), lambda points: points * self._scale)


def areas_at(
    areas: Areas, shapes: Shapes, north: float, east: float, accuracy: float = 0.0
) -> tuple[str, ...]:
    """Return the codes of the areas a point may be in, the likeliest first; none where it is in none of ours.

    `accuracy` is how far off it may be, in metres. Of each commune they are its hamlets, or itself where none
    is drawn there; where more than MOST may be meant, the communes. What is drawn goes before a circle.
    """
    communes: dict[str, list[Near]] = {}
    grounds: set[str] = set()
    for one in shapes.near(north, east, max(accuracy, DRAWN)) if len(shapes) else ():
        if commune := _commune(areas, one.area):
            hamlets = communes.setdefault(commune, [])
            if one.area in areas.hamlet_codes:
                hamlets.append(one)
            else:  # the commune, one that was merged into it, or a hamlet that is over
                grounds.add(commune)
    meant = {code: _meant(shapes, code, near, code in grounds) for code, near in communes.items()}
    chosen = [area for found in meant.values() for area in found]
    if len(chosen) > MOST:
        chosen = [code for code, found in meant.items() if found]
    return tuple(chosen) if len(chosen) <= MOST else ()


def _meant(shapes: Shapes, commune: str, hamlets: Sequence[Near], within: bool) -> list[str]:  # noqa: FBT001
    """Return what of a commune may be meant: what is drawn, else circles that reach over no border of it."""
    drawn = [one.area for one in hamlets if one.drawn]
    circles = [one.area for one in hamlets] if within or commune not in shapes.areas else []
    return drawn or circles or ([commune] if within else [])


def _commune(areas: Areas, code: str) -> str:
    """Return the code of the commune of an area where it is served today; empty where it is not."""
    commune = areas.commune_of(code)
    return commune.code if commune is not None and areas.serves(commune) else ""
