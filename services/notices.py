"""Who is told what after an act. Nobody is disturbed at night or on a day off, but for an emergency."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from uuid import UUID

import locales
from domain.alarms import AlarmKind, Level
from domain.cases import Act, Relation, State
from domain.messages import Choice, Message
from services import who, wording
from services.who import Actor
from storage import people
from storage.cases import Case
from storage.people import Chat, name_of
from storage.work import Work

Detail = dict[str, Any]
URGENT = "khan"
_EVEN_IF_MUTED = frozenset({"told.answer", "told.question"})
"""Who asked for quiet still gets the answer, and what an officer must know of them."""


class _Telling:
    """One act's messages, each keyed by the case, the history line and its part: nothing is said twice."""

    def __init__(self, work: Work, case: Case, by: Actor) -> None:
        self.work, self.case, self.by = work, case, by
        self.parts = 0

    async def citizen(self, key: str, choices: tuple[Choice, ...] = (), **facts: object) -> None:
        chat = await people.chat(self.work, self.case.chat_key)
        if chat.muted and key not in _EVEN_IF_MUTED:
            return
        self._post(chat, Message(self._say(chat, key, **facts), choices))

    async def officials(
        self, ids: Iterable[UUID], key: str, verbs: tuple[str, ...] = (), **facts: object
    ) -> None:
        for chat in await self._others(ids):
            self._post(chat, Message(self._say(chat, key, **facts), buttons(self.case, chat.language, verbs)))

    async def cards(self, ids: Iterable[UUID], *, redraw: bool) -> None:
        chats = await who.chats(self.work, list(dict.fromkeys(ids)))
        for chat in chats:
            verbs = card_verbs(self.work, self.case, chat)
            choices = buttons(self.case, chat.language, verbs)
            message = await wording.card(self.work, self.case, chat.language, choices, redraw=redraw)
            self._post(chat, message)

    async def _others(self, ids: Iterable[UUID]) -> list[Chat]:
        chats = await who.chats(self.work, list(dict.fromkeys(ids)))
        return [chat for chat in chats if chat.key != self.by.chat_key]

    def _say(self, chat: Chat, key: str, **facts: object) -> str:
        language = chat.language
        common = {
            "code": self.case.code,
            "summary": self.case.summary,
            "due": wording.due(self.work.rules, self.case, language),
            "left": wording.left(self.work.rules, self.case, language, self.work.today),
            "unit": self.work.rules.directory.unit(self.case.unit_id).name,
            "commune": wording.commune(self.work.rules),
        }
        return locales.words(language)(key, **(common | facts))

    def _post(self, chat: Chat, message: Message) -> None:
        self.parts += 1
        key = f"{self.case.code}:{self.case.history_length}:{self.parts}:{chat.key[:12]}"
        awake = chat.key == self.by.chat_key or self.case.urgency == URGENT
        hold = None if awake else self.work.rules.calendar.quiet_until(self.work.now)
        self.work.post(chat, message, key, hold=hold)


def buttons(case: Case, language: str, verbs: Iterable[str]) -> tuple[Choice, ...]:
    """Return the verbs as buttons that carry the case and the version they were drawn for."""
    say = locales.words(language)
    return tuple(
        Choice(
            say(f"act.{verb}"),
            f"{verb}:{case.code}:{case.version}",
            "primary" if number == 0 else "plain",
            typed=f"{say(f'typed.{verb}')} {case.code}",
        )
        for number, verb in enumerate(verbs)
    )


_OFFICER_VERBS: dict[str, tuple[str, ...]] = {
    State.RECEIVED: ("accept",),
    State.REOPENED: ("accept",),
    State.ACCEPTED: ("answer", "ask", "extend"),
    State.ASKED: ("answer",),
}


def card_verbs(work: Work, case: Case, chat: Chat) -> tuple[str, ...]:
    """Return what the card offers to this chat's person now; the server asks again at every tap."""
    mine = who.relations(work, case, Actor.of(chat))
    verbs = _OFFICER_VERBS.get(case.state, ()) if Relation.OFFICER in mine else ()
    if Relation.SUPERVISOR in mine and case.state in _OFFICER_VERBS:
        verbs += ("nudge", "reassign")
    return verbs


async def tell(work: Work, case: Case, what: Act, by: Actor, detail: Detail) -> None:
    """Tell everyone concerned what has just been done to the case, as its last line of history says."""
    teller = _TELLERS.get(what)
    if teller is not None:
        await teller(_Telling(work, case, by), detail)


# --- one teller an act ---------------------------------------------------------------------------


async def _opened(to: _Telling, detail: Detail) -> None:  # noqa: ARG001 - every teller is called alike
    await to.cards(who.workers(to.work, to.case), redraw=False)
    if to.case.urgency == URGENT and to.case.state == State.RECEIVED:
        chiefs = [*who.on_duty(to.work), *who.in_charge(to.work, to.case)]
        content = wording.shortened(to.case.story, 300)
        await to.officials(chiefs, "alert.urgent", ("show",), content=content, place=to.case.place)


async def _accepted(to: _Telling, detail: Detail) -> None:
    await to.cards(who.workers(to.work, to.case), redraw=True)
    await to.citizen("told.accepted", officer=detail["officer"])


async def _asked(to: _Telling, detail: Detail) -> None:
    await to.cards(who.workers(to.work, to.case), redraw=True)
    await to.citizen("told.question", officer=detail["officer"], question=detail["question"])


async def _replied(to: _Telling, detail: Detail) -> None:
    await to.cards(who.workers(to.work, to.case), redraw=True)
    await _pass_on(to, detail, "official.reply_came", ("answer", "ask"))


async def _supplemented(to: _Telling, detail: Detail) -> None:
    await _pass_on(to, detail, "official.supplement", ("show",))


async def _pass_on(to: _Telling, detail: Detail, key: str, verbs: tuple[str, ...]) -> None:
    say = locales.words("vi")
    files = detail.get("files", ())
    text = " ".join(
        filter(None, [detail.get("text", ""), say("official.with_files", count=len(files)) if files else ""])
    )
    await to.officials(
        who.at_level(to.work, to.case, Level.OFFICER), key, verbs, text=wording.shortened(text)
    )


async def _answered(to: _Telling, detail: Detail) -> None:
    await to.cards(who.workers(to.work, to.case), redraw=True)
    chat = await people.chat(to.work, to.case.chat_key)
    on = locales.short_day(to.work.rules.calendar.local(to.work.now).date())
    facts = {"answer": detail["answer"], "officer": detail["officer"], "day": on}
    await to.citizen("told.answer", rating_choices(to.case, chat.language), **facts)


def rating_choices(case: Case, language: str) -> tuple[Choice, ...]:
    """Return the five marks as choices; 1 is the worst, as the number typed."""
    say = locales.words(language)
    return tuple(
        Choice(say(f"rating.{mark}"), f"rate:{case.code}:{case.version}:{mark}") for mark in range(1, 6)
    )


async def _extension_asked(to: _Telling, detail: Detail) -> None:
    chiefs = who.in_charge(to.work, to.case)
    await to.officials(chiefs, "alert.extension", ("grant", "refuse"), **detail)


async def _granted(to: _Telling, detail: Detail) -> None:
    await to.officials(who.at_level(to.work, to.case, Level.OFFICER), "official.granted")
    await to.cards(who.workers(to.work, to.case), redraw=True)
    await to.citizen("told.extended", reason=detail["reason"])


async def _refused(to: _Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    await to.officials(who.at_level(to.work, to.case, Level.OFFICER), "official.refused")


async def _reassigned(to: _Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    await to.cards(who.workers(to.work, to.case), redraw=False)
    await to.citizen("told.moved")


async def _nudged(to: _Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    await to.officials(who.at_level(to.work, to.case, Level.OFFICER), "official.nudged", ("show",))


async def _rated(to: _Telling, detail: Detail) -> None:
    if to.case.officer_id is not None:
        await to.officials([to.case.officer_id], "official.rated", rating=detail["rating"])


async def _reopened(to: _Telling, detail: Detail) -> None:
    chiefs = who.in_charge(to.work, to.case)
    facts = {"count": to.case.reopened, "reason": detail["reason"]}
    await to.officials(chiefs, "alert.reopened", ("reassign", "nudge", "show"), **facts)
    await to.cards([p for p in who.workers(to.work, to.case) if p not in chiefs], redraw=False)


async def _withdrawn(to: _Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    await to.cards(who.workers(to.work, to.case), redraw=True)
    await to.officials(who.at_level(to.work, to.case, Level.OFFICER), "official.withdrawn")


async def _reminded(to: _Telling, detail: Detail) -> None:
    verbs = ("show",) if to.case.officer_id else ("accept",)
    people_ = who.at_level(to.work, to.case, Level.OFFICER)
    await to.officials(people_, f"alarm.{detail['alarm']}", verbs, n=detail["n"])


async def _escalated(to: _Telling, detail: Detail) -> None:
    officer = await name_of(to.work, to.case.officer_id)
    facts = {"n": detail["n"], "officer": officer or locales.words("vi")("alert.unassigned")}
    chiefs = who.at_level(to.work, to.case, Level(detail["level"]))
    await to.officials(chiefs, f"alert.{detail['alarm']}", ("nudge", "reassign", "show"), **facts)
    if detail["alarm"] == AlarmKind.OVERDUE:
        theirs = [p for p in who.at_level(to.work, to.case, Level.OFFICER) if p not in chiefs]
        await to.officials(theirs, "alarm.overdue", ("show",), n=detail["n"])


async def _question_again(to: _Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    await to.citizen("told.question_again", question=to.case.question)


async def _lapsed(to: _Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    await to.cards(who.workers(to.work, to.case), redraw=True)
    await to.citizen("told.lapsed")


async def _rating_invited(to: _Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    chat = await people.chat(to.work, to.case.chat_key)
    await to.citizen("told.rate_again", rating_choices(to.case, chat.language))


async def _closed(to: _Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    if to.by == who.CLOCK:
        await to.citizen("told.closed")


async def _recomputed(to: _Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    await to.cards(who.workers(to.work, to.case), redraw=True)
    await to.citizen("told.recomputed")


_TELLERS: dict[Act, Callable[[_Telling, Detail], Awaitable[None]]] = {
    Act.OPEN: _opened,
    Act.ACCEPT: _accepted,
    Act.ASK: _asked,
    Act.REPLY: _replied,
    Act.SUPPLEMENT: _supplemented,
    Act.ANSWER: _answered,
    Act.EXTEND: _extension_asked,
    Act.GRANT: _granted,
    Act.REFUSE: _refused,
    Act.REASSIGN: _reassigned,
    Act.NUDGE: _nudged,
    Act.RATE: _rated,
    Act.REOPEN: _reopened,
    Act.WITHDRAW: _withdrawn,
    Act.REMIND: _reminded,
    Act.ESCALATE: _escalated,
    Act.ASK_AGAIN: _question_again,
    Act.LAPSE: _lapsed,
    Act.INVITE_RATING: _rating_invited,
    Act.CLOSE: _closed,
    Act.RECOMPUTE: _recomputed,
}
