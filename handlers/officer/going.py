"""What people write who are called to a danger: that they go there, are there, or cannot; and which hamlet.

Only whoever is called somewhere at that moment means it so: to all others these are words like any other.
"""

import re
import unicodedata

from domain.rules import Rules
from domain.understand.fold import fold
from handlers.engine.commands import Command

_EDGES = " .,:;!?…"
_WHO = (
    r"(?:(?:da|vang|ok|oke|duoc|bao|thoi|de) )*"
    r"(?:(?:toi|tui|tao|em|anh|chi|chu|minh|chau|bon toi|chung toi|tui toi|to toi) )?"
)
_GOES = r"(?:toi|den|ra|qua|di|len|xuong|chay|chay (?:toi|den|ra|qua|lai)|di (?:toi|den))"
_NOT = r"(?:khong|khg|kg|ko|k|hong|hok|hem|chang|het)"
_ENDS = r"(?: (?:ngay|lien|luon|day|do|nhe|nha|nghen|a|roi|nua|lien day|ngay day))*"
_BUSY = r"(?:(?:dang|bi|ban|ket|mac|viec|xin loi|gio|hien) )*"
_AT = r"(?:noi|tan noi|hien truong)"
_READINGS = (
    ("stay", rf"{_WHO}{_BUSY}{_NOT} (?:the )?{_GOES}(?: (?:duoc|dc|noi|kip))*{_ENDS}"),
    ("stay", rf"{_WHO}{_GOES} {_NOT} (?:duoc|dc|noi|kip){_ENDS}"),
    ("stay", r"(?:i )?(?:cannot|can't|can not) (?:go|come|make it)(?: any ?more)?"),
    ("there", rf"{_WHO}(?:da|vua|moi) (?:toi|den|co mat)(?: (?:{_AT}|day|roi|o|do))*{_ENDS}"),
    ("there", rf"{_WHO}(?:dang )?(?:o|co mat)(?: (?:day|do|tai cho|hien truong|tan noi|roi))+{_ENDS}"),
    ("there", rf"{_WHO}(?:toi|den)(?: (?:noi|tan noi|hien truong))? roi{_ENDS}"),
    ("there", rf"{_WHO}(?:toi|den) (?:noi|tan noi|hien truong){_ENDS}"),
    ("there", r"(?:i am|i'm|we are) (?:there|here)"),
    ("go", rf"{_WHO}(?:(?:se|dang|cung|dang tren duong|tren duong) )*{_GOES}{_ENDS}"),
    ("go", rf"{_WHO}(?:dang )?tren duong{_ENDS}"),
    ("go", r"(?:i am |i'm )?(?:going|coming|on my way)"),
)
_OTHERS = frozenset({"nói", "nội", "tối", "tồi", "tội", "đèn"})
"""Words that are other ones without their diacritics."""
_SHAPES = tuple((name, re.compile(shape)) for name, shape in _READINGS)
_WHERE = re.compile(r"\b(?:o|cho|ben|cho chay|dam chay|vu chay|vu|nha)\b ?$")
"""What stands before the name of a place, and says nothing by itself."""


def read(rules: Rules, text: str) -> Command | None:
    """Return what is said of going, and as its text the code of the hamlet that is named."""
    said, area = fold(text).strip(_EDGES), ""
    for hamlet in sorted(rules.directory.hamlets, key=lambda one: -len(one.name)):
        before, named, after = f" {said} ".replace(",", " ").partition(f" {fold(hamlet.name)} ")
        if named:
            rest = f"{_WHERE.sub('', before.strip())} {after}"
            said, area = " ".join(rest.split()).strip(_EDGES), hamlet.code
            break
    spelled = unicodedata.normalize("NFC", text).casefold().split()
    if (not area and " " not in said) or not _OTHERS.isdisjoint(spelled):
        return None
    name = next((name for name, shape in _SHAPES if shape.fullmatch(said)), "")
    return Command(name, text=area) if name else None


NAMES = frozenset(name for name, _ in _READINGS)
