"""Barring a sender: for some days, for a reason, on record. See `handlers.barred` for what always passes."""

from collections.abc import Awaitable, Callable
from datetime import date, time, timedelta

import locales
from domain.cases import Act
from services import who
from services.refusals import CannotBar, NotBarred
from services.telling import Detail, Telling
from services.who import Actor
from storage import people
from storage.cases import Case
from storage.people import Chat, name_of
from storage.work import Work


async def reached(work: Work, case: Case) -> Chat:
    """Return the chat a case came from. Raises CannotBar if no channel reaches it, or it is an official's."""
    chat = await people.chat(work, case.chat_key)
    if chat.account in {people.SEALED, people.COUNTER} or who.is_official(work, chat):
        raise CannotBar(Act.BAR)
    return chat


def last_day(work: Work, chat: Chat) -> date | None:
    """Return the last day on which the chat's person is barred, None where they are not (any more)."""
    until = work.chats.get(chat.own, chat).barred_until
    if until is None or until <= work.now:
        return None
    return work.rules.calendar.local(until).date() - timedelta(days=1)


async def _bar(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    """Bar the sender to the end of a day."""
    chat = await reached(work, case)
    last = work.today + timedelta(days=detail["days"])
    chat.barred_until = work.rules.calendar.at(last + timedelta(days=1), time(0))
    detail |= {"until": last.isoformat(), "officer": await name_of(work, by.person_id)}


async def _unbar(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    chat = await people.chat(work, case.chat_key)
    if last_day(work, chat) is None:
        raise NotBarred(Act.UNBAR)
    chat.barred_until = None
    detail["officer"] = await name_of(work, by.person_id)


async def _barred(to: Telling, detail: Detail) -> None:
    until = locales.short_day(date.fromisoformat(detail["until"]))
    facts = {"officer": detail["officer"], "reason": detail["reason"], "until": until}
    await to.officials(who.named_heads(to.work, to.case), "alert.barred", ("unbar",), **facts)


async def _unbarred(to: Telling, detail: Detail) -> None:
    heads = who.named_heads(to.work, to.case)
    await to.officials(heads, "alert.unbarred", officer=detail["officer"])


EFFECTS: dict[Act, Callable[[Work, Case, Actor, Detail], Awaitable[None]]] = {
    Act.BAR: _bar,
    Act.UNBAR: _unbar,
}
TELLERS: dict[Act, Callable[[Telling, Detail], Awaitable[None]]] = {
    Act.BAR: _barred,
    Act.UNBAR: _unbarred,
}
