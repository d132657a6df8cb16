"""How alike two short descriptions of something wrong are, by the words that carry meaning."""

from functools import lru_cache
from pathlib import Path

from domain.understand.fold import words

EMPTY = frozenset((Path(__file__).parent / "data" / "empty_words.txt").read_text(encoding="utf-8").split())
"""Folded words that say nothing of what is wrong: who, when, please, and the kinds of places."""


@lru_cache(maxsize=2048)
def gist(text: str) -> frozenset[str]:
    """Return the folded words of a text that carry meaning; numbers are left out, they are places or days."""
    return frozenset(word for word in words(text) if word not in EMPTY and not word.isdigit())


def likeness(one: frozenset[str], other: frozenset[str]) -> tuple[float, int]:
    """Return the part (0 to 1) of the shorter gist that stands in the longer, and how many words that is."""
    shared = len(one & other)
    return shared / max(1, min(len(one), len(other))), shared
