"""What a message is about: the learned model's fields, with the taxonomy's own keywords, summed by topic."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.understand.fold import Token
from domain.understand.grams import of_words
from domain.understand.linear import Linear
from domain.understand.phrases import Phrases

_BARE = 0.5  # a keyword typed without diacritics may be another word
_KEYWORD = (
    0.3  # natural logarithms of odds, for each word of a field's keyword; chosen on phrases of other hands
)
_LONGEST = 3  # words of a keyword that count
_LEAST = 1e-4  # the chance of a field that no phrase was learned of
NOTHING = "none"
"""The label of phrases in which no matter is told: remarks, answers, places alone."""
_OTHER = "khac"  # where nothing at all is known of the words


@dataclass(frozen=True)
class Guess:
    """Topics with their chances, the likeliest first, and of each its likeliest field.

    `known`: how many words were met before. The chances sum to one, less that nothing is told at all.
    """

    ranked: tuple[tuple[str, float], ...]
    fields: Mapping[str, str]
    known: int

    @property
    def best(self) -> str:
        """The likeliest topic."""
        return self.ranked[0][0]

    @property
    def field(self) -> str:
        """The likeliest field of the likeliest topic."""
        return self.fields[self.best]

    @property
    def chance(self) -> float:
        """How likely the first is."""
        return self.ranked[0][1]

    @property
    def tells(self) -> float:
        """How likely it is that a matter is told at all."""
        return sum(chance for _, chance in self.ranked)

    def telling(self, tells: float) -> "Guess":
        """Return the same topics where it is so likely that a matter is told."""
        more = tells / self.tells
        return replace(self, ranked=tuple((topic, chance * more) for topic, chance in self.ranked))


class Topics:
    """Suggests one of the taxonomy's topics, and the field within it that routes the case."""

    def __init__(self, taxonomy: Mapping[str, Any], model: Linear) -> None:
        self._model = model
        self._fields = {str(field["code"]): str(field["topic"]) for field in taxonomy["fields"]}
        columns = {label: at for at, label in enumerate(model.labels["field"])}
        self._nothing = columns.get(NOTHING)
        self._columns = {code: columns.get(code) for code in self._fields}
        self._keywords = Phrases(
            (word, str(field["code"])) for field in taxonomy["fields"] for word in field["keywords"]
        )

    def guess(self, said: Sequence[Token], *, asks: bool = False) -> Guess:
        """Rank every topic, the likeliest first; `asks`: with a question mark."""
        known = len(self._model.known(of_words(said)))
        learned = self._model.hear(said, asks=asks)["field"]
        told = self._told(said)
        weights = {
            code: max(_LEAST, float(learned[at]) if at is not None else 0.0) * math.exp(told.get(code, 0.0))
            for code, at in self._columns.items()
        }
        if not known and not told and _OTHER in weights:
            weights[_OTHER] += sum(weights.values())
        nothing = float(learned[self._nothing]) if self._nothing is not None else 0.0
        return self._ranked(weights, known + len(told), max(_LEAST, 1 - nothing))

    def _ranked(self, weights: Mapping[str, float], known: int, tells: float) -> Guess:
        whole = sum(weights.values()) / tells
        chances, fields = dict.fromkeys(self._fields.values(), 0.0), dict[str, str]()
        for code, weight in sorted(weights.items(), key=lambda pair: -pair[1]):
            chances[self._fields[code]] += weight / whole
            fields.setdefault(self._fields[code], code)
        return Guess(tuple(sorted(chances.items(), key=lambda pair: -pair[1])), fields, known)

    def _told(self, said: Sequence[Token]) -> Mapping[str, float]:
        """Return how much the keywords of each field that are in a message speak for it."""
        told: dict[str, float] = {}
        for hit in self._keywords.find(said):
            told[hit.value] = told.get(hit.value, 0.0) + _weight(said[hit.start : hit.end])
        return told


def _weight(words: Sequence[Token]) -> float:
    bare = len(words) == 1 and words[0].bare
    return _KEYWORD * min(len(words), _LONGEST) * (_BARE if bare else 1.0)
