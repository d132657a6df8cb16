"""The access record: each reading of what a case holds is noted where it is shown, and told to who may."""

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

import locales
from domain.cases import Relation
from services.standing import parties
from services.standing.parties import Actor
from storage.cases import access as stored
from storage.cases import attachments, cases
from storage.cases.access import Access
from storage.cases.cases import Case
from storage.ground.work import Recent, Work
from storage.people import people
from storage.people.people import Chat

SENT, LIST, VIEW, FILE, IDENTITY = "sent", "list", "view", "file", "identity"
"""How somebody comes to read: pushed to them, in a list, opened, a file of it opened, its sender opened."""
_OPENING = frozenset({Relation.CITIZEN, Relation.FOLLOWER, Relation.OFFICER, Relation.SUPERVISOR})
"""What one must still be to a case to open its files."""
_MOST = 20
"""People of one answer, the latest readers."""


def shown(work: Work, case: Case | Recent, chat: Chat, how: str) -> None:
    """Note that the case is shown in this chat, where it is an official's who did not bring it."""
    if chat.person_id is not None and not chat.group and chat.own != case.chat_key:
        stored.note(work, case, chat.person_id, how)


async def may_open(work: Work, chat_key: str, file_id: UUID, *, noted: bool = True) -> bool:
    """Say whether a file that was once shown in this chat may still be opened there, and note that it is.

    A citizen keeps what they were shown; a chat that is or was an official's is asked again what it is to the
    case, of its own files in it too: a role may have ended, the chat may be nobody's any more. Programs of a
    platform fetch files before anybody looks: that is not `noted`.
    """
    await people.load_chats(work, [chat_key])
    chat, found = work.chats.get(chat_key), await attachments.owner(work, file_id)
    if chat is None or found is None or (chat.person_id is None and chat.joined_at is None):
        return True
    sender, code = found
    if code is None:
        return sender in {chat.key, chat.own}
    case = await cases.by_code(work, code)
    if case is None or not parties.relations(work, case, Actor.of(chat)) & _OPENING:
        return False
    if noted:
        shown(work, case, chat, FILE)
    return True


async def has_read(work: Work, case: Case, person_id: UUID | None) -> bool:
    """Say whether an official has read of the case, in whatever way."""
    if person_id is None:
        return False
    now = (reading.person_id for reading in work.readings.values() if reading.case_id == case.id)
    return person_id in now or any(row.person_id == person_id for row in await stored.of_case(work, case))


async def lines(work: Work, case: Case, language: str) -> list[str]:
    """Return a line for each official who has read the case: who, as what, how and when."""
    await stored.flush(work, work.readings.values())
    found = sorted(await stored.of_case(work, case), key=lambda row: str(row.person_id))
    theirs = [list(rows) for _, rows in groupby(found, key=lambda row: row.person_id)]
    theirs.sort(key=lambda rows: rows[-1].at)
    await people.load_people(work, [rows[0].person_id for rows in theirs])
    return [await _line(work, rows, language) for rows in theirs[-_MOST:]]


async def _line(work: Work, rows: Sequence[Access], language: str) -> str:
    say = locales.words(language)
    last: dict[str, list[Access]] = {}
    for row in sorted(rows, key=lambda row: row.at):
        last.setdefault(row.how, []).append(row)
    ways = ", ".join(_way(work, how, of_it, language) for how, of_it in last.items())
    name = await people.name_of(work, rows[0].person_id)
    return say("readers.line", name=name, post=_post(work, rows[-1], language), ways=ways)


def _way(work: Work, how: str, rows: Sequence[Access], language: str) -> str:
    """Say how somebody read it, how often, and when last."""
    say = locales.words(language)
    at = work.rules.calendar.local(rows[-1].at)
    when = f"{locales.short_day(at.date())} {locales.clock(language, at)}"
    key = "readers.way_again" if len(rows) > 1 else "readers.way"
    return say(key, how=say(f"readers.how.{how}"), when=when, count=len(rows))


def _post(work: Work, row: Access, language: str) -> str:
    if row.unit_id is None or not row.role:
        return ""
    unit = work.rules.directory.unit(row.unit_id).name
    return f" ({locales.words(language)(f'office.role.{row.role}')}, {unit})"
