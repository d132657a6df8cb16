"""What officials say in their own words, without a code, of what the help and the menu name: pure reading.

Only what says it from its first word and goes on as such wishes do is read so: “xin gia hạn tạm trú thì nộp…”
is how an answer may begin.
"""

import re
from collections.abc import Iterator

from domain.understand import leave, orders
from domain.understand.fold import fold
from handlers.engine import commands
from handlers.engine.commands import Command

_EDGES = " .,:;!?…"
_WHO = r"(?:(?:vang|em|toi|tui|anh|chi|minh|chau|cho|xin|nho|muon|can|de|giup|phep|duoc) )*"
_DAYS = r"(?:\d+|mot|hai|ba|bon|nam|vai|may) (?:ngay|hom|tuan)(?: lam viec)?"
_MATTER = r"(?:viec|vu|ho so|don|cai|y kien|phan anh)"
_OURS = r"(?:toi|tui|em|minh|(?:phong|ben|don vi|to|ban) (?:toi|tui|em|minh))"
_WHOM = r"(?:ba con|dan|nguoi dan|nguoi gui|nguoi bao|cong dan)"
_WHY = r"(?: (?:vi|do|tai|de) .+)?"
_ENDS = r"(?: (?:a|nhe|nha|voi|di|giup|luon|nua|lai|dau))*"
_LONGER = (
    rf" (?:lai|giup|{_MATTER}(?: nay)?|nay|them|nua|vao|cho (?:em|toi|minh|{_MATTER}(?: nay)?)"
    rf"|{_DAYS}|(?:den|toi) (?:ngay |het |thu )?[\w/.-]+|a|nhe|voi)"
)
_OPEN = r"(?!.*\b(?:duoc biet|cho biet|thi|noi la|noi rang)\b)"
"""A question that was put already, and what came of it, is how an answer may begin."""
_KINDLY = r"(?: (?:la|rang|giup|gium|dum|ho|voi|xem))*"
_POWERS = r"(?: (?:tham quyen|trach nhiem|phan viec))?"
_NOT_OURS = rf"khong (?:phai )?(?:la )?(?:viec )?(?:cua|thuoc){_POWERS}(?: cua)? {_OURS}"
_READINGS = (
    ("extend", rf"{_WHO}(?:gia han|lui han|keo dai (?:thoi )?han)(?:{_LONGER})*{_WHY}"),
    ("extend", rf"{_WHO}(?:xin|cho) (?:em |toi |minh )?(?:them|lui) {_DAYS}(?: nua)?{_WHY}{_ENDS}"),
    (
        "transfer",
        rf"{_WHO}(?:chuyen|day) (?:{_MATTER} )?nay(?: (?:cho|sang|qua|ve|den|toi|len))+ (?P<rest>.{{2,60}})",
    ),
    ("transfer", rf"(?:{_MATTER} (?:nay )?)?{_NOT_OURS}{_ENDS}"),
    ("transfer", rf"khong phai viec (?:cua )?{_OURS}{_ENDS}"),
    (
        "reassign",
        rf"{_WHO}(?:giao|phan cong) (?:{_MATTER} )?nay (?:lai )?(?:cho|sang|qua|ve) (?P<rest>.{{2,60}})",
    ),
    ("decline", rf"{_WHO}(?:dong|khep|ket thuc) (?:{_MATTER} )nay{_ENDS}"),
    ("calm", rf"{_MATTER} nay khong (?:phai )?(?:la )?(?:viec )?khan(?: cap)?{_ENDS}"),
    ("note", r"ghi chu(?: noi bo)?[ :,-]+(?P<rest>.{2,})"),
    (
        "question",
        rf"{_WHO}hoi (?:(?:lai|them|giup) )*{_WHOM}{_KINDLY}[ :,-]+(?P<rest>{_OPEN}.{{5,}})",
    ),
    ("called", rf"{_WHO}(?:da )?goi(?: dien| lai)*(?: cho)?(?: {_WHOM})?(?: (?:roi|xong|a))+"),
)
_SHAPES = tuple((name, re.compile(shape)) for name, shape in _READINGS)
_ANSWER = re.compile(
    rf"(?:tra loi|tl|nhan|bao|phan hoi)(?: lai)?(?: cho)? {_WHOM}(?: (?:la|rang))?[ :,-]+"
    r"|(?:tra loi|tl)\s*[:,-]\s*"
)
_PHONE = r"(?:(?:cai|chiec|con|may) )?(?:dien thoai|dt|dtdd|may|sim|may tinh|laptop|di dong)"
_OLD = r"(?:cu|kia|khac|do|con lai|(?:bi |da )?mat|cua (?:toi|em|minh))"
_LOST = (
    r"(?:(?:bi|vua|moi|lo|da|lai|lam|danh|de) )*(?:mat|roi|quen|trom|cuop|doi|thay)"
    rf"(?: (?:cap|trom|mat|cuop))? {_PHONE}(?: {_OLD}| cong vu| co quan| moi)?"
    r"(?: (?:roi|mat|(?:hom|toi|chieu|sang) (?:nay|qua)))*"
)
_CUT = (
    r"(?:khoa|ngat|chan|cat|dang xuat|thoat|cham dut|huy|go)"
    r"(?: (?:giup|ho|cho|dum|toi|em|minh|luon|het|ngay|quyen|dang nhap"
    r"|ket noi|(?:ra )?khoi|tren|o|cac|nhung|tat ca|moi|cai|chiec))*"
    rf" (?:may|dien thoai|dt|thiet bi|(?:noi|cho)(?: (?:toi )?(?:nhan tin|dang nhap))?)(?: {_OLD})+"
)
_WHERE = (
    r"(?:(?:cac|nhung) )?(?:noi|cho|may|thiet bi)(?: nao| ma)?(?: (?:toi|tui|em|minh))?"
    r" (?:dang |da )*(?:dang nhap|vao ten (?:toi|em|minh))"
    r"|(?:toi |em |minh )?(?:dang )?dang nhap"
    r" (?:o|tren|tu|bang) (?:(?:nhung|cac) )*(?:dau|(?:may|noi|cho) nao)"
    r"|(?:(?:cac|nhung) )?may cua (?:em|minh)|ai dang (?:dang nhap|vao|dung) (?:bang )?ten (?:toi|em|minh)"
    r"|i(?: have|'ve)? lost my phone|end (?:my )?old chats?|where am i logged in"
)
_KINDLY_ENDS = r"(?: (?:giup|ho|cho|dum|em|toi|minh|anh|chi|ngay|a|nhe|nha|voi|di|luon))*"
_CHATS = re.compile(
    rf"{_WHO}(?:{_LOST}(?:[ ,.;]+{_WHO}(?:thi |nen )?{_CUT})?|{_CUT}|(?:xem |liet ke )?(?:{_WHERE}))"
    rf"{_KINDLY_ENDS}"
)
"""A telephone that is lost, or whoever else writes under one's name: an official's chats are listed."""
_SHOW = re.compile(
    r"(?:(?:cho|de|em|toi|tui|anh|chi|minh|muon|xin|can|nho|giup|mo|xem|coi|vao|hien|liet|ke"
    r"|show|see|open|please|me|my)"
    r"(?: |$))+"
)
_TAIL = re.compile(r"(?:a|nhe|nha|voi|di|giup|em|cai|toi)")
_LONGEST = 60
"""Letters of what only asks for a list or a page."""
_SHOWN = frozenset(
    {
        *("mine", "late", "approvals", "units", "broadcast", "counter", "figures", "openings", "administer"),
        *("letters", "snooze", "follow", "help", "menu", "my_chats", "settings", "rules"),
        *("waiting_broadcast", "waiting_keys", "hotspots"),
    }
)


def verb(text: str) -> Command | None:
    """Return the verb of a case that words without a code mean, with what is said behind it."""
    said = fold(text).strip(_EDGES)
    for name, shape in _SHAPES:
        if found := shape.fullmatch(said):
            rest = found.groupdict().get("rest")
            return Command(name, text=_as_typed(text, rest) if rest else _why(text, name))
    return None


def option(text: str) -> Command | None:
    """Return what of the menu words ask for: a list, a page, days away, an entry for somebody."""
    said = fold(text).strip(_EDGES)
    if (away := leave.read(text)) is not None:
        return Command("away", text="huy" if away.back else f"{away.days}\n{away.stand_in}".rstrip("\n"))
    if _CHATS.fullmatch(said):
        return Command("my_chats")
    if told := orders.entered(text):
        return Command("counter", text=told)
    return next(_shown(text), None) if len(text) <= _LONGEST else None


def _shown(text: str) -> Iterator[Command]:
    """Yield what can be read where the words that only ask to see it are taken off."""
    words = text.strip(_EDGES).split()
    asking = _SHOW.match(f"{fold(text.strip(_EDGES))} ")
    for first in range(1, len(asking[0].split()) + 1) if asking else ():
        for end in range(len(words), max(first, len(words) - 3), -1):
            command = commands.read(" ".join(words[first:end]))
            if (
                command is not None
                and command.name in _SHOWN
                and all(map(_TAIL.fullmatch, map(fold, words[end:])))
            ):
                yield command


def answer(text: str) -> str:
    """Return what is said to the citizen without the words that say so: “trả lời bà con: …”."""
    told = text.strip()
    found = _ANSWER.match(fold(told))
    return _as_typed(told, fold(told)[found.end() :]) if found and len(fold(told)) > found.end() else text


def _why(text: str, name: str) -> str:
    """Return the reason for which more time is wanted."""
    found = re.search(r"\b(?:vi|do|tai) (.{5,})", fold(text)) if name == "extend" else None
    return _as_typed(text, found[1]) if found else ""


def _as_typed(text: str, folded: str) -> str:
    """Return the last words of a text as they were typed."""
    return " ".join(text.split()[-len(folded.split()) :]).strip(" :,-")
