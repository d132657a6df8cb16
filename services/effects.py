"""What must hold for an act besides its row in the table, and what it changes in the case."""

from collections.abc import Awaitable, Callable
from math import ceil
from typing import Any

from domain.cases import Act, NotNow, State
from services import arrival, guards, ringing, who
from services.acts import (
    answering,
    barring,
    checking,
    contacts,
    crying,
    deciding,
    following,
    handing,
    identity,
    moving,
    requests,
    rescuing,
    strangers,
    withdrawing,
    witnessing,
)
from services.guards import Guard as Guard
from services.guards import another_asked as another_asked
from services.guards import no_request_waits as no_request_waits
from services.guards import requested as requested
from services.reckoning import due_of, go_on, reckon
from services.refusals import TooLate
from services.who import Actor
from storage import cases as stored
from storage.cases import Case
from storage.instant import to_ms
from storage.people import name_of
from storage.work import Work

Detail = dict[str, Any]
Effect = Callable[[Work, Case, Actor, Detail], Awaitable[State | None]]
"""Changes the case; returns the state it leads to where that is not the one the table names."""


# --- what else must hold -------------------------------------------------------------------------


def _in_time(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - as above
    """Let a case be reopened for so many days after its answer, or after we asked whether that held."""
    since = max(filter(None, (case.answered_at, case.told_at, case.checked_at)), default=None)
    if since is None or work.now - since > work.rules.patience.reopen_within:
        raise TooLate(Act.REOPEN)


def _asked(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - as above
    if not stored.is_asked(work, case):
        raise NotNow(Act.REPLY)


def _moved(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - as above
    if due_of(work, case).at == case.due_at:
        raise NotNow(Act.RECOMPUTE)


def _read(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - as above
    """Let nobody rate what they could not read yet."""
    if not arrival.is_there(work, case):
        raise NotNow(Act.RATE)


GUARDS: dict[Act, Guard] = {
    Act.REPLY: _asked,
    **guards.GUARDS,
    **following.GUARDS,
    **strangers.GUARDS,
    Act.RATE: _read,
    **witnessing.GUARDS,
    **crying.GUARDS,
    **rescuing.GUARDS,
    Act.REOPEN: _in_time,
    Act.RECOMPUTE: _moved,
}

# --- what each act changes -----------------------------------------------------------------------


async def _accept(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    await ringing.end(work, case, detail)
    case.officer_id = by.person_id
    detail["officer"] = await name_of(work, by.person_id)
    detail["unit"] = work.rules.directory.unit(who.serves_in(work, case, by.person_id)).name


async def _ask(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    case.question, case.told_at = detail["question"], arrival.expected(work, case)
    case.pauses = [*case.pauses, [to_ms(work.now), 0]]
    case.alarmed_at = work.now
    detail["officer"] = await name_of(work, by.person_id)


async def _resume(work: Work, case: Case, by: Actor, detail: Detail) -> State | None:
    """Let the clock run again; where whoever asked is gone meanwhile, somebody else must take the case."""
    await stored.attach(work, case, detail.get("files", ()), by.chat_key or "")
    go_on(work, case)
    return None if case.officer_id else State.RECEIVED


async def _supplement(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    await stored.attach(work, case, detail.get("files", ()), by.chat_key or "")


async def _look(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - every effect is called alike
    """Let an answer that is held until the morning be read now: from here on it counts as told."""
    case.told_at = work.now


async def _rate(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - every effect is called alike
    case.rating = detail["rating"]


async def _reopen(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    """Start the clock anew with half the term; the code stays, and the chiefs decide who goes on."""
    duration = work.rules.terms[case.term].duration
    case.reopened += 1
    case.clock_from = case.handed_at = work.now
    case.term_days = ceil(duration / 2) if duration else None
    case.extended_days, case.pauses = 0, []
    case.officer_id = case.declined = case.checked_at = None
    await stored.attach(work, case, detail.get("files", ()), by.chat_key or "")
    reckon(work, case)


async def _recompute(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - as above
    """Derive the due date again under the rules now in force.

    Alarms that rang have rung, but where the date came nearer those that would have rung by now still do.
    """
    before, rung = case.due_on, case.alarmed_at
    reckon(work, case)
    rings = ringing.ladder_of(work, case) is not None
    case.alarmed_at = rung if rings or case.due_on > before else case.clock_from
    detail |= {"from": before.isoformat(), "to": case.due_on.isoformat()}


EFFECTS: dict[Act, Effect] = {
    **handing.EFFECTS,
    **deciding.EFFECTS,
    **barring.EFFECTS,
    **answering.EFFECTS,
    **following.EFFECTS,
    **identity.EFFECTS,
    **strangers.EFFECTS,
    Act.ACCEPT: _accept,
    Act.ASK: _ask,
    Act.REPLY: _resume,
    Act.LAPSE: _resume,
    Act.SUPPLEMENT: _supplement,
    Act.COMMENT: _supplement,
    Act.CLOSE: _supplement,
    Act.RESUME: withdrawing.resume,
    Act.CONTACT: contacts.contact,
    Act.CALLED: contacts.called,
    Act.CHECK_BACK: checking.check_back,
    Act.LOOK: _look,
    Act.RATE: _rate,
    Act.REOPEN: _reopen,
    Act.RECOMPUTE: _recompute,
    Act.RING: ringing.ring,
    **witnessing.EFFECTS,
    **crying.EFFECTS,
    **moving.EFFECTS,
    **requests.EFFECTS,
    **rescuing.EFFECTS,
}
