"""A citizen withdraws a case, or wants to where the law asks for a written withdrawal.

Why they do is in the case's history and on nobody's screen. One reason is different: who says they were made
to withdraw is heard by those above whoever handles the case, and by nobody else. A chief may go on with a
withdrawn case in their own hands; that they may says nothing about the reason.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.cases import OPEN_STATES, Act, NotAllowed, Relation, State
from services.acts import strangers
from services.acts.calming import is_theirs_alone
from services.saying.telling import Telling
from services.saying.wording import said_later
from services.standing import parties
from services.standing.kinds import ActKind, Button, Deed, Intent, Request
from services.standing.reckoning import reckon
from storage.people.people import name_of

FORCED = "forced"


@dataclass(frozen=True, slots=True)
class Withdraw(Request):
    """Why, by a choice, or by words that are the `reason`."""

    why: str = ""
    reason: str = ""


async def _over(to: Telling) -> None:
    """Tell whoever has the case that it is withdrawn: the same words, whatever the reason.

    So it is said before the reason is heard: whoever that speaks of could tell it by being told otherwise.
    """
    await to.redraw()
    await to.officials(parties.handling(to.work, to.case), "official.withdrawn")


async def _withdrawn(to: Telling) -> None:
    """Tell those above why, where somebody was made to.

    One from the counter that a chat took over may not be that of whoever came: those above look.
    """
    if await strangers.was_claimed(to.work, to.case):
        await to.officials(_above(to), "alert.claimed_withdrawn", ("resume", "show"))
    await _warn(to)


async def wished(to: Telling) -> None:
    """Tell whoever has the case that the citizen wants to withdraw it and must do so in writing.

    What is said before it is certain (`quiet`) is for those above alone.
    """
    if not to.facts.get("quiet"):
        await to.officials(parties.handling(to.work, to.case), "official.wants_withdrawn", ("show",))
    await _warn(to)


async def _warn(to: Telling) -> None:
    if to.facts.get("why") == FORCED:
        verbs = ("resume", "show") if to.case.state == State.WITHDRAWN else ("show",)
        said = said_later(to.work.rules, to.case, to.facts.get("reason", ""))
        key = "alert.forced_words" if said else "alert.forced"
        await to.officials(_above(to), key, verbs, text=said)


def _above(to: Telling) -> list[UUID]:
    """Return the chiefs who may know, never anybody in whose hands the case is or may come."""
    handling = set(parties.handling(to.work, to.case)) | {to.case.officer_id}
    steps = [parties.named_heads(to.work, to.case)]
    if not to.case.confidential:
        steps.insert(0, parties.in_charge(to.work, to.case))
    return next((found for step in steps if (found := [p for p in step if p not in handling])), [])


def _of_other_hands(intent: Intent) -> None:
    """Let nobody go on with a withdrawn case that was in their hands: they may be why it was withdrawn.

    Whatever the reason was: that a case may be gone on with says nothing about it.
    """
    if parties.has_it(intent.work, intent.case, intent.by.person_id):
        raise NotAllowed(Act.RESUME)


async def _resume(deed: Deed[Any]) -> None:
    """Put the case into the chief's hands; its clock begins anew."""
    work, case = deed.work, deed.case
    deed.facts["officer"] = await name_of(work, deed.by.person_id)
    case.officer_id, case.request = deed.by.person_id, None
    case.clock_from = case.handed_at = work.now
    case.extended_days, case.pauses = 0, []
    reckon(work, case)


async def _resumed(to: Telling) -> None:
    """Tell the citizen who goes on, and neither they nor anybody who reads along why."""
    await to.redraw()
    await to.citizen("told.resumed", officer=to.facts["officer"])


ACTS = (
    ActKind(
        act=Act.WITHDRAW,
        takes=Withdraw,
        by={Relation.CITIZEN},
        states=OPEN_STATES,
        to=State.WITHDRAWN,
        guard=is_theirs_alone,
        at_once=_over,
        news=_withdrawn,
        heard="followed.withdrawn",
        speaks=True,
    ),
    ActKind(
        act=Act.RESUME,
        by={Relation.SUPERVISOR},
        states={State.WITHDRAWN},
        to=State.ACCEPTED,
        guard=_of_other_hands,
        change=_resume,
        news=_resumed,
        heard="followed.reopened",
        button=Button(verb="resume", place=110, on_card=True),
    ),
)
