"""What is said once an alarm was raised: that it was a mistake, that it eases, thanks, whom not to call."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from domain.packaged import document
from domain.understand.fold import Token, clean, tokens

_CLAUSE = re.compile(r"[.,;:!\n]+")
_LONGEST = 12
"""Words of what only says so."""
_OF_A_NUMBER = 200
"""Letters in which a number is spoken of that must not be called."""


def takes_back(text: str) -> bool:
    """Say whether a message says that it was a mistake, and perhaps no, and nothing else: “không, nhầm”."""
    clauses = _clauses(text)
    said = [_fits(clause, "mistake") for clause in clauses]
    return any(said) and all(
        one or _fits(clause, "denial") for one, clause in zip(said, clauses, strict=True)
    )


def denies(text: str) -> bool:
    """Say whether a message says that there is no danger, and nothing else: “không có cháy”."""
    clauses = _clauses(text)
    return bool(clauses) and all(_fits(clause, "denial") or _fits(clause, "mistake") for clause in clauses)


def eases(text: str) -> bool:
    """Say whether a few words tell that it may be over, or that help is there: “nước rút rồi”."""
    clauses = _clauses(text)
    return any(_fits(clause, "eases") for clause in clauses)


def thanks(text: str) -> bool:
    """Say whether a few words thank."""
    return "?" not in text and _pattern("thanks").fullmatch(_words(text)) is not None


def uncalled(text: str) -> bool:
    """Say whether words ask not to be called at a number, or say that somebody else has the telephone."""
    clauses = map(_words, _CLAUSE.split(clean(text[:_OF_A_NUMBER])))
    return any(_pattern("uncalled").search(clause) for clause in clauses)


def says_besides(text: str) -> bool:
    """Say whether words beside a number say more than whose it is: whom to ask for, when, or not to call."""
    whose = frozenset(_data()["of_a_number"])
    return sum(word.fold not in whose and not word.raw[:1].isupper() for word in tokens(text)) > 1


def wronged(text: str) -> bool:
    """Say whether words tell what somebody did to who writes, without a name: “ổng lấy tiền tôi”."""
    return any(_pattern("wronged").search(_words(clause)) for clause in _CLAUSE.split(clean(text)))


def _clauses(text: str) -> list[str]:
    """Return the folded clauses of a few words that ask nothing."""
    if "?" in text or len(text.split()) > _LONGEST:
        return []
    return [said for clause in _CLAUSE.split(clean(text)) if (said := _words(clause))]


def _fits(clause: str, what: str) -> bool:
    return _pattern(what).fullmatch(clause) is not None


def _words(text: str) -> str:
    return " ".join(_read(token) for token in tokens(text))


_NOT = {
    "chua": "chưa",
    "hong": "hông hổng",
    "khong": "không",
    "dung": "đừng",
    "khoi": "khỏi",
    "dau": "đâu",
    "chang": "chẳng",
}
"""Words that deny, as they are spelled; a pagoda (“chùa”) and what is broken (“hỏng”) do not."""
_DOUBTFUL = frozenset({"chua", "hong"})
"""Those that are more often something else where they have no mark."""


def _read(word: Token) -> str:
    """Return a word without its marks, but for one that only looks like a no without them."""
    spelled = _NOT.get(word.fold)
    if spelled is None or (word.bare and word.fold not in _DOUBTFUL):
        return word.fold
    return word.fold if word.raw.lower() in spelled.split() else f"{word.fold}?"


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = document(Path(__file__).parent / "data" / "aftermath.yaml")
    return data


@cache
def _pattern(what: str) -> re.Pattern[str]:
    listed = _data()[what]
    one_of = listed if isinstance(listed, str) else "|".join(listed)
    one_of = one_of.replace("{me}", _data()["me"])
    if what in {"thanks", "uncalled", "wronged"}:
        return re.compile(rf"(?<!\S)(?:{one_of})(?!\S)")
    polite = _data()["courtesy"]
    return re.compile(rf"(?:{polite} )*(?:{one_of})(?: {polite})*")
