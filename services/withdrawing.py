"""A citizen withdraws a case, or wants to where the law asks for a written withdrawal.

Why they do is in the case's history and on nobody's screen. One reason is different: who says they were made
to withdraw is heard by those above whoever handles the case, and by nobody else.
"""

from uuid import UUID

from services import who
from services.telling import Detail, Telling

FORCED = "forced"


async def withdrawn(to: Telling, detail: Detail) -> None:
    """Tell whoever has the case that it is withdrawn: the same words, whatever the reason."""
    await to.redraw()
    await to.officials(who.handling(to.work, to.case), "official.withdrawn")
    await _warn(to, detail)


async def wished(to: Telling, detail: Detail) -> None:
    """Tell whoever has the case that the citizen wants to withdraw it and must do so in writing."""
    await to.officials(who.handling(to.work, to.case), "official.wants_withdrawn", ("show",))
    await _warn(to, detail)


async def _warn(to: Telling, detail: Detail) -> None:
    if detail.get("why") == FORCED:
        await to.officials(_above(to), "alert.forced", ("show",))


def _above(to: Telling) -> list[UUID]:
    """Return the chiefs who may know, never anybody in whose hands the case is or may come."""
    handling = set(who.handling(to.work, to.case)) | {to.case.officer_id}
    steps = [who.named_heads(to.work, to.case)]
    if not to.case.confidential:
        steps.insert(0, who.in_charge(to.work, to.case))
    return next((found for step in steps if (found := [p for p in step if p not in handling])), [])
