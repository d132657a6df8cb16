"""The clock acts on a case: what has come due is done, and its next moment is wound, in one transaction."""

from uuid import UUID

from domain.alarms import AlarmKind, Level
from domain.cases import Act, State
from services.acts.act import act
from services.acts.alarming import Ring
from services.acts.moments import Moment, moments, wind
from services.acts.reminding import Escalate, Remind
from services.acts.requests import CallUp
from services.acts.rescuing import CallOut
from services.clock import digests
from services.saying import arrival, rescue
from services.standing import alike, rounds
from services.standing.kinds import Request
from services.standing.parties import CLOCK, URGENT
from services.standing.reckoning import KIND as KIND
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import reached


async def ring_all(work: Work, subjects: list[str]) -> int:
    """Ring cases by id; one that another transaction holds keeps its timer for the next tick."""
    ids = [UUID(subject) for subject in subjects]
    work.mornings = await rounds.mornings_due(work)
    await reached.load(work)
    await stored.load_due(work, ids)
    held = [case_id for case_id in ids if case_id in work.cases]
    for case_id in held:
        with work.within(work.cases[case_id].area):
            await ring(work, case_id)
    digests.say_reminders(work)
    return len(held)


async def ring(work: Work, case_id: UUID) -> None:
    """Do what has come due for the case. After an outage each level hears once, of the most pressing."""
    case = work.cases[case_id]
    if await _unheard(work, case):
        return
    passed = [m for m in moments(work, case) if case.alarmed_at < m.at <= work.now]
    case.alarmed_at = work.now
    for moment in _most_pressing(passed):
        if moment.act is Act.CALL_OUT and rescue.going(work, case):
            continue  # somebody goes there, and still can
        covered = await _is_covered(work, case, moment)
        if not covered or (moment.alarm and moment.alarm.kind in _TOLD_TO_CITIZEN):
            await act(work, case, _asked(work, case, moment, covered=covered), CLOCK)
    wind(work, case)


_WAITED_FOR = frozenset({Act.ASK_AGAIN, Act.LAPSE, Act.INVITE_RATING, Act.CLOSE})


async def _unheard(work: Work, case: Case) -> bool:
    """Say whether the citizen is waited for who was not told yet; then the waiting begins anew, from now."""
    due = any(m.act in _WAITED_FOR and case.alarmed_at < m.at <= work.now for m in moments(work, case))
    if not due or not await arrival.is_on_its_way(work, case):
        return False
    case.told_at = case.alarmed_at = work.now
    wind(work, case)
    return True


_TOLD_TO_CITIZEN = frozenset({AlarmKind.OVERDUE, AlarmKind.BREACH})
"""Alarms of which each citizen hears, whichever of the cases rings for officials."""
_OF_NOBODY = frozenset({AlarmKind.PICKUP, AlarmKind.PICKUP_LATE})


async def _is_covered(work: Work, case: Case, moment: Moment) -> bool:
    """Say whether officials hear the same of another case of a join: of the one that is due first.

    That nobody has them is said of the one that has waited longest. A clock that stands still rings for none.
    """
    alarm = moment.alarm
    if alarm is None or moment.promise or not (case.joined or case.together):
        return False
    others = await alike.worked_on_with(work, case)
    if alarm.kind in _OF_NOBODY:
        waits = [one for one in others if one.officer_id is None]
        return any((one.handed_at, one.code) < (case.handed_at, case.code) for one in waits)
    running = [one for one in others if one.state != State.ASKED]
    return any((one.due_at, one.code) < (case.due_at, case.code) for one in running)


def _asked(work: Work, case: Case, moment: Moment, *, covered: bool = False) -> Act | Request:
    """Return what is done at a moment; `morning` leaves an alarm to the morning message to say."""
    ring, alarm, promise = moment.ring, moment.alarm, moment.promise
    if ring is not None:
        rings = CallOut if moment.act is Act.CALL_OUT else Ring
        return rings(ring.minutes, sorted(ring.circles))
    if moment.n:
        return CallUp(moment.n)
    if alarm is None:
        return moment.act
    until = case.promises[promise] if promise else 0
    morning = case.urgency != URGENT and rounds.of_case(work, case) in work.mornings
    if moment.act is Act.REMIND:
        return Remind(alarm.kind, alarm.n, alarm.level, promise, until, morning)
    return Escalate(alarm.kind, alarm.n, alarm.level, promise, until, morning, covered)


def _most_pressing(passed: list[Moment]) -> list[Moment]:
    """Choose what is done of all that has come due: of the answer and of each promise, a level hears once."""
    climbing = [moment for moment in passed if moment.act is Act.CALL_UP]
    calling = [moment for moment in passed if moment.act is Act.CALL_OUT]
    apart = {Act.CALL_UP, Act.CALL_OUT}
    unlevelled = [moment for moment in passed if moment.alarm is None and moment.act not in apart]
    alarming = sorted((m for m in passed if m.alarm), key=lambda m: m.at)
    matters = dict.fromkeys(moment.promise for moment in alarming)
    chosen = [one for about in matters for one in _of_one([m for m in alarming if m.promise == about])]
    return climbing[-1:] + calling[-1:] + unlevelled[-1:] + chosen


def _of_one(alarming: list[Moment]) -> list[Moment]:
    by_level = {moment.alarm.level: moment for moment in alarming if moment.alarm is not None}
    chosen = [by_level[level] for level in Level if level in by_level]
    if any(moment.alarm and moment.alarm.kind in _LATE for moment in chosen):
        chosen = [moment for moment in chosen if moment.act is not Act.REMIND]  # the officer hears of it too
    return chosen


_LATE = frozenset({AlarmKind.OVERDUE, AlarmKind.BREACH, AlarmKind.PROMISE_LATE})
