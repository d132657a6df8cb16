"""Who goes where a danger is, where the story is kept close: their press, and the call until one does.

Whoever takes the case reads what is told of somebody; that brings nobody to the fire.
"""

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from uuid import UUID

from domain.cases import Act, NotNow
from domain.ringing import Circle, Ring
from services import rescue, ringing
from services.guards import Guard
from services.telling import Detail, Telling, Wait
from services.who import Actor
from storage.cases import Case
from storage.people import name_of
from storage.work import Work


def rings(work: Work, case: Case) -> Iterator[Ring]:
    """Return the calls that come due: at once where who went is lost, else a step at a time once it is taken.

    While somebody goes the steps only look whether they still can. Untaken, the case itself rings for them.
    """
    minutes = (work.now - case.handed_at) // timedelta(minutes=1)
    if rescue.lost(work, case):
        yield Ring(work.now, minutes, frozenset({Circle.DUTY}))
        return
    ladder = work.rules.ringing.get(case.urgency)
    watched = ringing.ladder_of(work, case) is None and (case.going or rescue.waits(work, case))
    steps = ladder.of(Circle.DUTY) if ladder and watched else None
    if steps is not None:
        yield steps.next(case.handed_at, case.alarmed_at)
        due = steps.due(case.handed_at, case.alarmed_at, work.now)
        yield from (due,) if due else ()


def _not_going(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - every guard is called alike
    if str(by.person_id) in case.going:
        raise NotNow(Act.GO)


def _is_going(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - as above
    if str(by.person_id) not in case.going:
        raise NotNow(Act.STAY)


async def _go(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    case.going = [*case.going, str(by.person_id)]
    detail["officer"] = await name_of(work, by.person_id)


async def _stay(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - every effect is called alike
    case.going = [person for person in case.going if person != str(by.person_id)]


async def _call_out(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - as above
    """Forget who goes no more, and note that somebody was lost."""
    detail["lost"] = rescue.lost(work, case)
    case.going = [str(person) for person in rescue.going(work, case)]


async def _goes(to: Telling, detail: Detail) -> None:
    """Tell the others who were called, whoever reads the case, and the citizen: now it is true."""
    to.awake = True
    others = [person for person in rescue.rescuers(to.work, to.case) if person != to.by.person_id]
    readers = [*await ringing.readers(to.work, to.case)]
    await rescue.tell(to, "official.going_danger", [p for p in others if p not in readers], **detail)
    await to.officials(readers, "official.going", officer=detail["officer"])
    if len(to.case.going) == 1:
        await to.citizen("told.going", numbers=ringing.numbers(to.work, to.case))


async def _stays(to: Telling, detail: Detail) -> None:  # noqa: ARG001 - every teller is called alike
    if rescue.waits(to.work, to.case):
        await _lost(to)


async def _called_out(to: Telling, detail: Detail) -> None:
    to.occasion = f"call:{int(to.case.handed_at.timestamp())}:{detail['n']}"
    if detail["lost"]:
        await _lost(to)
    else:
        await rescue.tell(to, "alert.ring_danger", _called(to), Wait(detail["n"]))


async def _lost(to: Telling) -> None:
    """Call all the others, and tell the citizen that nobody comes for the moment."""
    to.awake = True
    await rescue.tell(to, "alert.going_lost", _called(to))
    await to.citizen("told.going_lost", numbers=ringing.numbers(to.work, to.case))


def _called(to: Telling) -> list[UUID]:
    return rescue.rescuers(to.work, to.case)


GUARDS: dict[Act, Guard] = {Act.GO: _not_going, Act.STAY: _is_going}
EFFECTS: dict[Act, Callable[[Work, Case, Actor, Detail], Awaitable[None]]] = {
    Act.GO: _go,
    Act.STAY: _stay,
    Act.CALL_OUT: _call_out,
}
TELLERS: dict[Act, Callable[[Telling, Detail], Awaitable[None]]] = {
    Act.GO: _goes,
    Act.STAY: _stays,
    Act.CALL_OUT: _called_out,
}
