"""Telephone number and headline of a message."""

import re

import phonenumbers

_WIDTH = 80
_DIGITS = re.compile(r"(?:\+?84|0)(?:[\s.\-()]*\d){8,10}")
_TOO_MANY = 40  # numbers looked at before giving up: nobody leaves more
_OPENING = re.compile(
    r"""^(?:[\s.,;:!?\-–]*(?:
        k[íi]nh\ (?:g[ửu]i|th[ưu]a)[^.,:;\n]{0,80}[.,:;\n]
        | (?:t[ôo]i|em|ch[áa]u|con)\ (?:t[êe]n|l[àa]\ t[êe]n)[^.,:;\n]{0,60}[.,:;\n]
        | (?:d[ạa]|th[ưu]a|v[âa]ng|alo|xin\ ch[àa]o|ch[àa]o|a\ l[ôo]|em\ ch[àa]o|ch[áa]u\ ch[àa]o)
          (?:\ (?:anh|ch[ịi]|b[áa]c|c[ôo]|ch[úu]|c[áa]n\ b[ộo]|qu[ýy]\ v[ịi]|x[ãa]
            |bot|ad|b[ạa]n|th[ưu]a|em|c[áa]c))*
          (?=[\s.,;:!?]|$)
        | ạ(?=[\s.,;:!?]|$)
    ))+[\s.,;:!?\-–]*""",
    re.IGNORECASE | re.VERBOSE,
)


def find_phone(text: str) -> str | None:
    """Return the first valid Vietnamese number in the text, as +84…; None when there is none."""
    for count, match in enumerate(_DIGITS.finditer(text)):
        number = _parsed(match[0])
        if number is not None or count >= _TOO_MANY:
            return number
    return None


def without_numbers(text: str) -> str:
    """Return the text with what could be a number to call left out."""
    return _DIGITS.sub("…", text)


def _parsed(digits: str) -> str | None:
    try:
        number = phonenumbers.parse(digits, "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number_for_region(number, "VN"):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def headline(text: str) -> str:
    """Give the message in at most 80 characters, cut between words, without numbers to call or salutation."""
    plain = " ".join(_DIGITS.sub(" ", text[:2000]).split())
    body = _OPENING.sub("", plain) or plain
    if len(body) <= _WIDTH:
        return body
    cut = body[: _WIDTH - 1]
    whole = cut if body[_WIDTH - 1] == " " else cut.rpartition(" ")[0] or cut
    return whole.rstrip(" ,.;:-–") + "…"
