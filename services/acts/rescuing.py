"""Who goes where a danger is, where the story is kept close: their press, and the call until one does.

Whoever takes the case reads what is told of somebody; that brings nobody to the fire.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from domain.cases import OPEN_STATES, Act, NotNow, Relation
from domain.ringing import Circle, Ring
from services.saying import rescue, ringing
from services.saying.telling import Telling, Wait
from services.standing import exclusion
from services.standing.kinds import ActKind, Deed, Intent, Request
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.instant import from_ms
from storage.ground.work import Work
from storage.people.people import name_of


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
    ladder = work.rules_of(case).ringing.get(case.urgency)
    watched = ringing.ladder_of(work, case) is None and (case.going or rescue.waits(work, case))
    steps = ladder.of(Circle.DUTY) if ladder and watched else None
    if steps is not None:
        yield steps.next(case.handed_at, case.alarmed_at)
        due = steps.due(case.handed_at, case.alarmed_at, work.now)
        yield from (due,) if due else ()


@dataclass(frozen=True, slots=True)
class Go(Request):
    """Whether they are `there`."""

    there: bool = False


@dataclass(frozen=True, slots=True)
class CallOut(Request):
    """For how many minutes somebody has been called, and for which circles it rings.

    `again`: the danger goes on though somebody goes; whoever said that they are there is asked anew.
    """

    n: int
    to: Sequence[str] = ()
    again: bool = False


def _is_going(intent: Intent) -> None:
    if str(intent.by.person_id) not in rescue.said(intent.case):
        raise NotNow(Act.STAY)


async def _go(deed: Deed[Go]) -> None:
    """Note that somebody goes there, or is there; `known`: as they have said before."""
    work, case, by, there = deed.work, deed.case, deed.by, deed.request.there
    said, person = rescue.said(case), str(by.person_id)
    was_there = said.get(person) == rescue.THERE
    deed.facts["known"] = was_there or (by.person_id in rescue.going(work, case) and not there)
    end = rescue.THERE if there or was_there else rescue.counts_until(work, case)
    case.going = said | {person: end}
    deed.facts["officer"] = await name_of(work, by.person_id)


async def _stay(deed: Deed[Any]) -> None:
    case = deed.case
    case.going = {who: end for who, end in rescue.said(case).items() if who != str(deed.by.person_id)}


async def _call_out(deed: Deed[CallOut]) -> None:
    """Forget who goes no more, and note that somebody was lost, and who is to be asked where they are."""
    work, case, again = deed.work, deed.case, deed.request.again
    said, still = rescue.said(case), rescue.going(work, case)
    called = still if again else rescue.rescuers(work, case)
    asked = [str(person) for person in called if str(person) in said]
    spoken_of = any(exclusion.shut_out(work, case, UUID(person)) for person in said)
    deed.facts.update(lost=rescue.lost(work, case), asked=asked, more=bool(asked) or spoken_of)
    end = rescue.counts_until(work, case) if again and still else rescue.THERE
    case.going = {str(person): said[str(person)] or end for person in still}


async def calls_again(to: Telling, what: Act) -> bool:
    """Say whether words ask where the help stays while somebody goes, for the first time in a step."""
    work, case, text = to.work, to.case, str(to.facts.get("text") or "")
    rules = work.rules_of(case)
    if what not in _TOLD or not (text and rescue.going(work, case) and rules.understanding.awaits(text)):
        return False
    since = work.now - rules.ringing[case.urgency].every
    calls = [line for line in await stored.history(work, case) if line.act == Act.CALL_OUT]
    return not any(line.detail.get("again") and line.at > since for line in calls)


_TOLD = frozenset({Act.SUPPLEMENT, Act.REPLY, Act.WITNESS})
"""Acts with words of who is where the danger is."""


def waited(work: Work, case: Case) -> int:
    """Return for how many minutes somebody has been called."""
    return (work.now - case.handed_at) // timedelta(minutes=1)


async def _goes(to: Telling) -> None:
    """Tell the others who were called, whoever reads the case, and the citizen: now it is true."""
    if to.facts["known"]:
        return
    to.awake = True
    what = "there" if to.facts.get("there") else "going"
    others = [person for person in rescue.rescuers(to.work, to.case) if person != to.by.person_id]
    readers = [*await ringing.readers(to.work, to.case)]
    told = [person for person in others if person not in readers]
    await rescue.tell(to, f"official.{what}_danger", told, officer=to.facts["officer"])
    await to.officials(readers, f"official.{what}", officer=to.facts["officer"])
    if what == "there" or len(rescue.going(to.work, to.case)) == 1:
        await to.citizen(f"told.{what}", numbers=ringing.numbers(to.work, to.case))


async def _stays(to: Telling) -> None:
    if rescue.waits(to.work, to.case):
        await _lost(to, "going_lost", [])


async def _called_out(to: Telling) -> None:
    asked, n = [UUID(person) for person in to.facts["asked"]], to.facts["n"]
    if to.facts["lost"] or to.facts.get("again"):
        await _lost(to, "more_needed" if to.facts["more"] else "going_lost", asked)
    else:
        to.occasion = f"call:{int(to.case.handed_at.timestamp())}:{n}"
        await rescue.tell(to, "alert.ring_danger", _called(to), Wait(n))


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


ACTS = (
    ActKind(
        act=Act.GO,
        takes=Go,
        by={Relation.RESCUER},
        states=OPEN_STATES,
        change=_go,
        news=_goes,
        quiet=True,
    ),
    ActKind(
        act=Act.STAY,
        by={Relation.RESCUER},
        states=OPEN_STATES,
        guard=_is_going,
        change=_stay,
        news=_stays,
        quiet=True,
    ),
    ActKind(
        act=Act.CALL_OUT,
        takes=CallOut,
        by={Relation.CLOCK},
        states=OPEN_STATES,
        change=_call_out,
        news=_called_out,
        quiet=True,
    ),
)
