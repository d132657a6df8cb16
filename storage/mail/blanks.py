"""What takes the place of words that must not be kept: as long as some others might be, in each kind of row.

A row that was emptied is neither missing nor shorter than the rest: where everybody else has something, what
is missing points at somebody too.
"""

from collections.abc import Mapping
from secrets import randbelow
from typing import Any

FILL = "fill"
EMPTY = {"text": ""}
"""What is left of a message that was told, but for what fills it up."""
NOTHING = {"address": "", "raw": None}
"""What is left of a message that was heard, as above."""
GONE = "gone"
"""What a bubble holds that is on no page any more."""
_HEARD, _TOLD = (60, 260), (80, 900)
"""Letters that people's and the desk's messages have."""


def heard() -> dict[str, Any]:
    """Return what takes the place of what somebody said."""
    return NOTHING | _fill(*_HEARD)


def told() -> dict[str, Any]:
    """Return what takes the place of what somebody was told."""
    return EMPTY | _fill(*_TOLD)


def bubble(*, mine: bool) -> dict[str, Any]:
    """Return what takes the place of a bubble's words."""
    return {GONE: True} | _fill(*(_HEARD if mine else _TOLD))


def is_blank(body: Mapping[str, Any]) -> bool:
    """Say whether a row's words were taken from it."""
    return FILL in body


def _fill(least: int, most: int) -> dict[str, Any]:
    return {FILL: "." * (least + randbelow(most - least))}
