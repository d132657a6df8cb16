"""Who is told what after an act."""

from collections.abc import Awaitable, Callable

import locales
from domain.alarms import AlarmKind, Level
from domain.cases import Act
from services import groups, who, wording
from services.acts import (
    answering,
    barring,
    checking,
    contacts,
    deciding,
    following,
    handing,
    identity,
    moving,
    strangers,
    withdrawing,
    witnessing,
)
from services.cards import buttons, question_choices, rating_choices
from services.telling import Detail, Telling
from services.who import Actor
from storage import attachments
from storage.cases import Case
from storage.people import name_of
from storage.work import Work

Teller = Callable[[Telling, Detail], Awaitable[None]]


async def tell(work: Work, case: Case, what: Act, by: Actor, detail: Detail) -> None:
    """Tell everyone concerned what has just been done to the case, as its last line of history says."""
    to, teller = Telling(work, case, by), TELLERS.get(what)
    if teller is not None:
        await teller(to, detail)
    await following.told(to, what, detail)
    await groups.tell(to, what, detail)


# --- one teller an act ---------------------------------------------------------------------------


async def _opened(to: Telling, detail: Detail) -> None:  # noqa: ARG001 - every teller is called alike
    workers = who.workers(to.work, to.case)
    await to.cards(workers, redraw=False)
    if to.case.urgency == who.URGENT:
        others = [p for p in who.handling(to.work, to.case) if p not in workers]
        content = wording.shortened(to.case.story, 300)
        await to.officials(others, "alert.urgent", ("show",), content=content, place=to.case.place)


async def _accepted(to: Telling, detail: Detail) -> None:
    await to.redraw()
    urgent = to.case.urgency == who.URGENT
    await to.citizen("told.accepted_urgent" if urgent else "told.accepted", officer=detail["officer"])


async def _asked(to: Telling, detail: Detail) -> None:
    """Ask the citizen. Where a question of another conversation is open, this one has a button of its own."""
    await to.redraw()
    chat = await to.hears("told.question")
    facts = {"officer": detail["officer"], "question": detail["question"]}
    if chat.busy:
        await to.citizen("told.question_busy", buttons(to.case, chat.language, ("reply",)), **facts)
    else:
        to.numbered = False
        await to.citizen("told.question", question_choices(to.case, chat.language), **facts)
        chat.menu = []  # a number now is part of the answer, not of an earlier menu


async def _replied(to: Telling, detail: Detail) -> None:
    await to.redraw()
    await pass_on(to, detail, "official.reply_came", ("answer", "ask"))


async def _supplemented(to: Telling, detail: Detail) -> None:
    if "why" in detail:
        await withdrawing.wished(to, detail)
    elif not detail.get("quiet"):
        await pass_on(to, detail, "official.supplement", ("show",))


async def _commented(to: Telling, detail: Detail) -> None:
    """Let the officer read what is said of what was done."""
    if not detail.get("quiet"):
        await pass_on(to, detail, "official.comment", ("show",))


async def pass_on(to: Telling, detail: Detail, key: str, verbs: tuple[str, ...]) -> None:
    """Let whoever has the case read what was said, with the files if they have taken it."""
    text, count = wording.shortened(detail.get("text", "")), len(detail.get("files", ()))
    if count:
        key += "_files" if text else "_only_files"
        # Who has not taken the case sees that there are files, and gets them with the case.
        to.files = await attachments.of_case(to.work, to.case, detail["files"]) if to.case.officer_id else ()
    await to.officials(who.handling(to.work, to.case), key, verbs, text=text, count=count)


async def _nudged(to: Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    await to.officials(who.handling(to.work, to.case), "official.nudged", ("show",))


async def _rated(to: Telling, detail: Detail) -> None:
    if to.case.officer_id is not None:
        await to.officials([to.case.officer_id], "official.rated", rating=detail["rating"])


async def _reopened(to: Telling, detail: Detail) -> None:
    """Tell the chiefs, who decide who goes on, and the unit; a card drawn anew would make no sound."""
    await to.redraw()
    chiefs = who.in_charge(to.work, to.case)
    facts = {"count": to.case.reopened, "reason": detail["reason"]}
    await to.officials(chiefs, "alert.reopened", ("reassign", "nudge", "show"), **facts)
    others = [p for p in who.workers(to.work, to.case) if p not in chiefs]
    await to.officials(others, "alert.reopened", ("accept", "show"), **facts)


async def _reminded(to: Telling, detail: Detail) -> None:
    if not detail.get("morning"):
        await remind(to, detail)


async def _escalated(to: Telling, detail: Detail) -> None:
    if not detail.get("morning"):
        await escalate(to, detail)


async def remind(to: Telling, detail: Detail) -> None:
    """Remind whoever has the case of what is owed."""
    verbs = ("show",) if to.case.officer_id else ("accept",)
    await to.remind(who.handling(to.work, to.case), f"alarm.{detail['alarm']}", verbs, n=detail["n"])


async def escalate(to: Telling, detail: Detail) -> None:
    """Tell the chiefs of a level, and whoever has the case, that it is late."""
    facts = {"n": detail["n"], "officer": await name_of(to.work, to.case.officer_id)}
    chiefs = who.at_level(to.work, to.case, Level(detail["level"]))
    await to.remind(chiefs, f"alert.{detail['alarm']}", ("nudge", "reassign", "show"), **facts)
    if detail["alarm"] == AlarmKind.OVERDUE:
        theirs = [p for p in who.handling(to.work, to.case) if p not in chiefs]
        await to.remind(theirs, "alarm.overdue", ("show",), n=detail["n"])


async def _question_again(to: Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    await to.citizen("told.question_again", question=to.case.question)


async def _lapsed(to: Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    await to.redraw()
    await to.officials(who.handling(to.work, to.case), "official.lapsed", ("show",))
    await to.citizen("told.lapsed")


async def _rating_invited(to: Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    chat = await to.hears("told.rate_again")
    await to.citizen("told.rate_again", rating_choices(to.case, chat.language))


async def _closed(to: Telling, detail: Detail) -> None:
    """Say that the case is closed if time did it; what the citizen wrote about it reaches the officer."""
    await to.redraw()
    if to.by == who.CLOCK and to.case.answered_at is not None:
        until = to.case.answered_at + to.work.rules.patience.reopen_within
        day = locales.short_day(to.work.rules.calendar.local(until).date())
        await to.citizen("told.closed", until=day)
    elif detail.get("reason"):
        await to.officials(who.handling(to.work, to.case), "official.noted", text=detail["reason"])


async def _recomputed(to: Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    await to.redraw()
    await to.citizen("told.recomputed")


TELLERS: dict[Act, Teller] = {
    **handing.TELLERS,
    **deciding.TELLERS,
    **barring.TELLERS,
    **answering.TELLERS,
    **following.TELLERS,
    **identity.TELLERS,
    **strangers.TELLERS,
    Act.OPEN: _opened,
    Act.ACCEPT: _accepted,
    Act.ASK: _asked,
    Act.REPLY: _replied,
    Act.SUPPLEMENT: _supplemented,
    Act.COMMENT: _commented,
    Act.NUDGE: _nudged,
    Act.RATE: _rated,
    Act.REOPEN: _reopened,
    Act.WITHDRAW: withdrawing.withdrawn,
    Act.RESUME: withdrawing.resumed,
    Act.CONTACT: contacts.contacted,
    Act.CHECK_BACK: checking.checked_back,
    Act.REMIND: _reminded,
    Act.ESCALATE: _escalated,
    Act.ASK_AGAIN: _question_again,
    Act.LAPSE: _lapsed,
    Act.INVITE_RATING: _rating_invited,
    Act.CLOSE: _closed,
    Act.RECOMPUTE: _recomputed,
    **witnessing.TELLERS,
    **moving.TELLERS,
}
