"""Many set phrases looked for in one pass over a message, each with a value of its own.

A phrase is a row of words. `a/b` stands for either word, `*` for up to three words of any kind. A word
without diacritics in the message stands for any of its accented forms, because half of all citizens type
none; after `=` a phrase is found only as it is spelled.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Generic, TypeVar

from domain.understand.fold import Token, exact, fold

T = TypeVar("T")
_GAP = "*"
_WIDEST = 3


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """A phrase found: the words from `start` up to but not including `end`."""

    start: int
    end: int
    value: T

    def overlaps(self, other: "Hit[T]") -> bool:
        """Whether the two share a word."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class _Phrase(Generic[T]):
    keys: tuple[str, ...]
    folds: tuple[str, ...]
    strict: bool
    value: T

    def end(self, said: Sequence[Token], start: int, at: int = 0) -> int | None:
        """Return the position after the phrase when it stands at `start`."""
        while at < len(self.keys):
            if self.keys[at] == _GAP:
                return self._end_after_gap(said, start, at + 1)
            if start >= len(said):
                return None
            word = said[start]
            bare_enough = not self.strict and word.fold == self.folds[at] and word.bare
            if word.key != self.keys[at] and not bare_enough:
                return None
            start, at = start + 1, at + 1
        return start

    def _end_after_gap(self, said: Sequence[Token], start: int, at: int) -> int | None:
        for begin in range(start, min(start + _WIDEST + 1, len(said))):
            if said[begin].fold == self.folds[at]:
                end = self.end(said, begin, at)
                if end is not None:
                    return end
        return None


class Phrases(Generic[T]):
    """Phrases by their first two words, so that a message costs only the phrases it might begin."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        self._by_first: dict[str, dict[str, list[_Phrase[T]]]] = {}
        for text, value in phrases:
            self._add(text, value)

    def _add(self, text: str, value: T) -> None:
        strict = text.startswith("=")
        for spelled in product(*(word.split("/") for word in text.removeprefix("=").split())):
            keys = tuple(exact(word) for word in spelled)
            folds = tuple(fold(word) for word in spelled)
            phrase = _Phrase(keys, folds, strict, value)
            second = folds[1] if len(folds) > 1 and folds[1] != _GAP else _GAP
            self._by_first.setdefault(folds[0], {}).setdefault(second, []).append(phrase)

    def find(self, said: Sequence[Token]) -> list[Hit[T]]:
        """Every phrase in the message, in the order of their first words."""
        hits: list[Hit[T]] = []
        for start, token in enumerate(said):
            begun = self._by_first.get(token.fold)
            if begun is not None:
                follows = said[start + 1].fold if start + 1 < len(said) else ""
                for phrase in (*begun.get(follows, ()), *begun.get(_GAP, ())):
                    end = phrase.end(said, start)
                    if end is not None:
                        hits.append(Hit(start, end, phrase.value))
        return hits
