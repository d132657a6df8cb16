"""Hot spots: when more people of one place tell of one field within days than its own past lets expect.

How many people tell of a field in a week is taken as Poisson, its mean as gamma distributed: one person in
one week is known of it before anything is (Gamma(1, 1)), the weeks before add to it. So what is rare is told
soon, what is common late, and a desk that has only begun asks for more before it says anything.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import time
from itertools import pairwise
from math import exp, lgamma, log
from typing import Any, Self

from domain.law import reading
from domain.understand.fold import Token, clean, tokens
from domain.understand.likeness import EMPTY
from domain.understand.vocabulary import common_words

WEEK = 7
"""Days of the unit in which the past is counted."""
NEVER_COUNTED = frozenset({"to_cao"})
"""Kinds of cases of which nothing is counted or quoted: they accuse somebody."""
_HUNDRED = 100
_NEGLIGIBLE, _ROUNDING = 1e-12, 1e-9


@dataclass(frozen=True, slots=True)
class HotSpotRules:
    """When the desk speaks of a hot spot; defaults of the office document.

    It looks `at` these times of each day. So many `people` in one of the `windows` (days) are one, if by the
    `weeks` before the windows that many come with less than this `chance`. One that was told is told again
    when `growth` in a hundred more people tell of it, or after `quiet_days`. The same field hot in as many
    communes as `surge` at once is one alert. Words are quoted that `words` people use, numbers of people
    smaller than `few` named to nobody who does not read the cases.
    """

    chance: float = 0.001
    people: int = 3
    windows: tuple[int, ...] = (3, 7)
    weeks: int = 8
    growth: int = 50
    quiet_days: int = 14
    surge: int = 5
    words: int = 3
    few: int = 5
    at: tuple[time, ...] = (time(7, 0), time(15, 0))

    @classmethod
    def parse(cls, office: Mapping[str, Any]) -> Self:
        """Read `hotspots` of the office document; what is not named has its default. Raises BadDocument."""
        given: Mapping[str, Any] = office.get("hotspots", {})
        ours = cls()
        with reading("office"):
            whole = ("people", "weeks", "growth", "quiet_days", "surge", "words", "few")
            found = cls(
                chance=float(given.get("chance", ours.chance)),
                windows=tuple(sorted(int(days) for days in given.get("windows", ours.windows))),
                at=tuple(time.fromisoformat(str(at)) for at in given.get("at", ours.at)),
                **{name: int(given.get(name, getattr(ours, name))) for name in whole},
            )
            if not (0 < found.chance < 1 and found.windows and found.at):
                raise ValueError("hotspots: a chance between 0 and 1, some windows, some times")
            if min(*found.windows, *(getattr(found, name) for name in whole)) < 1:
                raise ValueError("hotspots: every number is at least 1")
            if found.people < ours.people or found.words < ours.words:
                raise ValueError("hotspots: fewer people could be guessed, or known by their words")
        return found

    def grown(self, told: int, now: int) -> bool:
        """Say whether so many people are worth another word, where so many were told."""
        return now * _HUNDRED >= told * (_HUNDRED + self.growth)


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a stream: how many people of how many weeks, each counted once a week."""

    people: int
    weeks: float

    @property
    def usual(self) -> float | None:
        """How many people tell of it in a week; None where not even a week is known."""
        return self.people / self.weeks if self.weeks >= 1 else None


@dataclass(frozen=True, slots=True)
class Hot:
    """That a stream is hot: so many people within so many days, and how likely that was."""

    people: int
    days: int
    chance: float


def chance(people: int, days: float, past: Past) -> float:
    """Return how likely so many people, or more, are in so many days, by the past alone.

    The tail of the negative binomial distribution that a gamma-Poisson predicts.
    """
    if people <= 0:
        return 1.0
    shape, weeks = 1 + past.people, days / WEEK
    q = weeks / (1 + past.weeks + weeks)
    mean = shape * q / (1 - q)
    if people <= mean:
        return max(0.0, 1 - sum(_term(shape, q, number) for number in range(people)))
    number, term = people, _term(shape, q, people)
    total = 0.0
    while term > total * _NEGLIGIBLE:
        total += term
        term *= q * (shape + number) / (number + 1)
        number += 1
    return min(1.0, total)


def _term(shape: int, q: float, number: int) -> float:
    ways = lgamma(shape + number) - lgamma(shape) - lgamma(number + 1)
    return exp(ways + shape * log(1 - q) + number * log(q))


def hot(people: Mapping[int, int], past: Past, rules: HotSpotRules) -> Hot | None:
    """Say whether a stream is hot, by how many people told of it within so many days (by the windows)."""
    found = [
        Hot(count, days, chance(count, days, past)) for days, count in people.items() if count >= rules.people
    ]
    below = rules.chance * (1 - _ROUNDING)
    likely = [one for one in found if one.chance < below]
    return min(likely, key=lambda one: (one.chance, one.days), default=None)


def surging(streams: Collection[tuple[str, str]], rules: HotSpotRules) -> AbstractSet[str]:
    """Return the fields that are hot in so many communes at once that it is one thing: a storm.

    The streams that are hot are given as commune and field.
    """
    counted = Counter(field for _, field in set(streams))
    return {field for field, communes in counted.items() if communes >= rules.surge}


# --- what people say in common -------------------------------------------------------------------


def in_common(told: Iterable[tuple[str, str]], fewest: int, most: int) -> list[str]:
    """Return the words that so many people use, at most so many, those of most people first.

    What is told is given as person and text. Only words that people commonly write to a commune with are
    named, so nobody's name is; two beside each other rather than one.
    """
    users: dict[str, set[str]] = {}
    for person, text in told:
        for phrase in _phrases(text):
            users.setdefault(phrase, set()).add(person)
    shared = {phrase: len(people) for phrase, people in users.items() if len(people) >= fewest}
    ranked = sorted(shared, key=lambda one: (-len(one.split()), -shared[one], one))
    kept: list[str] = []
    for phrase in ranked:
        if not any(set(phrase.split()) & set(other.split()) for other in kept):
            kept.append(phrase)
    return sorted(kept, key=lambda one: (-shared[one], one))[:most]


def _phrases(text: str) -> set[str]:
    said = tokens(text)
    alone = {one.raw.lower() for one in said if _tells(one)}
    pairs = {f"{a.raw} {b.raw}".lower() for a, b in pairwise(said) if _are_together(text, a, b)}
    return alone | pairs


def _are_together(text: str, one: Token, other: Token) -> bool:
    return _tells(one) and _tells(other) and not clean(text)[one.end : other.start].strip()


def _tells(word: Token) -> bool:
    """Say whether a word may be named, and says something."""
    return word.raw.isalpha() and word.fold not in EMPTY and word.key in common_words()
