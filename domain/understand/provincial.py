"""What is told as a matter of the province itself: its hospital, departments and roads, or by the wish."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from domain.understand.fold import fold, tokens

_WISHED = re.compile(
    r"\b(?:phan anh|kien nghi|bao|gui|khieu nai|to cao|de nghi|chuyen|noi|trinh|hoi|y kien)(?: \w+){0,3}?"
    r" (?:len|toi|den|voi|cho|ve) (?:(?:cap|lanh dao|ubnd|uy ban(?: nhan dan)?|ban tiep cong dan) )?tinh\b"
    r"|\b(?:viec|day)(?: nay)?(?: la)?(?: viec)? (?:cua|thuoc)(?: cap)? tinh\b"
    r"|\b(?:tell|send|report|write|complain)(?: \w+){0,4} to the (?:province|provincial)\b"
)
_NOT_NOW = re.compile(r"\b(?:da|chua|khong|xa|phuong|thon|ho|se)(?: (?:co|duoc|phai|tung|cung))?(?: \w+)? $")
"""What stands before such words where somebody else did so, or the writer before."""
_OVER = re.compile(r" (?:roi|nhieu lan|may lan|ma (?:khong|chua))\b")
_BODIES = re.compile(
    r"\b(?:benh vien|truong|trung tam|bao tang|thu vien|ben xe|dai phat thanh|san van dong|quang truong"
    r"|cong vien|xe buyt|toa an|kho bac|cong an|thanh tra|doan(?: kiem tra)?|ubnd|uy ban(?: nhan dan)?)"
    r"(?: (?!(?:xa|phuong|thon|xom|huyen|thi|o|tai|thuoc|len|bao)\b)\w+){0,4}? (?:cua )?tinh\b"
    r"|\bprovincial (?:\w+ )?(?:hospital|department|police|school|museum|library|bus|buses)\b"
)
_ROADS = re.compile(r"\b(?:tinh lo|duong tinh(?! trang)|(?:duong )?dt ?[3-9]\d\d[a-z]?|provincial road)\b")
_ASIDE = re.compile(
    r"\b(?:theo|cho|doi|bao|gui|nop|xin|hoi|len|quyet dinh|yeu cau|huong dan|chi dao|van ban|cong van|nguoi"
    r"|giay phep|ket luan)(?: \w+){0,2}?(?: (?:cua|len|cho|voi|toi))? $"
)
"""What stands before who is only asked, waited for or obeyed."""
_ANSWER = re.compile(
    r"(?:(?:da|cua|thuoc|len|cap|ca|gui|toi|ve|do|la|viec|day|nay|o|toan|the|whole|to) )*"
    r"(?:(?:ubnd|uy ban(?: nhan dan)?) )?(?:tinh(?: (?!lo\b)\w+){0,2}|province|provincial)"
)
_LEADING = 3
"""Words of a department's name by which it is called: “Sở Nông nghiệp” for “Sở Nông nghiệp và Môi trường”."""


def is_wished(text: str) -> bool:
    """Say whether somebody wants the province to hear it, in so many words."""
    said = _folded(text)
    return any(
        not _NOT_NOW.search(said[: found.start()]) and not _OVER.match(said[found.end() :])
        for found in _WISHED.finditer(said)
    )


def is_road(text: str) -> bool:
    """Say whether it is of a road of the province."""
    return _ROADS.search(_folded(text)) is not None


def is_body(text: str, departments: Iterable[str]) -> bool:
    """Say whether it is of a body of the province; its departments are given by their names."""
    said = _folded(text)
    found = chain(_BODIES.finditer(said), _called(tuple(departments)).finditer(said))
    return any(not _ASIDE.search(said[: one.start()]) for one in found)


@lru_cache(maxsize=10)
def _called(departments: tuple[str, ...]) -> re.Pattern[str]:
    called = {" ".join(fold(name).split()[:_LEADING]) for name in departments}
    either = "|".join(re.escape(name) for name in sorted(called, reverse=True) if name.startswith("so "))
    return re.compile(rf"\b(?:{either or '(?!)'})\b")


def is_answer(text: str) -> bool:
    """Say whether words that answer of which commune something is name the province."""
    return _ANSWER.fullmatch(_folded(text)) is not None


def _folded(text: str) -> str:
    return " ".join(token.fold for token in tokens(text))
