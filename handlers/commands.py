"""What can be typed at any moment, with or without diacritics: keywords, a case's code, an invite."""

import re
from dataclasses import dataclass

from domain.codes import find
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
    "stop": "stop",
    "bat": "resume",
    "resume": "resume",
    "tra cuu": "follow",
    "tracuu": "follow",
    "tien do": "follow",
    "status": "follow",
    "cuatoi": "follow",
    "quy dinh": "rules",
    "viec": "mine",
    "viec cua toi": "mine",
    "quahan": "late",
    "qua han": "late",
    "english": "english",
    "tieng viet": "vietnamese",
}
# A verb, a code, and for some a text: "tl HB-7K3M2R9 đã thông cống". Longest first, so "khong duyet" wins.
_VERBS = {
    "khong duyet": "refuse",
    "khongduyet": "refuse",
    "gia han": "extend",
    "giahan": "extend",
    "tra cuu": "show",
    "tracuu": "show",
    "tien do": "show",
    "mo lai": "reopen",
    "reopen": "reopen",
    "status": "show",
    "accept": "accept",
    "answer": "answer",
    "duyet": "grant",
    "nhan": "accept",
    "nhac": "nudge",
    "giao": "reassign",
    "xem": "show",
    "hoi": "ask",
    "rut": "withdraw",
    "tl": "answer",
}
_INVITE = re.compile(rf"{INVITE_PREFIX}[0-9a-f]{{32}}")


@dataclass(frozen=True, slots=True)
class Command:
    """What was typed: a keyword's or a verb's name, with a case's code and the text after it where given."""

    name: str
    code: str = ""
    text: str = ""


def read(text: str) -> Command | None:
    """Return the command a text is, or None when it is just talk."""
    folded = fold(text).strip(" .!?/“”\"'")
    if folded in _WORDS:
        return Command(_WORDS[folded])
    invite = _INVITE.search(text.strip().lower())
    if invite:
        return Command("invite", text=invite.group())
    code = find(text[:80])
    if code is None:
        return None
    for verb, name in _VERBS.items():
        if folded.startswith(f"{verb} "):
            return Command(name, code, _after_code(text, code))
    alone = not re.sub(r"[\W_]", "", _after_code(text, code)) and len(fold(text)) <= len(code) + 4
    return Command("show", code) if alone else None


def _after_code(text: str, code: str) -> str:
    """Return what follows the code, however it was spelled."""
    letters = iter(code.replace("-", ""))
    wanted = next(letters)
    for position, symbol in enumerate(text):
        if symbol.isalnum() and symbol.upper() != wanted:
            letters = iter(code.replace("-", ""))
            wanted = next(letters)
        if symbol.upper() == wanted:
            following = next(letters, None)
            if following is None:
                return text[position + 1 :].strip(" :.-\n")
            wanted = following
    return ""
