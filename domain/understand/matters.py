"""More than one matter in a message: its clauses, told apart by what each is clearly about."""

import re
from collections.abc import Callable, Sequence
from itertools import groupby, pairwise

from domain.understand.traces import only_says_who
from domain.understand.understood import Understood

_MOST = 3
"""Matters told apart; whoever names more is heard as one."""
_CLEAR = 0.98
"""How likely the topic of a clause is that is a matter of its own."""
_FEWEST = 4
"""Words of such a clause."""
_SHORTEST = 12
"""Letters of a clause that can be a matter of its own."""
_ANOTHER = (
    r"ngoài ra|ngoai ra|với lại|voi lai|thêm nữa|them nua|một việc nữa|mot viec nua|nhân tiện|nhan tien|còn"
    r"|luôn tiện|luon tien|tiện thể|tien the|đồng thời|dong thoi|hai là|hai la|việc thứ hai|viec thu hai"
)
_SENTENCE = re.compile(rf"[.;!?]+(?:\s+|$)|\n+\s*|[,\s]+(?=(?:{_ANOTHER})\b)", re.IGNORECASE)
_CLAUSE = re.compile(rf"{_SENTENCE.pattern}|,\s+", re.IGNORECASE)
_OTHER = "khac"
_ONE_AFFAIR = frozenset({"to_cao", "khieu_nai", "tro_giup_phap_ly"})
"""A denunciation or a complaint tells one affair, however many things it touches."""


def matters(heard: Understood, read: Callable[[str], Understood]) -> tuple[str, ...]:
    """Return the two or three matters a message tells, each in its own words; nothing where it tells one.

    Cautious: every matter has a clause whose topic is beyond doubt, or a sentence with a place of its own; no
    topic comes back after another; what tells no topic by itself stays with the words before it, and so does
    what only says who writes, of whom, or thanks.
    """
    if heard.accuses or heard.emergency or heard.kind in _ONE_AFFAIR:
        return ()
    return _apart(_split(heard.text, _SENTENCE), lambda clause: _topic(read(clause), heard))


def _apart(clauses: Sequence[str], topic: Callable[[str], str]) -> tuple[str, ...]:
    told = [topic(clause) if len(clause) >= _SHORTEST else "" for clause in clauses]
    if len(set(told) - {""}) < 2:  # what is beside the matter only takes topics away
        return ()
    topics = _filled(
        [about if about and not _is_beside(said) else "" for about, said in zip(told, clauses, strict=True)]
    )
    runs = [
        (about, " ".join(clause for _, clause in run))
        for about, run in groupby(zip(topics, clauses, strict=True), key=lambda pair: pair[0])
    ]
    if not 2 <= len(runs) <= _MOST or len({about for about, _ in runs}) < len(runs):
        return ()
    return tuple(said.rstrip(" ,;") for _, said in runs)


def _split(text: str, mark: re.Pattern[str]) -> list[str]:
    """Split the text where a clause ends, and keep the mark with the clause."""
    cuts = [0, *(match.end() for match in mark.finditer(text)), len(text)]
    return [clause for start, end in pairwise(cuts) if (clause := text[start:end].strip())]


def _topic(said: Understood, whole: Understood) -> str:
    """Return what a sentence is about beyond doubt, if the whole may be about that too.

    It may say where it is instead: with a place of its own it is a matter, though not so plainly.
    """
    own_place = said.sure and said.place is not None and bool(said.place.hamlet)
    long = len(said.text.split()) >= _FEWEST
    clear = said.sure and (said.chance >= _CLEAR or own_place) and long and said.topic != _OTHER
    return said.topic if clear and said.topic in whole.topics else ""


def _is_beside(text: str) -> bool:
    """Say whether a clause, or every one of a sentence, only says who writes, of whom, or thanks."""
    clauses = _split(text, _CLAUSE)
    return only_says_who(text) or (len(clauses) > 1 and all(map(only_says_who, clauses)))


def _filled(topics: Sequence[str]) -> list[str]:
    """Let clauses without a topic of their own belong to the one before, the first ones to the one after."""
    last = next(filter(None, topics), "")
    filled = []
    for topic in topics:
        last = topic or last
        filled.append(last)
    return filled
