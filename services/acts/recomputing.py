"""The rules of a date were changed: open cases are reckoned again, and everybody concerned is told."""

from datetime import date
from typing import Any

from domain.cases import OPEN_STATES, Act, NotNow, Relation
from services.saying import ringing
from services.saying.telling import Telling
from services.standing.kinds import ActKind, Deed, Intent
from services.standing.reckoning import due_of, reckon
from storage.cases.cases import Case
from storage.ground.work import Work


def _moved(intent: Intent) -> None:
    if due_of(intent.work, intent.case).at == intent.case.due_at:
        raise NotNow(Act.RECOMPUTE)


async def _recompute(deed: Deed[Any]) -> None:
    before = deed.case.due_on
    recompute(deed.work, deed.case)
    deed.facts.update({"from": before.isoformat(), "to": deed.case.due_on.isoformat()})


def recompute(work: Work, case: Case) -> None:
    """Derive the due date again under the rules now in force where the case is.

    Alarms that rang have rung, but where the date came nearer those that would have rung by now still do.
    """
    before, rung = case.due_at, case.alarmed_at
    reckon(work, case)
    rings = ringing.ladder_of(work, case) is not None
    case.alarmed_at = rung if rings or case.due_at >= before else case.clock_from


def _followers_hear(to: Telling) -> str:
    return "followed.recomputed" if _is_to_come(to) else ""


def _is_to_come(to: Telling) -> bool:
    """Say whether the day or the one before it is to come: of days that are over nobody is told anew."""
    return max(date.fromisoformat(to.facts[part]) for part in ("from", "to")) >= to.work.today


async def _recomputed(to: Telling) -> None:
    await to.redraw()
    if _is_to_come(to):
        await to.citizen("told.recomputed")


ACTS = (
    ActKind(
        act=Act.RECOMPUTE,
        by={Relation.CLOCK},
        states=OPEN_STATES,
        guard=_moved,
        change=_recompute,
        news=_recomputed,
        quiet=True,
        redraws=True,
        heard=_followers_hear,
    ),
)
