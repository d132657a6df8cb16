"""The one reader of numbers that belong to a person: telephones, papers, accounts, plates, e-mail addresses.

It takes every one of a text, whatever stands around it, and nothing that begins within a longer row of digits
or stands in a date, a time, an amount or a case's code. What is masked is exactly what was found, all of it.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from domain import codes
from domain.numbers.kinds import Found, Kind, apart, blanked
from domain.numbers.papers import papers
from domain.numbers.plates import is_own, plates, read_out, tells_of_driving
from domain.numbers.reader import Reader
from domain.numbers.reading import any_spoken, as_phone, is_identity, is_none, named, spoken
from domain.numbers.rows import JOINT, as_digits, plain, runs

MASK = "…"
_EMAIL = re.compile(
    r"[^\W_][\w.+\-]{0,63}(?:\s?@\s?|\s?[\(\[](?:at|a còng|a cong)[\)\]]\s?|\s(?:a còng|a cong)\s)"
    r"[^\W_][\w\-]*(?:(?:\s?\.\s?|,(?=(?:com|vn)\b)|\s(?:chấm|cham)\s)(?=[^\W\d_])[\w\-]{2,24}){1,3}",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    r"(?<!\d)(?:"
    r"(?:[0-3]?\d[ ]?-[ ]?)?[0-3]?\d(?P<by>[./\-])[01]?\d(?P=by)(?:19|20)\d\d(?!(?P=by)?\d)"  # 8-10/11/2026
    r"|[0-3]?\d(?P<dot>[./\-])[01]?\d(?P=dot)\d\d(?!(?P=dot)?\d)(?=[^\d]|$)"  # 8/11/26
    r"|[0-3]?\d [01]?\d (?:19|20)\d\d(?!\d)"
    r"|(?:19|20)\d\d(?P<iso>[./\-])[01]?\d(?P=iso)[0-3]?\d(?!\d)"
    r"|[0-2]?\d:[0-5]\d(?::[0-5]\d)?(?!\d)"
    r")"
)
_CODE = re.compile(r"(?<![^\W_])[A-Za-z]{2}[.\-_]?[A-Za-z0-9]{7}(?![^\W_])")
_FEW = 5
"""Digits read out that words call nothing with certainty."""
_DIGIT = re.compile(r"\d")
_NEAR = 64
"""Signs before a number that are looked at."""


def find(text: str) -> list[Found]:
    """Return every number of a text that belongs to somebody, in order; none overlaps another."""
    return list(_find(text))


@lru_cache(maxsize=64)  # one message is looked at for its numbers again and again
def _find(text: str) -> tuple[Found, ...]:
    said = plain(text)
    typed = _DIGIT.search(said) is not None  # most messages hold no digit, and are not looked at twice
    found = [Found(Kind.EMAIL, m.start(), m.end(), m[0]) for m in _EMAIL.finditer(said)]
    said = blanked(said, found)
    for reads in (*((papers, plates) if typed else ()), read_out, _spoken):
        more = apart(reads(said))
        said, found = blanked(said, more), [*found, *more]
    if typed:
        said = as_digits(_without_moments(_without_codes(said)))
        found += [one for chain in runs(said, JOINT) for one in Reader(said, chain).read()]
    return tuple(sorted(found, key=lambda one: one.start))


def _spoken(said: str) -> Iterator[Found]:
    """Yield numbers that are read out in words: what words call so, telephones and identity cards."""
    if not any_spoken(said):
        return
    for start, end, digits in spoken(said, called=True):
        name = named(said[max(0, start - _NEAR) : start])
        if name not in {"", Kind.PHONE} and len(digits) > _FEW:
            yield Found(Kind(name), start, end, digits)
    for start, end, digits in spoken(said):
        phone = as_phone(digits)
        if phone is not None:
            yield Found(Kind.PHONE, start, end, phone)
        elif is_identity(digits):
            yield Found(Kind.IDENTITY, start, end, digits)


def mask(
    text: str,
    sign: str = MASK,
    *,
    spare: Collection[Kind] = (),
    known: Collection[str] = (),
    needed: bool = False,
) -> str:
    """Return the text with every number that belongs to somebody left out, but those of the kinds to spare.

    `known` are numbers that stay, as they are read (+84…): the reader's own, and those of offices.
    `needed`: the plate of another's vehicle stays that does what is told, as whoever acts looks for it.
    """
    kept, at = list[str](), 0
    found = [one for one in find(text) if one.kind not in spare and one.value not in known]
    if needed and any(one.kind == Kind.PLATE for one in found) and tells_of_driving(text):
        found = [one for one in found if one.kind != Kind.PLATE or is_own(text, one)]
    for one in found:
        kept += [text[at : one.start], sign]
        at = one.end
    return "".join([*kept, text[at:]])


def phones(text: str) -> list[str]:
    """Return the telephone numbers of a text, as +84…, each once."""
    return list(dict.fromkeys(found.value for found in find(text) if found.kind == Kind.PHONE))


def phone(text: str) -> str | None:
    """Return the first telephone number of a text; None where it has none."""
    return next(iter(phones(text)), None)


def phone_alone(text: str) -> str | None:
    """Return the number of an answer or a cell that should be one: without its 0 too, as sheets lose it."""
    digits = re.sub(r"[^\d+]", "", as_digits(plain(text)))
    if re.search(r"[^\W\d_]", as_digits(plain(text))) is None:
        return phone(text) or (as_phone(f"0{digits}") if len(digits) == 9 else as_phone(digits))
    return phone(text)


def _without_codes(said: str) -> str:
    """Blank the codes of cases, which are told to be looked up."""
    return _CODE.sub(lambda match: ":" * len(match[0]) if codes.parse(match[0]) else match[0], said)


def _without_moments(said: str) -> str:
    """Blank dates and times of day, by signs that join nothing; what is longer is no date."""
    return _MOMENT.sub(lambda match: ":" * len(match[0]), said)


def is_moment(text: str) -> bool:
    """Say whether a text is a date or a time of day."""
    return _MOMENT.fullmatch(plain(text).strip(" ,.;")) is not None


__all__ = [
    "MASK",
    "Found",
    "Kind",
    "find",
    "is_moment",
    "is_none",
    "mask",
    "phone",
    "phone_alone",
    "phones",
]
