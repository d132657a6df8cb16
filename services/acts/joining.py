"""Cases of one trouble are worked on together: an officer joins one to another, and may part them again.

Each stays a case of its own, with its sender, history and deadline; what is joined is in the hands that have
the head, and is answered with it, in an answer of its own. It goes on alone again as soon as the two may not
be worked on together any more, whatever that comes from: of why nobody is told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain import numbers
from domain.cases import ANY_STATE, HELD, OPEN_STATES, UNTAKEN, Act, NotAllowed, NotNow, Relation, State
from services.acts.answering import Answer
from services.saying.telling import Telling
from services.standing import alike, exclusion, guards, parties
from services.standing.kinds import ActKind, Button, Deed, Intent, Request
from services.standing.parties import CLOCK, Actor
from services.standing.refusals import HasJoined, NotForThem, NotTogether, TooManyTogether
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people.people import name_of

_MAY = frozenset({Relation.OFFICER, Relation.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Join(Request):
    """To which case, by its code; where that is joined itself, to its head."""

    head: str


@dataclass(frozen=True, slots=True)
class Gather(Request):
    """The code of a case that was joined to this one, or goes on alone (`away`)."""

    other: str
    away: bool = False


# --- what else must hold ------------------------------------------------------------------------


def _may_be_joined(intent: Intent) -> None:
    if intent.case.joined or not alike.is_ordinary(intent.work, intent.case):
        raise NotTogether(Act.JOIN)
    if intent.case.together:
        raise HasJoined(Act.JOIN)
    guards.no_request_waits(intent)


def _is_joined(intent: Intent) -> None:
    """Let go on alone what is joined; once it is over, that is the clock's to tidy up."""
    over = intent.case.state not in OPEN_STATES and intent.by != CLOCK
    if over or not intent.case.joined:
        raise NotNow(Act.PART)


async def head_for(work: Work, code: str, by: Actor) -> Case | None:
    """Return the case to which another is joined by that code, locked; None where it is none for `by`."""
    head = await stored.by_code(work, code)
    if (
        head is not None
        and head.joined
        and head.state in OPEN_STATES
        and parties.relations(work, head, by) & _MAY
    ):
        head = await stored.by_code(work, head.joined["code"])
    return head if head is not None and parties.relations(work, head, by) & _MAY else None


# --- what changes -------------------------------------------------------------------------------


async def _join(deed: Deed[Join]) -> State | None:
    """Let it be worked on with another; who has that one has it too from now on, where somebody has."""
    work, case = deed.work, deed.case
    head = await head_for(work, deed.request.head, deed.by)
    if head is None:
        raise NotAllowed(Act.JOIN)
    if not alike.may_join(work, case, head):
        raise NotTogether(Act.JOIN)
    if len(head.together) >= work.rules.listening.alike_together:
        raise TooManyTogether(Act.JOIN)
    if not _may_have(work, case, head.officer_id):
        raise NotForThem(Act.JOIN)
    deed.facts["head"] = head.code
    case.joined = {
        "to": str(head.id),
        "code": head.code,
        "unit": str(case.unit_id),
        "state": case.state,
        "officer": str(case.officer_id or ""),
        "given": "",
    }
    return await _into_hands(deed, head.officer_id if head.state in HELD else None)


async def _into_hands(deed: Deed[Any], person: UUID | None) -> State | None:
    """Give a case to whoever has its head; what is asked of its citizen stays with who asked."""
    case = deed.case
    if person is None or case.state == State.ASKED:
        return None
    case.officer_id, case.joined = person, case.joined | {"given": str(person)}
    deed.facts["officer"] = await name_of(deed.work, person)
    deed.facts["unit"] = deed.work.rules.directory.unit(case.unit_id).name
    return State.ACCEPTED


def _may_have(work: Work, case: Case, person: UUID | None) -> bool:
    return not (parties.is_senders(case, person) or exclusion.shut_out(work, case, person))


async def _part(deed: Deed[Any]) -> State | None:
    """Let it be as if it had never been joined: back in the hands it was in, if the join took it out."""
    work, case, before = deed.work, deed.case, deed.case.joined
    deed.facts.update({"head": before["code"]} | ({} if case.state in OPEN_STATES else {"over": True}))
    case.joined = {}
    given = case.state == State.ACCEPTED and str(case.officer_id) == before["given"]
    if not given or case.request is not None or str(case.unit_id) != before["unit"]:
        return None
    officer = UUID(before["officer"]) if before["officer"] else None
    if (
        officer is not None
        and work.rules.directory.held_by(officer, work.today)
        and _may_have(work, case, officer)
    ):
        case.officer_id = officer
        return None
    case.officer_id = None
    was = State(before["state"])
    return was if was in UNTAKEN else State.RECEIVED


async def _gather(deed: Deed[Gather]) -> None:
    """Name among those joined what is joined, and nothing else. Raises NotNow where it is otherwise."""
    code, case = deed.request.other, deed.case
    other = await stored.by_code(deed.work, code)
    if other is None or (other.joined.get("code") == case.code) is deed.request.away:
        raise NotNow(Act.GATHER)
    others = [one for one in case.together if one != code]
    case.together = others if deed.request.away else [*others, code]


async def _carry(deed: Deed[Any]) -> State | None:
    """Follow the head into the hands that have it now."""
    work, case = deed.work, deed.case
    head = await stored.by_code(work, case.joined.get("code", ""))
    if head is None or not _may_have(work, case, head.officer_id):
        raise NotNow(Act.CARRY)
    deed.facts["first"] = case.state in UNTAKEN
    return await _into_hands(deed, head.officer_id)


# --- who is told --------------------------------------------------------------------------------


async def _joined(to: Telling) -> None:
    """Tell the citizen that it is looked at with what others told alike: not who they are, nor how many."""
    await to.redraw()
    await to.citizen("told.joined")


async def _parted(to: Telling) -> None:
    """Tell the citizen and whoever has it that it goes on alone; of what is over nobody hears that."""
    if to.case.state not in OPEN_STATES:
        return
    await to.redraw()
    await to.citizen("told.parted")
    if to.by == CLOCK:
        handling = parties.handling(to.work, to.case)
        verbs = ("accept", "show") if to.case.officer_id is None else ("show",)
        await to.officials(handling, "official.parted", verbs)


async def _gathered(to: Telling) -> None:
    if to.case.state in OPEN_STATES:
        await to.redraw()


async def _carried(to: Telling) -> None:
    await to.redraw()
    await to.citizen(
        "told.accepted" if to.facts["first"] else "told.new_officer", officer=to.facts["officer"]
    )


ACTS: tuple[ActKind[Any], ...] = (
    ActKind(
        act=Act.JOIN,
        takes=Join,
        by=_MAY,
        states=OPEN_STATES,
        guard=_may_be_joined,
        change=_join,
        news=_joined,
        button=Button(verb="join", place=155),
    ),
    ActKind(
        act=Act.PART,
        by=_MAY | {Relation.CLOCK},
        states=ANY_STATE,
        guard=_is_joined,
        change=_part,
        news=_parted,
        quiet=True,
        redraws=True,
        button=Button(verb="part", place=156, on_card=True),
    ),
    ActKind(
        act=Act.GATHER,
        takes=Gather,
        by=_MAY | {Relation.CLOCK},
        states=ANY_STATE,
        change=_gather,
        news=_gathered,
        quiet=True,
    ),
    ActKind(
        act=Act.CARRY,
        by={Relation.CLOCK},
        states=OPEN_STATES,
        guard=_is_joined,
        change=_carry,
        news=_carried,
    ),
)

# --- what follows from what was done to one of them ---------------------------------------------

_TAKING = frozenset({Act.ACCEPT, Act.ASSIGN, Act.TAKE_OVER})
"""Acts by which somebody has a case of a join for themselves."""

Following = tuple[Case, Act | Request, Actor]


async def follows(to: Telling, kind: ActKind[Any]) -> list[Following]:
    """Return what is done to the other cases of a join, and by whom, because of what was done to this one."""
    work, case = to.work, to.case
    if kind.act in {Act.JOIN, Act.PART}:
        head = await stored.by_code(work, to.facts["head"])
        away = kind.act is Act.PART
        return [(head, Gather(case.code, away), CLOCK if away else to.by)] if head is not None else []
    if kind.act is Act.GATHER or not (case.joined or case.together):
        return []
    await stored.load(work, [*case.together, *filter(None, [case.joined.get("code")])])
    there = {one.code: one for one in work.cases.values()}
    found: list[Following] = []
    if case.joined:
        head = there[case.joined["code"]]
        own = kind.act in _TAKING and _is_elsewhere(head, case)
        if own or not alike.may_join(work, case, head):
            found.append((case, Act.PART, CLOCK))
        elif _is_elsewhere(head, case):
            found.append((case, Act.CARRY, CLOCK))
    return found + [step for code in case.together for step in _of_one(to, kind, there[code])]


def _of_one(to: Telling, kind: ActKind[Any], other: Case) -> Iterator[Following]:
    """Yield what is done to a case that is joined to this one."""
    if kind.act is Act.ANSWER and other.state in OPEN_STATES:
        # Written to one household, it may hold their number: the others read their own and those of offices.
        offices = (unit.phone for unit in to.work.rules.directory.whole.units if unit.phone)
        known = numbers.phones("\n".join([*offices, other.contact or ""]))
        answer = Answer(numbers.mask(to.facts["answer"], known=known), tuple(to.facts["files"]))
        yield other, answer, to.by
    elif not alike.may_join(to.work, other, to.case):
        yield other, Act.PART, CLOCK
    elif _is_elsewhere(to.case, other):
        yield other, Act.CARRY, CLOCK


def _is_elsewhere(head: Case, other: Case) -> bool:
    """Say whether the head is in other hands than a case that goes with it."""
    taken = head.state in HELD and head.officer_id is not None
    return taken and other.officer_id != head.officer_id and other.state != State.ASKED
