"""Whether words that are a commune's name are meant as one: surely, perhaps, or not for all we know.

Each verdict is True, False where it is to be asked, and None where nothing is to be made of the words.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from domain.understand.fold import Token, exact
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
    is_famous,
    is_likely_a_person,
    is_of_the_uplands,
    may_be_a_person,
    may_be_a_street,
)
from domain.understand.surroundings import ACTS, AREA, BODY, FIRM, HAPPENS, TELLS, WAY

_OURS = frozenset({"minh", "ta", "nay", "la"})
"""“xã mình” and “xa la gi” without their marks, and no xã Minh An or La Gi."""
LIKELY = 2
"""How likely a name is a person's."""
MOST = 9
"""Communes that are asked about: one digit answers a menu."""
FEW = 4
"""Communes of one name that are asked about where no word shows that a place is meant."""
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
    def codes(self) -> Collection[str]:
        """All communes of today, in the whole country, that the name may mean."""
        return {code for one in self.entries for code in one.codes}

    @cached_property
    def bearer(self) -> int:
        """What bears the name, as a market or a school; 0 for nothing."""
        return self.message.around.bearers.get(self.start, 0)

    @cached_property
    def old(self) -> bool:
        """Whether the name is said to be one of before: “Dĩnh Kế cũ”."""
        behind = self.message.said[self.end : self.end + 1]
        return bool(behind) and behind[0].fold == "cu" and self.message.breaks[self.end] == 0

    @cached_property
    def said(self) -> int:
        """What is said of the name behind it; 0 for nothing that is known."""
        behind = self.end + 1 if self.old else self.end
        if behind >= len(self.message.said) or self.message.breaks[behind] == HARD:
            return 0
        return self.message.around.follows.get(behind, 0)

    @cached_property
    def opens(self) -> bool:
        """Whether a clause begins with the name."""
        return self.message.opens(self.start)

    @cached_property
    def person(self) -> int:
        """Whether people bear such a name: 2 for likely, 1 for perhaps."""
        return LIKELY if is_likely_a_person(self.span) else 1 if may_be_a_person(self.span) or self.street else 0

    @cached_property
    def upland(self) -> bool:
        """Whether it is a name of the uplands, and hardly anything else."""
        return is_of_the_uplands(self.known or self.entries)

    @cached_property
    def famous(self) -> bool:
        """Whether streets bear the name all over the country."""
        return is_famous(self.span)

    @cached_property
    def borne(self) -> bool:
        """Whether a spot or a body bears the name and nothing else shows the place."""
        return bool(self.bearer) and self.cue is None and self.hamlet is None and not self.fit

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
        if not self._is_trusted(known) or (len(self.span) == 1 and self._is_misspelled(rank)):
            return None
        ours = self.start - 1 in posts or (first.fold in _OURS and first.raw.islower())
        if ours and not is_written(self.span):
            return None
        typed = all(token.bare and token.raw.islower() for token in self.span)
        clear = first.raw.isdigit() or (not short and " " in rank)
        if told is None and typed and not clear and self._is_common:
            return None if here or not known else self._as_words()
        return True

    def _is_misspelled(self, rank: str) -> bool:
        """Say whether what may be a rank has the marks of another word: “Phương Trang” is no ward."""
        before = self.message.said[self.start - 1]
        return bool(rank) and not before.bare and before.key != exact(rank.split()[-1])

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
            beside = self.cue is not None or self.hamlet is not None or self.bearer
            shown = beside or self.message.breaks[self.start] > 0
            asked = self.bearer > AREA and self.cue is None and self.hamlet is None
            return (False if asked else True) if self.titled or shown else None
        if self.titled and not self.ends and self.message.titled(self.end):
            return None
        if len(self.span) == 1 and not (self.long and (self.cue, self.hamlet) != (None, None)):
            return None
        if self.message.gazetteer.province_at(self.span) is not None:
            return False if self.known and self.cue == STRONG else None
        if self.borne:
            return self._as_borne()
        if self.known:
            verdict = self._in_the_province()
            return False if verdict and self.old and self._is_area else verdict
        return self._in_the_country() if self.message.sought is None else self._elsewhere()

    @cached_property
    def _is_area(self) -> bool:
        return bool(self.message.gazetteer.areas_at(self.span))

    def _as_borne(self) -> bool | None:
        """Judge the name of a spot or a body: it is worth a question where no person's name is likelier."""
        common = self._is_generic or self._is_common
        if common and (self.bearer == FIRM or not self.titled):
            return None
        plainly = self.titled or self.start in self.message.around.plainly
        if self.bearer == WAY and (self.person == LIKELY or not self.titled):
            return None
        if self.famous or (self.person and (self.bearer == FIRM or not plainly)):
            return None
        lone = len(self.codes) == 1 and self.titled and self.bearer < WAY and not common
        return False if self.known or lone else None

    def _may_be_a_name(self) -> bool:
        """Say whether words are written as a name, and not behind what bears such names."""
        message = self.message
        small = all(map(message.small, self._words))
        if not (self.titled or small) or self.span[0].raw[:1].isdigit() or (self.span[-1].raw == "a" and self.ends):
            return False
        goes_on = self.titled and self.hamlet is None and message.runs_on(self.start - 1)
        carried = message.carried(self.start) and not self.bearer
        return self.cue is not None or not (carried or goes_on)

    def _elsewhere(self) -> bool | None:
        """Judge a name of no commune of home: as it is written it is asked about where a place is said."""
        if not self.titled or len(self.codes) > 1 or self.said == ACTS:
            return None
        placed = self.cue == WEAK or (self.opens and self.said == HAPPENS) or self.old
        return False if self.cue == STRONG or (placed and not self.person and not self._is_common) else None

    def _in_the_country(self) -> bool | None:
        """Judge a name where no province is known: one that no other commune bears may be taken."""
        if len(self.codes) > MOST or (self.cue is None and self.said == ACTS):
            return None
        return self._as_written_there() if self.titled else self._as_typed_there()

    def _as_written_there(self) -> bool | None:
        """Judge a name with its capitals where no province is known."""
        lone = len(self.codes) == 1
        if self.cue == STRONG:
            return lone and not self.street
        if self.cue is not None:
            return lone and self.person < LIKELY if lone or not self.person else None
        if len(self.codes) > FEW or self.person == LIKELY or self._is_generic:
            return None
        if self.upland or self.said == HAPPENS:
            return lone
        if self.person or not (lone or self.opens or self.old):
            return None
        return lone and self.opens and self.said == TELLS and not self._is_common

    def _as_typed_there(self) -> bool | None:
        """Judge a name in small letters where no province is known."""
        lone = len(self.codes) == 1
        if self._is_generic or self._is_common or self.person == LIKELY or len(self.codes) > FEW:
            return None
        if self.cue == STRONG or (self.cue is not None and self.upland):
            return lone and not self.street
        happens = self.said == HAPPENS or (self.said == TELLS and self.upland)
        return False if lone and (self.cue is not None or (self.opens and happens)) else None

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
        if self.said == ACTS:
            return None
        if self.upland and not self.street:
            return self.opens or self.said == HAPPENS
        if self.said == HAPPENS:
            return True if not self.street and self.person < LIKELY else False if self.opens else None
        if self.person == LIKELY:
            return None
        if self.said == TELLS and self.opens:
            return not (self.person or self._is_common)
        if self.old:
            return not self.person
        at_an_end = self.start == 0 or self.end == len(self.message.said)
        if not at_an_end or self.person:
            asked = not (self.person or self._is_common)
            return False if asked or (self.opens and self.ends) else None
        return self.opens and self.ends

    def _in_small_letters(self) -> bool | None:
        """Judge a name in small letters: words of the language are one only where a clause ends."""
        common = self._is_generic or self._is_common
        if self.cue is None and self.hamlet is None:
            return self._as_typed(common=common)
        if common and not (self.ends and self.cue == STRONG and not self._is_generic):
            return self._as_common()
        if self.cue is None or self.street:
            return bool(self.hamlet) and not self.street
        bare = all(token.bare for token in self.span)
        return self.cue == STRONG or not bare or (self.ends and self.cue != PEOPLE)

    def _as_typed(self, *, common: bool) -> bool | None:
        """Judge a name in small letters with nothing before that shows a place."""
        plain = self.message.is_plain(self.start, self.end) or (self._is_generic and self._is_common)
        if self.said == ACTS or plain:
            return None
        doubtful = common or self.person > 0
        if self.opens and self.said == HAPPENS:
            return not (common or self.street or self.person == LIKELY)
        if doubtful:
            return None
        if self.old or (self.opens and self.said == TELLS):
            return True
        bare = all(token.bare for token in self.span)
        return self.said == HAPPENS and not bare

    def _as_common(self) -> bool | None:
        said = self.hamlet if self.cue is None else self.cue != WEAK
        plain = not (self.cue == STRONG and self.ends) and self.message.is_plain(self.start, self.end)
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
