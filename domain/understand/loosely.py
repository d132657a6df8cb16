"""Words as people meant them: invisible letters dropped, hỏi and ngã alike, as half of the country says them."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product
from typing import Generic, NamedTuple, TypeVar

from domain.understand.fold import Token, clean, tokens

T = TypeVar("T")
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+")
_TILDED, _HOOKED = "ãẵẫẽễĩõỗỡũữỹÃẴẪẼỄĨÕỖỠŨỮỸ", "ảẳẩẻểỉỏổởủửỷẢẲẨẺỂỈỎỔỞỦỬỶ"
_ALIKE = str.maketrans(_TILDED, _HOOKED)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_STOP = re.compile(r"[!?;…\n]")
_MARKED = 0.2  # of the words; who marks fewer marks none
_FORGIVEN = 3  # words from which on one may be spelled wrongly


def loosened(text: str) -> str:
    """Return the text without invisible letters, every ngã written as hỏi."""
    return clean(_UNSEEN.sub("", text)).translate(_ALIKE)


@lru_cache(maxsize=4096)
def _split(word: str) -> tuple[Token, ...]:
    return tuple(tokens(word))


class Said:
    """A message's words, and in which of its sentences each stands; `bare` where it was typed without marks."""

    def __init__(self, text: str) -> None:
        self.words: list[Token] = []
        self.sentence: list[int] = []
        self._read(loosened(text))
        marked = sum(not word.bare for word in self.words)
        self.bare = marked <= _MARKED * len(self.words)

    def _read(self, text: str) -> None:
        sentence, before = 0, None
        for match in _WORD.finditer(text):
            if before is not None:
                sentence += _ends(before[0], text[before.end() : match.start()])
            found = _split(match[0])
            self.words += found
            self.sentence += [sentence] * len(found)
            before = match

    def together(self, one: int, other: int) -> bool:
        """Say whether two words stand in one sentence."""
        return self.sentence[one] == self.sentence[other]


def _ends(word: str, gap: str) -> bool:
    """Say whether a sentence ends between a word and the next: not after an initial, nor within a number."""
    if gap == " " or not gap:
        return False
    if _STOP.search(gap):
        return True
    return "." in gap and not word.isdigit() and len(word) > (1 if gap[-1].isspace() else 2)


class Found(NamedTuple, Generic[T]):
    """Words found, from `start` up to but not including `end`, and what they stand for."""

    start: int
    end: int
    values: tuple[T, ...]


class Names(Generic[T]):
    """Names of one to many words; `a/b` stands for either word. Of those that overlap the longest is meant.

    A word without marks stands for any with them; from three words on one may be marked wrongly.
    """

    def __init__(self, names: Iterable[tuple[str, T]]) -> None:
        known: dict[tuple[str, ...], dict[tuple[str, ...], list[T]]] = {}
        for name, value in names:
            for spelled in product(*(word.split("/") for word in loosened(name).split())):
                said = [token for word in spelled for token in _split(word)]
                keys = tuple(token.key for token in said)
                folds = tuple(token.fold for token in said)
                values = known.setdefault(folds, {}).setdefault(keys, [])
                if value not in values:
                    values.append(value)
        self._by_first: dict[str, list[tuple[tuple[str, ...], dict[tuple[str, ...], list[T]]]]] = {}
        for folds in sorted(known, key=len, reverse=True):
            self._by_first.setdefault(folds[0], []).append((folds, known[folds]))

    def find(self, words: Sequence[Token]) -> list[Found[T]]:
        """Return the names in these words, in their order, none within or over another."""
        hits = [hit for start in range(len(words)) if (hit := self._at(words, start))]
        chosen: list[Found[T]] = []
        for hit in sorted(hits, key=lambda one: (one.start - one.end, one.start)):
            if all(hit.end <= other.start or other.end <= hit.start for other in chosen):
                chosen.append(hit)
        return sorted(chosen, key=lambda one: one.start)

    def _at(self, words: Sequence[Token], start: int) -> Found[T] | None:
        for folds, spelled in self._by_first.get(words[start].fold, ()):
            end = start + len(folds)
            if end <= len(words) and all(words[start + n].fold == one for n, one in enumerate(folds)):
                values = [
                    value
                    for keys, found in spelled.items()
                    if _fits(words[start:end], keys)
                    for value in found
                ]
                if values:
                    return Found(start, end, tuple(dict.fromkeys(values)))
        return None


def _fits(words: Sequence[Token], keys: Sequence[str]) -> bool:
    wrong = sum(not word.bare and word.key != key for word, key in zip(words, keys, strict=True))
    return wrong <= (len(keys) >= _FORGIVEN)
