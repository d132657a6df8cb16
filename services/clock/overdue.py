"""What is late, and what waits for a decision, told to those in charge at the end of each working day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import locales
from domain.alarms import Level
from domain.cases import Act, Relation, State
from domain.digests import climbed_to
from domain.messages import Choice, Message
from services.office import broadcasts
from services.saying import approving, cards, notices, wording
from services.standing import access, homes, parties, rounds, superiors
from services.standing.parties import Actor
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.office import documents
from storage.people import people
from storage.people.people import Chat

_MOST = 8
"""Cases of one list: with the way to all of them each has a digit."""
_WORDS = 40
"""Letters of what a case is about in its line."""


async def say(work: Work, area: str) -> None:
    """Tell every chief of a round what is late and still owed, the longest first, and what waits for them.

    A chief hears of a case from the day its delay has climbed to them, and of one that is kept close only if
    they are anything to it. Rung after its day, over an outage, it is left to the next list.
    """
    rules = work.desk.part(area)
    here = rules.calendar.local(work.now)
    if here.time() < rules.times.evening or rules.calendar.quiet_until(work.now) is not None:
        return
    lists = _lists(work, await documents.for_evening(work))
    for person, count in (await broadcasts.waiting(work)).items():
        lists.setdefault(person, _Evening()).broadcasts += count
    told = await people.chats_of(work, sorted(lists))
    chats = [chat for chat in told if rounds.of_chat(work, chat) == area]
    theirs = {chat.key: lists[p].but(chat.own) for chat in chats if (p := chat.person_id)}
    await stored.load_histories(work, [case for each in theirs.values() for case in each.late[:_MOST]])

    async def write(chat: Chat) -> Message:
        return await _message(work, chat, theirs[chat.key])

    told = [chat for chat in chats if theirs[chat.key].any]
    await notices.tell(work, told, write, f"overdue:{work.today}")


@dataclass(slots=True)
class _Evening:
    """What one chief reads: what is late, and what waits for their decision."""

    late: list[Case] = field(default_factory=list)
    waiting: list[Case] = field(default_factory=list)
    broadcasts: int = 0

    @property
    def any(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.late or self.waiting or self.broadcasts)

    def but(self, own: str) -> "_Evening":
        """Leave out what the reader brought themselves."""
        late, waiting = ([c for c in cases if c.chat_key != own] for cases in (self.late, self.waiting))
        return _Evening(late, waiting, self.broadcasts)


def _lists(work: Work, cases: Iterable[Case]) -> dict[UUID, _Evening]:
    lists: dict[UUID, _Evening] = {}
    for case in sorted(cases, key=lambda case: (case.due_at, case.code)):
        for person in _told_of(work, case):
            lists.setdefault(person, _Evening()).late.append(case)
        for person in superiors.deciders(work, case):
            lists.setdefault(person, _Evening()).waiting.append(case)
    return lists


def _told_of(work: Work, case: Case) -> Iterator[UUID]:
    if case.state == State.ASKED or case.due_at > work.now:
        return
    levels = climbed_to(_days_late(work, case), work.rules_of(case).reminders) - {Level.OFFICER}
    people_told = dict.fromkeys(
        person for level in Level if level in levels for person in superiors.at_level(work, case, level)
    )
    for person in people_told:
        if Relation.SUPERVISOR in parties.relations(work, case, Actor(person_id=person)):
            yield person


def _days_late(work: Work, case: Case) -> int:
    return work.rules_of(case).calendar.working_days_after(case.due_on, work.today)


async def _message(work: Work, chat: Chat, evening: _Evening) -> Message:
    say, late = locales.words(chat.language), evening.late
    waiting = [case for case in evening.waiting if case not in late]
    today = sum(_days_late(work, case) <= 1 for case in late)
    choices = [await _line(work, chat, case) for case in late[:_MOST]]
    if len(late) > _MOST:
        choices.append(Choice(say("digest.all"), "menu:late", typed=say("overdue.typed")))
    for case in waiting[: _MOST - len(choices)]:
        line = await approving.line(work, case, chat)
        choices.append(cards.show(case, chat.language, line))
    lines = []
    if late:
        lines.append(say("overdue.text" if today else "overdue.still", today=today, count=len(late)))
    if evening.waiting:
        lines.append(say("overdue.waiting", count=len(evening.waiting)))
    if evening.broadcasts:
        lines.append(say("digest.broadcasts", count=evening.broadcasts))
    letters = [say("official.letters")] if late else []
    return Message("\n".join([*lines, *letters]), tuple(choices))


async def _line(work: Work, chat: Chat, case: Case) -> Choice:
    """Write a case in a line: whose it is, how late, how often the citizen has written, what it is about."""
    say = locales.words(chat.language)
    days = _days_late(work, case)
    asked = sum(event.act == Act.SUPPLEMENT for event in await stored.history(work, case))
    parts = [
        case.code,
        homes.called(work, case.unit_id, chat),
        say("overdue.days", days=days) if days else say("overdue.today"),
        *([say("overdue.asked", count=asked)] if asked else []),
        *([say("overdue.awaits", who=await approving.awaited(work, case))] if case.request else []),
        wording.shortened(case.summary, _WORDS),
    ]
    access.shown(work, case, chat, access.LIST)
    return cards.show(case, chat.language, " · ".join(parts))
