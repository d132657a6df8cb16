"""Days away as officials say them to a colleague: which days, who stands in, and that they are back."""

import re
from dataclasses import dataclass
from functools import cache

from domain.understand.days import SPAN
from domain.understand.fold import clean, fold
from domain.understand.shapes import Shapes

_LONGEST = 160
"""Letters of what only says that somebody is away."""
_SIGNS = re.compile(r"[,;:!?…()“”\"\n]|\.(?!\d)")
_SPANS = re.compile(rf"(?<!\S)(?:{SPAN})(?!\S)")
_SHAPES = Shapes("leave")


@dataclass(frozen=True, slots=True)
class Leave:
    """Days as they are read by `read_days`, empty for none; part of a name, empty for none; or being back."""

    days: str = ""
    stand_in: str = ""
    back: bool = False


@cache
def _shape(pattern: str) -> re.Pattern[str]:
    """Compile a pattern with its groups written out; it must stand between spaces."""
    return re.compile(rf"(?<!\S)(?:{_SHAPES.filled(pattern)})(?!\S)")


def read(text: str) -> Leave | None:
    """Return what is said of being away; None where something else is said, or more than that."""
    if len(text) > _LONGEST:
        return None
    said = " ".join(_SIGNS.sub(" ", fold(clean(text))).split())
    if any(_shape(shape).fullmatch(said) for shape in _SHAPES["back"]):
        return Leave(back=True)
    if _shape(_SHAPES["never"]).search(said):
        return None
    name, rest = _stand_in(said)
    days = " ".join(span[0] for span in _SPANS.finditer(rest))
    rest = " ".join(_SPANS.sub(" ", rest).split())
    sure, own = _shape(_SHAPES["sure"]).search(rest), _shape(_SHAPES["own"]).search(rest)
    speaks = _shape(_SHAPES["self"]).search(rest) is not None
    core = sure if sure and (speaks or days) else own if own and speaks else None
    if core is None or not _is_all(rest[: core.start()], rest[core.end() :]):
        return None
    return Leave(days, name)


def _stand_in(said: str) -> tuple[str, str]:
    """Return the name of who stands in, and the words without that."""
    for shape in _SHAPES["standin"]:
        if found := _shape(shape).search(said):
            return found["name"], f"{said[: found.start()]} {said[found.end() :]}"
    return "", said


def _is_all(before: str, behind: str) -> bool:
    """Say whether nothing else is said around the words: behind them a reason may stand, before them too."""
    around, reason = _shape(f"({_SHAPES['around']} ?)*"), _shape(_SHAPES["reason"])
    rests = [" ".join(part.split()) for part in (before, behind)]
    return all(not part or around.fullmatch(part) or _with_reason(part, around, reason) for part in rests)


def _with_reason(part: str, around: re.Pattern[str], reason: re.Pattern[str]) -> bool:
    words = part.split()
    return any(
        reason.fullmatch(" ".join(words[at:])) and (not at or around.fullmatch(" ".join(words[:at])))
        for at in range(len(words))
    )
