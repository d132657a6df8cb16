"""What a chief decides on: more time, a refusal to act. And a note, and a false alarm."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import locales
from domain.cases import Act, State
from services import arrival, rescue, ringing, superiors, who
from services.acts import answering, requests
from services.cards import rating_choices
from services.guards import requested
from services.reckoning import go_on, reckon
from services.telling import Detail, Key, Telling
from services.who import URGENT, Actor
from storage.cases import Case
from storage.people import name_of
from storage.work import Work

# --- more time ----------------------------------------------------------------------------------


async def _extend(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    asked = {"days": detail["days"], "reason": detail["reason"]}
    detail["officer"] = await requests.ask(work, case, by, Act.EXTEND, asked)


async def _grant(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - every effect is called alike
    asked = case.request or {}
    detail |= asked | {"asked_by": asked["by"]}
    _lengthen_by(work, case, detail)


async def _lengthen(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - as above
    """Give more time at once; whoever asked for some has it now."""
    _lengthen_by(work, case, detail)


def _lengthen_by(work: Work, case: Case, detail: Detail) -> None:
    case.extended_days += detail["days"]
    if requested(case) == Act.EXTEND:
        case.request = None
    reckon(work, case)
    detail["due_on"] = case.due_on.isoformat()


async def _extension_asked(to: Telling, detail: Detail) -> None:
    await to.redraw()
    chiefs = superiors.deciders(to.work, to.case)
    await to.officials(chiefs, "alert.extension", ("grant", "refuse"), **detail)


async def _granted(to: Telling, detail: Detail) -> None:
    await to.redraw()
    await to.officials(_concerned(to, detail), "official.granted")
    await to.citizen("told.extended", reason=detail["reason"])


async def _lengthened(to: Telling, detail: Detail) -> None:
    await to.redraw()
    handling = who.handling(to.work, to.case)
    await to.officials(handling, "official.lengthened", days=detail["days"], reason=detail["reason"])
    await to.citizen("told.extended", reason=detail["reason"])


# --- a refusal to act ---------------------------------------------------------------------------


async def _decline(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    answering.fit(work, case, detail["text"])
    asked = {"reason": detail["reason"], "text": detail["text"]}
    detail["officer"] = await requests.ask(work, case, by, Act.DECLINE, asked)


async def _dismiss(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - as above
    """Answer that nothing will be done, in the words that were asked to be approved."""
    asked = case.request or {}
    if case.state == State.ASKED:
        go_on(work, case)
    case.declined, case.answer = asked["reason"], asked["text"]
    case.answered_at = case.alarmed_at = work.now
    case.told_at = arrival.expected(work, case)
    case.rating = case.request = None
    detail |= {"declined": case.declined, "answer": case.answer, "asked_by": asked["by"]}
    detail["officer"] = await name_of(work, UUID(asked["by"]))
    detail["overdue"] = work.now > case.due_at


async def _decline_asked(to: Telling, detail: Detail) -> None:
    await to.redraw()
    chiefs = superiors.deciders(to.work, to.case)
    facts = {"officer": detail["officer"], "text": detail["text"]}
    why = Key(f"declined.{detail['reason']}")
    await to.officials(chiefs, "alert.decline", ("grant", "refuse", "show"), reason=why, **facts)


async def _dismissed(to: Telling, detail: Detail) -> None:
    """Tell the citizen plainly why, and how to object."""
    await to.redraw()
    await to.officials(_concerned(to, detail), "official.dismissed")
    chat = await to.hears("told.dismissed")
    until = (to.case.told_at or to.work.now) + to.work.rules.patience.reopen_within
    day = locales.short_day(to.work.rules.calendar.local(until).date())
    facts = {"answer": detail["answer"], "officer": detail["officer"], "until": day}
    why = Key(f"declined.{detail['declined']}")
    await to.citizen("told.dismissed", rating_choices(to.case, chat.language), why=why, **facts)
    await to.followers("told.follow_dismissed")


# --- no -----------------------------------------------------------------------------------------


async def _refuse(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - as above
    asked = case.request or {}
    detail |= {"asked": requested(case), "asked_by": asked["by"]}
    case.request = None


async def _refused(to: Telling, detail: Detail) -> None:
    await to.redraw()
    comment = f"\n“{detail['comment']}”" if detail.get("comment") else ""
    await to.officials(_concerned(to, detail), f"official.refused.{detail['asked']}", comment=comment)


def _concerned(to: Telling, detail: Detail) -> list[UUID]:
    """Return who has the case, and who asked if that is somebody else."""
    return [*who.handling(to.work, to.case), UUID(detail["asked_by"])]


# --- a note, a false alarm -----------------------------------------------------------------------


async def _note(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    """Keep the note with the unit that has the case now: it never leaves it."""
    detail |= {"unit_id": str(case.unit_id), "officer": await name_of(work, by.person_id)}


async def _noted(to: Telling, detail: Detail) -> None:
    if to.case.officer_id is not None:
        facts = {"officer": detail["officer"], "text": detail["text"]}
        await to.officials(who.handling(to.work, to.case), "official.note_came", ("show",), **facts)


async def _calm(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    """Take the haste out of a case: it is as urgent as its field usually is, and its term is that one's."""
    on_duty = [] if case.confidential else who.on_duty(work, case)
    handling = [str(person) for person in (*who.handling(work, case), *on_duty)]
    detail["woken"] = list(dict.fromkeys([*handling, *await ringing.woken(work, case)]))
    detail["helping"] = [str(person) for person in rescue.rescuers(work, case)]
    detail["officer"] = await name_of(work, by.person_id)
    case.urgency = _usual_urgency(work, case)
    case.term = work.rules.terms.service_term(case.kind, case.urgency).id
    case.term_days = None
    reckon(work, case)
    detail["due_on"] = case.due_on.isoformat()


ORDINARY = "thuong"


def _usual_urgency(work: Work, case: Case) -> str:
    """Return how urgent a case's field usually is; an ordinary one where that is urgent too.

    An emergency that was none was put among emergencies by its words, so its own field says nothing.
    """
    usual = work.rules.taxonomy.fields[case.field].urgency
    return usual if usual != URGENT else ORDINARY


async def _calmed(to: Telling, detail: Detail) -> None:
    to.awake = True
    await to.redraw()
    woken = [UUID(person) for person in detail["woken"]]
    await to.officials(woken, "official.calmed", officer=detail["officer"])
    helping = [UUID(person) for person in detail["helping"] if UUID(person) not in woken]
    await rescue.tell(to, "official.calmed_danger", helping)
    await to.citizen("told.calmed", numbers=ringing.numbers(to.work, to.case))


EFFECTS: dict[Act, Callable[[Work, Case, Actor, Detail], Awaitable[None]]] = {
    Act.EXTEND: _extend,
    Act.GRANT: _grant,
    Act.LENGTHEN: _lengthen,
    Act.REFUSE: _refuse,
    Act.DECLINE: _decline,
    Act.DISMISS: _dismiss,
    Act.NOTE: _note,
    Act.CALM: _calm,
}
TELLERS: dict[Act, Callable[[Telling, Detail], Awaitable[None]]] = {
    Act.EXTEND: _extension_asked,
    Act.GRANT: _granted,
    Act.LENGTHEN: _lengthened,
    Act.REFUSE: _refused,
    Act.DECLINE: _decline_asked,
    Act.DISMISS: _dismissed,
    Act.NOTE: _noted,
    Act.CALM: _calmed,
}
