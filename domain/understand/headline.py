"""The headline of a message: what it is about, and not who wrote it."""

import re

from domain import numbers
from domain.understand.introductions import without_introductions

_WIDTH = 80
_A_NUMBER = 16
"""Letters of a telephone number."""
_LEFT_OVER = re.compile(r"(?<=[.,;:])\s*[.,;:]+|\s+(?=[.,;:!?])")
"""Marks around what was left out."""
# Without their marks “da”, “thua” and “vang” are courtesy only before somebody who is spoken to: “đã báo xã”,
# “thửa đất” and “vắng cán bộ” are what is told.
_LABEL = re.compile(
    r"[\s,;:.–…-]*(?:(?:số|so|sđt|sdt|đt|dt|điện thoại|dien thoai|phone|number)\b[\s:.…]*"
    r"(?:(?:là|la|tôi|toi|của|cua|em|máy|may)\b[\s:…]*)*)+$",
    re.IGNORECASE,
)
"""What announced a number at the end, which is left out."""
_OPENING = re.compile(
    r"""^(?:[\s.,;:!?\-–]*(?:
        k[íi]nh\ (?:g[ửu]i|th[ưu]a)[^.,:;\n]{0,80}[.,:;\n]
        | (?:t[ôo]i|em|ch[áa]u|con)\ (?:t[êe]n|l[àa]\ t[êe]n)[^.,:;\n]{0,60}[.,:;\n]
        | (?:dạ|da(?=[.,;:!?]|$|\ (?:th[ưu]a|anh|em|ch[áa]u|ad|bot)\b)
            |thưa|thua(?=[.,;:!?]|$|\ (?:anh|ch[ịi]|b[áa]c|c[ôo]|ch[úu]|c[áa]n\ b[ộo]|qu[ýy]|c[áa]c)\b)
            |vâng|v[âa]ng\ [ạa]|vang(?=[.,;:!?]|$|\ (?:th[ưu]a|anh|em|ch[áa]u|d[ạa])\b)
            |alo|xin\ ch[àa]o|ch[àa]o|a\ l[ôo]|em\ ch[àa]o|ch[áa]u\ ch[àa]o)
          (?:\ (?:anh|ch[ịi]|b[áa]c|c[ôo]|ch[úu]|c[áa]n\ b[ộo]|qu[ýy]\ v[ịi]|x[ãa]
            |bot|ad|b[ạa]n|th[ưu]a|em|c[áa]c))*
          (?=[\s.,;:!?]|$)
        | ạ(?=[\s.,;:!?]|$)
    ))+[\s.,;:!?\-–]*""",
    re.IGNORECASE | re.VERBOSE,
)


def without_sender(text: str, *, plates: bool = False) -> str:
    """Give a message in one line without a salutation, a number, and "I am …"; “…” if nothing is left.

    The plate of another's vehicle that does what is told stays, with `plates` every one.
    """
    spared = {numbers.Kind.PLATE} if plates else ()
    plain = " ".join(numbers.mask(text[:2000], spare=spared, needed=True).split())
    if numbers.phone(text[-_A_NUMBER:]) is not None and text.rstrip(" .")[-1:].isdecimal():
        plain = _LABEL.sub("", plain)
    body = _OPENING.sub("", plain) or plain
    return _LEFT_OVER.sub("", " ".join(without_introductions(body).split())).strip(" ,;:-–…") or "…"


def headline(text: str, *, plates: bool = False) -> str:
    """Give the message in at most 80 characters, cut between words: no salutation, no number, no "I am …".

    With `plates`, as where danger is told, every plate stays: whoever goes there looks for it.
    """
    body = without_sender(text, plates=plates)
    if len(body) <= _WIDTH:
        return body
    cut = body[: _WIDTH - 1]
    whole = cut if body[_WIDTH - 1] == " " else cut.rpartition(" ")[0] or cut
    return whole.rstrip(" ,.;:-–…") + "…"
