"""Histories are checked against the key every night, a batch at a time; admins hear of what was changed."""

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from domain.people import Role
from services.saying import notices
from storage.cases import chain
from storage.ground import append_only
from storage.ground.work import Work
from storage.store import stamps
from storage.store.engine import Store
from storage.time import nightly

KIND = "histories"
"""The kind of the desk's own timer that rings at night."""
_AT = time(2, 30)
_RUNNING, _RESULT = "histories running", "histories checked"
_NAMED = 3
"""Of the cases whose histories were changed, so many are named."""
Result = dict[str, Any]
"""`cases` and `lines` that were looked at, the `most` there ever were, whether some are `lost`, codes that
are `broken`, tables that are `open` to change, and `at` in seconds."""


async def begin(work: Work) -> None:
    """Wind the timer, unless it is wound."""
    await nightly.begin(work, KIND, _AT)


async def ring_all(work: Work, subjects: list[str]) -> int:
    """Check the next batch; after the last, say what was found. Returns how many timers rang."""
    so_far = await stamps.opened(work, _RUNNING) or {"after": "", "cases": 0, "lines": 0}
    after = UUID(so_far["after"]) if so_far["after"] else None
    chains = await chain.batch(work, after)
    await chain.mark(work, broken(work, chains))
    so_far["cases"] += len(chains)
    so_far["lines"] += sum(len(one.lines) for one in chains)
    if len(chains) == chain.BATCH:
        await stamps.seal(work, _RUNNING, so_far | {"after": str(chains[-1].case_id)})
        nightly.again(work, KIND)
    else:
        await stamps.seal(work, _RUNNING, {"after": "", "cases": 0, "lines": 0})
        await _finish(work, so_far)
        nightly.wind(work, KIND, _AT)
    return len(subjects)


def broken(work: Work, chains: list[chain.Chain]) -> dict[UUID, int]:
    """Return the cases of which a line does not follow, and which line."""
    found = {one.case_id: one.first_broken(work.keyring) for one in chains}
    return {case_id: line for case_id, line in found.items() if line is not None}


async def _finish(work: Work, counted: dict[str, Any]) -> None:
    before = await last(work) or {"most": [0, 0]}
    counts = [counted["cases"], counted["lines"]]
    result: Result = {
        "at": int(work.now.timestamp()),
        "cases": counted["cases"],
        "lines": counted["lines"],
        "most": list(map(max, counts, before["most"])),
        "lost": any(now < most for now, most in zip(counts, before["most"], strict=True)),
        "broken": [code or "?" for code, _, _ in await chain.faults(work)],
        "open": await append_only.missing(work),
    }
    await stamps.seal(work, _RESULT, result)
    if result["broken"] or result["lost"] or result["open"]:
        await _tell(work, result)


async def _tell(work: Work, result: Result) -> None:
    """Tell the admins, who see no case: how many, and their codes."""
    admins = work.desk.directory.topmost(Role.ADMIN, work.today)
    codes = ", ".join(result["broken"][:_NAMED]) or "–"
    write = notices.words("histories.broken", count=len(result["broken"]), codes=codes)
    await notices.tell(work, admins, write, f"histories:{work.today}", wake=True)


async def last(work: Work) -> Result | None:
    """Return what the last night's check has found."""
    return await stamps.opened(work, _RESULT)


def checked_at(result: Result) -> datetime:
    """Return when that was."""
    return datetime.fromtimestamp(result["at"], UTC)


async def look(work: Work, most: int) -> tuple[list[str], list[str]]:
    """Check the latest histories now: codes of those that were changed, and tables that could be."""
    chains = await chain.latest(work, most)
    found = broken(work, chains)
    return [one.code for one in chains if one.case_id in found], await append_only.missing(work)


async def key_some(store: Store) -> int:
    """Chain some histories, and key some files' digests, of a database of before. Returns how many rows."""
    async with store.work() as work:
        return await chain.rechain(work) or await chain.rekey_files(work)
