"""What opens what is kept close: who would gain it by a change, and who hears of it at once.

To give one takes two people in chat; the command line is the installer's door. Either way it is recorded, and
told to whoever it concerns and to all heads, at any hour.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import locales
from domain.messages import Message
from domain.people import KEYS, Role
from services.administration import readers
from services.administration.order_checks import CannotOrder
from storage import changes, moves, people
from storage.changes import DirectoryChange
from storage.directory import Change, RoleRow
from storage.people import Person
from storage.work import Work

Step = Mapping[str, Any]
_SAME = ("person_id", "unit_id", "role")


class NeedsSecond(CannotOrder):
    """One person alone has tried to give somebody the reading of what is kept close."""

    def __init__(self) -> None:
        super().__init__("needs_second")


def gained(rows: Iterable[Change]) -> list[UUID]:
    """Return who would get such a role, or hold one for longer or from an earlier day."""
    return list(dict.fromkeys(UUID(str(person)) for person in map(_gainer, _of_keys(rows)) if person))


def opened(work: Work, rows: Sequence[Change], then: Sequence[Step] = ()) -> list[UUID]:
    """Return who would get such a role, or be in charge of more by where units come to stand."""
    return list(dict.fromkeys([*gained(rows), *readers.gained(work, rows, then)]))


def concerned(work: Work, rows: Sequence[Change], then: Sequence[Step] = ()) -> list[UUID]:
    """Return whose such role changes in whatever way, or who is in charge of more."""
    theirs = [UUID(str(_value(row, "person_id"))) for row in _of_keys(rows)]
    return list(dict.fromkeys([*theirs, *readers.gained(work, rows, then)]))


def _of_keys(rows: Iterable[Change]) -> list[Change]:
    return [row for row in rows if row.what == "role" and {_value(row, "role"), _before(row)} & KEYS]


def _before(row: Change) -> object:
    return row.row.role if isinstance(row.row, RoleRow) else None


def _value(row: Change, name: str) -> object:
    return row.values[name] if name in row.values else getattr(row.row, name)


def _gainer(row: Change) -> object:
    """Return whose role begins, or lasts longer, by this row."""
    if row.gone or _value(row, "role") not in KEYS:
        return None
    held = row.row
    if not isinstance(held, RoleRow) or any(_value(row, name) != getattr(held, name) for name in _SAME):
        return _value(row, "person_id")
    first, last = _value(row, "valid_from"), _value(row, "valid_to")
    longer = _end(last) > _end(held.valid_to)
    return held.person_id if longer or str(first) < str(held.valid_from) else None


def _end(last: object) -> str:
    return str(last or date.max)


def holds(work: Work, person_id: UUID) -> bool:
    """Say whether somebody holds such a role, or will."""
    holdings = work.rules.directory.holdings
    theirs = (h for h in holdings if h.person_id == person_id and h.role in KEYS)
    return any(h.valid_to is None or h.valid_to >= work.today for h in theirs)


def guard(theirs: Sequence[UUID], by: UUID | None, second: UUID | None) -> None:
    """Refuse what one person may not do alone: these people would gain by it. Raises NeedsSecond."""
    if by is not None and theirs and (second is None or second in {by, *theirs}):
        raise NeedsSecond


async def reads_close(work: Work, person_id: UUID) -> bool:
    """Say whether a chat of theirs reads what is kept close: by such a role, or by a case they have taken."""
    return holds(work, person_id) or await moves.has_close(work, person_id)


async def invite(work: Work, person: Person, by: UUID | None, second: UUID | None = None) -> str:
    """Issue an invitation, recorded like every change of the directory. Raises NeedsSecond."""
    if await reads_close(work, person.id) and by is not None and second in {None, by, person.id}:
        raise NeedsSecond
    token = await people.invite(work, person.id)
    note = locales.words("vi")("office.plan.invite", name=person.name or person.code)
    made = await changes.note_invite(work, note, by, token)
    if await reads_close(work, person.id):
        await announce(work, made, [person.id], by, second)
    return token


async def announce(
    work: Work, made: DirectoryChange, ids: Iterable[UUID], by: UUID | None, second: UUID | None
) -> None:
    """Tell whom it concerns, in all their chats, and every head what was changed, by whom; at any hour."""
    undone = made.undone_at is not None
    said = News(made.note, f"{made.number}:{undone:d}", undone=undone)
    await tell(work, said, ids, (by, second))


@dataclass(frozen=True, slots=True)
class News:
    """What was changed, in words; `name` sets it apart from every other."""

    note: str
    name: str
    undone: bool = False


async def tell(work: Work, said: News, ids: Iterable[UUID], by: Iterable[UUID | None]) -> None:
    """Tell these people and every head what was changed, and who did it."""
    told = [*ids, *work.rules.directory.everyone(Role.HEAD, work.today)]
    names = [await people.name_of(work, person) for person in by if person is not None]
    for chat in await people.chats_of(work, list(dict.fromkeys(told))):
        say = locales.words(chat.language)
        who = f" {say('second.and')} ".join(names) or say("second.shell")
        note = say("admin.undo.what", note=said.note) if said.undone else said.note
        text = say("second.announced", note=note, who=who)
        work.post(chat, Message(text), f"keys:{said.name}:{chat.key}")
