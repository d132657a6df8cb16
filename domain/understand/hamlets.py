"""What people call hamlets: by their whole names, by their own without the kind, and in English."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from domain.understand.fold import Token, tokens
from domain.understand.phrases import Hit, Phrases

# Kinds of hamlets; True where the spelling without diacritics can hardly be another word.
_KINDS = Phrases(
    [(kind, True) for kind in ("tổ dân phố", "tổ nhân dân", "khu dân cư", "khu phố", "khối phố", "tiểu khu")]
    + [(kind, True) for kind in ("thôn", "xóm", "khóm")]
    + [
        (kind, False)
        for kind in ("ấp", "bản", "tổ", "khu", "khối", "đội", "làng", "buôn", "sóc", "phum", "plei")
    ]
)
# "hàng xóm" is a neighbour, "bộ đội" the army: here these words begin no place.
_OTHERWISE = Phrases(
    (phrase, None)
    for phrase in (
        "hàng/lối/thôn xóm",
        "bộ/quân đội",
        "nhân/văn bản",
        "buôn bán",
        "khu đất/vực/công/chợ",
        "tổ chức",
    )
)
WHOLE, OWN, ENGLISH = range(3)
"""How a hamlet is called: “thôn Tân Lập”, “Tân Lập”, “hamlet 3”."""


class Called(NamedTuple):
    """The name of a hamlet, and how words call it."""

    name: str
    how: int


def kinds(said: Sequence[Token]) -> list[Hit[bool]]:
    """Words for kinds of hamlets, the longest at each place, without those that mean something else."""
    otherwise = _OTHERWISE.find(said)
    longest: dict[int, Hit[bool]] = {}
    for hit in _KINDS.find(said):
        if not any(other.start <= hit.start < other.end for other in otherwise):
            longest[hit.start] = max(longest.get(hit.start, hit), hit, key=lambda one: one.end)
    return list(longest.values())


def spelled(names: Iterable[str]) -> Phrases[Called]:
    """Return what hamlets of these names are called, each name once; by its own where that is two words."""
    listed = [(name, tokens(name)) for name in dict.fromkeys(names)]
    kinded = [(name, said) for name, said in listed if kinds(said)]
    whole = [(_pattern(said), Called(name, WHOLE)) for name, said in listed if said]
    own = [(_pattern(said[1:]), Called(name, OWN)) for name, said in kinded if len(said) > 2]
    english = [
        (f"hamlet/village {_pattern(said[1:])}", Called(name, ENGLISH))
        for name, said in kinded
        if len(said) > 1
    ]
    return Phrases(whole + own + english)


def alone(names: Iterable[str]) -> frozenset[str]:
    """Return those whose own name no other hamlet among them bears: “hamlet 3” is nothing but thôn 3."""
    listed = ((name, tokens(name)) for name in names)
    named = [(_pattern(said[1:]), name) for name, said in listed if len(said) > 1 and kinds(said)]
    borne = Counter(own for own, _ in named)
    return frozenset(name for own, name in named if borne[own] == 1)


def _pattern(said: Sequence[Token]) -> str:
    return " ".join(token.raw for token in said)
