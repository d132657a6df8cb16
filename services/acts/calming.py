"""An alarm that is none: an official finds that there is no danger, or whoever raised it says so."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.cases import OPEN_STATES, Act, NotNow, Relation
from services.saying import rescue, ringing, wording
from services.saying.telling import Telling
from services.standing import parties
from services.standing.kinds import ActKind, Button, Deed, Intent, Request
from services.standing.parties import URGENT
from services.standing.reckoning import reckon
from services.standing.refusals import OthersInDanger, StillDanger
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people.people import name_of

ORDINARY = "thuong"


@dataclass(frozen=True, slots=True)
class AllClear(Request):
    """In what words somebody calls their own alarm off."""

    text: str


# --- what else must hold ------------------------------------------------------------------------


def _urgent(intent: Intent) -> None:
    if intent.case.urgency != URGENT:
        raise NotNow(Act.CALM)


def _still_urgent(intent: Intent) -> None:
    if intent.case.urgency != URGENT:
        raise NotNow(Act.ALL_CLEAR)
    is_theirs_alone(intent)


def is_theirs_alone(intent: Intent) -> None:
    """Keep an alarm while others stand with it, or is of what happens at home: an official looks first.

    Whoever holds the phone there may write.
    """
    case = intent.case
    if case.urgency == URGENT and case.followers:
        raise OthersInDanger(Act.ALL_CLEAR)
    if case.urgency == URGENT and case.confidential:
        raise StillDanger(Act.ALL_CLEAR)


# --- what changes -------------------------------------------------------------------------------


async def _calm(deed: Deed[Any]) -> None:
    """Take the haste out of a case: it is as urgent as its field usually is, and its term is that one's."""
    work, case = deed.work, deed.case
    on_duty = [] if case.confidential else parties.on_duty(work, case)
    handling = [str(person) for person in (*parties.handling(work, case), *on_duty)]
    woken = list(dict.fromkeys([*handling, *await ringing.woken(work, case)]))
    helping = [str(person) for person in rescue.rescuers(work, case)]
    deed.facts.update(woken=woken, helping=helping, officer=await name_of(work, deed.by.person_id))
    case.urgency = _usual_urgency(work, case)
    case.term = work.rules.terms.service_term(case.kind, case.urgency).id
    case.term_days = None
    reckon(work, case)
    deed.facts["due_on"] = case.due_on.isoformat()


def _usual_urgency(work: Work, case: Case) -> str:
    """Return how urgent a case's field usually is; an ordinary one where that is urgent too.

    An emergency that was none was put among emergencies by its words, so its own field says nothing.
    """
    usual = work.rules.taxonomy.fields[case.field].urgency
    return usual if usual != URGENT else ORDINARY


# --- who is told --------------------------------------------------------------------------------


async def _calmed(to: Telling) -> None:
    to.awake = True
    await to.redraw()
    woken = [UUID(person) for person in to.facts["woken"]]
    await to.officials(woken, "official.calmed", officer=to.facts["officer"])
    helping = [UUID(person) for person in to.facts["helping"] if UUID(person) not in woken]
    await rescue.tell(to, "official.calmed_danger", helping)
    await to.citizen("told.calmed", numbers=ringing.numbers(to.work, to.case))


async def _cleared(to: Telling) -> None:
    """Tell everybody who was alarmed, once."""
    to.awake = True
    await to.redraw()
    woken, text = [UUID(person) for person in to.facts["woken"]], wording.shortened(to.facts["text"])
    await to.officials(woken, "official.all_clear", ("show",), text=text)


ACTS = (
    ActKind(
        act=Act.CALM,
        by={Relation.OFFICER},
        states=OPEN_STATES,
        guard=_urgent,
        change=_calm,
        news=_calmed,
        heard="followed.calm",
        button=Button(verb="calm", place=90, on_card=True),
    ),
    ActKind(
        act=Act.ALL_CLEAR,
        takes=AllClear,
        by={Relation.CITIZEN},
        states=OPEN_STATES,
        guard=_still_urgent,
        change=_calm,
        news=_cleared,
        heard="followed.all_clear",
    ),
)
