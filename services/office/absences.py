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
from domain.people import Holding, Role
from domain.understand.fold import fold
from services.matters.change import change
from services.matters.kinds import Deed, Intent, MatterAct, MatterKind, News
from services.office import borders, unread
from services.standing import reach
from services.standing.parties import IN_CHARGE, Actor
from services.standing.refusals import AwayAlready, StandsAbove
from storage.ground.work import Work
from storage.office import absences as stored
from storage.office.absences import ENDED, NOTED, Absence
from storage.people import people
from storage.people.people import Chat, name_of

Said = tuple[str, dict[str, Any]]


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
    absence = stored.new(work, person_id, stand_in_id, *days)
    kept = {"person_id": str(person_id), "stand_in_id": str(stand_in_id)}
    first, last = (day.isoformat() for day in days)
    await change(work, ABSENCE, absence, "begin", Actor.of(by), first=first, last=last, **kept)
    await unread.settle(work)
    return await _counted(work, person_id, by.person_id)


def _may(intent: Intent[Absence]) -> bool:
    """Say whether it is of somebody's own days, or those of their staff, and who serves here stands in."""
    work, absence, by = intent.work, intent.matter, intent.by.person_id
    theirs = by == absence.person_id or absence.person_id in staff(work, by)
    return theirs and absence.stand_in_id in absences.serving(
        work.desk.directory, absence.person_id, work.today, by
    )


async def _fits(intent: Intent[Absence]) -> None:
    directory, absence, today = intent.work.desk.directory, intent.matter, intent.work.today
    both = (absence.person_id, absence.stand_in_id)
    by, days = intent.by.person_id, (absence.first_day, absence.last_day)
    if absence.stand_in_id not in absences.standing(directory, absence.person_id, by, today):
        raise StandsAbove(ABSENCE.name)
    where = absences.seats(directory, absence.person_id, by, today)
    if any(absences.is_away(directory, person, days, where) for person in both):
        raise AwayAlready(ABSENCE.name)


async def _begin(deed: Deed[Absence]) -> None:
    absence = deed.matter
    await stored.announced(deed.work, absence, deed.by.person_id)
    deed.aside["count"] = await _counted(deed.work, absence.person_id, absence.stand_in_id)


async def _counted(work: Work, person_id: UUID, reader: UUID | None) -> int:
    """Count the open cases somebody has taken, as far as the reader may know of them."""
    return (await reach.in_hand(work, [person_id], reader))[person_id]


async def end(work: Work, by: Chat) -> Absence | None:
    """End one's own nearest absence; who was to stand in and the chiefs are told. None if there is none."""
    coming = await stored.to_come(work, by.person_id) if by.person_id else []
    if not coming:
        return None
    absence = coming[0]
    await change(work, ABSENCE, absence, "end", Actor.of(by))
    await unread.settle(work)
    return absence


def _own(intent: Intent[Absence]) -> bool:
    return intent.by.person_id == intent.matter.person_id


async def _end(deed: Deed[Absence]) -> None:
    await stored.end(deed.work, deed.matter)


def _told_of(deed: Deed[Absence]) -> list[UUID]:
    """Return the nearest chiefs above somebody, and every head where the absent read what is kept close.

    Each of where they are away from: what a chief says of one commune is told in no other.
    """
    work, person_id, found = deed.work, deed.matter.person_id, list[UUID]()
    for seat in absences.seats(work.desk.directory, person_id, deed.by.person_id, work.today):
        held = _held(work, person_id, seat)
        reads = any(holding.role in IN_CHARGE for holding in held)
        found += [*_chiefs(work, person_id, seat), *(_heads(work, seat) if reads else [])]
    return [person for person in dict.fromkeys(found) if person != person_id]


def _held(work: Work, person_id: UUID, seat: str | None) -> list[Holding]:
    held, directory = work.desk.directory.held_by(person_id, work.today), work.desk.directory
    return [one for one in held if seat is None or directory.seat(one.unit_id) == seat]


def _heads(work: Work, seat: str | None) -> list[UUID]:
    """Return who heads a commune, and above."""
    return borders.holding(work, (Role.HEAD,), [seat])


def _chiefs(work: Work, person_id: UUID, seat: str | None) -> list[UUID]:
    """Return the nearest chiefs above somebody where they serve, or the other heads there."""
    directory, day = work.desk.directory, work.today
    steps = [directory.holders(u, IN_CHARGE, day) for u in absences.chain(directory, person_id, day, seat)]
    steps.append(_heads(work, seat))
    return next((found for step in steps if (found := [p for p in step if p != person_id])), [])


async def facts_of(work: Work, absence: Absence, language: str) -> dict[str, str]:
    """Return who is away, who stands in, and the days, in words."""
    return {
        "name": await name_of(work, absence.person_id),
        "stand_in": await name_of(work, absence.stand_in_id),
        "days": days_in_words(language, absence.first_day, absence.last_day),
    }


def _reads(work: Work, person: UUID, kept: Mapping[str, Any]) -> bool:
    """Say whether it is of somebody's own days, of their staff's, or of somebody's where they head."""
    away, directory = UUID(kept["person_id"]), work.desk.directory
    seats = directory.seats_of(away, work.today) if directory.is_wide else [None]
    heads = bool(seats) and borders.over(work, person, {Role.HEAD}, seats)
    return person in {away, UUID(kept["stand_in_id"])} or heads or away in staff(work, person)


async def _told_later(work: Work, kept: Mapping[str, Any], language: str) -> dict[str, str]:
    both = {name: UUID(kept[name]) for name in ("person_id", "stand_in_id")}
    days = {f"{name}_day": date.fromisoformat(kept[name]) for name in ("first", "last")}
    return await facts_of(work, Absence(**both, **days), language)


def _concerned(deed: Deed[Absence]) -> list[UUID]:
    person = deed.matter.person_id
    seats = absences.seats(deed.work.desk.directory, person, None, deed.work.today)
    return [deed.matter.stand_in_id, *(p for seat in seats for p in _chiefs(deed.work, person, seat))]


ABSENCE = MatterKind(
    row=Absence,
    acts=(
        MatterAct(
            act="begin",
            to=NOTED,
            may=_may,
            guard=_fits,
            change=_begin,
            news=(
                News(words="away.told.stand_in", to=lambda deed: [deed.matter.stand_in_id]),
                News(words="away.told.person", to=lambda deed: [deed.matter.person_id]),
                News(words="away.told.chief", to=_told_of),
            ),
        ),
        MatterAct(
            act="end",
            states={NOTED},
            to=ENDED,
            may=_own,
            change=_end,
            news=(News(words="away.told.ended", to=_concerned),),
        ),
    ),
    facts=facts_of,
    reads=_reads,
    told=_told_later,
)


def days_in_words(language: str, first: date, last: date) -> str:
    """Write one day, or from when to when."""
    if first == last:
        return locales.day(language, first)
    say = locales.words(language)
    return say("away.from_to", first=locales.day(language, first), last=locales.day(language, last))


async def news(work: Work, since: datetime) -> Mapping[UUID | None, list[Said]]:
    """Return what has changed by this morning: who is back, and who stands in for whom from today on."""
    found: dict[UUID | None, list[Said]] = {}
    before, directory = work.rules.calendar.local(since).date(), work.desk.directory
    for absence in directory.absences:
        if before <= absence.last_day < work.today:
            stand_in = await name_of(work, absence.stand_in_id)
            found.setdefault(absence.person_id, []).append(("away.back", {"stand_in": stand_in}))
        if before < absence.first_day <= work.today <= absence.last_day:
            name = await name_of(work, absence.person_id)
            said = {"name": name, "until": locales.short_day(absence.last_day)}
            for standing in sorted(directory.stand_ins(absence.person_id, work.today)):
                found.setdefault(standing, []).append(("away.begins", said))
    return found
