"""The histories of cases and matters: whether anybody wrote in them behind the desk's back."""

from datetime import timedelta

from bot.findings import Finding, fault, ok, warning
from services.clock import histories
from storage.ground.work import Work

_GROUP = "history"
_LATEST = 300
"""The latest of each are checked here and now; the clock goes through all of them each night."""
_FRESH = timedelta(days=2)
_DO = "find out who can write to the database, and compare with a backup: see docs/administering.md"


async def examine(work: Work) -> list[Finding]:
    """Check the latest histories, and look at what the last night has found."""
    broken, tables = await histories.look(work, _LATEST)
    found = (
        [fault(_GROUP, f"the history of {', '.join(broken[:5])} was changed from outside", _DO)]
        if broken
        else []
    )
    if tables:
        so = f"the database would let {', '.join(tables)} be changed: a trigger is gone"
        found.append(fault(_GROUP, so, _DO))
    return [*found, await _nightly(work)] if found else [await _nightly(work)]


async def _nightly(work: Work) -> Finding:
    result = await histories.last(work)
    if result is None:
        return ok(_GROUP, "the latest follow one another; the clock will check all of them at night")
    if result["broken"]:
        count, some = len(result["broken"]), ", ".join(result["broken"][:5])
        return fault(_GROUP, f"{count} histories were changed from outside: {some}", _DO)
    if result["lost"]:
        return fault(_GROUP, "there are fewer cases or lines than the night before", _DO)
    if work.now - histories.checked_at(result) > _FRESH:
        at = histories.checked_at(result)
        return warning(_GROUP, f"all were last checked on {at:%Y-%m-%d}", "run a process with the role clock")
    return ok(_GROUP, _follow(result))


def _follow(result: histories.Result) -> str:
    cases, matters = result["cases"], result.get("matters", 0)
    return f"{result['lines']} lines of {cases} cases and {matters} other matters follow one another"
