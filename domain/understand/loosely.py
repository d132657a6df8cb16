"""Words as people meant them: without invisible letters, hỏi and ngã alike, as half of us say them."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import Generic, NamedTuple, TypeVar

from domain.understand.fold import Token, clean, tokens

S = TypeVar("S")
T = TypeVar("T")
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+")
_TILDED, _HOOKED = "ãẵẫẽễĩõỗỡũữỹÃẴẪẼỄĨÕỖỠŨỮỸ", "ảẳẩẻểỉỏổởủửỷẢẲẨẺỂỈỎỔỞỦỬỶ"
_ALIKE = str.maketrans(_TILDED, _HOOKED)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SPELLED = re.compile(r"(?<![\w.])(?:[^\W\d_][.\-*_]){2,}[^\W\d_](?![\w])")
"""A word spelled out so that no machine reads it: "t.u.â.n"."""
_STOP = re.compile(r"[!?;…\n]")
_MARKED = 0.2  # of the words; who marks fewer marks none
_FORGIVEN = 3  # words from which on one may be spelled wrongly


def loosened(text: str) -> str:
    """Return the text without invisible letters, every ngã written as hỏi."""
    return _SPELLED.sub(_joined, clean(_UNSEEN.sub("", text))).translate(_ALIKE)


def _joined(letters: re.Match[str]) -> str:
    return "".join(character for character in letters[0] if character.isalpha())


class Said:
    """A message's words, and in which of its sentences each stands; `bare`: it was typed without marks.

    `shouted`: all of it in capitals, so that none tells a name.
    """

    def __init__(self, text: str) -> None:
        self.words: list[Token] = []
        self._sentences: list[int] = []
        self._parted: set[int] = set()
        self._split(loosened(text))
        self.folds = [word.fold for word in self.words]
        self.shouted = not any(character.islower() for character in text)
        self.bare = sum(not word.bare for word in self.words) <= _MARKED * len(self.words)

    def _split(self, text: str) -> None:
        sentence, last, end = 0, "", 0
        for match in _WORD.finditer(text):
            start = match.start()
            if start - end != 1 or text[end] != " ":
                sentence += _ends(last, text[end:start])
                self._parted.add(len(self.words))
            last, end = match[0], match.end()
            found = _tokens(last)
            self.words += found
            self._sentences += (sentence,) * len(found)

    def together(self, one: int, other: int) -> bool:
        """Say whether two words stand in one sentence."""
        return self._sentences[one] == self._sentences[other]

    def is_parted(self, at: int) -> bool:
        """Say whether more than a space stands before this word, as a comma."""
        return at in self._parted


@lru_cache(maxsize=4096)
def _tokens(word: str) -> tuple[Token, ...]:
    return tuple(tokens(word))


def _ends(word: str, gap: str) -> bool:
    """Say whether a sentence ends between a word and the next: not after an initial, nor within a number."""
    if not word or not gap:
        return False
    if _STOP.search(gap):
        return True
    return "." in gap and not word.isdigit() and len(word) > (1 if gap[-1].isspace() else 2)


class Found(NamedTuple, Generic[T]):
    """Words found, from `start` up to but not including `end`, and what they stand for."""

    start: int
    end: int
    values: tuple[T, ...]


_Spellings = tuple[tuple[tuple[str, ...], T], ...]
"""Each exact spelling of some folded words with what it stands for: tuples, for a desk keeps many names."""


class Names(Generic[T]):
    """Names of one to many words; `a/b` stands for either word. Of those that overlap the longest is meant.

    A word without marks stands for any with them; from three words on one may be marked wrongly, the last
    only where no shorter name is meant.
    """

    def __init__(self, names: Iterable[tuple[str, T]]) -> None:
        self._known: dict[tuple[str, ...], _Spellings[T]] = {}
        for name, value in names:
            for folds, keys in _spelled(name):
                self._known[folds] = (*self._known.get(folds, ()), (keys, value))
        lengths: dict[str, tuple[int, ...]] = {}
        for folds in sorted(self._known, key=len, reverse=True):
            known = lengths.get(folds[0], ())
            if len(folds) not in known:
                lengths[folds[0]] = (*known, len(folds))
        self._lengths = lengths
        self.lengths_of: Callable[[str], Sequence[int] | None] = self._lengths.get
        """Returns of how many words the names are that begin with a folded one, the longest first."""
        self.spellings_of: Callable[[tuple[str, ...]], _Spellings[T] | None] = self._known.get
        """Returns what names of these folded words stand for, by their exact spelling."""

    def find(self, said: Said, taken: Collection[int] = ()) -> list[Found[T]]:
        """Return the names in the words that are not taken, in their order, none within or over another."""
        found: list[Found[T]] = []
        for start, word in enumerate(said.folds):
            lengths = self.lengths_of(word)
            hit = self._at(said, start, lengths, taken) if lengths is not None else None
            if hit is None:
                continue
            if not found or found[-1].end <= start:
                found.append(hit)
            elif hit.end - start > found[-1].end - found[-1].start:
                found[-1] = hit
        return found

    def at(self, said: Said, start: int) -> Found[T] | None:
        """Return the longest name that begins with this word."""
        lengths = self.lengths_of(said.folds[start])
        return self._at(said, start, lengths, ()) if lengths is not None else None

    def among(self, said: Said) -> Iterator[T]:
        """Yield what any of the words stand for, however they are spelled and whatever stands over them."""
        for start, word in enumerate(said.folds):
            for length in self.lengths_of(word) or ():
                spellings = self.spellings_of(tuple(said.folds[start : start + length]))
                yield from (value for _, value in spellings or ())

    def first_words(self, fits: Callable[[T], object]) -> set[str]:
        """Return the folded words with which names begin of what fits."""
        known = self._known.items()
        return {folds[0] for folds, spellings in known if any(fits(value) for _, value in spellings)}

    def _at(self, said: Said, start: int, lengths: Sequence[int], taken: Collection[int]) -> Found[T] | None:
        missed: Found[T] | None = None
        for length in lengths:
            spellings = self.spellings_of(tuple(said.folds[start : start + length]))
            if (
                spellings is None
                or start + length > len(said.folds)
                or any(start <= at < start + length for at in taken)
            ):
                continue
            words = said.words[start : start + length]
            values = [value for keys, value in spellings if _fits(words, keys)]
            if not values:
                continue
            hit = Found(start, start + length, tuple(dict.fromkeys(values)))
            if missed is not None or not any(_ends_wrongly(words, keys) for keys, _ in spellings):
                return hit
            missed = hit
        return missed


class Layered(Names[T], Generic[T, S]):
    """Names of one commune over those that are learned once for all; they come behind those.

    `meant` says what one of the others stands for here, when it is found.
    """

    def __init__(self, names: Iterable[tuple[str, T]], under: Names[S], meant: Callable[[S], T]) -> None:
        super().__init__(names)
        self._under, self._meant = under, meant
        self.lengths_of, self.spellings_of = self._both_lengths, self._both_spellings

    def first_words(self, fits: Callable[[T], object]) -> set[str]:
        """Return the folded words with which names begin of what fits here."""
        return super().first_words(fits) | self._under.first_words(lambda value: fits(self._meant(value)))

    def _both_lengths(self, first: str) -> Sequence[int] | None:
        own, under = self._lengths.get(first), self._under.lengths_of(first)
        if own is None or under is None:
            return own or under
        return sorted({*own, *under}, reverse=True)

    def _both_spellings(self, folds: tuple[str, ...]) -> _Spellings[T] | None:
        own, under = self._known.get(folds), self._under.spellings_of(folds)
        if under is None:
            return own
        return (*((keys, self._meant(value)) for keys, value in under), *(own or ()))


@lru_cache(maxsize=4096)
def _spelled(name: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Return every spelling a name stands for, folded and exact, word by word."""
    every = [Said(" ".join(one)) for one in product(*(word.split("/") for word in name.split()))]
    return tuple((tuple(said.folds), tuple(word.key for word in said.words)) for said in every)


def _ends_wrongly(words: Sequence[Token], keys: Sequence[str]) -> bool:
    """Say whether the last word has other marks: then a shorter name is meant: "mặt trận | bán"."""
    return words[-1].key != keys[-1] and not words[-1].bare


def _fits(words: Sequence[Token], keys: Sequence[str]) -> bool:
    wrong = 0
    for word, key in zip(words, keys, strict=True):
        if word.key != key and not word.bare:
            wrong += 1
    return wrong <= (len(keys) >= _FORGIVEN)
