"""The rules of a date were changed: open cases are reckoned again, and everybody concerned is told."""

from typing import Any

from domain.cases import OPEN_STATES, Act, NotNow, Relation
from services.saying import ringing
from services.saying.telling import Telling
from services.standing.kinds import ActKind, Deed, Intent
from services.standing.reckoning import due_of, reckon


def _moved(intent: Intent) -> None:
    if due_of(intent.work, intent.case).at == intent.case.due_at:
        raise NotNow(Act.RECOMPUTE)


async def _recompute(deed: Deed[Any]) -> None:
    """Derive the due date again under the rules now in force.

    Alarms that rang have rung, but where the date came nearer those that would have rung by now still do.
    """
    case, before, rung = deed.case, deed.case.due_on, deed.case.alarmed_at
    reckon(deed.work, case)
    rings = ringing.ladder_of(deed.work, case) is not None
    case.alarmed_at = rung if rings or case.due_on > before else case.clock_from
    deed.facts.update({"from": before.isoformat(), "to": case.due_on.isoformat()})


async def _recomputed(to: Telling) -> None:
    await to.redraw()
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
        heard="followed.recomputed",
    ),
)
