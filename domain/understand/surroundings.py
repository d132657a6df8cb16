"""What stands around a name that may be a commune's: what bears it before, and what is said of it behind."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from domain.packaged import document
from domain.understand.fold import Token
from domain.understand.phrases import Phrases

WORDS: Mapping[str, str | Sequence[str]] = document(Path(__file__).parent / "data" / "namings.yaml")
"""The words that decide whether a name is a commune's: patterns where it is a list."""

AREA, SPOT, WAY, BODY, FIRM = range(1, 6)
"""What bears a name: a part of the commune or the whole, a spot in it, a way there, a school, a company."""
TELLS, HAPPENS, ACTS = range(1, 4)
"""What is said of a name: of whatever, of a place, of a person."""

_BEARERS = Phrases(
    (words, kind)
    for key, kind in (("areas", AREA), ("spots", SPOT), ("ways", WAY), ("bodies", BODY), ("firms", FIRM))
    for words in WORDS[key]
)
_SAID = Phrases(
    (words, kind)
    for key, kind in (("tells", TELLS), ("happens", HAPPENS), ("acts", ACTS))
    for words in WORDS[key]
)
_OPENERS = Phrases((words, None) for words in WORDS["openers"])


class Surroundings:
    """What is known of each word of a message from the words beside it."""

    def __init__(self, said: Sequence[Token], breaks: Sequence[int]) -> None:
        self._said = said
        self._breaks = breaks

    @cached_property
    def _marked(self) -> bool:
        """Whether the message has marks: “cho” in it is no “chợ”."""
        return any(not token.bare for token in self._said)

    @cached_property
    def bearers(self) -> Mapping[int, int]:
        """Where a name may begin behind what bears it, by the longest of its words."""
        longest: dict[int, tuple[int, int]] = {}
        for hit in _BEARERS.find(self._said):
            if any(self._breaks[hit.start + 1 : hit.end + 1]) or not self._is_spelled(hit.start, hit.end):
                continue
            longest[hit.end] = max(longest.get(hit.end, (0, 0)), (hit.end - hit.start, hit.value))
        return {end: kind for end, (_, kind) in longest.items()}

    @cached_property
    def plainly(self) -> frozenset[int]:
        """Where what bears a name can be no other word: it has its marks, or more words than one."""
        ends = (hit for hit in _BEARERS.find(self._said) if hit.end in self.bearers)
        return frozenset(hit.end for hit in ends if hit.end - hit.start > 1 or not self._said[hit.start].bare)

    def _is_spelled(self, start: int, end: int) -> bool:
        first = self._said[start]
        return not self._marked or end - start > 1 or not first.bare or first.fold in _PLAIN

    @cached_property
    def follows(self) -> Mapping[int, int]:
        """What is said from a word on, by the longest of its phrases."""
        longest: dict[int, tuple[int, int]] = {}
        for hit in _SAID.find(self._said):
            if not any(self._breaks[hit.start + 1 : hit.end]):
                longest[hit.start] = max(longest.get(hit.start, (0, 0)), (hit.end - hit.start, hit.value))
        return {start: kind for start, (_, kind) in longest.items()}

    @cached_property
    def opened(self) -> frozenset[int]:
        """The words that begin a clause behind a word of time or a cry."""
        return frozenset(hit.end for hit in _OPENERS.find(self._said))


_PLAIN = frozenset(("khu", "ga", "kcn", "ccn", "thcs", "thpt"))
"""What bears a name and has no marks of its own."""
