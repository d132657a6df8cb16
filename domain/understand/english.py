"""Whether a message is written in English: by words that are, and some that may be Vietnamese too."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from domain.understand.fold import Token

_DATA = Path(__file__).parent / "data"
_LEAST = 2
"""Words that are English and nothing else."""
_PART = 0.7
"""So many of all words are English."""
_TELLING = 4
"""Words by which the language of a cry is known."""
_MOST = 0.6
"""The same of a cry or a greeting, in which nothing else need be understood."""


def is_written(said: Sequence[Token]) -> bool:
    """Say whether words are English; a number and a hamlet's name count for neither language."""
    if any(not word.bare for word in said):
        said = [word for word in said if word.bare or word.fold in {"thon", "xom"}]
    words = [word.fold for word in said if word.fold.isalpha()]
    sure, small = _words()
    known = [word for word in words if word in sure or _is_ending(word)]
    fitting = len(known) + sum(word in small for word in words if word not in known)
    return len(known) >= _LEAST and fitting >= _PART * len(words)


def is_mostly(said: Sequence[Token], least: int = _TELLING) -> bool:
    """Say whether most of so many words or more are English as they are typed: of a few nobody can tell."""
    sure, small = _words()
    known = sum((typed := word.raw.lower()) in sure or typed in small for word in said)
    return len(said) >= least and known >= _MOST * len(said)


def _is_ending(word: str) -> bool:
    """Say whether a word ends as no Vietnamese one does: “broken”, “nothing”, “stopped”, “pipes”."""
    return len(word) >= _LONG and word.endswith(_ENDINGS)


_LONG = 5
_ENDINGS = ("ing", "ed", "tion", "ly", "ness", "ment", "ight", "ken", "ous", "ters", "ates")


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    sure, small = (_DATA / "english.txt").read_text(encoding="utf-8").split("---")
    return frozenset(sure.split()), frozenset(small.split())
