"""Where the communes and hamlets of a desk lie: read from map files, checked, and put in force together."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import shapely

from domain import boundaries, mapfiles
from domain.directory import Directory
from domain.mapfiles import Feature, NotAMap
from domain.shapes import Shape
from storage.ground.work import Work
from storage.office import rulebook, shapes

_SHOWN = 20
"""Lines of one kind that are told; what comes after them is counted."""


class BoundariesRefused(Exception):
    """A file cannot be taken for boundaries; `problems` say why, a line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(problems[0])
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Read:
    """What files hold for a desk: the grounds of its areas, what is none of its, and what may be wrong."""

    shapes: tuple[Shape, ...]
    unknown: int
    doubts: tuple[str, ...]


def read(files: Sequence[tuple[str, bytes]], directory: Directory) -> Read:
    """Read files, each a name and its bytes, for the areas of a desk. Raises BoundariesRefused."""
    features: list[Feature] = []
    for name, data in files:
        features += _features(name, data)
    if problems := boundaries.dropped(features):
        raise BoundariesRefused(problems)
    found = boundaries.matched(features, directory)
    ours = [one for many in found.features.values() for one in many]
    problems = [f"{boundaries.called(one)}: {why}" for one, why in found.unknown if why]
    problems += [f"{boundaries.called(one)}: {why}" for one in ours if (why := boundaries.wrong(one))]
    drawn = [] if problems else list(_shapes(found, problems))
    if not ours and not problems:
        problems = ["no feature is an area of this desk: each needs the area’s “code”, or its “name”"]
    if problems:
        raise BoundariesRefused(_few(problems))
    unknown = sum(1 for _, why in found.unknown if not why)
    return Read(tuple(drawn), unknown, tuple(_few(boundaries.doubts(directory, drawn))))


def _features(name: str, data: bytes) -> list[Feature]:
    limits = boundaries.policy()["limits"]
    try:
        if len(data) > limits["megabytes"] << 20:
            raise NotAMap(f"it has more than {limits['megabytes']} MB; simplify it")  # noqa: TRY301 - as others
        found = mapfiles.read(data)
        if len(found) > limits["features"]:
            raise NotAMap(f"it has more than {limits['features']} features")  # noqa: TRY301 - as others
    except NotAMap as error:
        raise BoundariesRefused([f"{name}: {error}"]) from None
    return found


def _shapes(found: boundaries.Matched, problems: list[str]) -> Iterator[Shape]:
    left = boundaries.policy()["limits"]["all_vertices"]
    for code, features in sorted(found.features.items()):
        left -= sum(len(ring) for one in features for polygon in one.polygons for ring in polygon)
        try:
            yield boundaries.shape(code, features)
        except ValueError as error:
            problems.append(f"{boundaries.called(features[0])}: {error}")
    if left < 0:
        problems.append("the outlines of this desk have more points than are kept; simplify them")


def _few(lines: Sequence[str]) -> list[str]:
    more = len(lines) - _SHOWN
    return [*lines[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]


async def bring(work: Work, files: Sequence[tuple[str, bytes]], *, check: bool = False) -> list[str]:
    """Put what the files draw in the place of all that was drawn. Returns what was found as lines.

    Where it only is to `check`, nothing is written. Raises BoundariesRefused.
    """
    if not check:
        await rulebook.hold(work)
    found = read(files, work.desk.directory)
    if not check:
        await shapes.write(work, found.shapes)
        named = ", ".join(name for name, _ in files)
        await rulebook.replace(work, shapes.SHAPES, {}, f"boundaries import {named}")
    doubts = [f"look at this: {line}" for line in found.doubts]
    unknown = [f"features that are no area of this desk: {found.unknown}"] if found.unknown else []
    return [*_told(work.desk.directory, found.shapes), *unknown, *doubts]


def shown(work: Work) -> list[str]:
    """Return how the communes and hamlets of the desk are drawn, as lines."""
    drawn = list(work.desk.shapes.areas.values())
    return _told(work.desk.directory, drawn) if drawn else ["no boundaries: points are kept as they come"]


def _told(directory: Directory, drawn: Sequence[Shape]) -> list[str]:
    how = {one.area: "outline" if one.outline is not None else "circle" for one in drawn}
    lines = []
    for what, areas in (("communes", directory.communes), ("hamlets", directory.hamlets)):
        counted = Counter(how.get(area.code, "none") for area in areas)
        told = ", ".join(f"{counted[one]} {one}" for one in ("outline", "circle", "none") if counted[one])
        lines.append(f"{what}: {told or 'none'}")
        bare = [area.code for area in areas if area.code not in how]
        lines += _few([f"  not drawn: {code}" for code in bare])
    points = (int(shapely.get_num_coordinates(shapely.from_wkb(one.outline))) for one in drawn if one.outline)
    return [*lines, f"points of outlines: {sum(points)}"]
