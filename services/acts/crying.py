"""Danger told with a case whose sender is nobody here: it rings for whoever may read it, until one has it.

Told by name it would be an alarm of its own. Whoever has the case may be asleep, so it is nobody's again: the
first to take it is the one who goes.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from domain.cases import OPEN_STATES, Act, NotNow, State
from services import ringing
from services.guards import Guard
from services.reckoning import reckon
from services.telling import Detail, Telling
from services.who import URGENT, Actor
from storage import cases as stored
from storage.cases import Case
from storage.work import Work


def _of_nobody(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - every guard is called alike
    if not case.sealed:
        raise NotNow(Act.CRY)


async def _cry(work: Work, case: Case, by: Actor, detail: Detail) -> State:
    """Put the danger before all that was told, and let it ring from the start unless it rings already."""
    await stored.attach(work, case, detail.get("files", ()), by.chat_key or "")
    understanding = work.rules.understanding
    case.story = f"{detail['text']}\n{case.story}"
    case.summary = understanding.read(case.story).summary
    if detail.get("place"):
        case.place, case.area = detail["place"], detail["area"]
    if ringing.ladder_of(work, case) is not None or _is_on(work, case):
        return State(case.state)
    detail["had"] = str(case.officer_id or "")
    _begin_anew(work, case, work.now)
    return State.RECEIVED


def _is_on(work: Work, case: Case) -> bool:
    """Say whether somebody has just taken it as what cannot wait: they are awake."""
    just_now = work.now - case.handed_at <= work.rules.listening.alike_alarm
    return case.urgency == URGENT and case.state in OPEN_STATES and case.officer_id is not None and just_now


def _begin_anew(work: Work, case: Case, at: datetime) -> None:
    case.urgency, case.term = URGENT, work.rules.terms.service_term(case.kind, URGENT).id
    case.clock_from = case.handed_at = case.alarmed_at = at
    case.term_days, case.extended_days, case.pauses, case.going = None, 0, [], {}
    case.officer_id = case.question = case.request = case.declined = case.checked_at = None
    reckon(work, case)


async def _cried(to: Telling, detail: Detail) -> None:
    """Wake whoever hears of what cannot wait, and who had the case."""
    to.awake = True
    await to.redraw()
    had = detail.get("had") or to.case.officer_id
    await ringing.tell_anew(to, [UUID(str(had))] if had else [])


GUARDS: dict[Act, Guard] = {Act.CRY: _of_nobody}
EFFECTS: dict[Act, Callable[[Work, Case, Actor, Detail], Awaitable[State | None]]] = {Act.CRY: _cry}
TELLERS: dict[Act, Callable[[Telling, Detail], Awaitable[None]]] = {Act.CRY: _cried}
