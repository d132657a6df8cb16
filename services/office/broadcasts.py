"""A message to everybody of a hamlet: one chief writes it, another lets it go, each chat gets it once."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import locales
from domain.cases import NotAllowed
from domain.messages import Choice, Message
from domain.rules import Rules
from services.saying import wording
from services.standing import homes, second, superiors
from services.standing.parties import IN_CHARGE, roles_of
from services.standing.reach import leads_in
from services.standing.refusals import BroadcastDecided, DecidedAbove, NobodyDecides, OwnBroadcast
from storage.ground.work import BULK, Work
from storage.people import broadcasts as stored
from storage.people import people, reached
from storage.people import second as asked
from storage.people.broadcasts import RETURNED, SENDING, SENT, Broadcast
from storage.people.people import Chat, name_of

KIND = "broadcast"
"""The kind of timer whose subject is a message that is being sent."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a message would reach, by account, and what of each account's month is used already."""

    wanted: Mapping[str, int]
    used: Mapping[str, int]

    @property
    def count(self) -> int:
        """How many chats it would reach."""
        return sum(self.wanted.values())


async def reach(work: Work, area: str) -> Reach:
    """Find out whom a message would reach now."""
    local = work.rules.calendar.local(work.now)
    month = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    wanted = await stored.count(work, _codes(work, area))
    return Reach(wanted, await stored.sent_since(work, wanted.keys(), month))


def _codes(work: Work, area: str) -> list[str]:
    """Return the codes of an area and of every one within it."""
    return work.desk.directory.within(area)


def written(work: Work, area: str, body: str, sender: Mapping[str, str], language: str) -> str:
    """Return the message as somebody reads it: from whom, about where, and how to hear no more."""
    say = locales.words(language)
    there = _rules(work, area)
    commune, place = wording.sentence(wording.commune(there)), there.directory.area(area).name
    key = "broadcast.head" if area in there.directory.hamlet_codes else "broadcast.head_all"
    return f"{say(key, commune=commune, place=place)}\n{body}\n{say('broadcast.foot', **sender)}"


def _rules(work: Work, area: str) -> Rules:
    """Return the rules where a message goes."""
    return work.desk.part(area)


async def author(work: Work, person_id: UUID | None) -> dict[str, str]:
    """Return the name and the unit of who writes."""
    directory = work.desk.directory
    held = directory.held_by(person_id, work.today)
    units = [directory.unit(h.unit_id).name for h in held if h.role in IN_CHARGE]
    return {
        "name": await name_of(work, person_id),
        "unit": units[0] if units else wording.commune(work.rules),
    }


# --- two people ----------------------------------------------------------------------------------


def may(work: Work, by: Chat, area: str | None = None) -> bool:
    """Say whether this person may write such messages and decide on those of others: to this area, or any."""
    if not roles_of(work, by) & IN_CHARGE:
        return False
    directory = work.desk.directory
    return area is None or any(directory.lies_in(seat, area) for seat in leads_in(work, by.person_id))


async def propose(work: Work, by: Chat, area: str, body: str) -> Broadcast:
    """Hand a message to those who may let it go. Raises NotAllowed."""
    if not may(work, by, area) or by.person_id is None:
        raise NotAllowed(KIND)
    if not _over(work, by.person_id, area):
        raise NobodyDecides(KIND)
    await reached.load(work)
    broadcast = stored.add(work, area, body, by.person_id, (await reach(work, area)).count)
    await _call_up(work, broadcast)
    return broadcast


# --- while it waits ------------------------------------------------------------------------------


def deciders(work: Work, broadcast: Broadcast) -> list[UUID]:
    """Return who has been asked by now: the nearest above its author, with time those above them too."""
    steps = _steps(work, broadcast)
    called = [number for number in range(len(steps)) if _called_at(work, broadcast, number) <= work.now]
    return [person for number in called for person in steps[number]]


def _steps(work: Work, broadcast: Broadcast) -> list[superiors.Step]:
    """Return who is above its author and can be told, a step at a time: who has a say where it goes."""
    return _there(work, superiors.over_and_told(work, broadcast.person_id), broadcast.area)


def _over(work: Work, person: UUID, area: str) -> list[superiors.Step]:
    return _there(work, superiors.over(work, person), area)


def _there(work: Work, steps: Iterable[superiors.Step], area: str) -> list[superiors.Step]:
    lies_in = work.desk.directory.lies_in

    def decides(person: UUID) -> bool:
        return any(lies_in(seat, area) for seat in leads_in(work, person))

    return [there for step in steps if (there := [person for person in step if decides(person)])]


def _called_at(work: Work, broadcast: Broadcast, number: int) -> datetime:
    """Return when so many steps above the nearest hear of it: nobody has decided for so many working days."""
    calendar = _rules(work, broadcast.area).calendar
    hours = number * _rules(work, broadcast.area).reminders.undecided * calendar.hours_a_day
    return calendar.add_working_hours(broadcast.at, hours)


async def _call_up(work: Work, broadcast: Broadcast) -> None:
    """Ask who is to be asked by now and was not; wind when the next above them are."""
    for chat in await people.chats_of(work, deciders(work, broadcast)):
        _post(work, broadcast, chat, await shown(work, broadcast, chat.language), "asked")
    steps = range(len(_steps(work, broadcast)))
    later = [at for number in steps if (at := _called_at(work, broadcast, number)) > work.now]
    work.wind(KIND, str(broadcast.id), min(later, default=None))


async def waiting(work: Work) -> Counter[UUID]:
    """Count the messages that wait for each person to let them go."""
    every = await asked.waiting(work, Broadcast, None)
    return Counter(person for one in every for person in deciders(work, one))


async def waiting_for(work: Work, person_id: UUID | None) -> list[Broadcast]:
    """Return the messages that wait for this person to let them go, the oldest first."""
    await reached.load(work)
    return [one for one in await asked.waiting(work, Broadcast, None) if person_id in deciders(work, one)]


async def shown(work: Work, broadcast: Broadcast, language: str) -> Message:
    """Show a message to whoever may let it go."""
    say = locales.words(language)
    facts = await author(work, broadcast.person_id)
    place = work.desk.directory.area(broadcast.area).name
    text = say("broadcast.asked", place=place, count=broadcast.recipients, text=broadcast.body, **facts)
    buttons = (
        Choice(
            say("broadcast.send"), f"menu:send_broadcast:{broadcast.id}", "primary", say("broadcast.typed")
        ),
        Choice(
            say("broadcast.return"), f"menu:return_broadcast:{broadcast.id}", typed=say("broadcast.typed")
        ),
    )
    return Message(text, buttons)


async def open_one(work: Work, by: Chat, broadcast_id: UUID) -> Broadcast:
    """Return a message this person may decide on. Raises NotAllowed, OwnBroadcast or BroadcastDecided."""
    waits = await asked.by_id(work, Broadcast, broadcast_id)
    there = waits.area if waits is not None else None
    found = second.decidable(waits, by, _REFUSALS, may=may(work, by, there))
    if not superiors.may_decide_for(work, found.person_id, by.person_id):
        raise DecidedAbove(KIND)
    return found


_REFUSALS = second.Refusals(OwnBroadcast, BroadcastDecided)


async def approve(work: Work, by: Chat, broadcast_id: UUID) -> Broadcast:
    """Let a message go: the clock sends it, a batch at a time. Raises what `open_one` raises."""
    broadcast = await open_one(work, by, broadcast_id)
    await _decide(work, broadcast, SENDING, by)
    work.wind(KIND, str(broadcast.id), work.now)
    return broadcast


async def _decide(work: Work, broadcast: Broadcast, state: str, by: Chat) -> None:
    if not await asked.decide(work, broadcast, state, by.person_id):
        raise BroadcastDecided(KIND)


async def give_back(work: Work, by: Chat, broadcast_id: UUID, reason: str) -> Broadcast:
    """Return a message to its author with a reason. Raises what `open_one` raises."""
    broadcast = await open_one(work, by, broadcast_id)
    await _decide(work, broadcast, RETURNED, by)
    facts = {"name": await name_of(work, by.person_id), "reason": reason, "text": broadcast.body}
    await _tell(work, broadcast, [broadcast.person_id], "broadcast.returned", **facts)
    return broadcast


# --- sending -------------------------------------------------------------------------------------


async def ring_all(work: Work, subjects: list[str]) -> int:
    """Send the next batch of each of these messages; ask the next above where one still waits."""
    await reached.load(work)
    for subject in subjects:
        await _send_some(work, UUID(subject))
    return len(subjects)


async def _send_some(work: Work, broadcast_id: UUID) -> None:
    broadcast = await asked.by_id(work, Broadcast, broadcast_id)
    if broadcast is not None and broadcast.state == asked.WAITING:
        await _call_up(work, broadcast)
        return
    if broadcast is None or broadcast.state != SENDING:
        work.wind(KIND, str(broadcast_id), None)
        return
    batch = work.rules.broadcasting.batch
    chats = await stored.next_chats(work, _codes(work, broadcast.area), broadcast.reached, batch)
    await _send(work, broadcast, chats)
    broadcast.recipients = len(chats) + (broadcast.recipients if broadcast.reached else 0)
    if len(chats) == batch:
        broadcast.reached = chats[-1].key
        work.wind(KIND, str(broadcast_id), work.now)
        return
    broadcast.state = SENT
    work.wind(KIND, str(broadcast_id), None)
    both = [person for person in (broadcast.person_id, broadcast.decided_by) if person is not None]
    place = work.desk.directory.area(broadcast.area).name
    await _tell(work, broadcast, both, "broadcast.sent", count=broadcast.recipients, place=place)


async def _send(work: Work, broadcast: Broadcast, chats: Sequence[Chat]) -> None:
    sender = await author(work, broadcast.person_id)
    hold = _rules(work, broadcast.area).calendar.quiet_until(work.now)
    for chat in chats:
        text = written(work, broadcast.area, broadcast.body, sender, chat.language)
        key = f"broadcast:{broadcast.id.hex}:{chat.key}"
        work.post(chat, Message(text), key, priority=BULK, hold=hold)


async def _tell(work: Work, broadcast: Broadcast, ids: Iterable[UUID], key: str, **facts: object) -> None:
    for chat in await people.chats_of(work, list(ids)):
        _post(work, broadcast, chat, Message(locales.words(chat.language)(key, **facts)), key)


def _post(work: Work, broadcast: Broadcast, chat: Chat, message: Message, part: str) -> None:
    key = f"{part}:{broadcast.id.hex}:{chat.key[:12]}"
    work.post(chat, message, key, hold=homes.quiet_until(work, chat))
