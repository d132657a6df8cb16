"""A citizen withdraws a case, or wants to where the law asks for a written withdrawal.

Why they do is in the case's history and on nobody's screen. One reason is different: who says they were made
to withdraw is heard by those above whoever handles the case, and by nobody else. A chief may go on with a
withdrawn case in their own hands; that they may says nothing about the reason.
"""

from uuid import UUID

from domain.cases import State
from services import who
from services.acts import strangers
from services.reckoning import reckon
from services.telling import Detail, Telling
from services.who import Actor
from services.wording import said_later
from storage.cases import Case
from storage.people import name_of
from storage.work import Work

FORCED = "forced"


async def over(to: Telling) -> None:
    """Tell whoever has the case that it is withdrawn: the same words, whatever the reason.

    So it is said before the reason is heard: whoever that speaks of could tell it by being told otherwise.
    """
    await to.redraw()
    await to.officials(who.handling(to.work, to.case), "official.withdrawn")


async def withdrawn(to: Telling, detail: Detail) -> None:
    """Tell those above why, where somebody was made to.

    One from the counter that a chat took over may not be that of whoever came: those above look.
    """
    if await strangers.was_claimed(to.work, to.case):
        await to.officials(_above(to), "alert.claimed_withdrawn", ("resume", "show"))
    await _warn(to, detail)


async def wished(to: Telling, detail: Detail) -> None:
    """Tell whoever has the case that the citizen wants to withdraw it and must do so in writing.

    What is said before it is certain (`quiet`) is for those above alone.
    """
    if not detail.get("quiet"):
        await to.officials(who.handling(to.work, to.case), "official.wants_withdrawn", ("show",))
    await _warn(to, detail)


async def _warn(to: Telling, detail: Detail) -> None:
    if detail.get("why") == FORCED:
        verbs = ("resume", "show") if to.case.state == State.WITHDRAWN else ("show",)
        said = said_later(to.work.rules, to.case, detail.get("reason", ""))
        key = "alert.forced_words" if said else "alert.forced"
        await to.officials(_above(to), key, verbs, text=said)


def _above(to: Telling) -> list[UUID]:
    """Return the chiefs who may know, never anybody in whose hands the case is or may come."""
    handling = set(who.handling(to.work, to.case)) | {to.case.officer_id}
    steps = [who.named_heads(to.work, to.case)]
    if not to.case.confidential:
        steps.insert(0, who.in_charge(to.work, to.case))
    return next((found for step in steps if (found := [p for p in step if p not in handling])), [])


async def resume(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    """Put the case into the chief's hands; its clock begins anew."""
    detail["officer"] = await name_of(work, by.person_id)
    case.officer_id, case.request = by.person_id, None
    case.clock_from = case.handed_at = work.now
    case.extended_days, case.pauses = 0, []
    reckon(work, case)


async def resumed(to: Telling, detail: Detail) -> None:
    """Tell the citizen who goes on, and neither they nor anybody who reads along why."""
    await to.redraw()
    await to.citizen("told.resumed", officer=detail["officer"])
