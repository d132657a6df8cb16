"""The verbs of a case. `act` is the only way a case changes: chat, web, command line and clock share it."""

from collections.abc import Awaitable, Callable
from math import ceil
from typing import Any
from uuid import UUID

from domain.cases import QUIET_ACTS, RULES, Act, NotAllowed, NotNow, State, check
from services import moments, notices
from services.reckoning import due_of, reckon
from services.who import CLOCK, Actor, relations
from storage import cases as stored
from storage.cases import Case
from storage.instant import to_ms
from storage.people import name_of
from storage.work import Work

Detail = dict[str, Any]


class StaleVersion(NotNow):
    """Somebody else was faster: the case is no longer what the button was drawn for."""


class OwnRequest(NotAllowed):
    """Nobody approves what they asked for themselves."""


class NothingAsked(NotNow):
    """No extension waits for a decision."""


class AlreadyAsked(NotNow):
    """An extension waits for a decision already."""


class TooLate(NotNow):
    """The days within which a citizen may have a case reopened are over."""


async def act(
    work: Work, case: Case, what: Act, by: Actor, *, version: int | None = None, **detail: object
) -> None:
    """Do something to a case: authorise, change, record, tell, and wind its timer, in the work's transaction.

    Raises NotAllowed, NotNow or one of the narrower refusals above, and then nothing has changed.
    """
    to = authorise(work, case, what, by, version)
    effect = _EFFECTS.get(what)
    if effect is not None:
        await effect(work, case, by, detail)
    case.state = to
    if what not in QUIET_ACTS:
        case.version += 1
    stored.append(work, case, what, by.name, detail)
    moments.wind(work, case)
    await notices.tell(work, case, what, by, detail)


def authorise(work: Work, case: Case, what: Act, by: Actor, version: int | None) -> State:
    """Return the state the act would lead to. Raises what `act` raises, so a conversation can ask first."""
    mine = relations(work, case, by)
    if version is not None and version != case.version and mine & RULES[what].by:
        raise StaleVersion(what)
    to = check(what, State(case.state), mine)
    guard = _GUARDS.get(what)
    if guard is not None:
        guard(work, case, by)
    return to


# --- what else must hold -------------------------------------------------------------------------


def _no_extension_waits(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - every guard is called alike
    if case.extension is not None:
        raise AlreadyAsked(Act.EXTEND)


def _another_asked(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - as above
    if case.extension is None:
        raise NothingAsked(Act.GRANT)
    if case.extension["by"] == str(by.person_id):
        raise OwnRequest(Act.GRANT)


def _in_time(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - as above
    if case.answered_at is None or work.now - case.answered_at > work.rules.patience.reopen_within:
        raise TooLate(Act.REOPEN)


def _moved(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - as above
    if due_of(work, case).at == case.due_at:
        raise NotNow(Act.RECOMPUTE)


_GUARDS: dict[Act, Callable[[Work, Case, Actor], None]] = {
    Act.EXTEND: _no_extension_waits,
    Act.GRANT: _another_asked,
    Act.REFUSE: _another_asked,
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
    case.extension = None
    detail["officer"] = await name_of(work, by.person_id)
    detail["unit"] = work.rules.directory.unit(case.unit_id).name
    detail["overdue"] = work.now > case.due_at


async def _extend(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    case.extension = {"days": detail["days"], "reason": detail["reason"], "by": str(by.person_id)}
    detail["officer"] = await name_of(work, by.person_id)


async def _grant(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - as above
    asked = case.extension or {}
    case.extended_days += asked["days"]
    case.extension = None
    reckon(work, case)
    detail |= asked | {"asked_by": asked["by"], "due_on": case.due_on.isoformat()}


async def _refuse(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - as above
    asked = case.extension or {}
    case.extension = None
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
    case.extension = None
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


Effect = Callable[[Work, Case, Actor, Detail], Awaitable[None]]
_EFFECTS: dict[Act, Effect] = {
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


async def recompute_all(work: Work) -> int:
    """Derive every open case's due date again (a calendar or a term was changed). Returns how many moved."""
    moved = 0
    ids = await stored.open_ids(work)
    await stored.load_due(work, ids)
    for case in [work.cases[case_id] for case_id in ids if case_id in work.cases]:
        try:
            await act(work, case, Act.RECOMPUTE, CLOCK)
        except NotNow:
            continue
        moved += 1
    return moved
