"""What a chief decides on: more time, a refusal to act. And their no."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import locales
from domain.cases import HELD, OPEN_STATES, RUNNING, Act, Relation, State
from domain.promises import Promise
from services.acts import answering, requests
from services.saying import arrival
from services.saying.cards import rating_choices
from services.saying.telling import Key, Telling
from services.standing import guards, parties, superiors
from services.standing.guards import requested
from services.standing.kinds import ALWAYS, ActKind, Button, Deed, Intent, Request
from services.standing.pending import Pending
from services.standing.reckoning import go_on, reckon
from services.standing.refusals import DecidedAbove, OwnCase
from storage.people.people import name_of

# --- more time ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Extend(Request):
    """How many working days more are asked for, and why."""

    days: int
    reason: str


@dataclass(frozen=True, slots=True)
class Lengthen(Request):
    """How many working days more are given, and why."""

    days: int
    reason: str


def _of_another(intent: Intent) -> None:
    """Give nobody more time for their own work, however they come by it."""
    work, case, by = intent.work, intent.case, intent.by
    pending = Pending.of(case)
    if parties.has_it(work, case, by.person_id) or (pending is not None and pending.by == by.person_id):
        raise OwnCase(Act.LENGTHEN)
    if not superiors.may_decide(work, case, by):
        raise DecidedAbove(Act.LENGTHEN)


async def _extend(deed: Deed[Extend]) -> None:
    asked = {"days": deed.request.days, "reason": deed.request.reason}
    deed.facts["officer"] = await requests.ask(deed, Act.EXTEND, asked)


async def _grant(deed: Deed[Any]) -> None:
    asked = guards.what_waits(deed.case)
    deed.facts.update(deed.case.request or {}, asked_by=str(asked.by))
    _lengthen_by(deed, asked.days)


async def _lengthen(deed: Deed[Lengthen]) -> None:
    """Give more time at once; whoever asked for some has it now."""
    _lengthen_by(deed, deed.request.days)


def _lengthen_by(deed: Deed[Any], days: int) -> None:
    case = deed.case
    case.extended_days += days
    if requested(case) == Act.EXTEND:
        case.request = None
    reckon(deed.work, case)
    deed.facts["due_on"] = case.due_on.isoformat()


async def _extension_asked(to: Telling) -> None:
    await to.redraw()
    chiefs = superiors.deciders(to.work, to.case)
    await to.officials(chiefs, "alert.extension", ("grant", "refuse"), **to.facts)


async def _granted(to: Telling) -> None:
    await to.redraw()
    await to.officials(_concerned(to), "official.granted")
    await to.citizen("told.extended", reason=to.facts["reason"])


async def _lengthened(to: Telling) -> None:
    await to.redraw()
    handling, facts = parties.handling(to.work, to.case), to.facts
    await to.officials(handling, "official.lengthened", days=facts["days"], reason=facts["reason"])
    await to.citizen("told.extended", reason=facts["reason"])


# --- a refusal to act ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decline(Request):
    """On which ground nothing is to be done (a key of words), and what the citizen is to read."""

    reason: str
    text: str


async def _decline(deed: Deed[Decline]) -> None:
    answering.fit(deed.work, deed.case, deed.request.text)
    asked = {"reason": deed.request.reason, "text": deed.request.text}
    deed.facts["officer"] = await requests.ask(deed, Act.DECLINE, asked)


async def _dismiss(deed: Deed[Any]) -> None:
    """Answer that nothing will be done, in the words that were asked to be approved."""
    work, case, asked = deed.work, deed.case, guards.what_waits(deed.case)
    if case.state == State.ASKED:
        go_on(work, case)
    case.declined, case.answer = asked.reason, asked.text
    case.answered_at = case.alarmed_at = work.now
    case.told_at = arrival.expected(work, case)
    case.rating = case.request = None
    deed.facts.update(declined=case.declined, answer=case.answer, asked_by=str(asked.by))
    deed.facts["officer"] = await name_of(work, asked.by)
    deed.facts["overdue"] = work.now > case.due_at


async def _decline_asked(to: Telling) -> None:
    await to.redraw()
    chiefs = superiors.deciders(to.work, to.case)
    facts = {"officer": to.facts["officer"], "text": to.facts["text"]}
    why = Key(f"declined.{to.facts['reason']}")
    await to.officials(chiefs, "alert.decline", ("grant", "refuse", "show"), reason=why, **facts)


async def _dismissed(to: Telling) -> None:
    """Tell the citizen plainly why, and how to object."""
    await to.redraw()
    await to.officials(_concerned(to), "official.dismissed")
    chat = await to.hears("told.dismissed")
    until = (to.case.told_at or to.work.now) + to.work.rules.patience.reopen_within
    day = locales.short_day(to.work.rules.calendar.local(until).date())
    facts = {"answer": to.facts["answer"], "officer": to.facts["officer"], "until": day}
    why = Key(f"declined.{to.facts['declined']}")
    await to.citizen("told.dismissed", rating_choices(to.case, chat.language), why=why, **facts)
    await to.followers("told.follow_dismissed")


# --- no -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Refuse(Request):
    """What a chief says to their no, if they do."""

    comment: str = field(default="", metadata=ALWAYS)


async def _refuse(deed: Deed[Refuse]) -> None:
    asked = guards.what_waits(deed.case)
    deed.facts.update(asked=asked.what, asked_by=str(asked.by))
    deed.case.request = None


async def _refused(to: Telling) -> None:
    await to.redraw()
    comment = f"\n“{to.facts['comment']}”" if to.facts["comment"] else ""
    await to.officials(_concerned(to), f"official.refused.{to.facts['asked']}", comment=comment)


def _concerned(to: Telling) -> list[UUID]:
    """Return who has the case, and who asked if that is somebody else."""
    return [*parties.handling(to.work, to.case), UUID(to.facts["asked_by"])]


ACTS = (
    ActKind(
        act=Act.EXTEND,
        takes=Extend,
        by={Relation.OFFICER},
        states={State.ACCEPTED},
        guard=guards.can_wait(guards.can_be_asked),
        change=_extend,
        news=_extension_asked,
        granted_by=Act.GRANT,
        button=Button(verb="extend", place=80, on_card=True, of_officer=True, unless="lengthen"),
    ),
    ActKind(
        act=Act.GRANT,
        by={Relation.SUPERVISOR},
        states=OPEN_STATES,
        guard=guards.can_wait(guards.another_asked(Act.EXTEND)),
        change=_grant,
        news=_granted,
        heard="followed.extended",
    ),
    ActKind(
        act=Act.LENGTHEN,
        takes=Lengthen,
        by={Relation.SUPERVISOR},
        states=RUNNING,
        guard=guards.can_wait(_of_another),
        change=_lengthen,
        news=_lengthened,
        heard="followed.extended",
        button=Button(verb="lengthen", place=120),
    ),
    ActKind(
        act=Act.DECLINE,
        takes=Decline,
        by={Relation.OFFICER},
        states={State.ACCEPTED},
        guard=guards.can_be_asked,
        change=_decline,
        news=_decline_asked,
        granted_by=Act.DISMISS,
        button=Button(verb="decline", place=140),
    ),
    ActKind(
        act=Act.DISMISS,
        by={Relation.SUPERVISOR},
        states=HELD,
        to=State.ANSWERED,
        guard=guards.another_asked(Act.DECLINE),
        change=_dismiss,
        news=_dismissed,
        keeps=frozenset(Promise),
    ),
    ActKind(
        act=Act.REFUSE,
        takes=Refuse,
        by={Relation.SUPERVISOR},
        states=OPEN_STATES,
        guard=guards.another_asked(),
        change=_refuse,
        news=_refused,
        redraws=False,
    ),
)
