"""Where a sentence turns from what was, or is wished for, to what happens now: “hôm kia …, nay cháy rồi”."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.understand.fold import Token
from domain.understand.phrases import Ends, Hit, Phrases

_BREAK = re.compile(r"[,:()–]|\s-\s")
_NEAR = 4  # words that may stand between a comma and what turns: “, con tôi vừa …”


@dataclass(frozen=True, slots=True)
class Turn:
    """From the word `start` on it is told of now; what ends before the word `said` still is of before."""

    start: int
    said: int

    def holds(self, start: int, end: int) -> bool:
        """Say whether the words from `start` up to `end` tell of now."""
        return start >= self.start and end > self.said


class Turns:
    """Words that turn: `anywhere`, only where a part of a sentence begins (`first`), or soon after it."""

    def __init__(self, data: Mapping[str, Sequence[str]]) -> None:
        self._words: Phrases[str] = Phrases(
            (text, kind) for kind in ("anywhere", "first", "near") for text in data[kind]
        )
        self._spared: Phrases[None] = Phrases((text, None) for text in data["not"])

    def find(self, said: Sequence[Token], breaks: Sequence[int], ends: Ends) -> list[Turn]:
        """Return where a sentence turns, in order; `breaks`: the words its parts begin with."""
        spared = self._spared.find(said, ends)
        hits = [
            hit
            for hit in self._words.find(said, ends)
            if not any(one.start < hit.end and hit.start < one.end for one in spared)
        ]
        found = {_turn(hit, breaks[part_of(hit.start, breaks) - 1]) for hit in hits}
        return sorted((turn for turn in found if turn), key=lambda turn: turn.start)


def _turn(hit: Hit[str], begins: int) -> Turn | None:
    near = hit.start - begins
    if hit.value == "first":
        return Turn(hit.start, hit.start) if not near else None
    if hit.value == "near":
        return Turn(begins, hit.start) if near <= _NEAR and begins else None
    return Turn(begins if near <= _NEAR else hit.start, hit.start)


def breaks(text: str, said: Sequence[Token]) -> list[int]:
    """Return the words with which the parts of a sentence begin: the first, and whichever follows a comma."""
    later = range(1, len(said))
    return [0, *(at for at in later if _BREAK.search(text, said[at - 1].end, said[at].start))]


def parts(said: Sequence[Token], begins: Sequence[int]) -> Iterable[Sequence[Token]]:
    """Return the parts of a sentence."""
    return (said[start:end] for start, end in zip(begins, [*begins[1:], len(said)], strict=True))


def part_of(at: int, begins: Sequence[int]) -> int:
    """Return which part of a sentence a word stands in, from 1 on."""
    return bisect_right(begins, at)
