"""Whether a message tells a wrong or bad conduct of officials, and of which of those it speaks of.

The one logic for both who know the directory (`domain.accused`) and who do not (`Understanding`): they bring
the mentions, which are names of people, posts and units; the phrases are those of `conduct.yaml`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from domain.understand.fold import exact, fold
from domain.understand.loosely import Found, Names, Said, loosened
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
_STEPS = 4  # words of courtesy between asking and whoever is asked
_HIS_OWN = 4  # words between an official and what he does
_NEXT = 2  # words between somebody and what they do, where they stand nearer to it than an official
_IS = frozenset({"la", "ten", "is", "was"})
_FOR = frozenset({"cho", "to"})
_THEN = 8  # words between a deed and "it was" whoever did it


class Mention(NamedTuple):
    """Somebody or a body spoken of: the words from `start` up to but not including `end`.

    `loose`: a given name that a neighbour may bear as well. `person`: no place can be described by it.
    """

    start: int
    end: int
    loose: bool = False
    person: bool = False


class Told(NamedTuple):
    """Whether a wrong is told, whether one that is denounced, and of which mentions (their positions).

    Where no wrong is told, those are `of` whom the words speak without only asking, greeting or passing them.
    """

    wrong: bool
    crime: bool
    of: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Wrong:
    """How a wrong is told (see `conduct.yaml`)."""

    alone: bool
    by: bool
    crime: bool
    neutral: bool  # said of good conduct too
    word: str  # the exact key of a cue that is one word: with its marks left out it is many others


class Conduct:
    """The phrases of `conduct.yaml`, compiled."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        wrongs: Mapping[str, Mapping[str, Any]] = data["wrongs"]
        self._wrongs = Phrases(
            (loosened(cue), _wrong(group, cue)) for group in wrongs.values() for cue in group["cues"]
        )
        self._guards = Phrases((loosened(guard), True) for guard in data["guards"])
        self._marks = Names((text, mark) for mark in _MARKS for text in data[mark])
        self.titles = Names((text, text in data["weak"]) for text in data["titles"])
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
        return _Scene(said, mentions, self._marks.find(said, taken), hits).told()


def _wrong(group: Mapping[str, Any], cue: str) -> Wrong:
    word = "" if " " in cue else exact(loosened(cue))
    alone, by, crime = (group.get(flag, False) for flag in ("alone", "by", "crime"))
    return Wrong(alone, by, crime, "praised" in group, word)


def _is_meant(hit: Hit[Wrong], said: Said) -> bool:
    """Say whether one word is meant: who marks their words leaves no mark out of "ăn"."""
    return said.bare or not _is_doubtful(hit, said)


def _is_doubtful(hit: Hit[Wrong], said: Said) -> bool:
    """Say whether it is one word typed without its marks, and so may be many others."""
    return bool(hit.value.word) and said.words[hit.start].key != hit.value.word


def _covers(guard: Hit[bool], hit: Hit[Wrong]) -> bool:
    return guard.start == hit.start or (guard.start < hit.start and hit.end <= guard.end)


class _Scene:
    """One message: who does what to whom, as far as the order of words tells."""

    def __init__(
        self,
        said: Said,
        mentions: Sequence[Mention],
        marks: Sequence[Found[str]],
        hits: Sequence[Hit[Wrong]],
    ) -> None:
        self._said, self._mentions = said, mentions
        self._marks = marks
        self._ending = {mark.end: mark for mark in marks}
        self._others = [mark for mark in marks if "others" in mark.values]
        self._hits = [hit for hit in hits if not self._denied(hit) and not self._is_named(hit)]
        self._standing: list[str] = []
        for mention in mentions:
            self._standing.append(self._stands(mention))

    def told(self) -> Told:
        told = [hit for hit in self._hits if self._is_told(hit)]
        wrong = bool(told)
        crime = any(hit.value.crime for hit in told)
        of = self._of("open") or self._of("at")
        if wrong and not of and not any(hit.value.alone for hit in told):
            of = self._of("asked") or self._of("beside")
        return Told(wrong, crime, of)

    def _of(self, standing: str) -> tuple[int, ...]:
        return tuple(at for at, found in enumerate(self._standing) if found == standing)

    # --- what a mention is there for ------------------------------------------------------------

    def _stands(self, mention: Mention) -> str:
        if mention.loose and self._beside_other(mention):
            self._others.append(Found(mention.start, mention.end, ("others",)))
            return "other"
        if self._led(mention.start, "asks", {"soft", "titles"}) or self._follows_asked(mention):
            return "asked"
        if mention.person:
            return "open"
        if self._led(mention.start, "beside", {"building", "titles"}) and not self._acts_at_once(mention):
            return "beside"
        return "at" if self._led(mention.start, "at", {"building"}) else "open"

    def _led(self, at: int, mark: str, over: set[str]) -> bool:
        """Say whether such a mark stands before, with nothing between but these."""
        first = at
        for _ in range(_STEPS):
            before = self._ending.get(at)
            if before is None or not self._said.together(before.start, first):
                return False
            if mark in before.values:
                return True
            if not over & set(before.values):
                return False
            at = before.start
        return False

    def _follows_asked(self, mention: Mention) -> bool:
        """Say whether this one stands in a row with another who is asked."""
        if not self._standing or self._standing[-1] != "asked":
            return False
        last = self._mentions[len(self._standing) - 1]
        joined = self._ending.get(mention.start)
        start = joined.start if joined is not None and "joins" in joined.values else mention.start
        return start == last.end and self._said.together(last.start, mention.start)

    def _acts_at_once(self, mention: Mention) -> bool:
        return any(0 <= hit.start - mention.end <= 1 and not hit.value.by for hit in self._hits)

    def _beside_other(self, mention: Mention) -> bool:
        """Say whether the name is a neighbour's: "hàng xóm là ông Minh", "anh Minh hàng xóm"."""
        start, end = self._before_titles(mention), mention.end
        folds = self._said.folds
        while start > 0 and folds[start - 1] in _IS:
            start -= 1
        while end < len(folds) and folds[end] in _IS:
            end += 1
        return any(other.end == start or other.start == end for other in self._others)

    def _before_titles(self, mention: Mention) -> int:
        at = mention.start
        while (before := self._ending.get(at)) is not None and "titles" in before.values:
            at = before.start
        return at

    def _is_named(self, hit: Hit[Wrong]) -> bool:
        """Say whether the words are but the name of somebody: without marks "công an" holds "ăn"."""
        return any(mention.start <= hit.start and hit.end <= mention.end for mention in self._mentions)

    # --- whether a wrong is told of one of them -------------------------------------------------

    def _denied(self, hit: Hit[Wrong]) -> bool:
        before = self._ending.get(hit.start)
        if (
            before is None
            or "denials" not in before.values
            or not self._said.together(before.start, hit.start)
        ):
            return False
        return not any(
            "turns" in mark.values and hit.end <= mark.start <= hit.end + _STEPS for mark in self._marks
        )

    def _is_told(self, hit: Hit[Wrong]) -> bool:
        if hit.value.by or (_is_doubtful(hit, self._said) and not self._is_suffered(hit)):
            return self._did(hit)
        if hit.value.neutral and self._is_praised(hit):
            return False
        doer = self._nearest_before(hit)
        other = self._other_before(hit)
        if doer is not None:
            return other is None or not self._stands_between(doer, other, hit)
        if other is not None:
            return (hit.value.alone and "open" in self._standing) or self._is_for(hit)
        if hit.value.alone or "open" in self._standing or "at" in self._standing:
            return True
        return self._turned(hit)

    def _is_suffered(self, hit: Hit[Wrong]) -> bool:
        return hit.start > 0 and self._said.folds[hit.start - 1] == "bi"

    def _is_praised(self, hit: Hit[Wrong]) -> bool:
        praise = [mark for mark in self._marks if "praise" in mark.values]
        return any(
            self._said.together(mark.start, hit.start) and not self._led(mark.start, "denials", set())
            for mark in praise
        )

    def _is_for(self, hit: Hit[Wrong]) -> bool:
        """Say whether somebody else does it for an official: "the company gives money to Mr Minh"."""
        after = [
            self._before_titles(mention)
            for mention, standing in zip(self._mentions, self._standing, strict=True)
            if standing == "open"
            and mention.start >= hit.end
            and self._said.together(mention.start, hit.start)
        ]
        return any(self._said.folds[at - 1] in _FOR for at in after)

    def _nearest_before(self, hit: Hit[Wrong]) -> Mention | None:
        before = [
            mention
            for mention, standing in zip(self._mentions, self._standing, strict=True)
            if standing == "open"
            and mention.start <= hit.start
            and self._said.together(mention.start, hit.start)
        ]
        return before[-1] if before else None

    def _other_before(self, hit: Hit[Wrong]) -> Found[str] | None:
        before = [
            other
            for other in self._others
            if other.end <= hit.start and self._said.together(other.start, hit.start)
        ]
        return max(before, key=lambda other: other.end, default=None)

    def _stands_between(self, doer: Mention, other: Found[str], hit: Hit[Wrong]) -> bool:
        """Say whether somebody else does it: right before it, and not on behalf of the official."""
        if other.start < doer.end or hit.start - other.end > _NEXT:
            return False
        return not self._marked("uses", doer.end, other.start)

    def _did(self, hit: Hit[Wrong]) -> bool:
        return any(
            standing == "open" and self._said.together(mention.start, hit.start) and self._does(mention, hit)
            for mention, standing in zip(self._mentions, self._standing, strict=True)
        )

    def _does(self, mention: Mention, hit: Hit[Wrong]) -> bool:
        if mention.start > hit.start:
            return mention.start - hit.end <= _THEN and self._is_named_as_doer(mention)
        if hit.start - mention.end > _HIS_OWN:
            return False
        return not (
            self._marked("selves", mention.end, hit.start)
            or any(mention.end <= other.start < hit.start for other in self._others)
        )

    def _is_named_as_doer(self, mention: Mention) -> bool:
        """Say whether the words name the doer: "who took it is Mr Minh"."""
        at = self._before_titles(mention)
        return at > 0 and self._said.folds[at - 1] in _IS

    def _marked(self, mark: str, start: int, end: int) -> bool:
        return any(
            mark in found.values and start <= found.start and found.end <= end for found in self._marks
        )

    def _turned(self, hit: Hit[Wrong]) -> bool:
        """Say whether somebody who was only asked or passed is blamed after that: "but they shouted"."""
        if self._others:
            return False
        before = [mention for mention in self._mentions if mention.end <= hit.start]
        if not before:
            return False
        pronoun = self._ending.get(hit.start)
        if pronoun is not None and "pronouns" in pronoun.values:
            return True
        last = before[-1]
        return self._said.together(last.start, hit.start) and self._marked("turns", last.end, hit.start)
