"""What somebody said in one breath, too fast to be passed on piece by piece, reaches the officer as one."""

from datetime import datetime

from domain.cases import OPEN_STATES, Act
from services.acts.adding import pass_on
from services.saying import crowds
from services.saying.telling import Telling
from services.standing.parties import CLOCK
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.time import timers

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
    return await crowds.each_due(work, KIND, subjects, _tell)


async def _tell(work: Work, case: Case, line: int) -> None:
    events = [event for event in await stored.history(work, case) if event.number >= line]
    said = [event.detail for event in events if event.act != Act.WITNESS and event.detail.get("quiet")]
    words = "\n".join(detail["text"] for detail in said if detail["text"])
    files = [file_id for detail in said for file_id in detail["files"]]
    key = "official.supplement" if case.state in OPEN_STATES else "official.comment"
    await pass_on(Telling(work, case, CLOCK, line, {"text": words, "files": files}), key, ("show",))
