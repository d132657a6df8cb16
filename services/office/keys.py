"""What opens what is kept close: who would gain or lose it by a change, and who hears of it at once.

To give or take one takes two people in chat, and so does whatever else chooses who reads (see `steering`);
the command line is the installer's door. Either way it is recorded, and told to whoever it concerns and to
all heads, at any hour. Of an ordinary role and of every invitation the heads hear as well.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import locales
from domain.messages import Message
from domain.people import KEYS, Role
from services.office import borders, readers, steering
from services.office.order_checks import CannotOrder
from services.saying import notices
from storage.cases import moves
from storage.ground.work import Work
from storage.office import changes
from storage.office.changes import DirectoryChange
from storage.office.directory import Change, RoleRow
from storage.people import people
from storage.people.people import Chat, Person

Step = Mapping[str, Any]
_MENTIONED = "second.mentioned"
_SAME = ("person_id", "unit_id", "role")
_TAKEN = frozenset({Role.HEAD, Role.KEEPER, Role.ADMIN})
"""Roles nobody alone takes from anybody: whoever is left would be whom an admin has chosen."""
_READS = frozenset({Role.OFFICER, Role.DUTY})
"""Roles that read ordinary cases: an admin gives them to others alone, and to no admin."""


class NeedsSecond(CannotOrder):
    """One person alone has tried to give somebody the reading of what is kept close."""

    def __init__(self) -> None:
        super().__init__("needs_second")


def gained(rows: Iterable[Change]) -> list[UUID]:
    """Return who would get such a role, or hold one for longer or from an earlier day."""
    return list(dict.fromkeys(UUID(str(person)) for person in map(_gainer, _of_keys(rows)) if person))


@dataclass(frozen=True, slots=True)
class Need:
    """What a second person is needed for, empty where one is enough; and who would gain by it."""

    why: str = ""
    gaining: tuple[UUID, ...] = ()


def need(work: Work, rows: Sequence[Change], then: Sequence[Step] = ()) -> Need:
    """Return for what these rows, and what follows from them, need a second person.

    A merger does in any case: who accuses the one unit is kept from the other as well.
    """
    if gaining := opened(work, rows, then):
        return Need("opens", tuple(gaining))
    if any(map(_takes, rows)):
        return Need("takes")
    found = steering.steered(work, rows, then)
    if found.steers or any(step["what"] == "merge" for step in then):
        return Need("steers")
    if found.routes:
        return Need("routes")
    return Need("number" if found.number else "")


def opened(work: Work, rows: Sequence[Change], then: Sequence[Step] = ()) -> list[UUID]:
    """Return who would get such a role, be in charge of more, or as an admin come to read cases."""
    found = [*gained(rows), *readers.gained(work, rows, then), *_reading_admins(work, rows)]
    return list(dict.fromkeys(found))


def _reading_admins(work: Work, rows: Iterable[Change]) -> list[UUID]:
    """Return which admins would come to work on cases, or on more of them."""
    lasting = [h for h in work.desk.directory.holdings if h.valid_to is None or h.valid_to >= work.today]
    admins = {holding.person_id for holding in lasting if holding.role is Role.ADMIN}
    mine = [row for row in rows if _is_role(row) and not row.gone and _value(row, "role") in _READS]
    found = (UUID(str(_value(row, "person_id"))) for row in mine if not _is_held(work, row))
    return [person for person in found if person in admins]


def _is_held(work: Work, row: Change) -> bool:
    """Say whether the role is held already on all the days that the row says."""
    first, last = str(_value(row, "valid_from")), _end(_value(row, "valid_to"))
    return any(
        all(str(getattr(holding, name)) == str(_value(row, name)) for name in _SAME)
        and str(holding.valid_from) <= first
        and last <= _end(holding.valid_to)
        for holding in work.desk.directory.holdings_of(UUID(str(_value(row, "person_id"))))
    )


def _takes(row: Change) -> bool:
    """Say whether by this row somebody holds one of the roles for a shorter time, or no more."""
    held = row.row
    if not isinstance(held, RoleRow) or held.role not in _TAKEN:
        return False
    shorter = _end(_value(row, "valid_to")) < _end(held.valid_to)
    later = str(_value(row, "valid_from")) > str(held.valid_from)
    return row.gone or shorter or later or any(_value(row, name) != getattr(held, name) for name in _SAME)


def concerned(work: Work, rows: Sequence[Change], then: Sequence[Step] = ()) -> list[UUID]:
    """Return whose such role changes in whatever way, or who is in charge of more."""
    theirs = [UUID(str(_value(row, "person_id"))) for row in _of_keys(rows)]
    return list(dict.fromkeys([*theirs, *readers.gained(work, rows, then)]))


def _of_keys(rows: Iterable[Change]) -> list[Change]:
    return [row for row in rows if _is_role(row) and {_value(row, "role"), _before(row)} & KEYS]


def _is_role(row: Change) -> bool:
    return row.what == "role"


def _begins(row: Change) -> bool:
    return not row.gone and not isinstance(row.row, RoleRow)


def _is_called(row: Change) -> bool:
    """Say whether a unit comes, goes or is called otherwise: by that people find who is meant."""
    return row.what == "unit" and (row.gone or row.row is None or "name" in row.values)


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
    theirs = (h for h in work.desk.directory.holdings_of(person_id) if h.role in KEYS)
    return any(h.valid_to is None or h.valid_to >= work.today for h in theirs)


def guard(needed: Need, by: UUID | None, second: UUID | None) -> None:
    """Refuse what one person may not do alone. Raises NeedsSecond."""
    if by is not None and needed.why and (second is None or second in {by, *needed.gaining}):
        raise NeedsSecond


async def reads_close(work: Work, person_id: UUID) -> bool:
    """Say whether a chat of theirs reads what is kept close: by such a role, or by a case they have taken."""
    return holds(work, person_id) or await moves.has_close(work, person_id)


async def invite(
    work: Work, person: Person, by: UUID | None, second: UUID | None = None, *, ends: bool = False
) -> str:
    """Issue an invitation, recorded like every change of the directory. Raises NeedsSecond.

    With `ends` whoever comes in by it leaves all other chats of theirs: a telephone is lost.
    Raises CannotOrder for somebody who serves where whoever issues it has no say.
    """
    seats = work.desk.directory.seats_of(person.id, work.today)
    borders.check(work, by, seats)
    borders.check(work, second, seats, borders.DECIDE)
    if await reads_close(work, person.id) and by is not None and second in {None, by, person.id}:
        raise NeedsSecond
    token = await people.invite(work, person.id)
    plan = "office.plan.invite_anew" if ends else "office.plan.invite"
    note = locales.words("vi")(plan, name=person.name or person.code)
    under = {"two": by is None or second not in {None, by, person.id}} if ends else None
    made = await changes.note_invite(work, note, by, token, under)
    key = "second.announced" if await reads_close(work, person.id) else _MENTIONED
    await announce(work, made, [person.id], (by, second), seats, key=key)
    return token


async def changed(  # noqa: PLR0913 - each says one thing of the change, by name
    work: Work,
    made: DirectoryChange,
    rows: Sequence[Change],
    *,
    needed: Need,
    ids: Sequence[UUID],
    by: Sequence[UUID | None],
    seats: borders.Seats,
) -> None:
    """Tell of a change of keys whom it concerns; else of roles and units' names that begin, and of duty."""
    roles = [row for row in rows if _is_role(row)]
    duty = needed.why == "number" or any(_value(row, "role") == Role.DUTY for row in roles)
    on_duty = borders.holding(work, (Role.DUTY,), seats) if duty else []
    on_duty += [UUID(str(_value(row, "person_id"))) for row in roles] if duty else []
    if ids or needed.why:
        await announce(work, made, [*ids, *on_duty], by, seats)
    elif duty or any(map(_begins, roles)) or any(map(_is_called, rows)):
        await announce(work, made, on_duty, by, seats, key=_MENTIONED)


async def announce(  # noqa: PLR0913 - as above
    work: Work,
    made: DirectoryChange,
    ids: Iterable[UUID],
    by: Sequence[UUID | None],
    seats: borders.Seats,
    *,
    key: str = "second.announced",
) -> None:
    """Tell whom it concerns, in all their chats, and the heads what was changed, by whom; at any hour."""
    undone = made.undone_at is not None
    said = News(made.note, f"{made.number}:{undone:d}", undone=undone, key=key)
    await tell(work, said, ids, by, seats)


@dataclass(frozen=True, slots=True)
class News:
    """What was changed, in words; `name` sets it apart from every other."""

    note: str
    name: str
    undone: bool = False
    key: str = "second.announced"


async def tell(
    work: Work, said: News, ids: Iterable[UUID], by: Iterable[UUID | None], seats: borders.Seats
) -> None:
    """Tell these people and the heads what was changed, and who did it.

    Of a key the heads of each commune hear and those above them; of the rest only the nearest.
    """
    told = [*ids, *_heads(work, seats, nearest=said.key == _MENTIONED)]
    names = [await people.name_of(work, person) for person in by if person is not None]

    def write(chat: Chat) -> Message:
        say = locales.words(chat.language)
        who = f" {say('second.and')} ".join(names) or say("second.shell")
        note = say("admin.undo.what", note=said.note) if said.undone else said.note
        return Message(say(said.key, note=note, who=who))

    await notices.tell(work, told, write, f"keys:{said.name}", wake=True)


def _heads(work: Work, seats: borders.Seats, *, nearest: bool) -> list[UUID]:
    if not nearest:
        return borders.holding(work, (Role.HEAD,), seats)
    return [p for part in borders.parts(work, seats) for p in part.nearest(Role.HEAD, work.today)]
