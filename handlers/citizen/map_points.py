"""A point on the map, written so that people can read it out and every map understands it."""

import re

import locales
from domain.messages import Location
from services.saying import wording

_COORDINATES = re.compile(r"-?\d{1,2}\.\d{5}, -?\d{1,3}\.\d{5}")
_ALONE = re.compile(rf"(?:\w+ ){{0,2}}{_COORDINATES.pattern}")
"""As they are written where there is no address."""
_LONGEST_ADDRESS = 90
"""Letters of an address; what follows is where it is."""


def label(said: Location, language: str) -> str:
    """Write the point as a place: under the channel's address for it, or simply as a location."""
    where = f"{said.latitude:.5f}, {said.longitude:.5f}"
    address = " ".join(said.address.split())
    if not address:
        return locales.words(language)("sharing.point", point=where)
    return f"{wording.shortened(address, _LONGEST_ADDRESS)} ({where})"


def within(text: str) -> str:
    """Return the coordinates that stand in a label, empty where there are none."""
    found = _COORDINATES.search(text)
    return found[0] if found else ""


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
