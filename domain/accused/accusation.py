"""What some words say of officials, and how it is heard in danger, with more words, and of fewer people."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

_OF_PEOPLE = ("people", "beside", "sure", "given", "alone", "general", "pointed", "named", "aside")


@dataclass(frozen=True, slots=True)
class Accusation:
    """What some words say of officials: everybody who may be meant, and whether a wrong is told of any.

    `people` and `units` are named (two people of one name: both; without those below a unit, nor the units
    of the people). `wrong` says that a wrong or bad conduct of an official or a unit is told, whether or not
    it is known of whom; `crime`, that it is one that is denounced. `doubt`, that none is told
    outright. `beside` are people and units that are named too, but only asked for help, greeted or passed.
    `sure` are those who in danger may have done it: told so beyond doubt, or named without a word of help or
    harm. `given` are those of them whom only a given name tells, which a neighbour may bear; where help is
    needed they are out `alone`, without those they serve with. `holder`: it is told of whoever has the case.
    `general` are those of the people and units whom only words for all heads name, as "the leaders".
    `calm`: they thank, praise or ask, and no more; `aside` are people of whom they only tell how it goes:
    they do not get it, for a wrong may be meant; so are those told more of than whose house it is.
    `pointed` are those of whom it is only told who they are, or that they are feared: where people do harm
    that is who does it. `attack`: words tell that people do.
    `named` are those of whom only the given name is told, without a word of help, visit, call or hurt: where
    people do harm, whoever is asked who it was answers so.
    """

    people: tuple[UUID, ...] = ()
    units: tuple[UUID, ...] = ()
    wrong: bool = False
    crime: bool = False
    doubt: bool = False
    beside: tuple[UUID, ...] = ()
    sure: tuple[UUID, ...] = ()
    given: tuple[UUID, ...] = ()
    alone: tuple[UUID, ...] = ()
    general: tuple[UUID, ...] = ()
    holder: bool = False
    calm: bool = False
    aside: tuple[UUID, ...] = ()
    pointed: tuple[UUID, ...] = ()
    pointed_units: tuple[UUID, ...] = ()
    attack: bool = False
    named: tuple[UUID, ...] = ()

    def in_danger(self, *, by_people: bool = False) -> "Accusation":
        """Return it as heard where help is needed: whoever may have done it is kept out, and nobody else.

        `by_people`: what is done is done by somebody, so whoever is pointed at or only named may have.
        """
        people = tuple(one for one in self.people if one in self.sure)
        units = tuple(one for one in self.units if one in self.sure)
        if by_people or self.attack:
            people = tuple(dict.fromkeys((*people, *self.pointed, *self.named)))
            units = tuple(dict.fromkeys((*units, *self.pointed_units)))
        given = {*self.given, *self.named} - {*self.sure} | {*self.given}
        alone = tuple(one for one in people if one in given)
        wrong = bool(set(people) - set(alone) or units or self.holder)
        crime, general = wrong and self.crime, self.general
        return Accusation(people, units, wrong, crime, alone=alone, general=general, holder=self.holder)

    def without(self, others: Collection[UUID]) -> "Accusation":
        """Return the same words where these people cannot be meant."""
        told: dict[str, Any] = {name: getattr(self, name) for name in _OF_PEOPLE}
        kept: dict[str, Any] = {name: tuple(p for p in told[name] if p not in others) for name in told}
        return replace(self, **kept)

    def pointing(self, at: "Accusation") -> "Accusation":
        """Return it with whom the sender points at; whom they say must not be told is out, come what may."""
        shut = {*at.people, *at.units}
        given = [one for one in at.given if one not in self.sure]
        both = replace(self, pointed=at.pointed, pointed_units=at.pointed_units, given=(*self.given, *given))
        if not shut:
            return both
        return replace(
            both,
            people=tuple(dict.fromkeys((*self.people, *at.people))),
            units=tuple(dict.fromkeys((*self.units, *at.units))),
            wrong=True,
            doubt=False,
            beside=tuple(one for one in self.beside if one not in shut),
            sure=tuple(dict.fromkeys((*self.sure, *at.people, *at.units))),
            given=tuple(one for one in both.given if one not in shut),
            calm=False,
        )

    def also(self, other: "Accusation") -> "Accusation":
        """Return it with whom other words of the same person speak, if these tell a wrong outright."""
        if not (other.wrong and not other.doubt) and not other.alone:
            return self
        people = tuple(dict.fromkeys((*self.people, *other.people)))
        known = {*self.people} - {*self.alone} | {*other.people} - {*other.alone}
        return replace(
            self,
            people=people,
            units=tuple(dict.fromkeys((*self.units, *other.units))),
            wrong=self.wrong or other.wrong,
            general=_of_both(self, other),
            crime=self.crime or other.crime,
            doubt=self.doubt and not other.wrong,
            sure=tuple(dict.fromkeys((*self.sure, *other.sure))),
            given=tuple(one for one in self.given if one in other.given or one not in other.people),
            alone=tuple(one for one in people if one not in known),
            holder=self.holder or other.holder,
            calm=False,
            pointed=tuple(dict.fromkeys((*self.pointed, *other.pointed))),
            pointed_units=tuple(dict.fromkeys((*self.pointed_units, *other.pointed_units))),
            attack=self.attack or other.attack,
            named=tuple(dict.fromkeys((*self.named, *other.named))),
        )


def _of_both(one: Accusation, other: Accusation) -> tuple[UUID, ...]:
    """Return who is told of in general by each of the two that tells of them at all."""
    known = {
        person
        for said in (one, other)
        for person in (*said.people, *said.units)
        if person not in said.general
    }
    return tuple(dict.fromkeys(p for p in (*one.general, *other.general) if p not in known))
