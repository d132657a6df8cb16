"""A case is opened: whoever may work on it gets its card, and what cannot wait rings at once."""

from dataclasses import dataclass

from domain.cases import Act, NotNow, Relation, State
from services.saying import ringing
from services.saying.telling import Telling
from services.standing import alike, parties
from services.standing.kinds import ActKind, Deed, Intent, Request


@dataclass(frozen=True, slots=True)
class Open(Request):
    """`entered_by` is who wrote it down for somebody else, `came` how it came (`services.intake.counter`)."""

    entered_by: str = ""
    came: str = ""


def _is_new(intent: Intent) -> None:
    if intent.case.history_length:
        raise NotNow(Act.OPEN)


async def _open(deed: Deed[Open]) -> None:
    """Keep what it was taken for; of what cannot wait, how many are told."""
    work, case = deed.work, deed.case
    unit, due_on = work.rules.directory.unit(case.unit_id).name, case.due_on.isoformat()
    deed.facts.update(unit=unit, kind=case.kind, field=case.field, due_on=due_on)
    if case.urgency in work.rules.ringing:
        deed.facts["told"] = ringing.told_at_once(work, case)


async def _opened(to: Telling) -> None:
    to.alike = await alike.beside(to.work, to.case)
    await to.cards(parties.workers(to.work, to.case), redraw=False)
    await ringing.tell_at_once(to)


ACTS = (
    ActKind(
        act=Act.OPEN,
        takes=Open,
        by={Relation.CITIZEN},
        states={State.RECEIVED},
        guard=_is_new,
        change=_open,
        news=_opened,
    ),
)
