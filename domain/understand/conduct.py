"""Whether a message tells a wrong or bad conduct of officials, and of which of those it speaks of.

The one logic for both who know the directory (`domain.accused`) and who do not (`Understanding`): they bring
the mentions, which are names of people, posts and units; the phrases are those of `conduct.yaml`.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from domain.understand.deeds import Mention, Scene, Told, Wrong, is_doubtful
from domain.understand.fold import exact, fold
from domain.understand.loosely import Names, Said, loosened
from domain.understand.phrases import Hit, Phrases

_DATA = Path(__file__).parent / "data" / "conduct.yaml"
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MARKS = (
    "denials",
    "others",
    "uses",
    "asks",
    "soft",
    "turns",
    "beside",
    "at",
    "building",
    "pronouns",
    "selves",
    "titles",
    "praise",
    "joins",
)


class Weakness(IntEnum):
    """Whether a title is an everyday word without its marks: beside names that are one, or beside any."""

    NONE = 0
    HALF = 1
    WEAK = 2


class Conduct:
    """The phrases of `conduct.yaml`, compiled."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        wrongs: Mapping[str, Mapping[str, Any]] = data["wrongs"]
        self._wrongs = Phrases(
            (loosened(cue), _wrong(group, cue)) for group in wrongs.values() for cue in group["cues"]
        )
        self._guards = Phrases((loosened(guard), True) for guard in data["guards"])
        self._marks = Names((text, mark) for mark in _MARKS for text in data[mark])
        self.titles = Names((text, _weakness(data, text)) for text in data["titles"])
        self.everyday_names = {str(name): frozenset(then) for name, then in data["everyday_names"].items()}
        self.bare_places, self.marked_places = (
            frozenset(exact(text) if side == "marked" else fold(text) for text in data["named_places"][side])
            for side in ("bare", "marked")
        )
        self.everyday = Names((text, True) for text in data["everyday"])
        self.slots = Names((text, True) for text in data["slots"])
        self._harmless = Phrases((loosened(text), True) for text in data["harmless"])
        self._before, self._behind = (
            frozenset(fold(text) for text in data["neighbours"][side]) for side in ("before", "behind")
        )

    @staticmethod
    @lru_cache(maxsize=1)
    def load() -> "Conduct":
        """Read the packaged phrases, once."""
        return Conduct(yaml.load(_DATA.read_text(encoding="utf-8"), Loader=_YAML))  # noqa: S506 - safe loaders only

    def wrongs(self, said: Said) -> list[Hit[Wrong]]:
        """Return the words that may tell a wrong, whoever does it."""
        hits = self._wrongs.find(said.words)
        guards = self._guards.find(said.words) if hits else []
        return [
            hit for hit in hits if _is_meant(hit, said) and not any(_covers(guard, hit) for guard in guards)
        ]

    def doubtful(self, said: Said, mentions: Sequence[Mention]) -> bool:
        """Say whether a wrong of these people may be told in words no list holds: in doubt it is.

        Not where the words thank or ask, nor where only a neighbour of that name can be meant.
        """
        meant = [one for one in mentions if one.person and not self._is_neighbour(said, one)]
        return bool(meant) and not self._harmless.find(said.words)

    def _is_neighbour(self, said: Said, mention: Mention) -> bool:
        if not mention.loose:
            return False
        near = said.folds[max(0, mention.start - 3) : mention.start + 1]
        before = {" ".join(near[at:end]) for end in (len(near) - 1, len(near)) for at in range(end)}
        behind = said.folds[mention.end : mention.end + 2]
        return not self._before.isdisjoint(before) or not self._behind.isdisjoint(behind)

    def read(self, said: Said, hits: Sequence[Hit[Wrong]], mentions: Sequence[Mention]) -> Told:
        """Say what is told of those mentioned, who stand in the order of their words, none over another.

        `hits` are what `wrongs` returned of these words.
        """
        if not hits and not mentions:
            return Told(wrong=False, crime=False, of=())
        taken = {at for mention in mentions for at in range(mention.start, mention.end)}
        return Scene(said, mentions, self._marks.find(said, taken), hits).told()


def _weakness(data: Mapping[str, Any], title: str) -> Weakness:
    if title in data["weak"]:
        return Weakness.WEAK
    return Weakness.HALF if title in data["half_weak"] else Weakness.NONE


def _wrong(group: Mapping[str, Any], cue: str) -> Wrong:
    word = "" if " " in cue else exact(loosened(cue))
    alone, by, crime = (group.get(flag, False) for flag in ("alone", "by", "crime"))
    return Wrong(alone, by, crime, "praised" in group, word)


def _is_meant(hit: Hit[Wrong], said: Said) -> bool:
    """Say whether one word is meant: who marks their words leaves no mark out of "ăn"."""
    return said.bare or not is_doubtful(hit, said)


def _covers(guard: Hit[bool], hit: Hit[Wrong]) -> bool:
    return guard.start == hit.start or (guard.start < hit.start and hit.end <= guard.end)
