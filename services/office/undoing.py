"""The way back from whatever was changed last: the directory, or a document of the rulebook."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.rules import DOCUMENTS
from services.office import office, rulebook
from services.office.rulebook import Move
from storage.ground.work import Work
from storage.office import changes, documents
from storage.office.changes import NothingToUndo

_UNDONE = "undo: "
"""How the note of a version begins that goes back to an earlier one."""


@dataclass(frozen=True, slots=True)
class Last:
    """The latest change: its number, or the `document` of which that number is a version."""

    number: int
    document: str
    note: str
    at: datetime


async def latest(work: Work) -> Last | None:
    """Return the latest change that can be undone; what went back to an earlier state itself cannot."""
    found = [last for name in DOCUMENTS if (last := await _of_document(work, name)) is not None]
    try:
        change = await changes.latest(work)
        found.append(Last(change.number, "", change.note, change.at))
    except NothingToUndo:
        pass
    return max(found, key=lambda last: last.at, default=None)


async def _of_document(work: Work, name: str) -> Last | None:
    versions = await documents.versions(work, name)
    if not versions or versions[-1].note.startswith(_UNDONE):
        return None
    return Last(versions[-1].number, name, versions[-1].note, versions[-1].at)


async def step_back(work: Work, name: str) -> tuple[int, list[Move]]:
    """Return to which version a document would go back, and which open cases would be due on another day."""
    number, body = await rulebook.before(work, name)
    return number, (await rulebook.preview(work, name, body))[1]


async def undo(work: Work, last: Last, by: UUID | None, second: UUID | None = None) -> None:
    """Undo it, in an admin's name. Raises changes.InTheWay or keys.NeedsSecond."""
    if last.document:
        await go_back(work, last.document, by, second)
    else:
        await office.undo(work, last.number, by, second)


async def go_back(work: Work, name: str, by: UUID | None, second: UUID | None = None) -> int:
    """Put the version before the one in force in force again, as a new one. Returns its own number.

    Raises keys.NeedsSecond.
    """
    number, body = await rulebook.before(work, name)
    undone = (await documents.versions(work, name))[-1].note
    await rulebook.put(work, name, body, f"{_UNDONE}as version {number}", (by, second), undone=undone)
    office.reckon_again(work)
    return number
