"""The office: whether its calendar reaches far enough, its documents are confirmed, its posts filled."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from bot.findings import Finding, fault, ok, warning
from domain import law
from domain.directory import Directory
from domain.people import Role
from domain.rules import DOCUMENTS
from services.office import unheard
from services.standing.parties import OFFICIAL
from storage.ground.work import Work
from storage.office import documents

ANNOUNCED = 10
"""The month by which the next year's days off are usually announced."""
UNCONFIRMED = ("memory_med", "memory_low")
"""What was never read in its source."""
_SEED = "`python -m bot seed FILE`, or “quan tri” in chat"
_INVITE = "`python -m bot invite CODE`, or “quan tri” in chat: nothing they should be told reaches them"
_SILENT = {
    "duty": "on duty, and without a live chat: {}",
    "head": "heads without a live chat: {}",
    "fields": "units that fields lead to, and where nobody has a live chat: {}",
    "units": "other units where nobody has a live chat: {}",
    "people": "others without a live chat: {}",
}
"""Who never joined, shut the desk out, or is silent for longer than their platform lets the desk write."""
_LOAD = "`python -m bot rulebook load holidays FILE` once the decision is out"


async def examine(work: Work) -> list[Finding]:
    """Look at calendar, documents and directory."""
    replaced = await documents.in_force(work)
    in_force = {name: replaced.get(name) or law.seed(name) for name in DOCUMENTS}
    return [
        *_calendar(work, in_force["holidays"]),
        *_documents(in_force),
        *_directory(work.rules.directory, work.today),
        *[
            fault("directory", _SILENT[one.key].format(", ".join(one.names)), _INVITE)
            for one in await unheard.faults(work)
        ],
    ]


def _calendar(work: Work, document: Mapping[str, Any]) -> Iterator[Finding]:
    calendar, today = work.rules.calendar, work.today
    for year in (today.year, today.year + 1):
        if not calendar.covers(date(year, 1, 1)):
            level: Callable[[str, str, str], Finding] = fault if year == today.year else warning
            yield level("calendar", f"{year} is not in the calendar", _LOAD)
        elif not calendar.is_provisional(year):
            yield ok("calendar", f"{year} is official")
        elif year == today.year or today.month >= ANNOUNCED:
            yield warning("calendar", f"{year} is an estimate ({_status(document, year)})", _LOAD)
        else:
            yield ok("calendar", f"{year} is still an estimate, as it is not announced yet")


def _status(document: Mapping[str, Any], year: int) -> str:
    years = {int(number): body for number, body in document["years"].items()}
    return str(years.get(year, {}).get("status", "reckoned"))


def _documents(in_force: Mapping[str, Any]) -> Iterator[Finding]:
    for name, document in in_force.items():
        count = sum(conf in UNCONFIRMED for conf in _marks(document))
        if count:
            so = f"{name}: {count} entries are marked unconfirmed"
            yield warning("documents", so, "compare them with their sources, then load the document")
    yield ok("documents", f"{len(in_force)} documents are in force")


def _marks(part: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON document
    """Yield every `conf` of a document."""
    if isinstance(part, Mapping):
        if isinstance(part.get("conf"), str):
            yield part["conf"]
        for inner in part.values():
            yield from _marks(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _marks(inner)


def _directory(directory: Directory, today: date) -> Iterator[Finding]:
    standing = [unit for unit in directory.units if unit.stands_on(today)]
    if not standing:
        yield warning("directory", "there is no unit yet", _SEED)
        return
    empty = [unit.code for unit in standing if not directory.holders(unit.id, OFFICIAL, today)]
    if empty:
        yield warning("directory", f"units without anybody: {', '.join(empty)}", _SEED)
    for role, name in ((Role.HEAD, "head"), (Role.ADMIN, "admin")):
        if not directory.everyone(role, today):
            yield fault("directory", f"nobody is {name}", _SEED)
    if not directory.everyone(Role.DUTY, today):
        yield warning("directory", "nobody is on duty today", "“lich truc” in chat")
    yield ok("directory", f"{len(standing)} units")
