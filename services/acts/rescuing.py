"""Who goes where a danger is, where the story is kept close: their press, and the call until one does.

Whoever takes the case reads what is told of somebody; that brings nobody to the fire.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from domain.cases import Act, NotNow
from domain.ringing import Circle, Ring
from services import exclusion, rescue, ringing
from services.guards import Guard
from services.telling import Detail, Telling, Wait
from services.who import Actor
from storage import cases as stored
from storage.cases import Case
from storage.instant import from_ms
from storage.people import name_of
from storage.work import Work


def rings(work: Work, case: Case) -> Iterator[Ring]:
    """Return the calls that come due: at once where who went is lost, else a step at a time once it is taken.

    While somebody goes the steps only look whether they still can, and what was said of it ends unless it is
    said again. Untaken, the case itself rings for them.
    """
    minutes = waited(work, case)
    if rescue.lost(work, case):
        yield Ring(work.now, minutes, frozenset({Circle.DUTY}))
        return
    ends = [rescue.said(case)[str(person)] for person in rescue.going(work, case)]
    if ends and rescue.THERE not in ends:
        yield Ring(from_ms(max(ends)), minutes, frozenset({Circle.DUTY}))
    ladder = work.rules.ringing.get(case.urgency)
    watched = ringing.ladder_of(work, case) is None and (case.going or rescue.waits(work, case))
    steps = ladder.of(Circle.DUTY) if ladder and watched else None
    if steps is not None:
        yield steps.next(case.handed_at, case.alarmed_at)
        due = steps.due(case.handed_at, case.alarmed_at, work.now)
        yield from (due,) if due else ()


def _is_going(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - every guard is called alike
    if str(by.person_id) not in rescue.said(case):
        raise NotNow(Act.STAY)


async def _go(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    """Note that somebody goes there, `there` that they are there; `known`: as they have said before."""
    said, person = rescue.said(case), str(by.person_id)
    was_there = said.get(person) == rescue.THERE
    there = bool(detail.get("there"))
    detail["known"] = was_there or (by.person_id in rescue.going(work, case) and not there)
    end = rescue.THERE if there or was_there else rescue.counts_until(work, case)
    case.going = said | {person: end}
    detail["officer"] = await name_of(work, by.person_id)


async def _stay(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - every effect is called alike
    case.going = {who: end for who, end in rescue.said(case).items() if who != str(by.person_id)}


async def _call_out(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - as above
    """Forget who goes no more, and note that somebody was lost, and who is to be asked where they are.

    `again`: the danger goes on though somebody goes; whoever said that they are there is asked anew.
    """
    said, still = rescue.said(case), rescue.going(work, case)
    asked = still if detail.get("again") else rescue.rescuers(work, case)
    detail["lost"] = rescue.lost(work, case)
    detail["asked"] = [str(person) for person in asked if str(person) in said]
    spoken_of = any(exclusion.shut_out(work, case, UUID(person)) for person in said)
    detail["more"] = bool(detail["asked"]) or spoken_of
    end = rescue.counts_until(work, case) if detail.get("again") and still else rescue.THERE
    case.going = {str(person): said[str(person)] or end for person in still}


async def calls_again(work: Work, case: Case, what: Act, detail: Mapping[str, Any]) -> bool:
    """Say whether words ask where the help stays while somebody goes, for the first time in a step."""
    text = str(detail.get("text") or "")
    if what not in _TOLD or not (text and rescue.going(work, case) and work.rules.understanding.awaits(text)):
        return False
    since = work.now - work.rules.ringing[case.urgency].every
    calls = [line for line in await stored.history(work, case) if line.act == Act.CALL_OUT]
    return not any(line.detail.get("again") and line.at > since for line in calls)


_TOLD = frozenset({Act.SUPPLEMENT, Act.REPLY, Act.WITNESS})
"""Acts with words of who is where the danger is."""


def waited(work: Work, case: Case) -> int:
    """Return for how many minutes somebody has been called."""
    return (work.now - case.handed_at) // timedelta(minutes=1)


async def _goes(to: Telling, detail: Detail) -> None:
    """Tell the others who were called, whoever reads the case, and the citizen: now it is true."""
    if detail["known"]:
        return
    to.awake = True
    what = "there" if detail.get("there") else "going"
    others = [person for person in rescue.rescuers(to.work, to.case) if person != to.by.person_id]
    readers = [*await ringing.readers(to.work, to.case)]
    told = [person for person in others if person not in readers]
    await rescue.tell(to, f"official.{what}_danger", told, officer=detail["officer"])
    await to.officials(readers, f"official.{what}", officer=detail["officer"])
    if what == "there" or len(rescue.going(to.work, to.case)) == 1:
        await to.citizen(f"told.{what}", numbers=ringing.numbers(to.work, to.case))


async def _stays(to: Telling, detail: Detail) -> None:  # noqa: ARG001 - every teller is called alike
    if rescue.waits(to.work, to.case):
        await _lost(to, "going_lost", [])


async def _called_out(to: Telling, detail: Detail) -> None:
    asked = [UUID(person) for person in detail["asked"]]
    if detail["lost"] or detail.get("again"):
        await _lost(to, "more_needed" if detail["more"] else "going_lost", asked)
    else:
        to.occasion = f"call:{int(to.case.handed_at.timestamp())}:{detail['n']}"
        await rescue.tell(to, "alert.ring_danger", _called(to), Wait(detail["n"]))


async def _lost(to: Telling, what: str, asked: list[UUID]) -> None:
    """Call all the others, ask who may be there, and tell the citizen what is sure: more are called.

    Of who is spoken of by now, or is only not heard of, nobody reads that they cannot come.
    """
    to.awake = True
    await rescue.tell(to, f"alert.{what}", [person for person in _called(to) if person not in asked])
    await rescue.tell(to, "alert.are_you_there", asked)
    await to.citizen(f"told.{what}", numbers=ringing.numbers(to.work, to.case))


def _called(to: Telling) -> list[UUID]:
    return rescue.rescuers(to.work, to.case)


GUARDS: dict[Act, Guard] = {Act.STAY: _is_going}
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
