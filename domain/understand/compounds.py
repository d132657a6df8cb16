"""Words of two syllables whose first is a given name too: “Hải sản” is nobody."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from domain.understand.fold import Token, exact
from domain.understand.loosely import loosened

_DATA = Path(__file__).parent / "data" / "compounds.txt"


def is_one(first: Token, second: Token) -> bool:
    """Say whether these two of what is `Said`, as they are spelled, are one word, and the first no name."""
    return second.key in _compounds().get(first.key, ())


_TIMES = frozenset({"sang", "tuan", "trua", "chieu", "toi", "hom", "thang", "nam"})
_DAYS = frozenset(map(exact, ("nay", "mai", "hôm", "qua", "sớm", "trước", "sau", "kia", "ấy", "ni")))


def is_day(words: Sequence[Token]) -> bool:
    """Say whether words that are typed with their marks tell when: “sáng nay”, “tuần trước”."""
    return not words[0].bare and words[0].fold in _TIMES and any(word.key in _DAYS for word in words[1:])


_TAUGHT = frozenset({"tieng", "mon"})


def is_taught(words: Sequence[Token]) -> bool:
    """Say whether the last of these words is what a language or a lesson is called: “tiếng Anh”."""
    return len(words) > 1 and words[0].fold in _TAUGHT


@cache
def _compounds() -> dict[str, frozenset[str]]:
    rows = (line.partition(": ") for line in _DATA.read_text(encoding="utf-8").splitlines() if line[0] != "#")
    return {exact(loosened(first)): frozenset(map(exact, loosened(then).split())) for first, _, then in rows}
