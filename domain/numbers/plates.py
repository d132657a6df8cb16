"""Plates of vehicles, however they are typed or read out, and those that are what is told."""

import re
from collections.abc import Iterator
from functools import cache

from domain import codes
from domain.numbers.kinds import Found, Kind, apart
from domain.numbers.reading import digit_words, is_money, listed
from domain.numbers.rows import HIDDEN
from domain.understand.fold import fold

_GAP = rf"[ .\-{HIDDEN}]{{0,3}}"
_ANY = re.compile(
    rf"(?<![^\W_])(?P<area>\d{{2}})(?P<by>{_GAP})(?P<series>[a-zđ]{{1,2}}[ ]?\d??)(?P<gap>{_GAP})"
    rf"(?P<row>\d(?:[ .\-]?\d){{3,4}})(?![^\W_]|[.,]\d)",
    re.IGNORECASE,
)
"""A plate where words say that it is one."""
_STRICT = re.compile(
    rf"(?<![^\W_])(?P<area>\d{{2}})(?P<by>{_GAP})(?P<series>[a-zđ]{{1,2}}\d??)(?P<gap>{_GAP})"
    rf"(?P<row>\d{{3}}[. ]?\d{{2}}|\d{{4}})(?![^\W_]|[.,]\d)",
    re.IGNORECASE,
)
"""A plate that nothing announces."""
_OTHER = re.compile(
    r"(?<![^\W_])(?:(?P<envoy>\d{2}-?\d{3}-?(?:NG|NN|QT|CV)-?\d{2})|(?P<arms>[A-Z]{2}[ \-]?\d{2}[ \-]?\d{2})"
    r"|(?P<tail>\d{3}[. ]?\d{2}))(?![^\W_]|[.,]\d)",
    re.IGNORECASE,
)
"""An embassy's; an army's and one without its beginning, where words say that it is one."""
_BEFORE = 48
"""Signs around a plate that are looked at."""
_FILLER = (
    r"(?:[ :.\-,(“\"]|(?<![^\W_])(?:so|la|xe|duoi|mang|cua|toi|em|minh|no|do|dep|oto|o to|may|tai|nay)"
    r"(?![^\W_]))*$"
)
_NAMED = re.compile(
    r"(?<![^\W_])(?:bien so|bien kiem soat|bien ks|bks|bsx|bien xe|so xe|dang ky xe|registration"
    rf"|licen[cs]e plate|number plate|plate(?: number| no)?)(?![^\W_]){_FILLER}"
)
_SAID = re.compile(rf"(?<![^\W_])(?:bien|bs)(?![^\W_]){_FILLER}")
_VEHICLE = (
    r"(?<![^\W_])(?:xe|oto|o to|taxi|container|cong nong|may cay|truck|lorry|car|motorbike|van)(?![^\W_])"
)
_NEAR = re.compile(rf"{_VEHICLE}[^.;!?\d…]{{0,24}}$")
_BESIDE = re.compile(rf"{_VEHICLE}(?: (?:tai|may|con|ben|khach|bus|oto|o to|hoi|ba gac|dau keo|container))*$")
_PLACE = re.compile(
    r"(?<![^\W_])(?:ql|tl|dt|dh|duong|quoc lo|tinh lo|lo|(?<!o )to|ngo|ngach|hem|kiet|khu|doi|cot|kenh|thua"
    r"|nha|phong|lop|can|toa|block|day|xom|thon|tram|kiot|sap|dieu|khoan)[ :.\-]*$"
)
"""What else has a number and a letter: “QL 15A”, “tổ 12B”."""
_OWN = re.compile(
    r"(?<![^\W_])(?:xe|oto|o to)(?: (?:may|oto|o to|tai|con|hoi|dap dien))*(?: cua)?"
    r" (?:toi|tui|em|minh|con|chau|nha|gia dinh|vo|chong|bo|me)(?![^\W_])[^.;!?]{0,32}$"
)
_UNITS = frozenset(
    {"h", "k", "m", "g", "d", "đ", "l", "p", "s", "km", "kg", "cm", "mm", "ha", "tr", "th", "ng"}
)
"""Small letters that make hours, sums and measures of two digits."""


def plates(said: str) -> list[Found]:
    """Return every plate of a plain text, in order."""
    hits = (hit for pattern in (_ANY, _STRICT, _OTHER) for hit in pattern.finditer(said))
    return apart(Found(Kind.PLATE, *hit.span(), _value(hit[0])) for hit in hits if _is_plate(said, hit))


def is_own(text: str, found: Found) -> bool:
    """Say whether a plate is that of whoever writes, whatever was done to them."""
    return _OWN.search(fold(text[max(0, found.start - 2 * _BEFORE) : found.start])) is not None


def tells_of_driving(text: str) -> bool:
    """Say whether a text tells of a vehicle what its driver answers for: its plate is what is told."""
    return _deed_words().search(fold(text)) is not None


@cache
def _deed_words() -> re.Pattern[str]:
    deeds = "|".join(sorted(map(re.escape, map(fold, listed("plates", "deeds"))), key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{deeds})(?![^\W_])")


def _value(said: str) -> str:
    return re.sub(r"[\W_]", "", said).upper()


def _is_plate(said: str, hit: re.Match[str]) -> bool:
    # Behind what is masked, or taken already, no word before it counts.
    before = fold(re.split("[…@]", said[max(0, hit.start() - _BEFORE) : hit.start()])[-1])
    if is_money(said[hit.end() : hit.end() + _BEFORE]) or _is_code(said, hit):
        return False
    if hit.re is _OTHER:
        return hit["envoy"] is not None or _NAMED.search(before) is not None
    named = _NAMED.search(before) is not None or _SAID.search(before) is not None
    return named or (hit.re is _STRICT and _looks_so(hit, before))


def _looks_so(hit: re.Match[str], before: str) -> bool:
    """Say whether what nothing calls a plate is one by its shape, and by a vehicle before it."""
    series, gap, row = hit["series"], hit["gap"], hit["row"]
    near, small = _NEAR.search(before) is not None, series != series.upper()
    loose = not gap.strip() and gap != ""
    joined = gap.strip() != "" and len(row) > len("1234")  # so is nothing else written
    if not joined and (hit["area"] not in listed("plates", "areas") or _PLACE.search(before) is not None):
        return False
    if len(row) == len("1234") and (loose or row[:2] in {"19", "20"}):
        return False
    if small and series.casefold() in _UNITS:
        return _BESIDE.search(before) is not None
    if small:
        return near or (not loose and not hit["by"].strip(".-") and len(series.rstrip("0123456789")) == 1)
    return True


def _is_code(said: str, hit: re.Match[str]) -> bool:
    """Say whether this is the end of the code of a case: “HB-29A2345”."""
    head = re.search(r"(?<![^\W_])[A-Za-z]{2}[.\-_]$", said[max(0, hit.start() - 4) : hit.start()])
    return head is not None and codes.parse(head[0] + hit[0]) is not None


@cache
def _read_out() -> re.Pattern[str]:
    word = rf"(?:{'|'.join(sorted(digit_words(), key=len, reverse=True))}|\d{{1,3}})"
    gap = r"[ .,\-]{1,3}"
    called = r"(?:bi[ểe]n s[ốo](?: xe)?|bi[ểe]n ki[ểe]m so[áa]t|bi[ểe]n xe|bks|s[ốo] xe)(?: l[àa])?"
    series = rf"[^\W\d_]{{1,3}}(?:{gap}{word})??"
    row = rf"(?:{word}{gap}){{2,5}}(?:ch[ấa]m{gap})?(?:{word}{gap}){{0,2}}{word}"
    area = rf"{word}{gap}(?:m[ưu][ờơo]i{gap})?{word}"
    plate = rf"(?P<plate>{area}{gap}{series}{gap}{row})"
    return re.compile(rf"\b{called}[ :]{{1,3}}{plate}(?![^\W_])", re.IGNORECASE)


_UNSAID = frozenset({"chấm", "cham", "mươi", "mười", "muơi", "mưoi", "muoi"})


def read_out(said: str) -> Iterator[Found]:
    """Yield plates that are read out behind words that say so: “biển số ba tám a một hai ba bốn năm”."""
    meant = digit_words()
    for hit in _read_out().finditer(said):
        named = [one.casefold() for one in re.findall(r"[^\W\d_]+|\d+", hit["plate"])]
        value = "".join(meant.get(one, one) for one in named if one not in _UNSAID)
        yield Found(Kind.PLATE, hit.start("plate"), hit.end("plate"), value.upper())
