"""A small model of words, learned when it is loaded: naive Bayes over words and pairs of them."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise


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
