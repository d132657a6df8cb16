"""When what was sent sealed is opened: later, together with others, so that no moment tells who sent it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from domain.calendar import WorkCalendar

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Sealing:
    """How long it waits, on which marks of the clock it is opened, and what is written of when it came.

    `asking` is how long a keeper's wish to open an identity waits for a second keeper.
    """

    shortest: timedelta = timedelta(minutes=10)
    longest: timedelta = timedelta(minutes=45)
    every: timedelta = timedelta(minutes=15)
    rounded: timedelta = timedelta(hours=1)
    asking: timedelta = timedelta(hours=24)

    @classmethod
    def parse(cls, office: Mapping[str, Any]) -> Self:
        """Read `sealing` of the office document."""
        said: Mapping[str, int] = office.get("sealing", {})
        usual = cls()

        def minutes(name: str, otherwise: timedelta) -> timedelta:
            return timedelta(minutes=said[name]) if name in said else otherwise

        return cls(
            shortest=minutes("shortest_minutes", usual.shortest),
            longest=minutes("longest_minutes", usual.longest),
            every=max(minutes("every_minutes", usual.every), timedelta(minutes=1)),
            rounded=max(minutes("rounded_minutes", usual.rounded), timedelta(minutes=1)),
            asking=minutes("asking_minutes", usual.asking),
        )

    def moment(self, came: datetime, calendar: WorkCalendar, random: Callable[[int], int]) -> datetime:
        """Return when it is opened; `random(n)` gives an integer in [0, n).

        At night and on days off few people write, and nobody would read it: it waits for the morning.
        """
        among_others = calendar.quiet_until(came) or came
        spread = max((self.longest - self.shortest) // _SECOND, 0) + 1
        return _up(among_others + self.shortest + random(spread) * _SECOND, self.every)

    def fading(self, at: datetime) -> datetime:
        """Return the mark of the clock on which something due at this moment is done: not before it."""
        return _up(at, self.every)

    def coarse(self, at: datetime) -> datetime:
        """Return the mark of the clock before this moment, for what need not be known nearer."""
        return _down(at, self.every)

    def about(self, came: datetime, *, urgent: bool = False) -> datetime:
        """Return what is written of when it came, never later: its term runs from then.

        What cannot wait is opened at once and has a term of hours, so it keeps its minute.
        """
        return _down(came, timedelta(minutes=1) if urgent else self.rounded)


def _down(at: datetime, step: timedelta) -> datetime:
    return at - (at - _EPOCH) % step


def _up(at: datetime, step: timedelta) -> datetime:
    return at + (_EPOCH - at) % step
