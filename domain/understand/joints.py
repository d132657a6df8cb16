"""Where a message may fall apart into several matters, and how plainly each place says so."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from domain.packaged import document
from domain.understand.fold import Token, clean, tokens
from domain.understand.phrases import Phrases


class Joint(StrEnum):
    """What stands between two clauses."""

    ANOTHER = "another"
    """Words that begin another matter, or the next item of a list."""
    CONTRAST = "contrast"
    """As for."""
    STOP = "stop"
    """The end of a sentence or of a line."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a message, as it was written, and how many words it has.

    `joint`: what stands before it. `opened`: its text without the words that only begin another matter.
    `goes_on`: it begins as what goes on with what was told, or tells what came of that; `points_back`: it
    begins with a word for what was told.
    """

    text: str
    joint: Joint
    opened: str
    words: int
    goes_on: bool
    points_back: bool


_STOP = re.compile(r"[.;!?…][\"”')]*\s|\n")
_MARK = re.compile(r"[,:;.!?…\n]|\s[-–—]")
_ITEM = re.compile(r"\n\s*[-–—+•*]\s*$")
_NUMBERED = re.compile(r"\s*[.)/:]")
_FIRST = re.compile(r"\s*1\)")
_LEAST = 2
"""Words of a clause."""
_EARLY = 10
"""Words of a clause by which it says whether it tells what came of something."""
_AFTER = "_after_mark"
_JOINTS = {
    "another": Joint.ANOTHER,
    f"another{_AFTER}": Joint.ANOTHER,
    "contrast": Joint.CONTRAST,
    f"contrast{_AFTER}": Joint.CONTRAST,
}
_OPENS = ("goes_on", "wishes", "questions")


def clauses(text: str) -> list[Clause]:
    """Return the clauses of a message: all its words, in their order; one where it has no joint."""
    whole = clean(text)
    said = tokens(whole)
    if len(said) <= _LEAST:
        return []
    found = _found(said)
    joints: list[tuple[int, Joint, int]] = [(0, Joint.STOP, 0)]
    for at in range(1, len(said)):
        joint = _joint(whole, said, at, found)
        if joint is not None and at - joints[-1][0] >= _LEAST:
            joints.append((at, *joint))
    ends = [*(_start(whole, said, at) for at, _, _ in joints[1:]), len(whole)]
    lasts = [*(at for at, _, _ in joints[1:]), len(said)]
    stretches = [whole[start:end].strip() for start, end in pairwise([0, *ends])]
    return [
        Clause(
            text=stretch,
            joint=joint,
            opened=whole[said[opened].start : end].strip() if 0 < opened < last else stretch,
            words=last - (opened or at),
            goes_on=_goes_on(found, opened or at, last),
            points_back="points_back" in found.get(opened or at, {}),
        )
        for stretch, end, last, (at, joint, opened) in zip(stretches, ends, lasts, joints, strict=True)
    ]


def _start(text: str, said: Sequence[Token], at: int) -> int:
    """Return where a clause begins: at its first word, or the sign of a list before that."""
    gap = text[said[at - 1].end : said[at].start]
    item = _ITEM.search(gap)
    return said[at - 1].end + item.start() if item else said[at].start


def _joint(
    text: str, said: Sequence[Token], at: int, found: Mapping[int, Mapping[str, int]]
) -> tuple[Joint, int] | None:
    """Return what joint is before a word, and which word comes after its own words."""
    before, gap = said[at - 1], text[said[at - 1].end : said[at].start]
    marked, here = _MARK.search(gap) is not None, found.get(at, {})
    if said[at].raw.casefold() == "con" and ("child" in here or not text.isascii()):
        here = {}
    named = [
        (joint, here[name])
        for name, joint in _JOINTS.items()
        if name in here and (marked or not name.endswith(_AFTER))
    ]
    if named:
        return named[0][0], named[0][1] if named[0][0] is Joint.ANOTHER else 0
    if "\n" in gap and (_ITEM.search(gap) or (said[at].raw.isdecimal() and _is_number(text, said[at]))):
        return Joint.ANOTHER, 0
    if said[at].raw.isdecimal() and int(said[at].raw) > 1 and _is_item(text, said[at]):
        return Joint.ANOTHER, 0
    stopped = _STOP.search(gap) is not None or (gap[:1] in {".", "!", "?"} and said[at].raw[:1].isupper())
    if not stopped or ("\n" not in gap and gap.strip() == "." and _is_short(text, said, at - 1, before)):
        return None
    return Joint.STOP, 0


def _is_number(text: str, word: Token) -> bool:
    return _NUMBERED.match(text, word.end) is not None


def _is_item(text: str, word: Token) -> bool:
    """Say whether a number is that of an item within a line, in a message that begins with the first."""
    return text[word.end :].startswith(")") and _FIRST.match(text) is not None


def _is_short(text: str, said: Sequence[Token], at: int, word: Token) -> bool:
    """Say whether a point after a word ends no sentence: an abbreviation, an initial, an item's number."""
    if word.raw.casefold() in _data()["shortened"] or (len(word.raw) == 1 and word.raw.isalpha()):
        return True
    return word.raw.isdecimal() and (at == 0 or "\n" in text[said[at - 1].end : word.start])


def _goes_on(found: Mapping[int, Mapping[str, int]], first: int, last: int) -> bool:
    """Say whether a clause begins as what goes on, or wishes, or tells a mishap; a question does not."""
    opening = found.get(first, {})
    if "questions" in opening:
        return False
    return any(name in opening for name in _OPENS) or any(
        "outcomes" in found.get(at, {}) for at in range(first, min(last, first + _EARLY))
    )


def _found(said: Sequence[Token]) -> dict[int, dict[str, int]]:
    """Return the phrases that begin at each word, by their list, with where the longest ends."""
    found: dict[int, dict[str, int]] = {}
    for hit in _phrases().find(said):
        here = found.setdefault(hit.start, {})
        here[hit.value] = max(hit.end, here.get(hit.value, 0))
    return found


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = document(Path(__file__).parent / "data" / "matters.yaml")
    return data


@cache
def _phrases() -> Phrases[str]:
    data = _data()
    names: Iterable[str] = (name for name in data if name != "shortened")
    return Phrases((str(text), name) for name in names for text in data[name])
