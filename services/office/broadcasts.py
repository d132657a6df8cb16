"""A message to everybody of a hamlet: one chief writes it, another lets it go, each chat gets it once."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import locales
from domain.cases import NotAllowed
from domain.messages import Choice, Message
from domain.rules import Rules
from services.matters import deciders
from services.matters.change import change, opened, said, wind
from services.matters.deciders import called, calling
from services.matters.kinds import Deed, MatterAct, MatterKind, News, with_a_say
from services.saying import notices, wording
from services.standing.parties import CLOCK, IN_CHARGE, Actor
from services.standing.reach import leads_in
from services.standing.refusals import BroadcastDecided, OwnBroadcast
from services.standing.second import Refusals
from storage.ground.work import BULK, Work
from storage.people import broadcasts as stored
from storage.people.broadcasts import RETURNED, SENDING, SENT, Broadcast
from storage.people.matters import WAITING
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


# --- what is done to one -------------------------------------------------------------------------


def may(work: Work, by: Chat, area: str | None = None) -> bool:
    """Say whether this person may write such messages and decide on those of others: to this area, or any."""
    return _leads(work, by.person_id, area)


def _leads(work: Work, person: UUID | None, area: str | None) -> bool:
    seats, lies_in = leads_in(work, person), work.desk.directory.lies_in
    return bool(seats) if area is None else any(lies_in(seat, area) for seat in seats)


def has_a_second(work: Work, by: Chat) -> bool:
    """Say whether anybody could let go what this person writes, wherever they may write to."""
    if by.person_id is None:
        return False
    drafts = (Broadcast(person_id=by.person_id, area=seat) for seat in leads_in(work, by.person_id))
    return any(deciders.somebody_decides(work, BROADCAST, draft) for draft in drafts)


def _buttons(broadcast: Broadcast, language: str) -> tuple[Choice, ...]:
    say = locales.words(language)
    typed = say("broadcast.typed")
    return (
        Choice(say("broadcast.send"), f"menu:send_broadcast:{broadcast.id}", "primary", typed),
        Choice(say("broadcast.return"), f"menu:return_broadcast:{broadcast.id}", typed=typed),
    )


async def _facts(work: Work, broadcast: Broadcast, _language: str) -> dict[str, Any]:
    place = work.desk.directory.full_name(broadcast.area)
    told = {"place": place, "count": broadcast.recipients, "text": broadcast.body}
    return {**await author(work, broadcast.person_id), **told}


async def _told_later(work: Work, kept: Mapping[str, Any], _language: str) -> dict[str, Any]:
    return {"place": work.desk.directory.full_name(kept["area"])}


async def _next_batch(work: Work, broadcast: Broadcast) -> None:
    """Send the next batch; when it was the last, both people hear how many it has reached."""
    batch = work.rules.broadcasting.batch
    chats = await stored.next_chats(work, _codes(work, broadcast.area), broadcast.reached, batch)
    sender = await author(work, broadcast.person_id)

    def write(chat: Chat) -> Message:
        return Message(written(work, broadcast.area, broadcast.body, sender, chat.language))

    with work.within(broadcast.area):
        await notices.tell(work, chats, write, f"broadcast:{broadcast.id.hex}", priority=BULK)
    broadcast.recipients = len(chats) + (broadcast.recipients if broadcast.reached else 0)
    if len(chats) == batch:
        broadcast.reached = chats[-1].key
        wind(work, BROADCAST, broadcast)
    else:
        await change(work, BROADCAST, broadcast, "sent", CLOCK, count=broadcast.recipients)


def _both(deed: Deed[Broadcast]) -> list[UUID]:
    """Return who wrote it and who let it go."""
    people = (deed.matter.person_id, deed.matter.decided_by)
    return [person for person in people if person is not None]


_ASKED = News(words="broadcast.asked", to=called, buttons=_buttons, once=True)
BROADCAST = MatterKind(
    row=Broadcast,
    acts=(
        MatterAct(act="propose", to=WAITING, may=with_a_say, news=(_ASKED,)),
        calling(_ASKED),
        MatterAct(act="approve", states={WAITING}, to=SENDING, may=with_a_say, second=True),
        MatterAct(
            act="give_back",
            states={WAITING},
            to=RETURNED,
            may=with_a_say,
            second=True,
            news=(News(words="broadcast.returned", to=lambda deed: [deed.matter.person_id]),),
        ),
        MatterAct(
            act="sent",
            states={SENDING},
            to=SENT,
            news=(News(words="broadcast.sent", to=_both),),
        ),
    ),
    facts=_facts,
    area=lambda broadcast: broadcast.area,
    has_say=lambda work, person, broadcast: _leads(work, person, broadcast.area),
    refusals=Refusals(OwnBroadcast, BroadcastDecided),
    reads=lambda work, person, kept: "area" in kept and _leads(work, person, kept["area"]),
    told=_told_later,
    moment=lambda work, broadcast: work.now if broadcast.state == SENDING else None,
    ring={SENDING: _next_batch},
)


async def propose(work: Work, by: Chat, area: str, body: str) -> Broadcast:
    """Hand a message to those who may let it go. Raises NotAllowed or NobodyDecides."""
    if by.person_id is None:
        raise NotAllowed(KIND)
    count = (await reach(work, area)).count
    broadcast = stored.new(work, by.person_id, area=area, body=body, recipients=count)
    await change(work, BROADCAST, broadcast, "propose", Actor.of(by), area=area)
    return broadcast


async def open_one(work: Work, by: Chat, broadcast_id: UUID) -> Broadcast:
    """Return a message this person may decide on. Raises NotAllowed, OwnBroadcast or BroadcastDecided."""
    return await opened(work, BROADCAST, broadcast_id, "approve", Actor.of(by))


async def approve(work: Work, by: Chat, broadcast_id: UUID) -> None:
    """Let a message go: the clock sends it, a batch at a time. Raises what `open_one` raises."""
    await change(work, BROADCAST, await open_one(work, by, broadcast_id), "approve", Actor.of(by))


async def give_back(work: Work, by: Chat, broadcast_id: UUID, reason: str) -> None:
    """Return a message to its author with a reason. Raises what `open_one` raises."""
    broadcast = await open_one(work, by, broadcast_id)
    await change(work, BROADCAST, broadcast, "give_back", Actor.of(by), reason=reason)


# --- what waits ----------------------------------------------------------------------------------


async def waiting(work: Work) -> Counter[UUID]:
    """Count the messages that wait for each person to let them go."""
    return Counter(person for _, asked in await deciders.waiting(work, BROADCAST) for person in asked)


async def waiting_for(work: Work, person_id: UUID | None) -> list[Broadcast]:
    """Return the messages that wait for this person to let them go, the oldest first."""
    return [one for one, asked in await deciders.waiting(work, BROADCAST) if person_id in asked]


async def shown(work: Work, broadcast: Broadcast, language: str) -> Message:
    """Show a message to whoever may let it go."""
    return await said(work, BROADCAST, broadcast, _ASKED, language)
