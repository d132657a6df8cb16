"""Rows of digits in a text, however they are typed: each sign read plainly, in its own place."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

HIDDEN = "\u200b"
"""What every sign nobody sees is read as."""
JOINT = rf"[{HIDDEN} .\-/()_*~|,]{{1,5}}"
"""What may part the groups of a number."""
_MARKS = {**dict.fromkeys("·•∙‧・᛫⋅", "."), **dict.fromkeys("⁄∕", "/"), "−": "-"}
_LIKE_DIGITS = str.maketrans("oOlI|", "00111")
_SPELLED = re.compile(rf"(?<![^\W_])(?=[oOlI0-9{HIDDEN}]*[0-9])[oOlI0-9]{{3,}}(?![^\W_])")


@dataclass(frozen=True, slots=True)
class Row:
    """Digits that stand together, unseen signs apart, and where they stand in the text."""

    digits: str
    start: int
    end: int


def plain(text: str) -> str:
    """Return the text sign for sign as it is meant: digits of any width, kinds of blanks, dashes and dots."""
    if text.isascii():
        return "".join(" " if sign.isspace() else sign for sign in text)
    return "".join(map(_meant, text))


@lru_cache(maxsize=4096)
def _meant(sign: str) -> str:
    digit = unicodedata.decimal(sign, None)
    kind = unicodedata.category(sign)
    if digit is not None:
        return str(digit)
    if kind in {"Cf", "Me"} or "\ufe00" <= sign <= "\ufe0f":
        return HIDDEN
    if sign.isspace() or kind == "Cc":
        return " "
    wide = unicodedata.normalize("NFKC", sign)
    usual = "-" if kind == "Pd" else _MARKS.get(sign) or _MARKS.get(wide)
    return usual or (wide if len(wide) == 1 and not wide.isdigit() else sign)


def as_digits(said: str) -> str:
    """Return a plain text in which letters that stand for digits within a number are those digits: “o9o5”."""
    return _SPELLED.sub(lambda match: match[0].translate(_LIKE_DIGITS), said)


_ROW = re.compile(rf"\d(?:{HIDDEN}*\d)*")


def rows(said: str) -> list[Row]:
    """Return every row of digits of a plain text, in order."""
    return [Row(m[0].replace(HIDDEN, ""), m.start(), m.end()) for m in _ROW.finditer(said)]


def joint(said: str, left: Row, right: Row) -> str | None:
    """Return what parts two rows of one number, unseen signs apart; None where they are two."""
    between = said[left.end : right.start]
    return between.replace(HIDDEN, "") if re.fullmatch(JOINT, between) else None


def runs(said: str, parted: str) -> list[list[Row]]:
    """Group the rows of a plain text that nothing parts but what matches; letters like digits are digits."""
    digits = as_digits(said)
    found, between = rows(digits), re.compile(parted)
    grouped = [[found[0]]] if found else []
    for left, right in pairwise(found):
        if between.fullmatch(digits[left.end : right.start]):
            grouped[-1].append(right)
        else:
            grouped.append([right])
    return grouped
