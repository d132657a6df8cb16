"""What the desk says by itself to those who work: reminders together, and what waits this morning.

What rings for a case at the moment of the morning message is kept in the case's history and said by that
message: one message a chat, however many cases, transactions and replicas ring.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from uuid import UUID

import locales
from domain import overlays
from domain.cases import Act, State
from domain.digests import Matter, matter, next_time
from domain.messages import Choice, Message
from services.acts import reminding
from services.clock import disk, overdue
from services.office import absences, broadcasts, unheard
from services.saying import approving, cards, notices
from services.saying.telling import Telling
from services.standing import homes, parties, reach, reckoning, rounds, superiors
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Reminder, Work
from storage.office import documents
from storage.people import people, reached
from storage.people.people import Chat
from storage.store import stamps
from storage.time import timers

KIND, MORNING = rounds.KIND, rounds.MORNING
SNOOZE = "snooze"
"""The kind of timer whose subject is a person who wants to be told again."""
_MOST = 7
"""Lines of one message: with what stands below them, each has a digit."""
_UNSAID = timedelta(days=7)
"""How far back the first morning message looks for what has not been said."""

Agenda = dict[Matter, list[Case]]
"""Somebody's cases, by why they are to look at them today."""


@dataclass(frozen=True, slots=True)
class Morning:
    """What one chat is to hear: the cases it must look at, what rang, and who is away or back."""

    agenda: Agenda
    reminders: Sequence[Reminder]
    news: Sequence[str]

    @property
    def cases(self) -> list[Case]:
        """Every case it speaks of, once."""
        return list({case.code: case for cases in self.agenda.values() for case in cases}.values())


async def ring_all(work: Work, subjects: list[str]) -> int:
    """Say what waits this morning, and what is late this evening. Returns how many rounds were made."""
    said = 0
    await reached.load(work)
    for part, area in sorted(overlays.parted(subject) for subject in subjects):
        if part == MORNING and await timers.others_due(work, reckoning.KIND):
            continue
        if not area or area in work.desk.own_hours:
            await (_morning if part == MORNING else overdue.say)(work, area)
        rounds.wind(work, part, area)
        said += 1
    return said


# --- reminders together --------------------------------------------------------------------------


def say_reminders(work: Work) -> None:
    """Say what was gathered, in one message a chat."""
    for chat, theirs in _taken(work).items():
        _post_reminders(work, work.chats[chat], theirs)


def _taken(work: Work) -> dict[str, list[Reminder]]:
    """Take what was gathered out of the work, by chat, what is due first coming first."""
    last_of_each = {(reminder.chat.key, reminder.case.code): reminder for reminder in work.reminders}
    ordered = sorted(last_of_each.values(), key=lambda r: (r.chat.key, r.case.due_at, r.case.code))
    work.reminders.clear()
    return {key: list(theirs) for key, theirs in groupby(ordered, key=lambda r: r.chat.key)}


def _post_reminders(work: Work, chat: Chat, theirs: Sequence[Reminder]) -> None:
    first = theirs[0]
    if len(theirs) == 1:
        work.post(chat, first.message, first.key, hold=first.hold)
        return
    text = locales.words(chat.language)("digest.reminders", count=len(theirs))
    choices = _lines(work, chat, [reminder.case for reminder in theirs])
    work.post(chat, Message(text, choices), f"group:{first.key}", hold=first.hold)


def _lines(work: Work, chat: Chat, cases: Iterable[Case]) -> tuple[Choice, ...]:
    """Return a line for each case, and where they are too many, a way to all of them."""
    each = list({case.code: case for case in cases}.values())
    lines = [cards.listed(work, case, chat) for case in each[:_MOST]]
    return (*lines, _all(chat, "digest.all")) if len(each) > _MOST else tuple(lines)


def _all(chat: Chat, key: str) -> Choice:
    say = locales.words(chat.language)
    return Choice(say(key), "menu:mine", typed=say("digest.typed"))


# --- the morning ---------------------------------------------------------------------------------


async def _morning(work: Work, area: str) -> None:
    """Tell every official of a round what waits for them; who has only one reminder to hear hears just that.

    What rang for its cases is said to whomever it is for, of another round too.
    """
    await work.session.flush()
    since = await stamps.said_until(work, area) or work.now - _UNSAID
    within = work.desk.directory.areas_of(area) if area else None
    cases = await documents.for_morning(work, work.today, since, areas=within)
    rung = [case for case in cases if rounds.of_case(work, case) == area]
    await stamps.say_until(work, await _gather(work, rung, since), area)
    reminders = _taken(work)
    agendas = await _agendas(work, cases)
    news, faults = await absences.news(work, since), await unheard.news(work)
    disks = await disk.news(work)
    waiting = await broadcasts.waiting(work)
    ids = {person for person in (*agendas, *news, *faults, *disks, *waiting) if person is not None}
    told = await people.chats_of(work, sorted(ids))
    chats = {chat.key: chat for chat in told if rounds.of_chat(work, chat) == area}
    for chat in (chats | {key: work.chats[key] for key in reminders}).values():
        say, own, lines = locales.words(chat.language), chat.key in chats, list[str]()
        if own:
            lines = [say(key, **facts) for key, facts in news.get(chat.person_id, ())]
            if chat.person_id is not None and waiting[chat.person_id]:
                lines.append(say("digest.broadcasts", count=waiting[chat.person_id]))
            admins = [disk.line(disks.get(chat.person_id), chat.language)]
            admins.append(unheard.line(faults.get(chat.person_id, ()), chat.language))
            lines += filter(None, admins)
        reminded = reminders.get(chat.key, [])
        agenda = _of_chat(work, chat, agendas.get(chat.person_id, {}) if own else {}, reminded)
        await _tell(work, chat, Morning(agenda, reminded, lines), overlays.named(str(work.today), area))


async def _gather(work: Work, cases: Iterable[Case], since: datetime) -> datetime:
    """Gather what rang after an instant and was left to this message. Returns until when it is said."""
    rung = [case for case in cases if case.alarmed_at > since]
    await stored.load_histories(work, rung)
    until = work.now
    for case in rung:
        for event in await stored.history(work, case):
            if event.at > since and event.detail.get("morning"):
                to = Telling(work, case, parties.CLOCK, event.number, event.detail)
                with work.within(case.area):
                    await _REPEATED[Act(event.act)](to)
                until = max(until, event.at)
    return until


_REPEATED = {Act.REMIND: reminding.remind, Act.ESCALATE: reminding.escalate}


async def _agendas(work: Work, cases: Iterable[Case]) -> dict[UUID | None, Agenda]:
    """Return what everybody who handles one of these open cases must look at today.

    What is urgent and rang this morning has been said already.
    """
    found: dict[UUID | None, Agenda] = {}
    for case in cases:
        why = _matter(work, case)
        for person in superiors.deciders(work, case):
            found.setdefault(person, {}).setdefault(Matter.DECIDE, []).append(case)
        said = case.urgency == parties.URGENT and case.alarmed_at >= _began(work, case)
        if why is not None and not said:
            for person in parties.handling(work, case):
                found.setdefault(person, {}).setdefault(why, []).append(case)
    return found


def _began(work: Work, case: Case) -> datetime:
    return work.rules_of(case).calendar.morning_of(work.today)


def _matter(work: Work, case: Case) -> Matter | None:
    calendar = work.rules_of(case).calendar
    handed_on = calendar.local(calendar.opens(case.handed_at)).date()
    waited = calendar.working_days_after(handed_on, work.today)
    return matter(State(case.state), case.due_on, work.today, waited)


def _of_chat(work: Work, chat: Chat, agenda: Agenda, reminders: Sequence[Reminder] = ()) -> Agenda:
    """Take in what the chat is reminded of, and leave out what it brought itself, as a citizen."""
    theirs = {why: [case for case in cases if not _own(case, chat)] for why, cases in agenda.items()}
    named = {case.code for cases in theirs.values() for case in cases}
    for case in [reminder.case for reminder in reminders if reminder.case.code not in named]:
        why = _matter(work, case)
        if case.officer_id is None and why is Matter.DUE:
            why = Matter.UNTAKEN  # it is told above because nobody takes it, whenever it is due
        theirs.setdefault(why if why in _PRESSING else Matter.SOON, []).append(case)
    return {why: cases for why, cases in theirs.items() if cases}


_PRESSING = frozenset({Matter.UNTAKEN, Matter.DUE, Matter.LATE})


def _own(case: Case, chat: Chat) -> bool:
    return case.chat_key == chat.own or parties.is_senders(case, chat.person_id)


async def _tell(work: Work, chat: Chat, morning: Morning, once: str) -> None:
    """Tell one chat; `once` names the round of the day, of which nothing is said twice."""
    alone = morning.cases[0] if len(morning.cases) == 1 and not morning.news else None
    if alone is not None and morning.reminders:
        _post_reminders(work, chat, morning.reminders)
    elif alone is not None and set(morning.agenda) == {Matter.NEW}:
        return  # it came since yesterday's hours: its card is all there is to say
    elif morning.cases or morning.news:
        today = partial(_message, work, morning=morning, headline="digest.today")
        await notices.tell(work, [chat], today, f"digest:{once}")


async def _message(work: Work, chat: Chat, morning: Morning, headline: str) -> Message:
    """Write it: how many of each, a line for each reminder, and a way to the rest or to later today."""
    say = locales.words(chat.language)
    lines = list(morning.news)
    if morning.cases:
        parts = [say(f"digest.part.{w}", count=len(morning.agenda[w])) for w in Matter if w in morning.agenda]
        lines.append(say(headline, parts=", ".join(parts)))
    lines_of = await _lines_of(work, chat, morning)
    choices = tuple(lines_of.values())[:_MOST]
    if len(choices) < len(morning.cases):
        choices = (*choices, _rest(chat, morning))
    return Message("\n".join(lines), (*choices, *_later(work, chat)) if morning.cases else ())


async def _lines_of(work: Work, chat: Chat, morning: Morning) -> dict[str, Choice]:
    """Return a line by code for each case that waits for this person, or that a reminder rang for."""
    say = locales.words(chat.language)
    lines = {}
    for case in morning.agenda.get(Matter.DECIDE, ()):
        lines[case.code] = cards.show(case, chat.language, await approving.line(work, case, chat))
    for case in [reminder.case for reminder in morning.reminders if reminder.case.code not in lines]:
        line = cards.listed(work, case, chat)
        note = f" · {say('alert.unassigned')}" if case.officer_id is None else ""
        lines[case.code] = replace(line, label=line.label + note)
    return lines


def _rest(chat: Chat, morning: Morning) -> Choice:
    """Return the way to what has no line of its own: to the one case, or to the list."""
    if len(morning.cases) == 1:
        return cards.show(morning.cases[0], chat.language, locales.words(chat.language)("act.show"))
    return _all(chat, "digest.all" if morning.reminders else "act.show")


# --- later ---------------------------------------------------------------------------------------


def _later(work: Work, chat: Chat) -> tuple[Choice, ...]:
    """Offer to be told again later today, while there is such an hour today."""
    rules = homes.rules_of(work, chat)
    at = rules.times.snooze
    if rules.calendar.at(work.today, at) <= work.now:
        return ()
    say = locales.words(chat.language)
    return (Choice(say("digest.later", time=f"{at:%H:%M}"), "menu:snooze", typed=say("digest.typed_later")),)


def snooze(work: Work, person_id: UUID) -> datetime:
    """Tell this person again at the hour for that. Returns when that is."""
    at = next_time(work.rules.calendar, work.rules.times.snooze, work.now)
    work.wind(SNOOZE, str(person_id), at)
    return at


async def ring_snoozed(work: Work, subjects: list[str]) -> int:
    """Tell these people again what still waits for them; who has nothing left hears nothing."""
    await reached.load(work)
    whose = [UUID(subject) for subject in subjects]
    units = reach.units_below(work, whose)
    agendas = await _agendas(work, await documents.for_morning(work, work.today, None, units))
    for chat in await people.chats_of(work, whose):
        morning = Morning(_of_chat(work, chat, agendas.get(chat.person_id, {})), (), ())
        if morning.cases:
            again = partial(_message, work, morning=morning, headline="digest.again")
            await notices.tell(work, [chat], again, f"snooze:{work.today}")
    for subject in subjects:
        work.wind(SNOOZE, subject, None)
    return len(subjects)
