"""Danger told with a case whose sender is nobody here: it rings for whoever may read it, until one has it.

Told by name it would be an alarm of its own. Whoever has the case may be asleep, so it is nobody's again: the
first to take it is the one who goes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.cases import ANY_STATE, OPEN_STATES, Act, NotNow, Relation, State
from services.saying import ringing
from services.saying.telling import Telling
from services.standing.kinds import ALWAYS, ActKind, Deed, Intent, Request
from services.standing.parties import URGENT
from services.standing.reckoning import reckon
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work


@dataclass(frozen=True, slots=True)
class Cry(Request):
    """What is told of danger; `place` and `area` (the code of a hamlet) where it says where that is."""

    text: str
    files: Sequence[str] = field(default=(), metadata=ALWAYS)
    place: str = ""
    area: str = ""


def _of_nobody(intent: Intent) -> None:
    if not intent.case.sealed:
        raise NotNow(Act.CRY)


async def _cry(deed: Deed[Cry]) -> State:
    """Put the danger before all that was told, and let it ring from the start unless it rings already."""
    work, case, told = deed.work, deed.case, deed.request
    await stored.attach(work, case, told.files, deed.by.chat_key or "")
    understanding = work.rules.understanding
    case.story = f"{told.text}\n{case.story}"
    case.summary = understanding.read(case.story).summary
    if told.place:
        case.place, case.area = told.place, told.area
    if ringing.ladder_of(work, case) is not None or _is_on(work, case):
        return State(case.state)
    deed.facts["had"] = str(case.officer_id or "")
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


async def _cried(to: Telling) -> None:
    """Wake whoever hears of what cannot wait, and who had the case."""
    to.awake = True
    await to.redraw()
    had = to.facts.get("had") or to.case.officer_id
    await ringing.tell_anew(to, [UUID(str(had))] if had else [])


ACTS = (
    ActKind(
        act=Act.CRY,
        takes=Cry,
        by={Relation.CITIZEN},
        states=ANY_STATE,
        guard=_of_nobody,
        change=_cry,
        news=_cried,
        speaks=True,
    ),
)
