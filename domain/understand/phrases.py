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
from typing import Generic, TypeVar

from domain.understand.fold import Token, exact, fold

T = TypeVar("T")
_GAPS = {"*": 3, "**": 8}
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

    @property
    def named(self) -> str:
        """What it is looked up by."""
        return self.slot or self.fold

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


_Form = tuple[_Word, ...]
"""One way to write a phrase."""


class _Place:
    """A place of a phrase: its forms by the word each begins with, or by none: a gap, a slot."""

    __slots__ = ("by_word", "open")

    def __init__(self, forms: Sequence[_Form]) -> None:
        self.by_word: dict[str, list[_Form]] = {}
        self.open = [form for form in forms if not _is_plain(form[0])]
        for form in forms:
            if _is_plain(form[0]):
                self.by_word.setdefault(form[0].fold, []).append(form)

    def after(self, said: Sequence[Token], starts: Iterable[int], slots: Ends) -> set[int]:
        """Return where any of its forms may end that begins at one of these words."""
        after: set[int] = set()
        for at in starts:
            here = self.by_word.get(said[at].fold, ()) if at < len(said) else ()
            for form in (*here, *self.open) if self.open else here:
                after.update(_ends(form, said, at, slots))
        return after


class _Phrase(Generic[T]):
    """A phrase with the choices of its places: a form takes one of each, and is never written out."""

    __slots__ = ("_ways", "needs", "order", "places", "value")

    def __init__(self, places: Sequence[Sequence[_Form]], value: T, order: int) -> None:
        self.places = places
        self.value = value
        self.order = order
        self.needs = frozenset(
            word.named for place in places if len(place) == 1 for word in place[0] if not word.gap
        )
        """Words and slots without which a message cannot hold it."""
        self._ways: Sequence[_Place] = ()

    def last(self) -> Sequence[str]:
        """Return the words and slots of which whoever says it says one: those of its last place but gaps."""
        for place in reversed(self.places):
            told = [[word.named for word in form if not word.gap] for form in place]
            if all(told):
                return [words[-1] for words in told]
        return [_ANY]

    def begins(self) -> Iterator[tuple[str, str | None]]:
        """Yield its first words, or slots, each with the next word: None where anything may follow."""
        for form in self.places[0]:
            first, slot = form[0].named, bool(form[0].slot)
            follows = [form] if len(form) > 1 else [form + next_ for next_ in (self.places[1:2] or [[()]])[0]]
            for two in follows:
                near = len(two) > 1 and not slot and _is_plain(two[1])
                yield first, two[1].fold if near else None

    def ends(self, said: Sequence[Token], start: int, slots: Ends) -> Iterator[int]:
        """Yield the nearest position after each form of the phrase that stands at `start`."""
        self._ways = self._ways or [_Place(place) for place in self.places]
        ends = {start}
        for way in self._ways:
            if not (ends := way.after(said, ends, slots)):
                return
        yield from _nearest(self.places, said, {start}, slots)


def _is_plain(word: _Word) -> bool:
    return not word.gap and not word.slot


def _ends(form: _Form, said: Sequence[Token], start: int, slots: Ends) -> set[int]:
    """Return where one way to write words may end when it begins at this word."""
    ends = {start}
    for word in form:
        ends = {end for at in ends for end in word.ends(said, at, slots)}
        if not ends:
            break
    return ends


def _nearest(
    places: Sequence[Sequence[_Form]], said: Sequence[Token], ends: set[int], slots: Ends
) -> Iterator[int]:
    """Yield the nearest end of each form of the places, in their order; what no word begins is not tried."""
    if not places:
        yield min(ends)
        return
    for form in places[0]:
        reached = ends
        for word in form:
            reached = {end for at in reached for end in word.ends(said, at, slots)}
        if reached:
            yield from _nearest(places[1:], said, reached, slots)


_Begun = dict[str, list[_Phrase[T]]]
"""Phrases that begin alike, by a word that each of them needs."""
_ANY = ""
"""Stands for a needed word where a phrase needs none."""


class Phrases(Generic[T]):
    """Phrases by their first two words and a later one: a message costs only the phrases it might hold."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        # By the first word, or its slot; within it by the next, or None where any may follow.
        self._by_first: dict[str, dict[str | None, _Begun[T]]] = {}
        for order, (text, value) in enumerate(phrases):
            phrase = _Phrase(_places(text), value, order)
            last = phrase.last()
            for first, second in set(phrase.begins()):
                follows = self._by_first.get(first)
                if follows is None:
                    follows = self._by_first[first] = {}
                begun = follows.get(second)
                if begun is None:
                    begun = follows[second] = {}
                for word in last:
                    begun.setdefault(word, []).append(phrase)

    def find(self, said: Sequence[Token], slots: Ends | None = None) -> list[Hit[T]]:
        """Every phrase in the message, in the order of their first words."""
        known = slots or {}
        words = [token.fold for token in said]
        folds = {_ANY, *words, *(slot for slot, _ in known)}
        begun: dict[int, list[str]] = {}
        for slot, start in known:
            begun.setdefault(start, []).append(slot)
        found: list[Hit[T]] = []
        for start, word in enumerate(words):
            for first in (word, *begun[start]) if start in begun else (word,):
                if (follows := self._by_first.get(first)) is None:
                    continue
                able: dict[int, _Phrase[T]] = {}
                for second in (None, *words[start + 1 : start + 2]):
                    if second in follows:
                        able |= _able(follows[second], folds)
                found += [
                    Hit(start, end, phrase.value)
                    for phrase in able.values()
                    for end in phrase.ends(said, start, known)
                ]
        return found


def _able(begun: _Begun[T], folds: set[str]) -> dict[int, _Phrase[T]]:
    """Return those of the phrases that the message has the words of, in the order they were given in."""
    able = {
        phrase.order: phrase
        for word in folds & begun.keys()
        for phrase in begun[word]
        if phrase.needs <= folds
    }
    return {order: able[order] for order in sorted(able)} if len(able) > 1 else able


def _places(text: str) -> Sequence[Sequence[_Form]]:
    """Return the places of a phrase, each with the forms to choose from."""
    strict = text.startswith("=")
    return [
        [tuple(_word(part, strict=strict) for part in _parts(choice)) for choice in place.split("/")]
        for place in text.removeprefix("=").split()
    ]


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
