"""What somebody said in one breath, too fast to be passed on piece by piece, reaches the officer as one."""

from datetime import datetime
from uuid import UUID

from domain.cases import OPEN_STATES
from services import notices
from services.telling import Telling
from services.who import CLOCK
from storage import cases as stored
from storage import timers
from storage.cases import Case
from storage.work import Work

KIND = "breath"
"""The kind of timer whose subject is a case's id and the first line of its history that waits to be told."""


def wind(work: Work, case: Case, line: int, at: datetime) -> None:
    """Let what was said from this line of the history on be told at that moment."""
    work.wind(KIND, f"{case.id}:{line}", at)


async def waits(work: Work, case: Case, line: int) -> bool:
    """Say whether what was said from this line on is still to be told: who hears late may come after that."""
    return await timers.is_wound(work, KIND, f"{case.id}:{line}")


async def ring_all(work: Work, subjects: list[str]) -> int:
    """Tell what was said; a case that another transaction holds keeps its timer for the next tick."""
    ids = {UUID(subject.partition(":")[0]) for subject in subjects}
    await stored.load_due(work, ids)
    held = [subject for subject in subjects if UUID(subject.partition(":")[0]) in work.cases]
    await stored.load_histories(work, [work.cases[case_id] for case_id in ids if case_id in work.cases])
    for subject in held:
        case_id, _, line = subject.partition(":")
        work.wind(KIND, subject, None)
        await _tell(work, work.cases[UUID(case_id)], int(line))
    return len(held)


async def _tell(work: Work, case: Case, line: int) -> None:
    events = [event for event in await stored.history(work, case) if event.number >= line]
    said = [event.detail for event in events if event.detail.get("quiet")]
    words = "\n".join(detail["text"] for detail in said if detail["text"])
    files = [file_id for detail in said for file_id in detail["files"]]
    key = "official.supplement" if case.state in OPEN_STATES else "official.comment"
    await notices.pass_on(Telling(work, case, CLOCK, line), {"text": words, "files": files}, key, ("show",))
