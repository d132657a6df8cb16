"""What is late, told to those in charge at the end of each working day until it is answered."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import locales
from domain.alarms import Level
from domain.cases import Act, Relation, State
from domain.digests import climbed_to
from domain.messages import Choice, Message
from services import cards, superiors, who, wording
from services.who import Actor
from storage import cases as stored
from storage import documents, people
from storage.cases import Case
from storage.people import Chat
from storage.work import Work

_MOST = 8
"""Cases of one list: with the way to all of them each has a digit."""
_WORDS = 40
"""Letters of what a case is about in its line."""


async def say(work: Work) -> None:
    """Tell every chief what has become late and is still owed, the longest first.

    A chief hears of a case from the day its delay has climbed to them, and of one that is kept close only if
    they are anything to it. Rung after its day, over an outage, it is left to the next list.
    """
    here = work.rules.calendar.local(work.now)
    if here.time() < work.rules.times.evening or work.rules.calendar.quiet_until(work.now) is not None:
        return
    lists: dict[UUID, list[Case]] = {}
    for case in sorted(await documents.open_cases(work), key=lambda case: (case.due_at, case.code)):
        for person in _told_of(work, case):
            lists.setdefault(person, []).append(case)
    chats = await people.chats_of(work, sorted(lists))
    theirs = {
        chat.key: [c for c in lists[p] if c.chat_key != chat.own] for chat in chats if (p := chat.person_id)
    }
    await stored.load_histories(work, [case for cases in theirs.values() for case in cases[:_MOST]])
    for chat in chats:
        if theirs[chat.key]:
            message = await _message(work, chat, theirs[chat.key])
            work.post(chat, message, f"overdue:{work.today}:{chat.key[:12]}")


def _told_of(work: Work, case: Case) -> Iterator[UUID]:
    if case.state == State.ASKED or case.due_at > work.now:
        return
    levels = climbed_to(_days_late(work, case), work.rules.reminders) - {Level.OFFICER}
    people_told = dict.fromkeys(
        person for level in Level if level in levels for person in superiors.at_level(work, case, level)
    )
    for person in people_told:
        if Relation.SUPERVISOR in who.relations(work, case, Actor(person_id=person)):
            yield person


def _days_late(work: Work, case: Case) -> int:
    return work.rules.calendar.working_days_after(case.due_on, work.today)


async def _message(work: Work, chat: Chat, cases: Sequence[Case]) -> Message:
    say = locales.words(chat.language)
    today = sum(_days_late(work, case) <= 1 for case in cases)
    choices = [await _line(work, chat, case) for case in cases[:_MOST]]
    if len(cases) > _MOST:
        choices.append(Choice(say("digest.all"), "menu:late", typed=say("overdue.typed")))
    text = say("overdue.text" if today else "overdue.still", today=today, count=len(cases))
    return Message(f"{text}\n{say('official.letters')}", tuple(choices))


async def _line(work: Work, chat: Chat, case: Case) -> Choice:
    """Write a case in a line: whose it is, how late, how often the citizen has written, what it is about."""
    say = locales.words(chat.language)
    days = _days_late(work, case)
    asked = sum(event.act == Act.SUPPLEMENT for event in await stored.history(work, case))
    parts = [
        case.code,
        work.rules.directory.unit(case.unit_id).name,
        say("overdue.days", days=days) if days else say("overdue.today"),
        *([say("overdue.asked", count=asked)] if asked else []),
        wording.shortened(case.summary, _WORDS),
    ]
    return cards.show(case, chat.language, " · ".join(parts))
