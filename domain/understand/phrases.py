"""Many set phrases looked for in one pass over a message, each with a value of its own.

A phrase is a row of words. `a/b` stands for either word (`a_b` for two words in such a place), `*` for up to
three words of any kind, `**` for up to eight, `<name>` for any phrase of that slot, `<minor>` for a number
below eighteen. A word without some or all of its diacritics in the message stands for any of its accented
forms, because half of all citizens type none; after `=` a word (a whole phrase where it stands first) is
found only as it is spelled.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, count, product
from operator import attrgetter
from typing import Generic, TypeVar

from domain.understand.fold import Token, exact, fold

T = TypeVar("T")
_GAPS = {"*": 3, "**": 8}
_order = attrgetter("order")
_MINOR, _OF_AGE = "<minor>", 18
_HOOK = str.maketrans({"\u0303": "\u0309"})  # many write ngã for ngả, and the other way round
Ends = Mapping[tuple[str, int], set[int]]
"""Where each phrase of a slot that begins at a word may end."""


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
class _Word:
    """One place of a phrase: a word, a gap, or a slot."""

    text: str
    key: str
    fold: str
    strict: bool
    gap: int = 0
    slot: str = ""

    def ends(self, said: Sequence[Token], at: int, slots: Ends) -> Iterable[int]:
        """Return where this place may end when it begins at this word."""
        if self.gap:
            return range(at, min(at + self.gap, len(said)) + 1)
        if self.slot:
            return slots.get((self.slot, at), ())
        return (at + 1,) if at < len(said) and self._fits(said[at]) else ()

    def _fits(self, said: Token) -> bool:
        if said.key == self.key:
            return True
        if self.strict or said.fold != self.fold:
            return False
        return said.bare or _marks(said.key) <= _marks(self.key)


@lru_cache(maxsize=20_000)
def _word(text: str, *, strict: bool) -> _Word:
    gap, slot = _GAPS.get(text, 0), text if text.startswith("<") else ""
    plain = text.removeprefix("=")
    return _Word(text, exact(plain), fold(plain), strict or plain != text, gap, slot)


@lru_cache(maxsize=20_000)
def _marks(key: str) -> frozenset[str]:
    return frozenset(mark for mark in key.translate(_HOOK) if unicodedata.combining(mark))


@dataclass(frozen=True, slots=True)
class _Phrase(Generic[T]):
    words: tuple[_Word, ...]
    value: T
    needs: frozenset[str]
    """Words without which a message cannot hold it."""
    order: int

    def end(self, said: Sequence[Token], start: int, slots: Ends) -> int | None:
        """Return the nearest position after the phrase when it stands at `start`."""
        ends = {start}
        for word in self.words:
            ends = {end for at in ends for end in word.ends(said, at, slots)}
            if not ends:
                return None
        return min(ends)


_Begun = dict[str, list[_Phrase[T]]]
"""Phrases that begin alike, by a word that each of them needs."""
_ANY = ""
"""Stands for a needed word where a phrase needs none."""


class Phrases(Generic[T]):
    """Phrases by their first two words and a later one: a message costs only the phrases it might hold."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        # By the first word, or its slot; within it by the next, or None where any may follow.
        self._by_first: dict[str, dict[str | None, _Begun[T]]] = {}
        order = count()
        for text, value in phrases:
            for words in _spelled(text):
                plain = [word.fold for word in words if not word.gap and not word.slot]
                first = words[0].slot or words[0].fold
                two = len(words) > 1 and not words[0].slot and not words[1].gap and not words[1].slot
                second = words[1].fold if two else None
                begun = self._by_first.setdefault(first, {}).setdefault(second, {})
                phrase = _Phrase(words, value, frozenset(plain), next(order))
                begun.setdefault(plain[-1] if plain else _ANY, []).append(phrase)

    def find(self, said: Sequence[Token], slots: Ends | None = None) -> list[Hit[T]]:
        """Every phrase in the message, in the order of their first words."""
        known = slots or {}
        words = [token.fold for token in said]
        folds = {*words, _ANY}
        begun: dict[int, list[str]] = {}
        for slot, start in known:
            begun.setdefault(start, []).append(slot)
        found: list[Hit[T]] = []
        for start, word in enumerate(words):
            for first in (word, *begun[start]) if start in begun else (word,):
                if (follows := self._by_first.get(first)) is None:
                    continue
                for second in (None, *words[start + 1 : start + 2]):
                    if (alike := follows.get(second)) is not None:
                        found += _held(alike, said, start, known, folds)
        return found


def _held(
    begun: _Begun[T], said: Sequence[Token], start: int, slots: Ends, folds: set[str]
) -> Iterator[Hit[T]]:
    """Yield those of the phrases that stand here, in the order they were given in."""
    able = [phrase for word in folds & begun.keys() for phrase in begun[word] if phrase.needs <= folds]
    for phrase in sorted(able, key=_order) if len(able) > 1 else able:
        end = phrase.end(said, start, slots)
        if end is not None:
            yield Hit(start, end, phrase.value)


def _spelled(text: str) -> Iterator[tuple[_Word, ...]]:
    """Write out every form of a phrase."""
    strict = text.startswith("=")
    choices = (
        [tuple(_word(part, strict=strict) for part in _parts(word)) for word in place.split("/")]
        for place in text.removeprefix("=").split()
    )
    for spelled in product(*choices):
        yield tuple(chain.from_iterable(spelled))


def _parts(word: str) -> list[str]:
    return [word] if word.startswith("<") else word.split("_")


class Slots:
    """Named lists of phrases which other phrases may hold."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        flat = ((text, f"<{name}>") for name in lists for text in _flat(lists, name))
        self._phrases: Phrases[str] = Phrases(flat)

    def find(self, said: Sequence[Token]) -> dict[tuple[str, int], set[int]]:
        """Return where each phrase of each slot begins and ends."""
        ends: dict[tuple[str, int], set[int]] = {}
        minor = {
            (_MINOR, at): {at + 1}
            for at, token in enumerate(said)
            if token.fold.isdecimal() and len(token.fold) < 3 and int(token.fold) < _OF_AGE
        }
        for hit in self._phrases.find(said, minor):
            ends.setdefault((hit.value, hit.start), set()).add(hit.end)
        return ends | minor


def _flat(lists: Mapping[str, Sequence[str]], name: str) -> Iterator[str]:
    """Write a slot's phrases."""
    for text in lists[name]:
        yield from _filled(lists, text)


def _filled(lists: Mapping[str, Sequence[str]], text: str) -> Iterator[str]:
    """Write a phrase of a slot, in the place of each slot that it names the phrases of that one."""
    held = next((other for other in lists if f"<{other}>" in text), None)
    if held is None:
        yield text
        return
    for inner in _flat(lists, held):
        yield from _filled(lists, text.replace(f"<{held}>", inner))
