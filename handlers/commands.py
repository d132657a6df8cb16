"""What can be typed at any moment, with or without diacritics: keywords, a case's code, an invite."""

import re
import unicodedata
from dataclasses import dataclass

from domain.codes import LENGTH, parse
from domain.understand.fold import fold
from storage.people import INVITE_PREFIX

_WORDS = {
    "0": "back",
    "lui": "back",
    "lui lai": "back",
    "back": "back",
    "huy": "cancel",
    "huy bo": "cancel",
    "cancel": "cancel",
    "gui": "send",
    "gui di": "send",
    "send": "send",
    "menu": "menu",
    "start": "hello",
    "giup": "help",
    "tro giup": "help",
    "help": "help",
    "gap nguoi": "human",
    "gap can bo": "human",
    "human": "human",
    "dung": "stop",
    "dung nhan tin": "stop",
    "stop": "stop",
    "bat": "resume",
    "resume": "resume",
    "tra cuu": "follow",
    "tracuu": "follow",
    "tien do": "follow",
    "status": "follow",
    "cuatoi": "follow",
    "quy dinh": "rules",
    "rules": "rules",
    "dung roi": "yes",
    "dong y": "yes",
    "ok": "yes",
    "yes": "yes",
    "viec": "mine",
    "viec cua toi": "mine",
    "quahan": "late",
    "qua han": "late",
    "work": "mine",
    "overdue": "late",
    "english": "english",
    "tieng viet": "vietnamese",
}
_YES = frozenset({"đúng", "đúng rồi", "đúng gửi đi"})
"""Spelled out these mean yes; without diacritics “dung” is also how “dừng” (stop) is typed."""
_VERBS = {
    "khong duyet": "refuse",
    "khongduyet": "refuse",
    "gia han": "extend",
    "giahan": "extend",
    "extend": "extend",
    "tra cuu": "show",
    "tracuu": "show",
    "tien do": "show",
    "tra loi": "reply",
    "mo lai": "reopen",
    "approve": "grant",
    "reopen": "reopen",
    "status": "show",
    "accept": "accept",
    "answer": "answer",
    "nudge": "nudge",
    "reassign": "reassign",
    "refuse": "refuse",
    "withdraw": "withdraw",
    "reply": "reply",
    "duyet": "grant",
    "nhan": "accept",
    "nhac": "nudge",
    "giao": "reassign",
    "show": "show",
    "cham": "rate",
    "rate": "rate",
    "xem": "show",
    "hoi": "ask",
    "ask": "ask",
    "rut": "withdraw",
    "tl": "answer",
}
"""A verb stands before a code: “tl HB-7K3M2R9 đã thông cống”."""
_WITH_TEXT = frozenset({"ask", "answer", "reply", "rate"})
"""Only after these does anything follow the code: “Nhận HB-7K3M2R9 rồi, mai làm” is talk, not a verb."""
_INVITE = re.compile(rf"{INVITE_PREFIX}[0-9a-f]{{32}}")
_GROUP = re.compile(r"[^\W_]+")
_LONGEST_CODE = 40
_MISTYPED = re.compile(r"[a-z]{2}[ .-]?(?=[a-z]*[0-9])(?=[0-9]*[a-z])[0-9a-z]{6,8}")
"""What can only be meant as a code."""
_EDGES = " .:,;!?/()“”\"'\n"


@dataclass(frozen=True, slots=True)
class Command:
    """What was typed: a keyword's or a verb's name, with a case's code and the text after it where given."""

    name: str
    code: str = ""
    text: str = ""


def read(text: str) -> Command | None:
    """Return the command a text is, or None when it is just talk."""
    folded = fold(text).strip(_EDGES)
    if unicodedata.normalize("NFC", text).casefold().strip(_EDGES) in _YES:
        return Command("yes")
    if folded in _WORDS:
        return Command(_WORDS[folded])
    invite = _INVITE.search(text.lower())
    if invite:
        return Command("invite", text=invite.group())
    said = text.strip().lstrip("/“”\"'")
    code, rest = _code_first(said)
    if code:
        return None if rest else Command("show", code)
    return _verb(said) or (Command("no_code") if _MISTYPED.fullmatch(folded) else None)


def may_mean_yes(text: str) -> bool:
    """Say whether “stop”, as typed, may as well be “đúng” without its diacritics."""
    return text.strip(_EDGES).casefold() == "dung"


def _verb(said: str) -> Command | None:
    """Read a verb of one or two words, a code, and for some verbs a text."""
    for count in (1, 2):
        words = said.split(maxsplit=count)
        name = _VERBS.get(fold(" ".join(words[:count])))
        if name is not None and len(words) > count:
            code, text = _code_first(words[count])
            if code and (not text or name in _WITH_TEXT):
                return Command(name, code, text)
    return None


def _code_first(text: str) -> tuple[str, str]:
    """Return the code a text begins with, however spelled, and what follows it; two empty strings if none."""
    symbols = 0
    for group in _GROUP.finditer(text[:_LONGEST_CODE]):
        symbols += len(group[0])
        code = parse(text[: group.end()]) if symbols >= LENGTH else None
        if code is not None:
            rest = text[group.end() :].lstrip(" .:,;!?-–“”\"'\n")
            return code, rest
    return "", ""
