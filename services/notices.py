"""Who is told what after an act."""

from collections.abc import Awaitable, Callable

import locales
from domain.accused import Accusation
from domain.alarms import AlarmKind, Level
from domain.cases import Act
from services import approving, exclusion, groups, rescue, ringing, superiors, who, wording
from services.acts import (
    answering,
    barring,
    checking,
    contacts,
    crying,
    deciding,
    following,
    handing,
    identity,
    lateness,
    moving,
    requests,
    rescuing,
    strangers,
    withdrawing,
    witnessing,
)
from services.cards import buttons, question_choices, rating_choices
from services.telling import Detail, Key, Telling
from storage import attachments
from storage.instant import from_ms
from storage.people import name_of
from storage.work import give_way

Teller = Callable[[Telling, Detail], Awaitable[None]]


async def tell(to: Telling, what: Act, detail: Detail) -> None:
    """Tell everyone concerned what has just been done to the case, as a line of its history says."""
    teller = TELLERS.get(what)
    if teller is not None:
        await teller(to, detail)
    await following.told(to, what, detail)
    await groups.tell(to, what, detail)


async def tell_outside(to: Telling, said: Accusation, *, left: bool) -> None:
    """Tell the citizen who may not read the case from now on; where nobody is left, the way outside.

    Nobody but who spoke: the sender of a case may be whom somebody else's words are of.
    """
    if to.by.own != to.case.chat_key:
        return
    if not left:
        await to.citizen("told.nobody_left")
        return
    chat = await to.hears("told.outside")
    called = exclusion.names(to.work.rules.directory, said, to.work.today)
    if called:
        await to.citizen("told.outside", who=exclusion.in_words(called, chat.language))


# --- one teller an act ---------------------------------------------------------------------------


async def _opened(to: Telling, detail: Detail) -> None:  # noqa: ARG001 - every teller is called alike
    await to.cards(who.workers(to.work, to.case), redraw=False)
    await ringing.tell_at_once(to)


async def _accepted(to: Telling, detail: Detail) -> None:
    await to.redraw()
    if to.case.urgency not in to.work.rules.ringing:
        await to.citizen("told.accepted", officer=detail["officer"])
        return
    key = "told.accepted_close" if rescue.waits(to.work, to.case) else "told.accepted_urgent"
    numbers = ringing.numbers(to.work, to.case)
    await to.citizen(key, numbers=numbers, officer=detail["officer"], unit=detail["unit"])
    await ringing.taken(to, detail)


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
        give_way(chat)
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
    text = wording.said_later(to.work.rules, to.case, detail.get("text", ""))
    count = len(detail.get("files", ()))
    if count:
        key += "_files" if text else "_only_files"
        # Who has not taken the case sees that there are files, and gets them with the case.
        to.files = await attachments.of_case(to.work, to.case, detail["files"]) if to.case.officer_id else ()
    people = await ringing.listeners(to.work, to.case)
    await to.officials(people, key, verbs, text=text, count=count)


async def _nudged(to: Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    await to.officials(who.handling(to.work, to.case), "official.nudged", ("show",))


async def _rated(to: Telling, detail: Detail) -> None:
    if to.case.officer_id is not None:
        await to.officials([to.case.officer_id], "official.rated", rating=detail["rating"])


async def _reopened(to: Telling, detail: Detail) -> None:
    """Tell the chiefs, who decide who goes on, and the unit; a card drawn anew would make no sound."""
    await to.redraw()
    chiefs = who.in_charge(to.work, to.case)
    reason = wording.said_later(to.work.rules, to.case, detail["reason"])
    facts = {"count": to.case.reopened, "reason": reason}
    await to.officials(chiefs, "alert.reopened", ("reassign", "nudge", "show"), **facts)
    others = [p for p in who.workers(to.work, to.case) if p not in chiefs]
    await to.officials(others, "alert.reopened", ("accept", "show"), **facts)
    await ringing.tell_at_once(to)


async def _reminded(to: Telling, detail: Detail) -> None:
    if not detail.get("morning"):
        await remind(to, detail)


async def _escalated(to: Telling, detail: Detail) -> None:
    if not detail.get("morning"):
        await escalate(to, detail)
    await lateness.tell_citizen(to, detail)


async def remind(to: Telling, detail: Detail) -> None:
    """Remind whoever has the case of what is owed, and of what they wait for themselves."""
    verbs = ("called", "show") if to.case.officer_id else ("accept", "show")
    facts = {"n": detail["n"], "waiting": await _awaited(to), **_promise(to, detail)}
    await to.remind(who.handling(to.work, to.case), _alarm(to, detail), verbs, **facts)
    await ringing.unheard(to)


def _alarm(to: Telling, detail: Detail) -> str:
    """Return the words of an alarm; of what cannot wait nobody reads an office's date."""
    kind = AlarmKind(detail["alarm"])
    by_date = {AlarmKind.PART, AlarmKind.BEFORE, AlarmKind.DUE, AlarmKind.OVERDUE}
    urgent = to.case.urgency in to.work.rules.ringing
    if urgent and kind in by_date:
        owed = "untaken" if to.case.officer_id is None else "owed"
        return f"alarm.urgent.{'overdue' if kind is AlarmKind.OVERDUE else owed}"
    return "alarm.breach_urgent" if urgent and kind is AlarmKind.BREACH else f"alarm.{kind}"


def _promise(to: Telling, detail: Detail) -> Detail:
    """Return what was promised by when, as facts; nothing where the alarm is about the answer."""
    if "promise" not in detail:
        return {}
    at, rules = from_ms(detail["until"]), to.work.rules
    what = Key(f"promise.what.{detail['promise']}")
    return {"promise": what, "by": lambda language: wording.by(rules, at, language)}


async def _awaited(to: Telling) -> Key | str:
    """Return whose decision the case waits for, in words; nothing where it waits for nobody's."""
    if to.case.request is None:
        return ""
    return Key("request.waits", {"who": await approving.awaited(to.work, to.case)})


_LATE = frozenset({AlarmKind.OVERDUE, AlarmKind.BREACH, AlarmKind.PROMISE_LATE})
"""What whoever has the case hears of too, when those above do."""


async def escalate(to: Telling, detail: Detail) -> None:
    """Tell the chiefs of a level, and whoever has the case, that it is late.

    Where it waits for somebody's decision, that is who is named.
    """
    facts: Detail = {"n": detail["n"], "officer": await name_of(to.work, to.case.officer_id)}
    facts |= _promise(to, detail)
    facts["waiting"] = await _awaited(to)
    if to.case.request is not None and "promise" not in detail:
        facts["officer"] = Key("request.awaited", {"who": await approving.awaited(to.work, to.case)})
    chiefs = superiors.at_level(to.work, to.case, Level(detail["level"]))
    verbs = ("grant", "refuse") if to.case.request is not None else ("nudge", "reassign")
    breach = detail["alarm"] == AlarmKind.BREACH and to.case.urgency in to.work.rules.ringing
    key = "alert.breach_urgent" if breach else f"alert.{detail['alarm']}"
    await to.remind(chiefs, key, (*verbs, "show"), **facts)
    if detail["alarm"] in _LATE:
        theirs = [p for p in who.handling(to.work, to.case) if p not in chiefs]
        await to.remind(theirs, _alarm(to, detail), ("show",), **facts)
    await ringing.unheard(to)


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
    read_at = to.case.told_at or to.case.answered_at
    if to.by == who.CLOCK and read_at is not None:
        until = read_at + to.work.rules.patience.reopen_within
        day = locales.short_day(to.work.rules.calendar.local(until).date())
        await to.citizen("told.closed", until=day)
    elif detail.get("reason"):
        await to.officials(
            who.handling(to.work, to.case),
            "official.noted",
            text=wording.said_later(to.work.rules, to.case, detail["reason"]),
        )


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
    Act.CALLED: contacts.was_called,
    Act.CHECK_BACK: checking.checked_back,
    Act.REMIND: _reminded,
    Act.ESCALATE: _escalated,
    Act.RING: ringing.rang,
    Act.ASK_AGAIN: _question_again,
    Act.LAPSE: _lapsed,
    Act.INVITE_RATING: _rating_invited,
    Act.CLOSE: _closed,
    Act.RECOMPUTE: _recomputed,
    **witnessing.TELLERS,
    **crying.TELLERS,
    **moving.TELLERS,
    **requests.TELLERS,
    **rescuing.TELLERS,
}
