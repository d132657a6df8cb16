"""Which list or page an official asks for: told by the kinds of words in a short message, in any order.

Every word must be one of those lists are asked for with: a road that is overdue is no list.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from domain.packaged import document
from domain.understand import orders
from domain.understand.fold import exact, tokens

_MOST = 14
"""Words of what only asks for a list."""
_LONGEST_PHRASE = 6


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = document(Path(__file__).parent / "data" / "asked.yaml")
    return data


@cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(shape)) for kind, shape in _data()["words"].items())


@cache
def _never() -> frozenset[str]:
    return frozenset(map(exact, _data()["never"]))


@lru_cache(maxsize=1000)
def _kinds_of(phrase: str) -> frozenset[str]:
    return frozenset(kind for kind, shape in _kinds() if shape.fullmatch(phrase))


def lists(text: str) -> Iterator[str]:
    """Yield the lists that are asked for, what fits best first; who may see which is for others to say."""
    said = tokens(text)
    if not 0 < len(said) <= _MOST or any(token.key in _never() for token in said):
        return
    if found := _read([token.fold for token in said]):
        for one in _data()["lists"]:
            if _fits(one, found) and not orders.asks(one["list"], text):
                yield one["list"]


def _fits(one: dict[str, Any], found: frozenset[str]) -> bool:
    needed = found.issuperset(one["all"]) and (not one.get("any") or not found.isdisjoint(one["any"]))
    return needed and found.isdisjoint(one.get("none", ()))


def _read(words: list[str]) -> frozenset[str]:
    """Return the kinds of the phrases that the words are made of, longest first; empty where one is not."""
    found, at = set[str](), 0
    while at < len(words):
        ends = range(min(len(words), at + _LONGEST_PHRASE), at, -1)
        end = next((end for end in ends if _kinds_of(" ".join(words[at:end]))), 0)
        if not end:
            return frozenset()
        found |= _kinds_of(" ".join(words[at:end]))
        at = end
    return frozenset(found)
