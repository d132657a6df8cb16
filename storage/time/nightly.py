"""The desk's own timers that ring once a night, each kind at its hour, on days off too."""

from datetime import datetime, time, timedelta

from storage.ground.work import Work
from storage.time import timers

_SUBJECT = "nightly"


async def begin(work: Work, kind: str, at: time) -> None:
    """Wind the timer, unless it is wound."""
    await timers.begin(work, kind, _SUBJECT, _next(work, at))


def wind(work: Work, kind: str, at: time) -> None:
    """Wind it for the next night."""
    work.wind(kind, _SUBJECT, _next(work, at))


def again(work: Work, kind: str) -> None:
    """Let it ring once more at once: there is more to do than fits into one work."""
    work.wind(kind, _SUBJECT, work.now)


def _next(work: Work, at: time) -> datetime:
    calendar = work.rules.calendar
    tonight = calendar.at(work.today, at)
    return tonight if tonight > work.now else calendar.at(work.today + timedelta(days=1), at)
