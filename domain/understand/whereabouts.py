"""In which communes of a desk of many a danger is: read from few words in haste, more loosely than a report.

Who calls for help says “Tân Lập” for “xã Tân Lập Mẫu”, corrects (“nhầm, xã …”, “chứ không phải …”), or names
the two communes between which it is. Whatever is left open rings in all that may be meant.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.understand.fold import Token, clean, fold, tokens
from domain.understand.hamlets import WHOLE
from domain.understand.served import Named, Served, hamlet_before

_RANKS = frozenset(fold("xã phường x p tt trấn khu commune ward").split())
_LEADS = frozenset(
    fold(
        "ở tại thuộc bên dưới và với cùng giữa giáp ranh sang qua đến tới phía về phải nhầm là lan của gần"
        " hoặc hay cho bàn in at and between of from to near or"
    ).split()
)
"""Words behind which the name of a commune may stand without its rank."""
_HAMLETS = frozenset(fold("thôn xóm ấp tổ bản khu đội khóm buôn làng hamlet village").split())
_NEGATES = frozenset(fold("không ko k hông hok chẳng chả not isnt").split())
_BETWEEN = frozenset(
    fold("phải là ở tại thuộc bên xã phường cả địa bàn thị x p dưới khu nhà đến in at the").split()
)
"""Words that may stand between a “not” and the place it denies."""
_CORRECTS = re.compile(
    r"\b(?:nham|lon|sai|khong phai|ko phai|k phai|chu khong|chu ko|moi dung|moi phai|noi lai|sua lai"
    r"|dinh chinh|wrong|mistake|not in|not at|actually|i mean)\b"
)
_SPREADS = re.compile(
    r"\b(?:lan|lay|tran|loang|chay lan|chay)(?: \w+){0,2} (?:sang|qua|den|toi|ra)\b|\bspread\w*\b"
    r"|\bgiap(?: ranh)?\b|\branh gioi\b|\bgiua\b|\bborder\b|\bbetween\b"
    r"|\bca hai\b|\bca\b.*\bnua\b|\bcung (?:bi|dang|co)\b"
    r"|\bgan (?:xa|phuong|ranh)\b|\bnear\b"
)
_SERVES = re.compile(
    r"\b(?:chu tich|bi thu|cong an|ubnd|uy ban(?: nhan dan)?|can bo|truong phong|dang uy|police|chairman)"
    r"(?: (?:cua|o|ben|of|in))?$"
)
"""What stands before the commune in which somebody serves who is called, or told of."""
_BESIDE = re.compile(
    _SERVES.pattern
    + r"|\b(?:toi|tui|em|minh|con|chau|i|we)(?: (?:dang|von|cung|am|are))* (?:o|song|live|from)"
    r"(?: (?:tai|o|in|from|ben))?$"
)
"""The same, or what stands before the commune of whoever calls."""
_CALLED = re.compile(
    r"\b(?:truong(?: tieu hoc| mam non| mau giao| trung hoc(?: co so| pho thong)?| thcs| thpt| cap \w+)?"
    r"|tram y te|benh vien|nha van hoa|ben do|school|kindergarten|clinic)$"
)
"""What may bear a commune's name and lie in it, or in another: a school. Then it is in both."""
_SHORTEST = 2
"""Words of a name that is known without its rank, or before its end."""
_NEAR = 4
"""Words between a “not” and the place it denies."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The codes of the communes in which words say that it is, in their order; none where they say nothing.

    `denied` are those in which it is not; `plain` are the words without what they deny.
    """

    communes: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    corrects: bool = False
    plain: str = ""


def find(text: str, served: Served, here: str = "") -> Whereabouts:
    """Find where words say that a danger is, that was `here` until now (empty where nobody knows)."""
    text = clean(text)
    said, folded = tokens(text), fold(text)
    corrects = bool(_CORRECTS.search(folded))
    if not served.communes:
        return Whereabouts(corrects=corrects, plain=text)
    every = sorted(_mentions(text, said, served))
    negated = [one for one in every if _is_denied(said, one)]
    meant = [one for one in every if one not in negated]
    matter = [one for one in meant if not _is_beside(said, one)]
    if not matter and here:
        matter = [one for one in meant if not _is_beside(said, one, _SERVES)]
    meant = matter or ([] if here else meant)
    called = bool(matter) and all(_is_beside(said, one, _CALLED) for one in matter)
    corrects, spreads = corrects or bool(negated), called or bool(_SPREADS.search(folded))
    codes = list(dict.fromkeys(code for one in meant for code in _codes(one, here)))
    denied = [code for one in negated for code in one.codes]
    if corrects and not spreads and len(codes) > 1 and here in codes:
        codes.remove(here)
        denied.append(here)
    if spreads and codes and here and here not in codes and here not in denied:
        codes.insert(0, here)
    denied = [code for code in dict.fromkeys(denied) if code not in codes]
    return Whereabouts(tuple(codes), tuple(denied), corrects, _without(text, said, negated))


def _codes(one: Named, here: str) -> Sequence[str]:
    return (here,) if here in one.codes else one.codes


def _mentions(text: str, said: Sequence[Token], served: Served) -> Iterator[Named]:
    """Yield where communes are named by their names, by enough of them, or by a hamlet of their own."""
    full = served.named(said, led=lambda at, end: _may_begin(text, said, at, end))
    yield from full
    taken = {at for one in full for at in range(one.start, one.end)}
    for hit in served.shortened(said):
        if taken.isdisjoint(range(hit.start, hit.end)) and _may_begin(text, said, hit.start, hit.end):
            start = hit.start - (hit.start > 0 and said[hit.start - 1].fold in _RANKS)
            taken |= set(range(start, hit.end))
            yield Named(start, hit.end, hit.codes)
    for found in served.hamlet_names.find(said):
        codes = served.having(found.value.name) if found.value.how == WHOLE else ()
        if len(codes) == 1 and taken.isdisjoint(range(found.start, found.end)):
            taken |= set(range(found.start, found.end))
            yield Named(found.start, found.end, codes, whole=False)


def _may_begin(text: str, said: Sequence[Token], at: int, end: int) -> bool:
    """Say whether a name may be a commune's here: behind its rank or what leads to a place, or by itself."""
    if end - at < _SHORTEST and not (at and said[at - 1].fold in _RANKS):
        return False
    if (
        at == 0
        or said[at - 1].fold in _RANKS | _LEADS | _NEGATES
        or (end < len(said) and said[end].fold in _RANKS)
    ):
        return True
    if any(mark in text[said[at - 1].end : said[at].start] for mark in ",.;:!?-/()\n"):
        return True
    before = " ".join(token.fold for token in said[max(0, at - _NEAR) : at])
    hamlet = any(at - words > 0 and said[at - words - 1].fold in _HAMLETS for words in (1, 2))
    return hamlet or bool(_CALLED.search(before))


def _is_denied(said: Sequence[Token], one: Named) -> bool:
    """Say whether a “not” stands before a name: “chứ không phải thôn 1 xã …”."""
    start = hamlet_before(said, one.start) if one.whole else one.start
    for at in range(start - 1, max(-1, start - 1 - _NEAR), -1):
        if said[at].fold in _NEGATES:
            return True
        if said[at].fold not in _BETWEEN:
            return False
    return False


def _is_beside(said: Sequence[Token], one: Named, how: re.Pattern[str] | None = None) -> bool:
    """Say whether a commune is named only as where whoever calls lives, or somebody serves."""
    before = " ".join(token.fold for token in said[: hamlet_before(said, one.start)])
    return one.whole and bool((how or _BESIDE).search(before))


def _without(text: str, said: Sequence[Token], negated: Sequence[Named]) -> str:
    """Return the words without the places they deny."""
    for one in sorted(negated, reverse=True):
        start = hamlet_before(said, one.start) if one.whole else one.start
        text = f"{text[: said[start].start]} {text[said[one.end - 1].end :]}"
    return text
