"""What kind of matter a message is: by the word itself, by an official denounced, then by all its words."""

import math
from collections.abc import Sequence

from domain.understand.cues import KINDS, Signs
from domain.understand.deeds import Told
from domain.understand.fold import Token
from domain.understand.grams import grams
from domain.understand.linear import Linear

_SURE = 0.7
_HINT = 1.5
"""Natural logarithms of odds for a turn of phrase, beside what was learned."""
_DENOUNCED = "to_cao"
LEGAL = frozenset({"to_cao", "khieu_nai"})
"""Kinds that carry a clock of the law by themselves."""


def weigh(said: Sequence[Token], signs: Signs, model: Linear, *, asks: bool) -> dict[str, float]:
    """Return how likely each kind is by all the words, the likeliest first; `asks`: with a question mark."""
    learned = model.read(grams(said, asks=asks))["kind"]
    chances = dict(zip(model.labels["kind"], map(float, learned), strict=True))
    odds = {kind: chances.get(kind, 0.0) * math.exp(_HINT * (kind in signs.hints)) for kind in KINDS}
    whole = sum(odds.values())
    return {kind: odds[kind] / whole for kind in sorted(odds, key=lambda kind: -odds[kind])}


def kind_of(signs: Signs, told: Told, weighed: dict[str, float]) -> tuple[str, bool]:
    """Return the kind, and whether it is beyond doubt."""
    if signs.kinds:
        return signs.kinds[0], len(signs.kinds) == 1 or signs.kinds[0] in LEGAL
    if told.crime:
        return _DENOUNCED, False
    kind, chance = next(iter(weighed.items()))
    if kind == _DENOUNCED and chance < _SURE and not told.wrong:  # only what tells a wrong is kept close
        kind, chance = list(weighed.items())[1]
    return kind, chance >= _SURE
