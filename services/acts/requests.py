"""What waits for somebody above to decide: asked once, and while nobody decides told to the next above."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.cases import OPEN_STATES, Act, Relation
from services.saying import approving
from services.saying.telling import Key, Telling
from services.standing import guards, superiors
from services.standing.kinds import ActKind, Deed, Request
from services.standing.pending import Pending
from storage.ground.instant import to_ms
from storage.people.people import name_of


@dataclass(frozen=True, slots=True)
class CallUp(Request):
    """How many steps up it is to be known from now on."""

    n: int


async def ask(deed: Deed[Any], what: Act, facts: Mapping[str, Any]) -> str:
    """Let what is asked for wait for a decision; `facts` are what it takes to grant it. Returns who asks."""
    asked = {"what": str(what), "by": str(deed.by.person_id), "at": to_ms(deed.work.now), "level": 0}
    deed.case.request = dict(facts) | asked
    return await name_of(deed.work, deed.by.person_id)


async def _call_up(deed: Deed[CallUp]) -> None:
    """Let those above know too: from now on they are among who decides."""
    case, pending = deed.case, Pending.of(deed.case)
    if case.request is not None and pending is not None:
        waited_for = await approving.awaited(deed.work, case)
        deed.facts.update({"from": pending.level, "waited_for": waited_for})
        case.request = case.request | {"level": deed.request.n}


async def _called_up(to: Telling) -> None:
    """Ask who has not been asked yet, and say whom it has waited for."""
    case, n = to.case, to.facts["n"]
    if case.request is None:
        return
    steps = superiors.deciding(to.work, case)[to.facts["from"] + 1 : n + 1]
    asked, verbs = guards.requested(case), ("grant", "refuse", "show")
    facts = {
        "officer": await approving.asker(to.work, case),
        "what": Key(f"undecided.{asked}"),
        "waited_for": to.facts["waited_for"],
        "days": n * to.work.rules.reminders.undecided,
        "text": approving.words(case),
    }
    await to.officials([person for step in steps for person in step], "alert.undecided", verbs, **facts)


ACTS = (
    ActKind(
        act=Act.CALL_UP,
        takes=CallUp,
        by={Relation.CLOCK},
        states=OPEN_STATES,
        change=_call_up,
        news=_called_up,
        quiet=True,
    ),
)
