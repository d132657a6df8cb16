"""Telegram's messages as they are written: parts that fit, and buttons under them."""

import unicodedata
from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from domain.messages import Choice

PAIRED = 18
"""Labels up to this length share a row by two."""


def keyboard(choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    """Lay the choices out as buttons, two to a row where both labels are short."""
    rows: list[list[InlineKeyboardButton]] = []
    for choice in choices:
        style = None if choice.style == "plain" else choice.style
        button = InlineKeyboardButton(choice.label, callback_data=choice.action, style=style)
        if rows and len(rows[-1]) == 1 and max(len(rows[-1][0].text), len(choice.label)) <= PAIRED:
            rows[-1].append(button)
        else:
            rows.append([button])
    return InlineKeyboardMarkup(rows) if rows else None


def split(text: str, limit: int) -> list[str]:
    """Cut a text into parts of at most `limit` UTF-16 units: after a line, else a word, never in a sign."""
    parts = []
    while (end := _reach(text, limit)) < len(text):
        cut = _cut(text, end)
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [part for part in [*parts, text] if part] or [""]


def _reach(text: str, limit: int) -> int:
    """How many characters fit into `limit` UTF-16 units."""
    if 2 * len(text) <= limit:
        return len(text)
    units = 0
    for index, sign in enumerate(text):
        units += 1 + (sign > "\uffff")
        if units > limit:
            return index
    return len(text)


def _cut(text: str, end: int) -> int:
    for mark in ("\n", " "):
        if (at := text.rfind(mark, end // 2, end + 1)) != -1:
            return at + 1
    cut = end
    while cut > end // 2 and _one_sign(text[cut - 1], text[cut]):
        cut -= 1
    return cut if cut > end // 2 else end


def _one_sign(before: str, after: str) -> bool:
    """Say whether two characters make one visible sign: accents, joined emoji, skin tones, flags."""
    return (
        "\u200d" in {before, after}
        or unicodedata.category(after).startswith("M")
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or "\U000e0020" <= after <= "\U000e007f"
        or ("\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff")
    )
