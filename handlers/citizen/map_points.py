"""A point on the map, written so that people can read it out and every map understands it."""

import re

import locales
from domain.messages import Location
from services.saying import wording

_COORDINATES = re.compile(r"(-?\d{1,2}\.\d{5}), (-?\d{1,3}\.\d{5})(?: ±(\d{1,5}) m)?")
"""Degrees north and east. Where several areas may be meant, how far off it may be stands behind."""
_ALONE = re.compile(rf"(?:\w+ ){{0,2}}{_COORDINATES.pattern}")
"""As they are written where there is no address."""
_LONGEST_ADDRESS = 90
"""Letters of an address; what follows is where it is."""


def label(said: Location, language: str, area: str = "", unsure: float | None = None) -> str:
    """Write the point as a place: under the channel's address and the `area` it is in, else as a location.

    `unsure` are the metres within which several areas may be meant.
    """
    where = f"{said.latitude:.5f}, {said.longitude:.5f}"
    where += f" ±{unsure:.0f} m" if unsure is not None else ""
    address = wording.shortened(" ".join(said.address.split()), _LONGEST_ADDRESS)
    named = ", ".join(filter(None, (address, area)))
    return f"{named} ({where})" if named else locales.words(language)("sharing.point", point=where)


def within(text: str) -> str:
    """Return the coordinates that stand in a label, empty where there are none."""
    found = _COORDINATES.search(text)
    return found[0] if found else ""


def read(text: str) -> tuple[float, float, float | None] | None:
    """Return the degrees north and east in a label, and the metres it may be off where these are written."""
    found = _COORDINATES.search(text)
    return (float(found[1]), float(found[2]), float(found[3]) if found[3] else None) if found else None


def without(text: str) -> str:
    """Return a label without the coordinates; empty where it is a point and nothing else."""
    return "" if alone(text) else text.replace(f"({within(text)})", "").strip()


def settled(text: str, area: str = "") -> str:
    """Return a label in which it is no more open where the point is: in the `area`, or left as a point."""
    point = within(text)
    sure = point.partition(" ±")[0]
    if not area:
        return text.replace(point, sure)
    return f"{', '.join(filter(None, (without(text), area)))} ({sure})"


def at(place: str, told: str) -> str:
    """Return the place with the coordinates that were told; as it is where none were."""
    point = within(told)
    if not point:
        return place
    known = within(place)
    return place.replace(known, point) if known else f"{place} ({point})"


def alone(text: str) -> bool:
    """Say whether the text is a point and nothing else."""
    return _ALONE.fullmatch(text) is not None
