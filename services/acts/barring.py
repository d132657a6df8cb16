"""Barring a sender: for some days, for a reason, on record. What always passes: `handlers.door.barred`."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import locales
from domain.cases import ANY_STATE, Act, Relation
from services.saying.telling import Telling
from services.standing import parties
from services.standing.kinds import ActKind, Button, Deed, Intent, Request
from services.standing.refusals import CannotBar, NotBarred
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import people
from storage.people.people import Chat, name_of


@dataclass(frozen=True, slots=True)
class Bar(Request):
    """For how many days, and why."""

    days: int
    reason: str


async def reached(work: Work, case: Case) -> Chat:
    """Return the chat a case came from. Raises CannotBar if no channel reaches it, or it is an official's."""
    chat = await people.chat(work, case.chat_key)
    if chat.account in {people.SEALED, people.COUNTER} or parties.is_official(work, chat):
        raise CannotBar(Act.BAR)
    return chat


def last_day(work: Work, chat: Chat) -> date | None:
    """Return the last day on which the chat's person is barred, None where they are not (any more)."""
    until = work.chats.get(chat.own, chat).barred_until
    if until is None or until <= work.now:
        return None
    return work.rules.calendar.local(until).date() - timedelta(days=1)


def _open_sender(intent: Intent) -> None:
    """Never bar a sender who is nobody here, nor one whose case is kept close: it may accuse somebody."""
    case, chat = intent.case, intent.work.chats.get(intent.case.chat_key)
    unreachable = chat is not None and chat.account in {people.SEALED, people.COUNTER}
    if case.sealed or case.confidential or unreachable:
        raise CannotBar(Act.BAR)


def _is_barred(intent: Intent) -> None:
    chat = intent.work.chats.get(intent.case.chat_key)
    if chat is not None and (chat.barred_until is None or chat.barred_until <= intent.work.now):
        raise NotBarred(Act.UNBAR)


async def _bar(deed: Deed[Bar]) -> None:
    """Bar the sender to the end of a day."""
    work = deed.work
    chat = await reached(work, deed.case)
    last = work.today + timedelta(days=deed.request.days)
    chat.barred_until = work.rules.calendar.at(last + timedelta(days=1), time(0))
    deed.facts.update(until=last.isoformat(), officer=await name_of(work, deed.by.person_id))


async def _unbar(deed: Deed[Any]) -> None:
    chat = await people.chat(deed.work, deed.case.chat_key)
    if last_day(deed.work, chat) is None:
        raise NotBarred(Act.UNBAR)
    chat.barred_until = None
    deed.facts["officer"] = await name_of(deed.work, deed.by.person_id)


async def _barred(to: Telling) -> None:
    until = locales.short_day(date.fromisoformat(to.facts["until"]))
    facts = {"officer": to.facts["officer"], "reason": to.facts["reason"], "until": until}
    await to.officials(parties.named_heads(to.work, to.case), "alert.barred", ("unbar",), **facts)


async def _unbarred(to: Telling) -> None:
    heads = parties.named_heads(to.work, to.case)
    await to.officials(heads, "alert.unbarred", officer=to.facts["officer"])


ACTS = (
    ActKind(
        act=Act.BAR,
        takes=Bar,
        by={Relation.SUPERVISOR},
        states=ANY_STATE,
        guard=_open_sender,
        change=_bar,
        news=_barred,
        quiet=True,
        button=Button(verb="bar", place=150),
    ),
    ActKind(
        act=Act.UNBAR,
        by={Relation.SUPERVISOR},
        states=ANY_STATE,
        guard=_is_barred,
        change=_unbar,
        news=_unbarred,
        quiet=True,
    ),
)
