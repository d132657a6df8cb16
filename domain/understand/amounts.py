"""Sums of money in words, as people write them: "500k", "2 trăm", "1 triệu rưỡi", "200 bia nước"."""

import re
from collections.abc import Sequence

from domain.understand.fold import Token, fold

AMOUNT = "<amount>"
"""The slot of a sum in the phrases that hold one."""
COUNTED = {
    word: number
    for number, word in enumerate(
        ["mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi"], start=1
    )
}
"""How many a word says, folded."""
SUM = "<sum>"
"""The slot of a bare round number, which is money only where money is taken."""

_WHOLE = re.compile(r"\d+(?:k|tr|trieu|tram|ngan|nghin|ng|cu|chai|lit|xi|ve|d|dong|vnd|usd)\d*")
_ROUND = re.compile(r"[1-9]\d*0|[5-9]00")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LEAST = 50  # a smaller bare number counts something else
_LONGEST = 12  # digits of a sum
_NUMBER_WORDS = "hai|ba|bon|tu|nam|sau|bay|tam|chin|muoi|may|vai|nua|chuc|mot|ca"
_NUMBERS = frozenset(_NUMBER_WORDS.split("|"))
_UNITS = re.compile(r"tram|ngan|nghin|trieu|tr|ty|cu|chai|lit|xi|ve|k|vnd|dong|million|thousand|dollars")
_MORE = re.compile(rf"ruoi|d|\d+|{_UNITS.pattern}")
_DRINKS = re.compile(r"bia|ca|cafe|caphe|nuoc|tra|thuoc|xang|nhau|uong|an|ruou|che")
_AFTER = re.compile(rf"|moi|roi|thi|ma|con|va|cho|lan|nua|a|do|day|luon|tien|{_DRINKS.pattern}")
_ZEROS = re.compile(r"000(?:d|vnd|k)?")


def amounts(said: Sequence[Token]) -> dict[tuple[str, int], set[int]]:
    """Return where each sum begins and ends, by its slot."""
    found: dict[tuple[str, int], set[int]] = {}
    for at, word in enumerate(said):
        number = word.fold[:1].isdecimal()
        if not number and word.fold not in _NUMBERS:
            continue
        ends = _ends(said, at, word.fold)
        if ends:
            found[AMOUNT, at] = ends
        if number and (ends or _is_round(said, at)):
            found[SUM, at] = ends or {at + 1}
    return found


def _ends(said: Sequence[Token], at: int, word: str) -> set[int]:
    """Return where a sum that begins here may end; nowhere where none does."""
    following = _typed(said, at + 1)
    if _WHOLE.fullmatch(word):
        end = at + 1
    elif _UNITS.fullmatch(following) or (word.isdigit() and _ZEROS.fullmatch(following)):
        end = at + 2
    elif _is_enough(word) and _DRINKS.fullmatch(following) and _is_round(said, at):
        end = at + 1
    else:
        return set()
    ends = {end}
    while _MORE.fullmatch(_typed(said, end)):
        end += 1
        ends.add(end)
    return ends


def _is_round(said: Sequence[Token], at: int) -> bool:
    """Say whether a bare number may be money: round, no year, and counting nothing that is named behind."""
    word = said[at].fold
    if not _ROUND.fullmatch(word) or _YEAR.fullmatch(word) or not _is_enough(word):
        return False
    return bool(_AFTER.fullmatch(_typed(said, at + 1)))


def _is_enough(word: str) -> bool:
    """Say whether a number is large enough for money, and no row of digits that is no number any more."""
    return word.isdecimal() and len(word) <= _LONGEST and int(word) >= _LEAST


def _typed(said: Sequence[Token], at: int) -> str:
    """Return a word as it was typed: "k" behind a number is a thousand, and no "không"."""
    return fold(said[at].raw) if at < len(said) else ""
