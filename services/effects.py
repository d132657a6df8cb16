"""What must hold for an act besides its row in the table, and what it changes in the case."""

from collections.abc import Awaitable, Callable
from math import ceil
from typing import Any
from uuid import UUID

from domain.cases import Act, NotAllowed, NotNow, State
from services.reckoning import due_of, reckon
from services.refusals import AlreadyAsked, NothingAsked, OwnRequest, TooLate
from services.who import Actor
from storage import cases as stored
from storage.cases import Case
from storage.instant import to_ms
from storage.people import name_of
from storage.work import Work

Detail = dict[str, Any]
Guard = Callable[[Work, Case, Actor], None]
Effect = Callable[[Work, Case, Actor, Detail], Awaitable[None]]


# --- what else must hold -------------------------------------------------------------------------


def no_request_waits(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - every guard is called alike
    """Let one request wait at a time."""
    if case.request is not None:
        raise AlreadyAsked("request")


def another_asked(*what: Act) -> Guard:
    """Return the guard of a decision: somebody else asked for one of these, or for anything at all."""

    def guard(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - as above
        if case.request is None or (what and requested(case) not in what):
            raise NothingAsked(*what)
        if case.request["by"] == str(by.person_id):
            raise OwnRequest(*what)

    return guard


def requested(case: Case) -> str:
    """Return the act that waits for a decision, empty where none does."""
    asked: str = case.request.get("what", Act.EXTEND) if case.request else ""
    return asked


def _in_time(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - as above
    if case.answered_at is None or work.now - case.answered_at > work.rules.patience.reopen_within:
        raise TooLate(Act.REOPEN)


def _moved(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - as above
    if due_of(work, case).at == case.due_at:
        raise NotNow(Act.RECOMPUTE)


GUARDS: dict[Act, Guard] = {
    Act.EXTEND: no_request_waits,
    Act.GRANT: another_asked(Act.EXTEND),
    Act.REFUSE: another_asked(),
    Act.REOPEN: _in_time,
    Act.RECOMPUTE: _moved,
}

# --- what each act changes -----------------------------------------------------------------------


async def _accept(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    case.officer_id = by.person_id
    detail["officer"] = await name_of(work, by.person_id)


async def _ask(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    case.question = detail["question"]
    case.pauses = [*case.pauses, [to_ms(work.now), 0]]
    case.alarmed_at = work.now
    detail["officer"] = await name_of(work, by.person_id)


async def _resume(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - every effect is called alike
    """Let the clock run again: the time the citizen was waited for is not counted."""
    case.question = None
    if case.pauses and not case.pauses[-1][1]:
        case.pauses = [*case.pauses[:-1], [case.pauses[-1][0], to_ms(work.now)]]
    await stored.attach(work, case, detail.get("files", ()))
    reckon(work, case)


async def _supplement(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - as above
    await stored.attach(work, case, detail.get("files", ()))


async def _answer(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    if case.state == State.ASKED:
        await _resume(work, case, by, {})
    case.answer = detail["answer"]
    case.answered_at = case.alarmed_at = work.now
    case.rating = None
    case.request = None
    detail["officer"] = await name_of(work, by.person_id)
    detail["unit"] = work.rules.directory.unit(case.unit_id).name
    detail["overdue"] = work.now > case.due_at


async def _extend(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    asked = {"days": detail["days"], "reason": detail["reason"]}
    case.request = asked | {"what": str(Act.EXTEND), "by": str(by.person_id)}
    detail["officer"] = await name_of(work, by.person_id)


async def _grant(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - as above
    asked = case.request or {}
    case.extended_days += asked["days"]
    case.request = None
    reckon(work, case)
    detail |= asked | {"asked_by": asked["by"], "due_on": case.due_on.isoformat()}


async def _refuse(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - as above
    asked = case.request or {}
    case.request = None
    detail |= {"days": asked["days"], "asked_by": asked["by"]}


async def _reassign(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    unit = work.rules.directory.unit(UUID(detail["unit_id"]))
    if str(unit.id) in case.excluded or not unit.stands_on(work.today):
        raise NotAllowed(Act.REASSIGN)
    if unit.id == case.unit_id:
        raise NotNow(Act.REASSIGN)
    detail["from"] = str(case.officer_id) if case.officer_id else ""
    if case.state == State.ASKED:
        await _resume(work, case, by, {})
    case.unit_id, case.handed_at = unit.id, work.now
    case.officer_id = None
    case.request = None
    detail["unit"] = unit.name


async def _rate(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - as above
    case.rating = detail["rating"]


async def _reopen(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - as above
    """Start the clock anew with half the term; the code stays, and the chiefs decide who goes on."""
    duration = work.rules.terms[case.term].duration
    case.reopened += 1
    case.clock_from = case.handed_at = work.now
    case.term_days = ceil(duration / 2) if duration else None
    case.extended_days, case.pauses = 0, []
    case.officer_id = None
    reckon(work, case)


async def _recompute(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - as above
    """Derive the due date again under the rules now in force.

    Alarms that rang have rung, but where the date came nearer those that would have rung by now still do.
    """
    before, rung = case.due_on, case.alarmed_at
    reckon(work, case)
    case.alarmed_at = rung if case.due_on > before else case.clock_from
    detail |= {"from": before.isoformat(), "to": case.due_on.isoformat()}


EFFECTS: dict[Act, Effect] = {
    Act.ACCEPT: _accept,
    Act.ASK: _ask,
    Act.REPLY: _resume,
    Act.LAPSE: _resume,
    Act.SUPPLEMENT: _supplement,
    Act.ANSWER: _answer,
    Act.EXTEND: _extend,
    Act.GRANT: _grant,
    Act.REFUSE: _refuse,
    Act.REASSIGN: _reassign,
    Act.RATE: _rate,
    Act.REOPEN: _reopen,
    Act.RECOMPUTE: _recompute,
}
