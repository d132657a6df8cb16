"""What waits for somebody above to decide: asked once, and while nobody decides told to the next above."""

from collections.abc import Mapping
from typing import Any

from domain.cases import Act
from services import approving, guards, superiors
from services.telling import Detail, Key, Telling
from services.who import Actor
from storage.cases import Case
from storage.instant import to_ms
from storage.people import name_of
from storage.work import Work


async def ask(work: Work, case: Case, by: Actor, what: Act, facts: Mapping[str, Any]) -> str:
    """Let what is asked for wait for a decision; `facts` are what it takes to grant it. Returns who asks."""
    asked = {"what": str(what), "by": str(by.person_id), "at": to_ms(work.now), "level": 0}
    case.request = dict(facts) | asked
    return await name_of(work, by.person_id)


async def _call_up(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - every effect is called alike
    """Let those above know too: from now on they are among who decides."""
    if case.request is not None:
        detail |= {"from": case.request.get("level", 0), "waited_for": await approving.awaited(work, case)}
        case.request = case.request | {"level": detail["n"]}


async def _called_up(to: Telling, detail: Detail) -> None:
    """Ask who has not been asked yet, and say whom it has waited for."""
    case = to.case
    if case.request is None:
        return
    steps = superiors.deciding(to.work, case)[detail["from"] + 1 : detail["n"] + 1]
    asked, verbs = guards.requested(case), ("grant", "refuse", "show")
    facts = {
        "officer": await approving.asker(to.work, case),
        "what": Key(f"undecided.{asked}"),
        "waited_for": detail["waited_for"],
        "days": detail["n"] * to.work.rules.reminders.undecided,
        "text": approving.words(case),
    }
    await to.officials([person for step in steps for person in step], "alert.undecided", verbs, **facts)


EFFECTS = {Act.CALL_UP: _call_up}
TELLERS = {Act.CALL_UP: _called_up}
