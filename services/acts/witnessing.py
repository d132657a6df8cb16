"""Several people see one danger: one alarm, and everybody's words with it. Who raised it may call it off."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from domain.cases import Act, NotNow
from services import crowds, ringing, wording
from services.acts.deciding import EFFECTS as DECIDING
from services.guards import Guard
from services.refusals import OthersInDanger, StillDanger
from services.telling import Detail, Telling
from services.who import URGENT, Actor
from storage import cases as stored
from storage.cases import Case
from storage.work import Work


def _still_urgent(work: Work, case: Case, by: Actor) -> None:
    if case.urgency != URGENT:
        raise NotNow(Act.ALL_CLEAR)
    _alone(work, case, by)


def _alone(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - every guard is called alike
    """Keep an alarm while others stand with it, or is of what happens at home: an official looks first.

    Whoever holds the phone there may write.
    """
    if case.urgency == URGENT and case.followers:
        raise OthersInDanger(Act.ALL_CLEAR)
    if case.urgency == URGENT and case.confidential:
        raise StillDanger(Act.ALL_CLEAR)


async def _witness(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    """Let one more person's words stand with the alarm; they hear what becomes of it."""
    if by.own is None:
        raise NotNow(Act.WITNESS)
    detail["again"] = by.own in stored.followers(work, case)
    if not detail["again"]:
        await stored.follow(work, case, by.own)
    await stored.attach(work, case, detail.get("files", ()), by.chat_key or "")
    detail["count"] = case.followers + 1
    detail["quiet"] = await crowds.gather(work, case, detail.get("text", ""))


async def _witnessed(to: Telling, detail: Detail) -> None:
    """Let whoever has the alarm read the new words; nobody is woken as by a second alarm.

    Of many who tell within a breath the others are read together when it is over; the card counts them now.
    """
    text, phone = wording.shortened(detail.get("text", "")), detail.get("phone", "")
    facts = {"count": detail["count"], "text": text, "files": len(detail.get("files", ()))}
    key = "official.witness_again" if detail["again"] else "official.witness"
    key += "_phone" if phone else ""
    to.awake = True
    await to.redraw()
    if not detail["quiet"]:
        await to.officials(await ringing.listeners(to.work, to.case), key, ("show",), phone=phone, **facts)


async def _all_clear(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    """Take the haste out of the case, as an official does who finds that there is none."""
    await DECIDING[Act.CALM](work, case, by, detail)


async def _cleared(to: Telling, detail: Detail) -> None:
    """Tell everybody who was alarmed, once."""
    to.awake = True
    await to.redraw()
    text = wording.shortened(detail.get("text", ""))
    await to.officials(
        [UUID(person) for person in detail["woken"]], "official.all_clear", ("show",), text=text
    )


async def _place(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - as above
    """Keep where it is, told after the alarm."""
    detail["from"], case.place = case.place, detail["place"]
    case.area = detail["area"]


async def _placed(to: Telling, detail: Detail) -> None:  # noqa: ARG001 - every teller is called alike
    await to.redraw()
    await ringing.located(to)


GUARDS: dict[Act, Guard] = {Act.ALL_CLEAR: _still_urgent, Act.WITHDRAW: _alone}
EFFECTS: dict[Act, Callable[[Work, Case, Actor, Detail], Awaitable[None]]] = {
    Act.WITNESS: _witness,
    Act.ALL_CLEAR: _all_clear,
    Act.LOCATE: _place,
}
TELLERS: dict[Act, Callable[[Telling, Detail], Awaitable[None]]] = {
    Act.WITNESS: _witnessed,
    Act.ALL_CLEAR: _cleared,
    Act.LOCATE: _placed,
}
