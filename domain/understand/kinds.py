"""What kind of matter a message is: by all its words as they were learned, and what they say of it.

By content and not by title (TT 05/2021/TT-TTCP): what is called a petition may be a complaint. Only who says
that they denounce is heard as that at once, for then it is kept close.
"""

import math
from collections.abc import Mapping

from domain.understand.cues import KINDS, Signs
from domain.understand.deeds import Told

_SURE = 0.7
_LIKELY = 0.5
"""How likely it must be by its words alone that somebody denounces, where no pattern tells a wrong."""
_NAMED, _HINT, _CRIME = 3.0, 1.0, 2.0
"""Natural logarithms of odds beside what was learned: its own name, a turn of phrase, an official's crime."""
_DENOUNCED, _USUAL = "to_cao", "phan_anh"
LEGAL = frozenset({"to_cao", "khieu_nai"})
"""Kinds that carry a clock of the law by themselves."""


def weigh(learned: Mapping[str, float], signs: Signs, told: Told, tells: float) -> dict[str, float]:
    """Return how likely each kind is, the likeliest first; `learned`: by its words alone.

    `tells`: how likely the words tell a matter at all; what tells none is of the usual kind, of which nothing
    follows.
    """
    chances = {kind: tells * learned.get(kind, 0.0) + (1 - tells) * (kind == _USUAL) for kind in KINDS}
    odds = {kind: chances[kind] * math.exp(_speaks(kind, signs, told)) for kind in KINDS}
    whole = sum(odds.values())
    return {kind: odds[kind] / whole for kind in sorted(odds, key=lambda kind: -odds[kind])}


def _speaks(kind: str, signs: Signs, told: Told) -> float:
    crime = _CRIME if told.crime and kind == _DENOUNCED else 0.0
    return _NAMED * (kind in signs.kinds) + _HINT * (kind in signs.hints) + crime


def kind_of(
    signs: Signs, told: Told, weighed: Mapping[str, float], *, harmless: bool = False
) -> tuple[str, bool]:
    """Return the kind, and whether it is beyond doubt; `harmless`: the words only thank, praise or ask."""
    if signs.kinds[:1] == (_DENOUNCED,):
        return _DENOUNCED, True
    (kind, chance), second = list(weighed.items())[:2]
    tells = told.wrong or told.crime or _DENOUNCED in signs.kinds
    if kind == _DENOUNCED and (chance < _LIKELY or harmless) and not tells:
        kind, chance = second
    return kind, chance >= _SURE or kind in signs.kinds
