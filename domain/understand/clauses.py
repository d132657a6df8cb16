"""The sentences of a text, and which of their words are not what they look like."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from domain.understand.fold import Token
from domain.understand.phrases import Ends, Hit

U = TypeVar("U")

_ENDS = re.compile(r"[.!?…\n;]")
_NAME = "<place_name>"
_EVERYDAY = frozenset({"<everyday>", "<mostly>"})


def drop_others(ends: dict[tuple[str, int], set[int]], drops: Mapping[str, Sequence[str]]) -> None:
    """Forget what is none: “con” before an animal or a road is no child, “tế” in “kinh tế” is no fall."""
    spans = [(name, start, end) for (name, start), found in ends.items() if name in drops for end in found]
    for other, start, end in spans:
        for name in drops[other]:
            for at in range(start, end):
                ends.pop((name, at), None)


def without_everyday(said: Sequence[Token], ends: dict[tuple[str, int], set[int]]) -> Sequence[Token]:
    """Return the words in which no danger is heard where one without marks is an everyday word.

    “De nguoi dan di lai” crushes nobody. What stands in a slot there is forgotten too.
    """
    spans = [(start, end) for (name, start), found in ends.items() if name in _EVERYDAY for end in found]
    if not spans:
        return said
    plain = {at for start, end in spans for at in range(start, end)}
    for (name, start), found in [*ends.items()]:
        kept = {end for end in found if plain.isdisjoint(range(start, end))}
        if not kept:
            del ends[name, start]
        else:
            ends[name, start] = kept
    return [replace(word, key="", fold="") if at in plain else word for at, word in enumerate(said)]


def unnamed(hits: Sequence[Hit[U]], ends: Ends) -> list[Hit[U]]:
    """Leave out what begins in the name of a place: “xóm Chùa” without its marks says not yet to nothing."""
    named = [(start, end) for (name, start), found in ends.items() if name == _NAME for end in found]
    return (
        [hit for hit in hits if not any(start <= hit.start < end for start, end in named)]
        if named
        else [*hits]
    )


def cut(text: str, said: Sequence[Token]) -> list[Sequence[Token]]:
    """Cut the words of a text where one sentence ends and another begins."""
    later = range(1, len(said))
    cuts = [0, *(at for at in later if _ENDS.search(text, said[at - 1].end, said[at].start))]
    return [said[start:end] for start, end in zip(cuts, [*cuts[1:], len(said)], strict=True)]
