"""Who is told what after an act. Nobody is disturbed at night or on a day off, but for an emergency."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from uuid import UUID

import locales
from domain.alarms import AlarmKind, Level
from domain.cases import OPEN_STATES, Act, Relation, State
from domain.messages import Choice, FileRef, Message
from services import who, wording
from services.who import Actor
from storage import attachments, people
from storage.cases import Case
from storage.people import Chat, name_of
from storage.work import Work

Detail = dict[str, Any]
_EVEN_IF_MUTED = frozenset({"told.answer", "told.question", "told.question_busy"})
"""Who asked for quiet still gets the answer, and what an officer must know of them."""


class _Telling:
    """One act's messages, each keyed by the case, the history line and its part: nothing is said twice.

    The citizen's own chat hears only what a citizen hears, even where the citizen is an official too.
    """

    def __init__(self, work: Work, case: Case, by: Actor) -> None:
        self.work, self.case, self.by = work, case, by
        self.parts = 0
        self.files: tuple[FileRef, ...] = ()

    async def citizen(self, key: str, choices: tuple[Choice, ...] = (), **facts: object) -> None:
        chat = await people.chat(self.work, self.case.chat_key)
        if chat.muted and key not in _EVEN_IF_MUTED:
            return
        self._post(chat, Message(self._say(chat, key, **facts), choices))

    async def officials(
        self, ids: Iterable[UUID], key: str, verbs: tuple[str, ...] = (), **facts: object
    ) -> None:
        for chat in await self._chats(ids):
            if chat.key != self.by.chat_key:
                choices = buttons(self.case, chat.language, verbs)
                self._post(chat, Message(self._say(chat, key, **facts), choices, self.files))

    async def cards(self, ids: Iterable[UUID], *, redraw: bool) -> None:
        """Send the card, or draw it anew where it was sent. One officer has the buttons once it is taken."""
        for chat in await self._chats(ids):
            mine = self.case.officer_id in {None, chat.person_id}
            verbs = card_verbs(self.work, self.case, chat) if mine else ()
            choices = buttons(self.case, chat.language, verbs)
            whole = self.case.officer_id is not None and mine
            text = await wording.card(self.work, self.case, chat.language, whole=whole)
            self._post(chat, Message(text, choices, card=self.case.code, redraw=redraw))

    async def redraw(self) -> None:
        """Draw the card anew for everybody who may have it."""
        await self.cards(who.workers(self.work, self.case), redraw=True)

    async def _chats(self, ids: Iterable[UUID]) -> list[Chat]:
        chats = await who.chats(self.work, list(dict.fromkeys(ids)))
        return [chat for chat in chats if chat.key != self.case.chat_key]

    def _say(self, chat: Chat, key: str, **facts: object) -> str:
        language, rules = chat.language, self.work.rules
        say = locales.words(language)
        common = {
            "code": self.case.code,
            "summary": self.case.summary,
            "due": wording.due(rules, self.case, language),
            "left": wording.left(rules, self.case, language, self.work.today),
            "unit": rules.directory.unit(self.case.unit_id).name,
            "commune": wording.commune(rules),
            "officer": say("alert.unassigned"),
        }
        return say(key, **(common | {name: value for name, value in facts.items() if value != ""}))

    def _post(self, chat: Chat, message: Message) -> None:
        self.parts += 1
        key = f"{self.case.code}:{self.case.history_length}:{self.parts}:{chat.key[:12]}"
        hold = None if self._may_wake(chat) else self.work.rules.calendar.quiet_until(self.work.now)
        self.work.post(chat, message, key, hold=hold)

    def _may_wake(self, chat: Chat) -> bool:
        """Say whether this may come at night: to whoever acts now, and where it is urgent and still open."""
        running = self.by != who.CLOCK or self.case.state in OPEN_STATES
        return chat.key == self.by.chat_key or (self.case.urgency == who.URGENT and running)


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
    if case.extension is not None:
        verbs = tuple(verb for verb in verbs if verb != "extend")
    if Relation.SUPERVISOR in mine and case.state in _OFFICER_VERBS:
        if case.extension is not None and case.extension["by"] != str(chat.person_id):
            verbs = ("grant", "refuse", *verbs)
        others = any(person != chat.person_id for person in who.handling(work, case))
        verbs += ("nudge", "reassign") if others else ("reassign",)
    return verbs


async def tell(work: Work, case: Case, what: Act, by: Actor, detail: Detail) -> None:
    """Tell everyone concerned what has just been done to the case, as its last line of history says."""
    teller = _TELLERS.get(what)
    if teller is not None:
        await teller(_Telling(work, case, by), detail)


# --- one teller an act ---------------------------------------------------------------------------


async def _opened(to: _Telling, detail: Detail) -> None:  # noqa: ARG001 - every teller is called alike
    workers = who.workers(to.work, to.case)
    await to.cards(workers, redraw=False)
    if to.case.urgency == who.URGENT:
        others = [p for p in who.handling(to.work, to.case) if p not in workers]
        content = wording.shortened(to.case.story, 300)
        await to.officials(others, "alert.urgent", ("show",), content=content, place=to.case.place)


async def _accepted(to: _Telling, detail: Detail) -> None:
    await to.redraw()
    urgent = to.case.urgency == who.URGENT
    await to.citizen("told.accepted_urgent" if urgent else "told.accepted", officer=detail["officer"])


async def _asked(to: _Telling, detail: Detail) -> None:
    """Ask the citizen. Where a question of another conversation is open, this one has a button of its own."""
    await to.redraw()
    chat = await people.chat(to.work, to.case.chat_key)
    facts = {"officer": detail["officer"], "question": detail["question"]}
    if chat.busy:
        await to.citizen("told.question_busy", buttons(to.case, chat.language, ("reply",)), **facts)
    else:
        await to.citizen("told.question", **facts)
        chat.menu = []  # a number now is part of the answer, not of an earlier menu


async def _replied(to: _Telling, detail: Detail) -> None:
    await to.redraw()
    await _pass_on(to, detail, "official.reply_came", ("answer", "ask"))


async def _supplemented(to: _Telling, detail: Detail) -> None:
    await _pass_on(to, detail, "official.supplement", ("show",))


async def _pass_on(to: _Telling, detail: Detail, key: str, verbs: tuple[str, ...]) -> None:
    text, count = wording.shortened(detail.get("text", "")), len(detail.get("files", ()))
    if count:
        key += "_files" if text else "_only_files"
        # Who has not taken the case sees that there are files, and gets them with the case.
        to.files = await attachments.of_case(to.work, to.case, detail["files"]) if to.case.officer_id else ()
    await to.officials(who.handling(to.work, to.case), key, verbs, text=text, count=count)


async def _answered(to: _Telling, detail: Detail) -> None:
    await to.redraw()
    chat = await people.chat(to.work, to.case.chat_key)
    on = locales.short_day(to.work.rules.calendar.local(to.work.now).date())
    facts = {"answer": detail["answer"], "officer": detail["officer"], "day": on}
    await to.citizen("told.answer", rating_choices(to.case, chat.language), **facts)


def rating_choices(case: Case, language: str) -> tuple[Choice, ...]:
    """Return the five marks as choices; 1 is the worst, as the number typed."""
    say = locales.words(language)
    return tuple(
        Choice(
            say(f"rating.{mark}"),
            f"rate:{case.code}:{case.version}:{mark}",
            typed=f"{say('typed.rate')} {case.code} {mark}",
        )
        for mark in range(1, 6)
    )


async def _extension_asked(to: _Telling, detail: Detail) -> None:
    await to.redraw()
    chiefs = who.deciders(to.work, to.case, to.by.person_id)
    await to.officials(chiefs, "alert.extension", ("grant", "refuse"), **detail)


async def _granted(to: _Telling, detail: Detail) -> None:
    await to.redraw()
    await to.officials(_concerned(to, detail), "official.granted")
    await to.citizen("told.extended", reason=detail["reason"])


async def _refused(to: _Telling, detail: Detail) -> None:
    await to.redraw()
    await to.officials(_concerned(to, detail), "official.refused")


def _concerned(to: _Telling, detail: Detail) -> list[UUID]:
    """Return who has the case, and who asked for more time if that is somebody else."""
    return [*who.handling(to.work, to.case), UUID(detail["asked_by"])]


async def _reassigned(to: _Telling, detail: Detail) -> None:
    await to.cards(who.workers(to.work, to.case), redraw=False)
    if detail["from"]:
        await to.officials([UUID(detail["from"])], "official.moved_away")
    await to.citizen("told.moved")


async def _nudged(to: _Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    await to.officials(who.handling(to.work, to.case), "official.nudged", ("show",))


async def _rated(to: _Telling, detail: Detail) -> None:
    if to.case.officer_id is not None:
        await to.officials([to.case.officer_id], "official.rated", rating=detail["rating"])


async def _reopened(to: _Telling, detail: Detail) -> None:
    """Tell the chiefs, who decide who goes on, and the unit; a card drawn anew would make no sound."""
    await to.redraw()
    chiefs = who.in_charge(to.work, to.case)
    facts = {"count": to.case.reopened, "reason": detail["reason"]}
    await to.officials(chiefs, "alert.reopened", ("reassign", "nudge", "show"), **facts)
    others = [p for p in who.workers(to.work, to.case) if p not in chiefs]
    await to.officials(others, "alert.reopened", ("accept", "show"), **facts)


async def _withdrawn(to: _Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    await to.redraw()
    await to.officials(who.handling(to.work, to.case), "official.withdrawn")


async def _reminded(to: _Telling, detail: Detail) -> None:
    verbs = ("show",) if to.case.officer_id else ("accept",)
    await to.officials(who.handling(to.work, to.case), f"alarm.{detail['alarm']}", verbs, n=detail["n"])


async def _escalated(to: _Telling, detail: Detail) -> None:
    facts = {"n": detail["n"], "officer": await name_of(to.work, to.case.officer_id)}
    chiefs = who.at_level(to.work, to.case, Level(detail["level"]))
    await to.officials(chiefs, f"alert.{detail['alarm']}", ("nudge", "reassign", "show"), **facts)
    if detail["alarm"] == AlarmKind.OVERDUE:
        theirs = [p for p in who.handling(to.work, to.case) if p not in chiefs]
        await to.officials(theirs, "alarm.overdue", ("show",), n=detail["n"])


async def _question_again(to: _Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    await to.citizen("told.question_again", question=to.case.question)


async def _lapsed(to: _Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    await to.redraw()
    await to.officials(who.handling(to.work, to.case), "official.lapsed", ("show",))
    await to.citizen("told.lapsed")


async def _rating_invited(to: _Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    chat = await people.chat(to.work, to.case.chat_key)
    await to.citizen("told.rate_again", rating_choices(to.case, chat.language))


async def _closed(to: _Telling, detail: Detail) -> None:
    """Say that the case is closed if time did it; what the citizen wrote about it reaches the officer."""
    await to.redraw()
    if to.by == who.CLOCK and to.case.answered_at is not None:
        until = to.case.answered_at + to.work.rules.patience.reopen_within
        day = locales.short_day(to.work.rules.calendar.local(until).date())
        await to.citizen("told.closed", until=day)
    elif detail.get("reason"):
        await to.officials(who.handling(to.work, to.case), "official.noted", text=detail["reason"])


async def _recomputed(to: _Telling, detail: Detail) -> None:  # noqa: ARG001 - as above
    await to.redraw()
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
