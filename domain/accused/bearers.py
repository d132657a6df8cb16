"""The names that officials bear, as people write them: whole, or with letters before the last word."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from domain.directory import Directory
from domain.people import by
from domain.understand.fold import Token
from domain.understand.loosely import Said

_LONG = 2  # words of a name of which the second may be the given one, or whose first words may be letters
_GIVEN_SECOND = frozenset({"y", "h"})  # as in Y Bliu Niê


@dataclass(frozen=True, slots=True)
class Person:
    """A name in words, everybody who may be meant by it; `loose` if a neighbour may well bear it too.

    `sure`: that it is a name is beyond doubt; otherwise its words may be everyday ones.
    """

    start: int
    end: int
    people: tuple[UUID, ...]
    loose: bool
    sure: bool = True


class Bearer(NamedTuple):
    """Somebody of the directory, the words of their name folded and exact, up to the given name."""

    id: UUID
    folds: tuple[str, ...]
    keys: tuple[str, ...]
    lettered: bool = False
    """Whether it is the letters of the first words with the given name, as one word."""

    def length(self, said: Said, at: int) -> int:
        """Count the words up to `at` that are words of the name in their order, some perhaps left out."""
        length, left = 1, self.folds[:-1]
        while at >= length and (word := said.folds[at - length]):
            found = next((n for n, one in reversed([*enumerate(left)]) if word in {one, one[0]}), None)
            if found is None or (len(word) == 1 and not said.words[at - length].raw.isupper()):
                break
            left = left[:found]
            length += 1
        return length

    def is_whole(self, said: Said, at: int) -> bool:
        """Say whether the words up to `at` are the whole name."""
        first = at + 1 - len(self.folds)
        return first >= 0 and not self.lettered and tuple(said.folds[first : at + 1]) == self.folds

    def misses(self, words: Sequence[Token]) -> tuple[int, int]:
        """Count the words whose marks are others than those of the name, and those that have none."""
        spelled = set(zip(self.folds, self.keys, strict=True))
        words = [word for word in words if len(word.fold) > 1]
        strange = [word.bare for word in words if (word.fold, word.key) not in spelled]
        return strange.count(False), strange.count(True)


_Borne = Mapping[str, Sequence[Bearer]]
_READ: WeakKeyDictionary[Directory, _Borne] = WeakKeyDictionary()
_KEPT = 20_000  # names; of a province's officials, before and after a change


def of(desk: Directory) -> _Borne:
    """Return everybody of a desk by their given names: they are read once for all its communes."""
    found = _READ.get(desk)
    if found is None:
        everybody = (one for person, name in desk.names.items() for one in spelled(person, name))
        found = _READ[desk] = by(everybody, lambda bearer: bearer.folds[-1])
    return found


@lru_cache(maxsize=_KEPT)
def spelled(person: UUID, name: str) -> tuple[Bearer, ...]:
    """Return a name whole, and with letters: read once, for the next directory too."""
    return (*whole(person, name), *lettered(person, name))


def whole(person: UUID, name: str) -> Iterator[Bearer]:
    """Yield the name with all its words, and without those behind a given name that stands second."""
    words = Said(name).words
    ends = [len(words)] if words else []
    if len(words) > _LONG and words[0].fold in _GIVEN_SECOND:
        ends.append(_LONG)
    for end in ends:
        yield Bearer(person, tuple(w.fold for w in words[:end]), tuple(w.key for w in words[:end]))


def lettered(person: UUID, name: str) -> Iterator[Bearer]:
    """Yield the given name with the letters of all words before it, as one word: "hdthinh"."""
    words = Said(name).words
    if len(words) > _LONG:
        word = Said("".join([*(one.raw[0] for one in words[:-1]), words[-1].raw])).words[0]
        yield Bearer(person, (word.fold,), (word.key,), lettered=True)


def is_told(bearer: Bearer, said: Said, at: int) -> bool:
    """Say whether words up to this one are the whole name of somebody, of two words or more."""
    return len(bearer.folds) >= _LONG and bearer.is_whole(said, at)
