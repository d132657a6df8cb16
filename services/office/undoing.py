"""The way back from whatever was changed last: the directory, or a document of the rulebook."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.office import borders, office, rulebook
from services.office.rulebook import Move
from storage.ground.work import Work
from storage.office import changes, documents
from storage.office.changes import DirectoryChange, NothingToUndo

_LOOKED_AT = 50
"""Changes among which one's own latest is looked for."""
_UNDONE = "undo: "
"""How the note of a version begins that goes back to an earlier one."""


@dataclass(frozen=True, slots=True)
class Last:
    """The latest change: its number, or the `document` of which that number is a version."""

    number: int
    document: str
    note: str
    at: datetime


async def latest(work: Work, by: UUID | None = None) -> Last | None:
    """Return the latest change an admin may undo; what went back to an earlier state itself nobody can."""
    found = [last for name in await documents.names(work) if (last := await _of_document(work, name, by))]
    change = await _of_directory(work, by)
    found += [Last(change.number, "", change.note, change.at)] if change is not None else []
    return max(found, key=lambda last: last.at, default=None)


async def _of_directory(work: Work, by: UUID | None) -> DirectoryChange | None:
    """Return the latest change of the directory, where there are borders that of who asks."""
    try:
        last = await changes.latest(work)
    except NothingToUndo:
        return None
    if not work.desk.directory.is_wide or by is None:
        return last
    for made in await changes.listed(work, _LOOKED_AT):
        standing = made.undone_at is None and changes.can_go_back(made)
        if standing and borders.over(work, by, borders.ADMINS, await office.touched_by(work, made)):
            return made
    return None


async def _of_document(work: Work, name: str, by: UUID | None) -> Last | None:
    apart = by is not None and work.desk.directory.is_wide
    if apart and not borders.over(work, by, borders.ADMINS, rulebook.seats(work, name)):
        return None
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
