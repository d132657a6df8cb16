"""Somebody is away and somebody stands in: who that may be, who is told, and how it ends.

Nothing is handed over: who stands in hears and may do what the other would, as long as it lasts, so on
return nothing has to come back. Citizens are not told.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import locales
from domain import absences
from domain.absences import overlapping
from domain.cases import NotAllowed, Relation
from domain.messages import Message
from domain.people import Role
from domain.understand.fold import fold
from services.office import borders, unread
from services.standing import homes, parties
from services.standing.parties import IN_CHARGE, Actor
from services.standing.refusals import AwayAlready, StandsAbove
from storage.cases import workload
from storage.ground.work import Work
from storage.office import absences as stored
from storage.office.absences import Absence
from storage.people import people
from storage.people.people import Chat, name_of

News = tuple[str, dict[str, Any]]


async def named(work: Work, ids: Iterable[UUID], said: str = "") -> dict[str, str]:
    """Return these people's names by their ids, or of those only whose name has these words in it."""
    wanted = list(ids)
    await people.load_people(work, wanted)
    names = {str(person): await name_of(work, person) for person in wanted}
    return {person: name for person, name in names.items() if fold(said) in fold(name)}


def staff(work: Work, chief: UUID | None) -> list[UUID]:
    """Return for whom a chief may say that they are away: who stands below them (see `domain.absences`)."""
    return absences.staff(work.desk.directory, chief, work.today) if chief is not None else []


def speak_for_themselves(work: Work) -> list[UUID]:
    """Return those of whom nobody else says that they are away: the heads whom one may know."""
    return work.rules.directory.everyone(Role.HEAD, work.today)


async def begin(work: Work, by: Chat, person_id: UUID, stand_in_id: UUID, days: tuple[date, date]) -> int:
    """Let somebody be away and tell who must know. Returns how many open cases they have, for who says so.

    Raises NotAllowed for somebody who is not one's own staff, StandsAbove for a stand-in above whoever is
    away, AwayAlready where one of the two is away then.
    """
    directory, (first, last) = work.desk.directory, days
    if by.person_id != person_id and person_id not in staff(work, by.person_id):
        raise NotAllowed("absence")
    if stand_in_id not in absences.serving(directory, person_id, work.today):
        raise NotAllowed("absence")
    if stand_in_id not in absences.standing(directory, person_id, by.person_id, work.today):
        raise StandsAbove("absence")
    if any(overlapping(directory.absences, p, first, last) for p in (person_id, stand_in_id)):
        raise AwayAlready("absence")
    absence = await stored.add(work, person_id, stand_in_id, first, last)
    count = await _counted(work, person_id, stand_in_id)
    await _tell(work, by, absence, [stand_in_id], "away.told.stand_in", count=count)
    await _tell(work, by, absence, [person_id], "away.told.person")
    chiefs = [p for p in _told_of(work, person_id) if p != stand_in_id]
    await _tell(work, by, absence, chiefs, "away.told.chief")
    await unread.settle(work)
    return await _counted(work, person_id, by.person_id)


async def _counted(work: Work, person_id: UUID, reader: UUID | None) -> int:
    """Count the open cases somebody has taken; those kept from somebody only where the reader may."""
    kept = await workload.kept_of_people(work, [person_id])
    theirs = [case for case in kept if parties.relations(work, case, Actor(person_id=reader)) & _THEIRS]
    return await stored.open_cases_of(work, person_id) + len(theirs)


_THEIRS = frozenset({Relation.OFFICER, Relation.SUPERVISOR})


async def end(work: Work, by: Chat) -> Absence | None:
    """End one's own nearest absence; who was to stand in and the chiefs are told. None if there is none."""
    coming = await stored.to_come(work, by.person_id) if by.person_id else []
    if not coming:
        return None
    absence = coming[0]
    await stored.end(work, absence)
    concerned = [absence.stand_in_id, *_chiefs(work, absence.person_id)]
    await _tell(work, by, absence, concerned, "away.told.ended")
    await unread.settle(work)
    return absence


def _told_of(work: Work, person_id: UUID) -> list[UUID]:
    """Return the nearest chiefs above somebody, and every head where the absent read what is kept close."""
    held = work.desk.directory.held_by(person_id, work.today)
    heads = _heads(work, person_id)
    reads = any(holding.role in IN_CHARGE for holding in held)
    found = [*_chiefs(work, person_id), *(heads if reads else [])]
    return [person for person in dict.fromkeys(found) if person != person_id]


def _heads(work: Work, person_id: UUID) -> list[UUID]:
    """Return who heads where somebody serves, and above."""
    directory = work.desk.directory
    seats = directory.seats_of(person_id, work.today) if directory.is_wide else [None]
    return borders.holding(work, (Role.HEAD,), seats)


def _chiefs(work: Work, person_id: UUID) -> list[UUID]:
    """Return the nearest chiefs above somebody, or the other heads."""
    directory, day = work.desk.directory, work.today
    steps = [directory.holders(u, IN_CHARGE, day) for u in absences.chain(directory, person_id, day)]
    steps.append(_heads(work, person_id))
    return next((found for step in steps if (found := [p for p in step if p != person_id])), [])


async def _tell(
    work: Work, by: Chat, absence: Absence, ids: Iterable[UUID], key: str, **facts: object
) -> None:
    for chat in await people.chats_of(work, [person for person in ids if person != by.person_id]):
        said = {**await facts_of(work, absence, chat.language), **facts}
        text = locales.words(chat.language)(key, **said)
        name = f"away:{absence.id.hex}:{key.rpartition('.')[2]}:{chat.key[:12]}"
        work.post(chat, Message(text), name, hold=homes.quiet_until(work, chat))


async def facts_of(work: Work, absence: Absence, language: str) -> dict[str, str]:
    """Return who is away, who stands in, and the days, in words."""
    return {
        "name": await name_of(work, absence.person_id),
        "stand_in": await name_of(work, absence.stand_in_id),
        "days": days_in_words(language, absence.first_day, absence.last_day),
    }


def days_in_words(language: str, first: date, last: date) -> str:
    """Write one day, or from when to when."""
    if first == last:
        return locales.day(language, first)
    say = locales.words(language)
    return say("away.from_to", first=locales.day(language, first), last=locales.day(language, last))


async def news(work: Work, since: datetime) -> Mapping[UUID | None, list[News]]:
    """Return what has changed by this morning: who is back, and who stands in for whom from today on."""
    found: dict[UUID | None, list[News]] = {}
    before, directory = work.rules.calendar.local(since).date(), work.desk.directory
    for absence in directory.absences:
        if before <= absence.last_day < work.today:
            stand_in = await name_of(work, absence.stand_in_id)
            found.setdefault(absence.person_id, []).append(("away.back", {"stand_in": stand_in}))
        if before < absence.first_day <= work.today <= absence.last_day:
            standing = directory.present(absence.person_id, work.today)
            name = await name_of(work, absence.person_id)
            said = {"name": name, "until": locales.short_day(absence.last_day)}
            found.setdefault(standing, []).append(("away.begins", said))
    return found
