"""The desk's rounds, morning and evening: one for all, and one for each commune that has hours of its own."""

from datetime import datetime

from domain import overlays
from domain.digests import next_time
from services.standing import homes
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people.people import Chat
from storage.time import timers

KIND, MORNING, EVENING = "digest", "morning", "evening"
"""The kind of the timers of rounds, and their subjects (with the commune's code where it is one's own)."""


def of_chat(work: Work, chat: Chat) -> str:
    """Return the round in which a chat is told what waits: its commune's, or empty for that of all."""
    return _of(work, homes.area_of(work, chat))


def of_case(work: Work, case: Case) -> str:
    """Return the round that says what rang for a case."""
    return _of(work, case.area)


def _of(work: Work, area: str | None) -> str:
    here = work.desk.directory.commune_of(area or "")
    return here.code if here is not None and here.code in work.desk.own_hours else ""


async def begin(work: Work) -> None:
    """Wind the timers of all rounds, but those that are wound."""
    for area in ("", *work.desk.own_hours):
        for part in (MORNING, EVENING):
            await timers.begin(work, KIND, overlays.named(part, area), _next(work, part, area))


def wind(work: Work, part: str, area: str) -> None:
    """Wind a round anew; one of a commune that has no hours of its own any more is over."""
    goes_on = not area or area in work.desk.own_hours
    work.wind(KIND, overlays.named(part, area), _next(work, part, area) if goes_on else None)


def settle(work: Work, area: str) -> None:
    """Let the rounds of a commune follow its documents."""
    for part in (MORNING, EVENING):
        wind(work, part, area)


async def mornings_due(work: Work) -> frozenset[str]:
    """Return whose morning messages are due: they will say what this work leaves to them."""
    subjects = {overlays.named(MORNING, area): area for area in ("", *work.desk.own_hours)}
    return frozenset(subjects[one] for one in await timers.among_due(work, KIND, subjects))


def _next(work: Work, part: str, area: str) -> datetime:
    rules = work.desk.part(area)
    at = rules.calendar.morning if part == MORNING else rules.times.evening
    return next_time(rules.calendar, at, work.now)
