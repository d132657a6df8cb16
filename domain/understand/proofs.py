"""Whether words that are a commune's name are meant as one: surely, perhaps, or not for all we know.

Each verdict is True, False where it is to be asked, and None where nothing is to be made of the words.
"""

from collections.abc import Collection, Sequence

from domain.understand.candidates import LIKELY, Candidate, is_written
from domain.understand.fold import exact
from domain.understand.gazetteer import Entry
from domain.understand.namings import (
    COUNTED,
    FILLERS,
    HARD,
    PEOPLE,
    RANKS_BEHIND,
    SHORT,
    STRONG,
    WEAK,
    may_be_a_person,
)
from domain.understand.surroundings import ACTS, AREA, FIRM, HAPPENS, TELLS, WAY

_OURS = frozenset({"minh", "ta", "nay", "la"})
"""“xã mình” and “xa la gi” without their marks, and no xã Minh An or La Gi."""
MOST = 9
"""Communes that are asked about: one digit answers a menu."""
FEW = 4
"""Communes of one name that are asked about where no word shows that a place is meant."""
_FEW = 8
"""Words of a message that may be nothing but a place."""


class Proof(Candidate):
    """What is to be made of a candidate."""

    def ranked(self, posts: Collection[int], told: str | None, *, here: bool) -> bool | None:
        """Say whether a name with its rank is meant; `told`: the province that is told, of whatever place."""
        first = self.span[0]
        rank = self.message.ranks.get(self.start, "")
        short = bool(rank) and self.message.said[self.start - 1].fold in SHORT
        known = self.fit or self.known
        if short and not (first.raw.isdigit() or first.raw[:1].isupper()):
            return True if known and self.long and not self.common else None
        if not self._is_trusted(known) or (len(self.span) == 1 and self._is_misspelled(rank)):
            return None
        ours = self.start - 1 in posts or (first.fold in _OURS and first.raw.islower())
        if ours and not is_written(self.span):
            return None
        typed = all(token.bare and token.raw.islower() for token in self.span)
        clear = first.raw.isdigit() or (not short and " " in rank)
        if told is None and typed and not clear and self.common:
            return None if here or not known else self._as_words()
        return True

    def _is_misspelled(self, rank: str) -> bool:
        """Say whether what may be a rank has the marks of another word: “Phương Trang” is no ward."""
        before = self.message.said[self.start - 1]
        return bool(rank) and not before.bare and before.key != exact(rank.rsplit(maxsplit=1)[-1])

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
            return self._as_located()
        if self._is_too_little():
            return False if self._is_a_word_there() else None
        if self.message.gazetteer.province_at(self.span) is not None:
            return False if self.known and self.cue == STRONG else None
        return self._as_borne() if self.borne else self._by_where()

    def _as_located(self) -> bool | None:
        """Judge a name with its district or province behind: of a spot or a body it is asked about."""
        if not (self.titled or not self.uncued or self.bearer or self.message.breaks[self.start]):
            return None
        if self.bearer <= AREA or not self.uncued:
            return True
        return None if self.message.settled else False

    def _is_too_little(self) -> bool:
        """Say whether a name goes on behind, or is one word behind nothing that shows a place."""
        goes_on = self.titled and not self.ends and self.message.titled(self.end)
        return goes_on or (len(self.span) == 1 and not (self.long and not self.uncued))

    def _is_a_word_there(self) -> bool:
        """Say whether one word is where somebody says that a place is, in the province: “chủ trọ ở Nếnh”."""
        alone = len(self.span) == 1 and not self.message.titled(self.end)
        return (
            alone
            and bool(self.known)
            and self.lone
            and self.titled
            and self.cue == STRONG
            and not self.person
        )

    def _by_where(self) -> bool | None:
        if not self.known:
            return self._in_the_country() if self.message.sought is None else self._elsewhere()
        verdict = self._in_the_province()
        district = self.old and bool(self.message.gazetteer.areas_at(self.span))
        return False if verdict and district else verdict

    def _as_borne(self) -> bool | None:
        """Judge the name of a spot or a body: it is worth a question where no person's name is likelier."""
        common = self.generic or self.common
        plainly = self.titled or self.start in self.message.around.plainly
        doubtful = (
            (common and (self.bearer == FIRM or not self.titled))
            or (self.bearer == WAY and (self.person == LIKELY or not self.titled))
            or (self.person and (self.bearer == FIRM or not plainly))
        )
        lone = self.lone and self.titled and self.bearer < WAY and not common
        asked = (self.known or lone) and not (self.famous or doubtful or self.message.settled)
        return False if asked else None

    def _may_be_a_name(self) -> bool:
        """Say whether words are written as a name, and not behind what bears such names."""
        message = self.message
        small = all(map(message.small, self.words))
        courtesy = self.span[-1].raw == "a" and self.ends
        if not (self.titled or small) or self.span[0].raw[:1].isdigit() or courtesy:
            return False
        goes_on = self.titled and self.hamlet is None and message.runs_on(self.start - 1)
        carried = message.carried(self.start) and not self.bearer and self.start not in message.around.opened
        return self.cue is not None or not (carried or goes_on)

    def _elsewhere(self) -> bool | None:
        """Judge a name of no commune of home: as it is written it is asked about where a place is said."""
        if not self.titled or len(self.codes) > 1 or self.said == ACTS:
            return None
        placed = self.cue == WEAK or (self.opens and self.said == HAPPENS) or self.old
        return False if self.cue == STRONG or (placed and not self.person and not self.common) else None

    def _in_the_country(self) -> bool | None:
        """Judge a name where no province is known: one that no other commune bears may be taken."""
        if self.message.settled:
            return True if self.cue == STRONG and self.titled else None
        if len(self.codes) > MOST or (self.cue is None and self.said == ACTS):
            return None
        return self._as_written_there() if self.titled else self._as_typed_there()

    def _as_written_there(self) -> bool | None:
        """Judge a name with its capitals where no province is known."""
        if self.cue is not None:
            taken = not self.street if self.cue == STRONG else self.person < LIKELY
            asked = self.lone or self.cue == STRONG or not self.person
            return (self.lone and taken) if asked else None
        if len(self.codes) > FEW or self.person == LIKELY or self.generic:
            return None
        if self.upland or self.said == HAPPENS:
            return self.lone
        if self.person or not (self.lone or self.opens or self.old):
            return None
        return self.lone and self.opens and self.said == TELLS and not self.common

    def _as_typed_there(self) -> bool | None:
        """Judge a name in small letters where no province is known."""
        there = self.cue == STRONG and self.ends and len(self.span) > 1
        if there and not self.common and len(self.codes) <= FEW and (self.generic or self.person == LIKELY):
            return False
        if self.generic or self.common or self.person == LIKELY or len(self.codes) > FEW:
            return None
        if self.cue == STRONG or (self.cue is not None and self.upland):
            return self.lone and not self.street
        happens = self.said == HAPPENS or (self.said == TELLS and self.upland)
        return False if self.lone and (self.cue is not None or (self.opens and happens)) else None

    def _in_the_province(self) -> bool | None:
        if self.told.areas and self.uncued:
            return False if self.titled or self.message.breaks[self.start] else None
        if self.uncued and self._is_all():
            common = not self.titled and (self.generic or self.common)
            return not (common or self.street or may_be_a_person(self.span))
        return self._as_written() if self.titled else self._in_small_letters()

    def _as_written(self) -> bool | None:
        """Judge a name with its capitals in the province of home."""
        if self.cue is not None:
            return not self.street
        if self.hamlet is not None:
            return self.hamlet and not self.street
        if self.said == ACTS and not self.old:
            return None
        if self.upland and not self.street:
            return self.opens or self.said == HAPPENS
        if self.said == HAPPENS:
            return True if not self.street and self.person < LIKELY else False if self.opens else None
        return self._as_told() if self.person < LIKELY else False if self.old else None

    def _as_told(self) -> bool | None:
        """Judge a name with its capitals of which nothing is said that places alone have."""
        if self.said == TELLS and self.opens:
            return not (self.person or self.common)
        if self.old:
            return not self.person
        at_an_end = self.start == 0 or self.end == len(self.message.said)
        if at_an_end and not self.person:
            return self.opens and self.ends
        asked = not (self.person or self.common) or (self.opens and self.ends)
        return False if asked else None

    def _in_small_letters(self) -> bool | None:
        """Judge a name in small letters: words of the language are one only where a clause ends."""
        common = self.generic or self.common
        if self.uncued:
            return self._as_typed(common=common)
        if common and not (self.ends and self.cue == STRONG and not self.generic):
            return self._as_common()
        if self.cue is None or self.street:
            return bool(self.hamlet) and not self.street
        bare = all(token.bare for token in self.span)
        return self.cue == STRONG or not bare or (self.ends and self.cue != PEOPLE)

    def _as_typed(self, *, common: bool) -> bool | None:
        """Judge a name in small letters with nothing before that shows a place."""
        plain = self.message.is_plain(self.start, self.end) or (self.generic and self.common)
        if self.said == ACTS or plain:
            return None
        if self.opens and self.said == HAPPENS:
            return not (common or self.street or self.person == LIKELY)
        if common or self.person:
            return None
        if self.old or (self.opens and self.said == TELLS):
            return True
        bare = all(token.bare for token in self.span)
        return self.said == HAPPENS and not bare

    def _as_common(self) -> bool | None:
        said = self.hamlet if self.cue is None else self.cue != WEAK
        plain = not (self.cue == STRONG and self.ends) and self.message.is_plain(self.start, self.end)
        chance = self.generic and (self.common or not self.ends or self.cue != STRONG)
        return None if not said or chance or plain else False

    def _is_all(self) -> bool:
        """Say whether a message is nothing but this name."""
        said = self.message.said
        rest = [*said[: self.start], *said[self.end :]]
        return len(said) <= _FEW and all(token.fold in FILLERS for token in rest)
