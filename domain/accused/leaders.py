"""Those who lead a commune or the province, told by its bare name: "sếp Tân Lập", "xã Bình An cướp đất"."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from domain.accused.communes import Where, Whereabouts
from domain.accused.offices import GENERIC, Office
from domain.packaged import document
from domain.understand.fold import fold
from domain.understand.loosely import Names, Said

_DATA = Path(__file__).parents[1] / "understand" / "data" / "seats.yaml"
_KINDS = ("leaders", "folk_leaders", "officials")
_BETWEEN = frozenset({"ben", "o", "tren", "duoi", "ngoai", "phia", "of", "in"})
_AFTER = 2  # words between a commune and what is done there


class Led(NamedTuple):
    """Words for those who lead, from `start` up to `end`: where, and at how many levels.

    `anybody`: any official there. `levels`: those of the commune that hears it, and of the province.
    """

    start: int
    end: int
    where: Where
    anybody: bool = False
    levels: bool = False


class _Words:
    """The words of `seats.yaml` for those who lead."""

    def __init__(self, rows: Mapping[str, Sequence[str]]) -> None:
        self.leaders = Names((text, kind) for kind in _KINDS for text in rows[kind])
        self.deeds = Names((text, True) for text in rows["deeds"])
        self.levels = Names((text, True) for text in rows["all_levels"])
        self.after, self.joined = (
            frozenset(fold(text) for text in rows[part]) for part in ("deeds_after", "deeds_before")
        )


@lru_cache(maxsize=1)
def _words() -> _Words:
    return _Words(document(_DATA))


def led(said: Said, told: Whereabouts) -> Iterator[Led]:
    """Yield where those are told who lead a commune or the province, in the order of their kinds."""
    words = _words()
    for level in words.levels.find(said):
        yield Led(level.start, level.end, Where(level.end, own=True, above=True), levels=True)
    deeds = [hit.start for hit in words.deeds.find(said)] if told.may_tell else []
    for hit in words.leaders.find(said) if told.may_tell else ():
        kinds = frozenset(hit.values)
        where = told.behind(hit.start, hit.end)
        if where is None or not (where.codes or (where.above and "leaders" in kinds)):
            continue
        if kinds == {"folk_leaders"} and not _are_blamed(said, hit.end, deeds):
            continue
        yield Led(hit.start, where.end, where, anybody=kinds == {"officials"})
    yield from _by_deed(said, told, words, deeds)


def _are_blamed(said: Said, end: int, deeds: Sequence[int]) -> bool:
    """Say whether people are told where they are, and what only leaders do: "mấy ổng bên A ăn tiền"."""
    return said.folds[end] in _BETWEEN and any(at > end and said.together(end, at) for at in deeds)


def _by_deed(said: Said, told: Whereabouts, words: _Words, deeds: Sequence[int]) -> Iterator[Led]:
    """Yield communes that are told to do what only those do who lead them: "xã Bình An cướp đất"."""
    for hit in told.spans if deeds else ():
        start = hit.start - 1
        if start < 0 or said.folds[start] not in GENERIC or not said.together(start, hit.start):
            continue
        opens = start == 0 or said.is_parted(start) or not said.together(start - 1, start)
        if not opens and said.folds[start - 1] not in words.joined:
            continue  # it is where somebody is, or whose they are
        at = hit.end
        while at < len(said.folds) and at - hit.end < _AFTER and said.folds[at] in words.after:
            at += 1
        if at in deeds and said.together(start, at):
            yield Led(start, hit.end, Where(hit.end, frozenset(hit.values[:1])))


def as_office(found: Led, units: frozenset[UUID], *, general: bool) -> Office:
    """Return them as an office of these units."""
    return Office(found.start, found.end, units, in_charge=not found.anybody, place=False, general=general)
