"""What a row of digits is, by itself and by the words before it."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import phonenumbers

from domain.packaged import document
from domain.understand.fold import fold

_HOME = "VN"
_NEAR = 48
"""Signs before a number in which a word says what it is."""
_SPOKEN, _MOST_SPOKEN, _SPOKEN_WORDS = 5, 20, 4
"""Words and groups of digits in a row that may be a number read out; of them so many words at least."""
_NATIONAL = re.compile(r"0[35789]\d{8}|02\d{8,9}")
_CLAUSE = re.compile(r"[,;!?\n…]|\.(?=\s)|\d")
_BESIDE = frozenset({"social", "health", "passport"})
_FILLER = re.compile(
    r"(?:[ :.\-–(“\"]|\b(?:so|ma|the|la|cua|toi|tui|em|minh|chau|con|me|bo|ba|ong|vo|chong|anh|chi"
    r"|number|no|is|my)\b)*"
)
"""What may stand between a word and the number that it names."""


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = document(Path(__file__).parent / "numbers.yaml")
    return data


@cache
def listed(part: str, name: str) -> frozenset[str]:
    """Return what a list of the data holds."""
    return frozenset(map(str, _data()[part][name]))


@cache
def _names() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds the words that call a number something, the longest first, and what each calls it."""
    kinds = {fold(word): kind for kind, said in _data()["named"].items() for word in said}
    longest = sorted(kinds, key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, longest))})(?![^\W_\d])"), kinds


def named(before: str) -> str:
    """Say what the words directly before a number call it: phone, identity, account, tax or nothing.

    The nearest word of the clause counts: “tài khoản bị khóa, gọi …” is followed by a telephone number.
    Those of insurances and passports are also what people complain of: they count with nothing behind.
    """
    clause, (pattern, kinds) = fold(_CLAUSE.split(before[-_NEAR:])[-1]), _names()
    for hit in reversed(list(pattern.finditer(clause))):
        kind = kinds[hit[0]]
        if kind not in _BESIDE or _FILLER.fullmatch(clause, hit.end()):
            return kind
    return ""


def is_hotline(digits: str) -> bool:
    """Say whether digits are a number that everybody may call: nobody's own."""
    known = _data()["hotlines"]
    return digits in known["numbers"] or (len(digits) in {8, 10} and digits[:4] in known["prefixes"])


@cache
def digit_words() -> dict[str, str]:
    """Return the words for digits, with and without their marks, and which digit each is."""
    return {word: digit for digit, said in _data()["spoken"].items() for word in said}


@cache
def _spoken() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    word = rf"(?:{'|'.join(sorted(digit_words(), key=len, reverse=True))}|\d{{1,4}})"
    first = "|".join(_data()["spoken"]["0"])  # both kinds begin so; nothing else is looked at twice
    row = rf"(?:[ .,\-]{{1,3}}{word}){{{_SPOKEN - 1},{_MOST_SPOKEN}}}(?![^\W_])"
    begins = re.compile(rf"\b(?:{first}|0\d{{0,3}}){row}", re.IGNORECASE)
    return begins, re.compile(rf"\b{word}{row}", re.IGNORECASE), re.compile(r"[^\W\d_]+|\d+")


def any_spoken(said: str) -> bool:
    """Say whether digits are read out in a row at all."""
    return _spoken()[1].search(said) is not None


def spoken(said: str, *, called: bool = False) -> Iterator[tuple[int, int, str]]:
    """Yield where digits are read out in a row, “không chín không …”, and which they are.

    `called`: those of numbers that begin with any digit, which only the words before them tell.
    """
    zero, anything, word = _spoken()
    meant = digit_words()
    for hit in (anything if called else zero).finditer(said):
        parts = [one[0].casefold() for one in word.finditer(hit[0])]
        if sum(one in meant for one in parts) >= _SPOKEN_WORDS:
            yield hit.start(), hit.end(), "".join(meant.get(one, one) for one in parts)


def is_none(text: str) -> bool:
    """Say whether an answer, politeness apart, says that there is no number: “dạ không ạ”."""
    said = fold(re.sub(r"[^\w\s]", " ", text))
    plain, none = (frozenset(_data()["words"][kind]) for kind in ("polite", "none"))
    if said in none:
        return True
    kept = said.split()
    while kept and kept[-1] in plain:
        kept.pop()
    while kept and kept[0] in plain:
        kept.pop(0)
    return " ".join(kept) in none


def is_money(after: str) -> bool:
    """Say whether what follows a number makes it an amount."""
    unit = re.match(r"\s?([^\W\d_]{1,5}[²23]?)(?![^\W_])(?!\s+[ýy]\b)", after.casefold())
    return unit is not None and unit[1] in _data()["words"]["money"]


@lru_cache(maxsize=1024)
def as_phone(digits: str) -> str | None:
    """Return a number as +84… (or another country's); None where the digits are none to call.

    `digits` may begin with + or 00. Numbers of eleven digits from before 2018 are those they became.
    """
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    home = _at_home(digits)
    if home is not None:
        return _valid(home)
    return _valid(digits) if digits.startswith("+") else None


def _at_home(digits: str) -> str | None:
    """Return a number of this country as it is dialled here; None where it is none."""
    bare = digits.removeprefix("+")
    if bare.startswith("84") and len(bare) > 10:
        digits = "0" + bare[2:].removeprefix("0")
    old = _data()["old_mobile"]["prefixes"].get(digits[:4]) if len(digits) == 11 else None
    digits = old + digits[4:] if old else digits
    return digits if _NATIONAL.fullmatch(digits) else None


def _valid(digits: str) -> str | None:
    try:
        number = phonenumbers.parse(digits, _HOME)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_identity(digits: str) -> bool:
    """Say whether digits are those of an identity card: twelve, a province's code first."""
    return len(digits) == 12 and digits[:3] in _data()["identity"]["provinces"]
