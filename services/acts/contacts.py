"""The number to call a citizen back on: kept with the case, read by whoever has taken it and nobody else.

That they were called is on record, and told to them: who was not, says so.
"""

from domain.promises import Promise
from services import who
from services.telling import Detail, Telling
from services.who import Actor
from storage.cases import Case
from storage.people import name_of
from storage.work import Work

NEVER = ""
"""Kept instead of a number where nobody may call: somebody else may hold the telephone."""


async def contact(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - every effect is called alike
    """Keep or forget the number. The history says that it changed, never what it is: that can be deleted.

    `never`: nobody may call, whatever number stands in the story. `quiet`: nobody is told that it is gone.
    """
    number = detail.pop("number") or (NEVER if detail.get("never") else None)
    detail["changed"] = number != case.contact
    case.contact = number
    if not number and Promise.CALL in case.promises:  # nothing is left to keep it by
        detail["uncalled"] = True
        case.promises = {what: at for what, at in case.promises.items() if what != Promise.CALL}


async def contacted(to: Telling, detail: Detail) -> None:
    """Draw the card anew, without a sound; who asks to be called makes one, and who needs none."""
    if detail["changed"]:
        await to.redraw()
    if detail.get("uncalled") and not detail.get("quiet"):
        await to.officials(who.handling(to.work, to.case), "official.uncalled", ("show",))
    if detail.get("call"):
        await to.officials(who.handling(to.work, to.case), "official.call_back", ("called", "show"))


async def called(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - as above
    """Note who called."""
    detail["officer"] = await name_of(work, by.person_id)


async def was_called(to: Telling, detail: Detail) -> None:
    """Tell the citizen what was noted."""
    await to.redraw()
    await to.citizen("told.called", officer=detail["officer"])
