"""Histories are checked against the key every night, a batch at a time; admins hear of what was changed."""

from datetime import UTC, datetime, time
from itertools import zip_longest
from typing import Any
from uuid import UUID

import locales
from domain.messages import Message
from domain.people import Role
from services.saying import notices
from storage.cases import chain
from storage.ground import append_only
from storage.ground.work import Work
from storage.people.people import Chat
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
"""`cases`, `matters` and `lines` that were looked at, the `most` there ever were, whether some are `lost`,
codes of cases and kinds of matters that are `broken`, tables that are `open` to change, and `at` in
seconds."""


async def begin(work: Work) -> None:
    """Wind the timer, unless it is wound."""
    await nightly.begin(work, KIND, _AT)


async def ring_all(work: Work, subjects: list[str]) -> int:
    """Check the next batch; after the last, say what was found. Returns how many timers rang."""
    so_far = _FROM_THE_FIRST | (await stamps.opened(work, _RUNNING) or {})
    sort, after = so_far["of"], UUID(so_far["after"]) if so_far["after"] else None
    chains = await chain.batch(work, after, of=_SORTS[sort])
    await chain.mark(work, broken(work, chains))
    so_far[sort] += len(chains)
    so_far["lines"] += sum(len(one.lines) for one in chains)
    then = next((later for later in _SORTS if later > sort), None)
    if len(chains) == chain.BATCH:
        then, so_far["after"] = sort, str(chains[-1].id)
    else:
        so_far["after"] = ""
    if then is not None:
        await stamps.seal(work, _RUNNING, so_far | {"of": then})
        nightly.again(work, KIND)
    else:
        await stamps.seal(work, _RUNNING, _FROM_THE_FIRST)
        await _finish(work, so_far)
        nightly.wind(work, KIND, _AT)
    return len(subjects)


_SORTS = {"cases": chain.CASES, "matters": chain.MATTERS}
"""Whose histories are checked, in the order of these names."""
_FROM_THE_FIRST: dict[str, Any] = {"of": "cases", "after": "", "cases": 0, "matters": 0, "lines": 0}


def broken(work: Work, chains: list[chain.Chain]) -> dict[UUID, int]:
    """Return whose histories have a line that does not follow, and which line."""
    found = {one.id: one.first_broken(work.keyring) for one in chains}
    return {whose: line for whose, line in found.items() if line is not None}


async def _finish(work: Work, counted: dict[str, Any]) -> None:
    before = await last(work) or {"most": []}
    counts = [counted["cases"], counted["lines"], counted["matters"]]
    most = list(zip_longest(counts, before["most"], fillvalue=0))
    result: Result = {
        "at": int(work.now.timestamp()),
        "cases": counted["cases"],
        "matters": counted["matters"],
        "lines": counted["lines"],
        "most": list(map(max, most)),
        "lost": any(now < ever for now, ever in most),
        "broken": [code or "?" for code, _, _ in await chain.faults(work)],
        "open": await append_only.missing(work),
    }
    await stamps.seal(work, _RESULT, result)
    if result["broken"] or result["lost"] or result["open"]:
        await _tell(work, result)


async def _tell(work: Work, result: Result) -> None:
    """Tell the admins, who see no case: how many, and their codes."""
    admins = work.desk.directory.topmost(Role.ADMIN, work.today)
    count = len(result["broken"])

    def write(chat: Chat) -> Message:
        say = locales.words(chat.language)
        named = [_named(chat.language, name) for name in result["broken"][:_NAMED]]
        return Message(say("histories.broken", count=count, codes=", ".join(named) or "–"))

    await notices.tell(work, admins, write, f"histories:{work.today}", wake=True)


def _named(language: str, name: str) -> str:
    """Return a case's code as it is, and a matter's kind in words."""
    key = f"history.kind.{name}"
    return locales.words(language)(key) if locales.has(language, key) else name


async def last(work: Work) -> Result | None:
    """Return what the last night's check has found."""
    return await stamps.opened(work, _RESULT)


def checked_at(result: Result) -> datetime:
    """Return when that was."""
    return datetime.fromtimestamp(result["at"], UTC)


async def look(work: Work, most: int) -> tuple[list[str], list[str]]:
    """Check the latest histories now: names of those that were changed, and tables that could be."""
    chains = [one for sort in _SORTS.values() for one in await chain.latest(work, most, sort)]
    found = broken(work, chains)
    return [one.name for one in chains if one.id in found], await append_only.missing(work)


async def key_some(store: Store) -> int:
    """Chain some histories, and key some files' digests, of a database of before. Returns how many rows."""
    async with store.work() as work:
        return await chain.rechain(work) or await chain.rekey_files(work)


async def chain_some_of_matters(store: Store) -> int:
    """Chain some histories of matters of a database in which they had no chain. Returns how many."""
    async with store.work() as work:
        return await chain.chain_matters(work)
