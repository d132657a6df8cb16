"""When the desk speaks up about a case by itself. Each case has one timer: its next moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain import alarms
from domain.alarms import Alarm, Level
from domain.cases import OPEN_STATES, Act, State
from domain.ringing import Ring
from services.acts import rescuing
from services.saying import ringing
from services.standing import parties, superiors
from services.standing.pending import Pending
from services.standing.reckoning import KIND, due_of, paused_since
from storage.cases.cases import Case
from storage.ground.instant import from_ms
from storage.ground.work import Work
from storage.people.people import at_counter


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that is to happen to a case at a moment, with the alarm or the ring that says so."""

    at: datetime
    act: Act
    alarm: Alarm | None = None
    promise: str = ""
    """What was promised, where the alarm is about that and not about the answer."""
    n: int = 0
    """How many steps up what waits for a decision is to be known by then."""
    ring: Ring | None = None


def wind(work: Work, case: Case) -> None:
    """Set the case's timer to its next moment, or unset it."""
    upcoming = [moment.at for moment in moments(work, case) if moment.at > case.alarmed_at]
    work.wind(KIND, str(case.id), min(upcoming, default=None))


def moments(work: Work, case: Case) -> list[Moment]:
    """Return everything the clock will do to the case if nobody does anything first."""
    found = [*_of_the_state(work, case), *_of_the_request(work, case), *_of_promises(work, case)]
    return [*found, *_of_rescue(work, case)]


def _of_the_state(work: Work, case: Case) -> list[Moment]:
    rules = work.rules_of(case)
    patience = rules.patience
    asked_at = paused_since(case)
    if case.state == State.ASKED and asked_at is not None:
        again, lapse = patience.after_question(max(asked_at, case.told_at or asked_at), rules.calendar)
        return [Moment(again, Act.ASK_AGAIN), Moment(lapse, Act.LAPSE)]
    if case.state == State.ANSWERED and case.answered_at is not None:
        told_at = max(case.answered_at, case.told_at or case.answered_at)
        invite, close = patience.after_answer(told_at, rules.calendar)
        invitation = [Moment(invite, Act.INVITE_RATING)] if case.rating is None else []
        return [*invitation, Moment(close, Act.CLOSE)]
    if case.state == State.CLOSED:
        return list(_after_closing(work, case))
    return list(_of_the_term(work, case)) if case.state in OPEN_STATES else []


def _of_promises(work: Work, case: Case) -> Iterator[Moment]:
    """Remind of what else was promised, and let those above know what was not kept."""
    rules = work.rules_of(case)
    for what, at in case.promises.items() if case.state in OPEN_STATES else ():
        for alarm in rules.promising.alarms(from_ms(at), rules.calendar):
            act = Act.REMIND if alarm.level is Level.OFFICER else Act.ESCALATE
            yield Moment(alarm.at, act, alarm, promise=what)


def _of_the_request(work: Work, case: Case) -> Iterator[Moment]:
    """Let those above know, a step at a time, while nobody decides: a request waits in office hours only."""
    asked, rules = Pending.of(case), work.rules_of(case)
    if asked is None or asked.at is None or case.state not in OPEN_STATES:
        return
    hours = rules.reminders.undecided * rules.calendar.hours_a_day
    for n in range(asked.level + 1, len(superiors.deciding(work, case))):
        yield Moment(rules.calendar.add_working_hours(from_ms(asked.at), n * hours), Act.CALL_UP, n=n)


def _of_rescue(work: Work, case: Case) -> Iterator[Moment]:
    """Call out who can go there while nobody does, though the case is taken; look who still goes."""
    for ring in rescuing.rings(work, case):
        yield Moment(ring.at, Act.CALL_OUT, ring=ring)


def _after_closing(work: Work, case: Case) -> Iterator[Moment]:
    """Ask in a sample of cases whether it held; never who is kept close, or whom no channel reaches."""
    rules = work.rules_of(case)
    check, kept_close = rules.check_back, case.sealed or case.confidential or at_counter(case.chat_key)
    if case.answered_at is None or case.checked_at or case.declined or kept_close:
        return
    if check.falls_on(case.code):
        yield Moment(check.moment(case.answered_at, rules.calendar), Act.CHECK_BACK)


def _of_the_term(work: Work, case: Case) -> Iterator[Moment]:
    """Remind of what is owed; what cannot wait rings instead, until somebody takes it."""
    rules = work.rules_of(case)
    if ringing.ladder_of(work, case):
        yield from _rings(work, case)
        return
    told = alarms.schedule(case.clock_from, due_of(work, case), rules.reminders, rules.calendar)
    if case.officer_id is None:
        told += alarms.pickup(case.handed_at, rules.reminders, rules.calendar)
    for alarm in told:
        if parties.rung_for(work, case, alarm.level) == []:
            continue
        act = Act.REMIND if alarm.level is Level.OFFICER else Act.ESCALATE
        yield Moment(_known_at(case, alarm), act, alarm)


def _known_at(case: Case, alarm: Alarm) -> datetime:
    """Return when an alarm is rung: what those above must know, and what fell into a pause, right after it.

    A question that is asked when a case is nearly late, or is already, would hide that it is.
    """
    if alarm.level is not Level.OFFICER:
        for start, end in case.pauses:
            if end and from_ms(start) < alarm.at <= from_ms(end):
                return from_ms(end) + _AT_ONCE
    return alarm.at


_AT_ONCE = timedelta(milliseconds=1)


def _rings(work: Work, case: Case) -> Iterator[Moment]:
    """Ring once for all that has come due, and next: it rings for ever."""
    for ring in (ringing.next_ring(work, case), ringing.ring_of(work, case)):
        if ring is not None:
            yield Moment(ring.at, Act.RING, ring=ring)
