"""What stands around a danger in its sentence, and how much it lets the danger count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.understand.fold import Token
from domain.understand.phrases import Hit
from domain.understand.turns import Turn, part_of

NO, ASK, YES, DESPITE = range(4)  # despite: whatever else its words may mean
_LEVELS = {"no": NO, "ask": ASK, "yes": YES}
TELLING = frozenset({"past", "wish", "request"})
"""What only tells of danger: it silences little in another part of a sentence."""


@dataclass(frozen=True, slots=True)
class Context:
    """What words around a danger make of it: no more than `cap`, in other sentences no more than `aside`."""

    cap: int
    aside: int
    inside: int
    before: int
    after: int
    unless_now: bool
    not_for: frozenset[str]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Context":
        """Read one of `contexts` in `data/dangers`. Raises KeyError where its `cap` is unknown."""
        cap = row["cap"]
        return cls(
            cap=_LEVELS[cap],
            aside=_LEVELS[row.get("aside", "yes")],
            inside=_LEVELS[row.get("inside", cap)],
            before=row.get("before", 0),
            after=row.get("after", 0),
            unless_now=row.get("unless_now", False),
            not_for=frozenset(row.get("not_for", ())),
        )

    def lets(self, word: Hit[str], hit: Hit[tuple[str, int]]) -> int:
        """Return how much a danger may still count, by where the two stand in a sentence."""
        if hit.value[0] in self.not_for:
            return YES
        if not self.before:
            return self.cap
        if hit.start <= word.start < hit.end:
            return self.inside
        ahead = word.start < hit.start and hit.start - word.end < self.before
        return self.cap if ahead or 0 <= word.start - hit.end < self.after else YES


@dataclass(frozen=True, slots=True)
class Sentence:
    """What stands in one sentence; `begins`: the first words of its parts, `turns`: where it turns to now.

    `reports`: what was before is only that somebody told of something.
    """

    said: Sequence[Token]
    dangers: list[Hit[tuple[str, int]]]
    around: list[Hit[str]]
    child: bool
    touched: bool
    begins: Sequence[int]
    turns: Sequence[Turn]
    reports: bool

    def tells_of_now(self, contexts: Mapping[str, Context]) -> bool:
        """Say whether it tells what happens now, and neither asks for nor recalls anything."""
        words = {word.value for word in self.around}
        return "now" in words and all(contexts[word].cap == YES or contexts[word].before for word in words)

    def turn_to(self, hit: Hit[tuple[str, int]]) -> int | None:
        """Return the word from which on it is told of now and of this danger, if it turns to it."""
        return max((turn.start for turn in self.turns if turn.holds(hit.start, hit.end)), default=None)

    def lets(self, context: Context, word: Hit[str], hit: Hit[tuple[str, int]], turned: int | None) -> int:
        """Return how much a danger may still count beside a word.

        What was before says nothing of one told of now (`turned`), and what follows in another part little.
        """
        if turned is None:
            return context.lets(word, hit)
        if context.unless_now and word.start < turned:
            return YES
        apart = part_of(word.start, self.begins) != part_of(hit.start, self.begins)
        if context.before and apart and word.start < turned:
            return YES
        return max(context.aside, context.cap) if apart and word.value in TELLING else context.lets(word, hit)
