"""How many made-up outbreaks are told, and how often something is told that is none, beside EARS C2.

2,000 streams of people a day, each with a mean of its own, that of the weekday and of the season, and more
spread than chance alone; in some of them an outbreak begins on a day. Both look once a day with the same
people before them. EARS C2 is what health offices use: more than three standard deviations above the mean of
seven days, those of the last two left out. What the desk was told stays quiet as it does there; so it is
counted for both.
"""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, pi, sin

from domain.hotspots import WEEK, Hot, HotSpotRules, Past, hot

_STREAMS, _OUTBREAKS = 2000, 400
_DAYS, _WATCHED = 180, 70
"""Days there are, and the day from which it is counted: before it the past is learned."""
_SEED = 20261130
_LASTS = range(3, 8)
"""Days an outbreak lasts."""
_SHAPE = 2.0
"""Of the gamma by which one day differs from another of the same mean."""
_WEEKDAYS = (1.3, 1.1, 1.0, 1.0, 1.0, 0.9, 0.7)
_BASELINE, _GUARD, _THRESHOLD = 7, 2, 3.0
"""Of EARS C2; a standard deviation below a half is taken as a half, or any one person would be an alert."""
_LEAST_SPREAD = 0.5


@dataclass(frozen=True, slots=True)
class _Stream:
    """People who tell on each day, and the days of an outbreak, if there is one."""

    people: Sequence[int]
    outbreak: range


def main() -> str:
    """Return recall, false alerts a day and what a look costs, of both."""
    dice = random.Random(_SEED)  # noqa: S311 - made-up people, the same each time
    streams = [_stream(dice, outbreak=number < _OUTBREAKS) for number in range(_STREAMS)]
    rules = HotSpotRules()
    begun = time.perf_counter()
    ours = _measured(streams, lambda stream, day: _is_hot(stream, day, rules), rules)
    took = (time.perf_counter() - begun) / (_DAYS - _WATCHED)
    ears = _measured(streams, _is_above, rules)
    of_three = _measured(
        streams, lambda s, day: _is_above(s, day) if s.people[day] >= rules.people else 0, rules
    )
    return (
        f"{_STREAMS} streams, {_OUTBREAKS} outbreaks: recall {ours} false alerts a day; "
        f"EARS C2 {ears}, of no fewer than {rules.people} people {of_three}; "
        f"judging all of them {took * 1000:.0f} ms a look"
    )


@dataclass(frozen=True, slots=True)
class _Measure:
    recall: float
    delay: float
    false: float

    def __str__(self) -> str:
        return f"{self.recall:.2f} ({self.delay:.1f} days after it began) at {self.false:.1f}"


def _measured(
    streams: Sequence[_Stream], judge: Callable[[_Stream, int], int], rules: HotSpotRules
) -> _Measure:
    """Look once a day. `judge` returns how many people are told of, none where nothing is."""
    delays, false = [], 0
    for stream in streams:
        alerts = _alerts(stream, judge, rules)
        within = [day for day in alerts if _is_in(stream, day)]
        false += len(alerts) - len(within)
        delays += [within[0] - stream.outbreak.start] if within else []
    return _Measure(len(delays) / _OUTBREAKS, statistics.fmean(delays), false / (_DAYS - _WATCHED))


def _is_in(stream: _Stream, day: int) -> bool:
    """Say whether what is told on a day is the outbreak: it may be seen two days after its end too."""
    return bool(stream.outbreak) and stream.outbreak.start <= day < stream.outbreak.stop + 2


def _alerts(stream: _Stream, judge: Callable[[_Stream, int], int], rules: HotSpotRules) -> list[int]:
    found: list[int] = []
    told, until = 0, -1
    for day in range(_WATCHED, _DAYS):
        people = judge(stream, day)
        if people and (day > until or rules.grown(told, people)):
            told, until = people, day + rules.quiet_days
            found.append(day)
    return found


def _is_hot(stream: _Stream, day: int, rules: HotSpotRules) -> int:
    now = {days: sum(stream.people[day - days + 1 : day + 1]) for days in rules.windows}
    end = day - rules.windows[-1] + 1
    past = Past(sum(stream.people[max(0, end - rules.weeks * WEEK) : end]), min(rules.weeks, end / WEEK))
    found: Hot | None = hot(now, past, rules)
    return found.people if found is not None else 0


def _is_above(stream: _Stream, day: int) -> int:
    before = stream.people[day - _GUARD - _BASELINE : day - _GUARD]
    spread = max(_LEAST_SPREAD, statistics.stdev(before))
    people = stream.people[day]
    return people if people > statistics.fmean(before) + _THRESHOLD * spread else 0


# --- people who never were -----------------------------------------------------------------------


def _stream(dice: random.Random, *, outbreak: bool) -> _Stream:
    mean, phase = exp(dice.gauss(-2.3, 1.0)), dice.uniform(0, 2 * pi)
    lasts = dice.choice(_LASTS)
    start = dice.randrange(_WATCHED, _DAYS - lasts) if outbreak else 0
    days = range(start, start + lasts) if outbreak else range(0)
    people = [_poisson(dice, _mean(dice, mean, phase, day)) for day in range(_DAYS)]
    more = max(1.5, 2 * mean)
    for day in days:
        people[day] += _poisson(dice, more)
    return _Stream(people, days)


def _mean(dice: random.Random, mean: float, phase: float, day: int) -> float:
    season = 1 + 0.3 * sin(2 * pi * day / 365 + phase)
    return mean * season * _WEEKDAYS[day % WEEK] * dice.gammavariate(_SHAPE, 1 / _SHAPE)


def _poisson(dice: random.Random, mean: float) -> int:
    """Draw by multiplying (Knuth): the means are small."""
    least, product, number = exp(-mean), dice.random(), 0
    while product > least:
        product *= dice.random()
        number += 1
    return number
