"""Whether words that are a commune's name are meant as one: surely, perhaps, or not for all we know.

Each verdict is True, False where it is to be asked, and None where nothing is to be made of the words.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from domain.understand.fold import Token
from domain.understand.gazetteer import Entry, Gazetteer, is_of_another_language
from domain.understand.namings import (
    COUNTED,
    FILLERS,
    HARD,
    PEOPLE,
    RANKS_BEHIND,
    SHORT,
    STRONG,
    WEAK,
    Message,
    Told,
    may_be_a_person,
    may_be_a_street,
)

_OURS = frozenset({"minh", "ta", "nay", "la"})
"""“xã mình” and “xa la gi” without their marks, and no xã Minh An or La Gi."""
_FEW = 8
"""Words of a message that may be nothing but a place."""


@dataclass(frozen=True)
class Candidate:
    """Words from `start` to `end` that are the name of `entries`; `fit`: those in what is told behind it."""

    message: Message
    start: int
    end: int
    entries: Sequence[Entry]
    told: Told

    @cached_property
    def span(self) -> Sequence[Token]:
        """The words of the name."""
        return self.message.said[self.start : self.end]

    @cached_property
    def fit(self) -> Sequence[Entry]:
        """Those that are in the districts and the province told behind the name."""
        return consistent(self.message.gazetteer, self.entries, self.told)

    @cached_property
    def known(self) -> Sequence[Entry]:
        """Those in the province where a commune is sought."""
        sought, within = self.message.sought, self.message.gazetteer.within
        return [one for one in self.entries if sought is not None and within(one, sought)]

    @cached_property
    def cue(self) -> int | None:
        """What kind of word for a place stands before."""
        return self.message.cues.get(self.start)

    @cached_property
    def hamlet(self) -> bool | None:
        """Whether a hamlet stands before that ends there for sure; None for no hamlet."""
        return self.message.hamlets.get(self.start)

    @cached_property
    def ends(self) -> bool:
        """Whether a clause ends with the name."""
        return self.message.ends(self.end)

    @cached_property
    def street(self) -> bool:
        """Whether streets bear the name, or it may be a person's."""
        return may_be_a_street(self.span)

    @cached_property
    def _words(self) -> range:
        """The words of the name without its number."""
        numbered = len(self.span) > 1 and self.message.is_number(self.end - 1)
        return range(self.start, self.end - 1 if numbered else self.end)

    @cached_property
    def titled(self) -> bool:
        """Whether each word has a capital that says something."""
        return all(map(self.message.titled, self._words))

    @cached_property
    def long(self) -> bool:
        """Whether it has two words, or can be no Vietnamese one."""
        return len(self.span) > 1 or any(is_of_another_language(one.name) for one in self.known)

    def ranked(self, posts: Collection[int], told: str | None, *, here: bool) -> bool | None:
        """Say whether a name with its rank is meant; `told`: the province that is told, of whatever place."""
        first = self.span[0]
        rank = self.message.ranks.get(self.start, "")
        short = bool(rank) and self.message.said[self.start - 1].fold in SHORT
        known = self.fit or self.known
        if short and not (first.raw.isdigit() or first.raw[:1].isupper()):
            return True if known and self.long and not self._is_common else None
        if not self._is_trusted(known):
            return None
        ours = self.start - 1 in posts or (first.fold in _OURS and first.raw.islower())
        if ours and not is_written(self.span):
            return None
        typed = all(token.bare and token.raw.islower() for token in self.span)
        clear = first.raw.isdigit() or (not short and " " in rank)
        if told is None and typed and not clear and self._is_common:
            return None if here or not known else self._as_words()
        return True

    def _is_trusted(self, known: Sequence[Entry]) -> bool:
        """Say whether words can be a name: with capitals, in the province, or behind a rank as spelled."""
        message, first = self.message, self.span[0]
        near = bool(known) or message.sought is None
        if first.raw.isdigit():
            counts = self.end < len(message.said) and message.said[self.end].fold in COUNTED
            return near and not counts
        before = message.said[self.start - 1] if self.start else first
        begins = self.start < 2 or message.breaks[self.start - 1] == HARD
        plain = self.start > 0 and (not before.bare or (before.raw[:1].isupper() and not begins))
        titled = all(token.raw[:1].isupper() for token in self.span)
        return titled or (self.long and (near or plain))

    @cached_property
    def _is_common(self) -> bool:
        return self.message.is_common(self.start, self.end)

    @cached_property
    def _is_generic(self) -> bool:
        return self.message.is_generic(self.start)

    def _as_words(self) -> bool | None:
        """Judge words of the language behind “xa”: a name where a place is said and a clause ends."""
        message = self.message
        begin = self.start - 1 if self.start in message.ranks else self.start
        ends = self.ends or message.said[self.end].fold in RANKS_BEHIND
        cue = begin in message.cues
        if cue and ends:
            return True
        opens = message.breaks[begin] and not message.is_plain(self.start, self.end)
        return False if ends or cue or opens else None

    def named(self) -> bool | None:
        """Say whether a name without its rank is meant."""
        if not self._may_be_a_name():
            return None
        if self.fit:
            shown = (self.cue, self.hamlet) != (None, None) or self.message.breaks[self.start] > 0
            return True if self.titled or shown else None
        if self.titled and not self.ends and self.message.titled(self.end):
            return None
        if len(self.span) == 1 and not (self.long and (self.cue, self.hamlet) != (None, None)):
            return None
        if self.message.gazetteer.province_at(self.span) is not None:
            return False if self.known and self.cue == STRONG else None
        return self._in_the_province() if self.known else self._elsewhere()

    def _may_be_a_name(self) -> bool:
        """Say whether words are written as a name, and not behind what bears such names."""
        message = self.message
        small = all(map(message.small, self._words))
        if not (self.titled or small) or self.span[0].raw[:1].isdigit() or self.span[-1].raw in {"a", "b"}:
            return False
        goes_on = self.titled and self.hamlet is None and message.runs_on(self.start - 1)
        return self.cue is not None or not (message.carried(self.start) or goes_on)

    def _elsewhere(self) -> bool | None:
        """Judge a name of no commune of home: as it is written it is asked about where a place is said."""
        if self.cue != STRONG or not self.titled:
            return None
        codes = {code for one in self.entries for code in one.codes}
        return True if self.message.sought is None else False if len(codes) == 1 else None

    def _in_the_province(self) -> bool | None:
        if self.told.areas and self.cue is None and self.hamlet is None:
            return False if self.titled or self.message.breaks[self.start] else None
        if self.cue is None and self.hamlet is None and self._is_all():
            common = not self.titled and (self._is_generic or self._is_common)
            return not (common or self.street or may_be_a_person(self.span))
        return self._as_written() if self.titled else self._in_small_letters()

    def _as_written(self) -> bool | None:
        """Judge a name with its capitals in the province of home."""
        if self.cue is not None:
            return not self.street
        if self.hamlet is not None:
            return self.hamlet and not self.street
        at_an_end = self.start == 0 or self.end == len(self.message.said)
        if not at_an_end or may_be_a_person(self.span) or self.street:
            return False if self.message.ends(self.start) and self.ends else None
        return self.message.ends(self.start) and self.ends

    def _in_small_letters(self) -> bool | None:
        """Judge a name in small letters: words of the language are one only where a clause ends."""
        common = self._is_generic or self._is_common
        if self.cue is None and self.hamlet is None:
            alone = self.message.breaks[self.start] > 0 and self.end == len(self.message.said)
            return False if alone and self.start > 0 and not (common or self.street) else None
        if common and not (self.ends and self.cue == STRONG and not self._is_generic):
            return self._as_common()
        if self.cue is None or self.street:
            return bool(self.hamlet) and not self.street
        bare = all(token.bare for token in self.span)
        return self.cue == STRONG or not bare or (self.ends and self.cue != PEOPLE)

    def _as_common(self) -> bool | None:
        said = self.hamlet if self.cue is None else self.cue != WEAK
        plain = self.cue != STRONG and self.message.is_plain(self.start, self.end)
        chance = self._is_generic and (self._is_common or not self.ends or self.cue != STRONG)
        return None if not said or chance or plain else False

    def _is_all(self) -> bool:
        """Say whether a message is nothing but this name."""
        said = self.message.said
        rest = [*said[: self.start], *said[self.end :]]
        return len(said) <= _FEW and all(token.fold in FILLERS for token in rest)


def consistent(gazetteer: Gazetteer, entries: Sequence[Entry], told: Told) -> list[Entry]:
    """Return those that are in the districts and the province told behind a name."""
    ground = {code for area in told.areas for code in area.codes}

    def fits(one: Entry) -> bool:
        there = told.province is not None and gazetteer.within(one, told.province)
        if told.areas and told.province is not None:
            return there and (not one.district or not ground.isdisjoint(one.codes))
        return there or not ground.isdisjoint(one.codes)

    return [one for one in entries if fits(one)]


def is_written(span: Sequence[Token]) -> bool:
    """Say whether a name has a capital for each of its words, and is none of one word."""
    return len(span) > 1 and all(token.raw[:1].isupper() and not token.raw.isupper() for token in span)
