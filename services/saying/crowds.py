"""Many who tell of one danger within a breath: whoever goes there reads them together, not one by one."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from domain.cases import Act
from services.saying import ringing, wording
from services.saying.quoting import in_one_line
from services.saying.telling import Telling
from services.standing.parties import CLOCK
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.time import timers

KIND = "crowd"
"""The kind of timer whose subject is a case's id and the first line of its history that waits to be told."""


_LETTERS = 1500
_FEW = 3
"""Witnesses of a breath who are read one by one."""


async def gather(work: Work, case: Case, text: str) -> bool:
    """Say whether the words of one more wait a moment for others': of a few in a breath none do.

    Nor does what tells of another danger than all before, as that somebody is inside.
    """
    since = work.now - work.rules.listening.breath
    told = [event for event in await stored.history(work, case) if event.act == Act.WITNESS]
    kinds = {
        kind for words in (case.story, *(one.detail["text"] for one in told)) for kind in _kinds(work, words)
    }
    at_once = [one for one in told if one.at > since and not one.detail.get("quiet")]
    if len(at_once) < _FEW or not _kinds(work, text) <= kinds:
        return False
    if not await timers.is_any_wound(work, KIND, f"{case.id}:"):
        work.wind(KIND, f"{case.id}:{case.history_length + 1}", work.now + work.rules.listening.breath)
    return True


def _kinds(work: Work, text: str) -> set[str]:
    return set(work.rules.understanding.read(text).dangers)


async def ring_all(work: Work, subjects: list[str]) -> int:
    """Tell what was gathered; a case that another transaction holds keeps its timer for the next tick."""
    return await each_due(work, KIND, subjects, _tell)


async def _tell(work: Work, case: Case, line: int) -> None:
    events = [event for event in await stored.history(work, case) if event.number >= line]
    gathered = [event.detail for event in events if event.act == Act.WITNESS and event.detail.get("quiet")]
    told = [" · ".join(filter(None, (in_one_line(one["text"]), one.get("phone")))) for one in gathered]
    files = sum(len(one["files"]) for one in gathered)
    to = Telling(work, case, CLOCK, line)
    to.awake, to.occasion = True, f"crowd:{line}"
    text = wording.shortened("\n".join(filter(None, dict.fromkeys(told))), _LETTERS)
    facts = {"count": gathered[-1]["count"], "text": text, "files": files}
    await to.officials(await ringing.listeners(work, case), "official.witnesses", ("show",), **facts)


async def each_due(
    work: Work, kind: str, subjects: list[str], tell: Callable[[Work, Case, int], Awaitable[None]]
) -> int:
    """Unwind the timers `CASE:LINE` of a kind and tell of each case from its line on. Returns how many."""
    ids = {UUID(subject.partition(":")[0]) for subject in subjects}
    await stored.load_due(work, ids)
    held = [subject for subject in subjects if UUID(subject.partition(":")[0]) in work.cases]
    await stored.load_histories(work, [work.cases[case_id] for case_id in ids if case_id in work.cases])
    for subject in held:
        case_id, _, line = subject.partition(":")
        work.wind(kind, subject, None)
        await tell(work, work.cases[UUID(case_id)], int(line))
    return len(held)
