"""Words that are a commune's name, with what is known of them from the words around."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from domain.understand.fold import Token
from domain.understand.gazetteer import Entry, Gazetteer, is_of_another_language
from domain.understand.namings import (
    HARD,
    NONE,
    Message,
    Told,
    is_famous,
    is_likely_a_person,
    is_of_the_uplands,
    may_be_a_person,
    may_be_a_street,
)

LIKELY = 2
"""How likely a name is a person's: more than perhaps."""


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
        return bool(behind) and behind[0].fold == "cu" and self.message.breaks[self.end] == NONE

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
        """Whether people bear such a name: LIKELY, or 1 for perhaps."""
        if is_likely_a_person(self.span):
            return LIKELY
        return int(may_be_a_person(self.span) or self.street)

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
        return bool(self.bearer) and self.uncued and not self.fit

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
    def words(self) -> range:
        """The words of the name without its number."""
        numbered = len(self.span) > 1 and self.message.is_number(self.end - 1)
        return range(self.start, self.end - 1 if numbered else self.end)

    @cached_property
    def titled(self) -> bool:
        """Whether each word has a capital that says something."""
        return all(map(self.message.titled, self.words))

    @cached_property
    def long(self) -> bool:
        """Whether it has two words, or can be no Vietnamese one."""
        return len(self.span) > 1 or any(is_of_another_language(one.name) for one in self.known)

    @cached_property
    def common(self) -> bool:
        """Whether it is words of the language too."""
        return self.message.is_common(self.start, self.end)

    @cached_property
    def generic(self) -> bool:
        """Whether it begins with what may be a market, a bridge, a field."""
        return self.message.is_generic(self.start)

    @cached_property
    def lone(self) -> bool:
        """Whether no other commune of the country bears the name."""
        return len(self.codes) == 1

    @cached_property
    def uncued(self) -> bool:
        """Whether no word before shows that a place is meant."""
        return self.cue is None and self.hamlet is None


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
