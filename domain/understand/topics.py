"""What a message is about: set phrases of each topic and a small model of words, learnt when loaded."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from domain.understand.fold import Token, tokens
from domain.understand.phrases import Phrases

_BARE = 0.6  # a phrase typed without diacritics may be another word
_OTHER = "khac"  # where nothing at all is known of the words
_UNTAUGHT = -1.0  # a topic without any example
_LEXICON = 6.0  # how much one two-word phrase counts beside the words of the model


@dataclass(frozen=True)
class Guess:
    """Labels by falling score; `known` is how many words and phrases told."""

    ranked: tuple[tuple[str, float], ...]
    known: int

    @property
    def best(self) -> str:
        """The likeliest label."""
        return self.ranked[0][0]

    @property
    def margin(self) -> float:
        """How far the first is ahead, in natural logarithms of odds."""
        return self.ranked[0][1] - self.ranked[1][1] if len(self.ranked) > 1 else math.inf


class WordModel:
    """Complement naive Bayes over folded words and pairs of them: tiny, quick, good with few examples."""

    def __init__(self, examples: Iterable[tuple[Sequence[str], str]], smoothing: float = 2.0) -> None:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for said, label in examples:
            counts[label].update(set(features(said)))
        self.labels = tuple(counts)
        everywhere = Counter[str]()
        for own in counts.values():
            everywhere.update(own)
        self._weights = {feature: [0.0] * len(counts) for feature in everywhere}
        for column, label in enumerate(self.labels):
            self._learn(column, counts[label], everywhere, smoothing)

    def _learn(self, column: int, own: Counter[str], everywhere: Counter[str], smoothing: float) -> None:
        rest_total = everywhere.total() - own.total() + smoothing * len(everywhere)
        own_total = own.total() + smoothing * len(everywhere)

        @cache  # a few counts are those of nearly all: each logarithm is taken once
        def weight(inside: int, outside: int) -> float:
            return math.log((inside + smoothing) / own_total / ((outside + smoothing) / rest_total))

        for feature, count in everywhere.items():
            inside = own.get(feature, 0)
            self._weights[feature][column] = weight(inside, count - inside)

    def scores(self, said: Sequence[str]) -> tuple[dict[str, float], int]:
        """Give a score for each label, and how many words and pairs were known."""
        rows = [
            self._weights[feature] for feature in dict.fromkeys(features(said)) if feature in self._weights
        ]
        totals = map(sum, zip(*rows, strict=True)) if rows else [0.0] * len(self.labels)
        return dict(zip(self.labels, totals, strict=True)), len(rows)


def features(said: Sequence[str]) -> list[str]:
    """Words and neighbouring pairs; numbers all look alike."""
    plain = ["0" if word.isdigit() else word for word in said]
    return plain + [f"{a} {b}" for a, b in pairwise(plain)]


class Topics:
    """Suggests one of the taxonomy's topics, and the field within it that routes the case."""

    def __init__(
        self,
        taxonomy: Mapping[str, Any],
        lexicon: Mapping[str, Sequence[str]],
        examples: Iterable[tuple[str, str]],
    ) -> None:
        self.codes: tuple[str, ...] = tuple(topic["code"] for topic in taxonomy["topics"])
        self._fields: dict[str, list[str]] = {code: [] for code in self.codes}
        keywords: list[tuple[str, tuple[str, str]]] = []
        for field in taxonomy["fields"]:
            self._fields[field["topic"]].append(field["code"])
            keywords += [(word, (field["topic"], field["code"])) for word in field["keywords"]]
        self._keywords = Phrases(keywords)
        self._lexicon = Phrases((phrase, topic) for topic, said in lexicon.items() for phrase in said)
        self._model = WordModel(([token.fold for token in tokens(text)], topic) for text, topic in examples)

    def guess(self, said: Sequence[Token]) -> Guess:
        """Rank every topic, the likeliest first."""
        scores, known = self._model.scores([token.fold for token in said])
        totals = {code: scores.get(code, _UNTAUGHT) for code in self.codes}
        # a phrase both in the lexicon and among the keywords counts once
        hits = {(hit.start, hit.end, hit.value) for hit in self._lexicon.find(said)}
        hits |= {(hit.start, hit.end, hit.value[0]) for hit in self._keywords.find(said)}
        for start, end, topic in sorted(hits):
            totals[topic] += _weight(said[start:end])
        if not known and not hits and _OTHER in totals:
            totals[_OTHER] += 1.0
        ranked = sorted(totals.items(), key=lambda pair: -pair[1])
        return Guess(tuple(ranked), known + len(hits))

    def field(self, said: Sequence[Token], topic: str) -> str:
        """Choose the field of the topic whose keywords are in the message, else the topic's first."""
        votes: Counter[str] = Counter()
        for hit in self._keywords.find(said):
            if hit.value[0] == topic:
                votes[hit.value[1]] += hit.end - hit.start
        return votes.most_common(1)[0][0] if votes else self._fields[topic][0]


def _weight(said: Sequence[Token]) -> float:
    length = min(len(said), 4) / 2
    return _LEXICON * length * (_BARE if any(token.bare for token in said) and len(said) == 1 else 1.0)
