"""The desk's own timers that ring at one hour of each day or at several, mostly at night, on days off too."""

from datetime import datetime, time, timedelta

from storage.ground.work import Work
from storage.time import timers

_SUBJECT = "nightly"


async def begin(work: Work, kind: str, *at: time) -> None:
    """Wind the timer, unless it is wound."""
    await timers.begin(work, kind, _SUBJECT, _next(work, at))


def wind(work: Work, kind: str, *at: time) -> None:
    """Wind it for the next of these times."""
    work.wind(kind, _SUBJECT, _next(work, at))


def again(work: Work, kind: str) -> None:
    """Let it ring once more at once: there is more to do than fits into one work."""
    work.wind(kind, _SUBJECT, work.now)


def _next(work: Work, at: tuple[time, ...]) -> datetime:
    calendar = work.rules.calendar
    days = (work.today, work.today + timedelta(days=1))
    return min(moment for day in days for one in at if (moment := calendar.at(day, one)) > work.now)
