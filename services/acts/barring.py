"""Barring a sender: for some days, for a reason, on record, where whoever bars is in charge.

What always passes: `handlers.door.barred`.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import locales
from domain.cases import ANY_STATE, Act, Relation
from services.saying.telling import Telling
from services.standing import parties
from services.standing.kinds import ActKind, Button, Deed, Intent, Request
from services.standing.reach import leads_in
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


def last_day(work: Work, chat: Chat, area: str | None = None) -> date | None:
    """Return the last day on which the chat's person is barred in an area, None where they are not.

    A bar of the province holds in all its communes, one of a commune there alone; what is asked of is by
    default where it is handled now.
    """
    directory = work.desk.directory
    if not directory.areas:
        return None
    there = area or work.rules.directory.home.code
    days = (day for code, day in _in_force(work, chat).items() if _holds(work, code, there))
    return max(days, default=None)


def _holds(work: Work, code: str, area: str) -> bool:
    """Say whether a bar of one area holds in another: below it, and where its commune was merged into one."""
    directory = work.desk.directory
    now = directory.commune_of(code)
    return (now.code if now is not None else code) in directory.lineage(area)


def is_barred(work: Work, chat: Chat) -> bool:
    """Say whether the chat's person is barred anywhere."""
    return bool(_in_force(work, chat))


def may_lift(work: Work, case: Case, chat: Chat, person_id: UUID | None) -> list[str]:
    """Return the areas whose bars of a case's sender somebody may lift: theirs, and of what lies below."""
    directory, leads = work.desk.directory, leads_in(work, person_id)
    there = [code for code in _in_force(work, chat) if _holds(work, code, case.area)]
    return [code for code in there if any(directory.lies_in(seat, code) for seat in leads)]


def _in_force(work: Work, chat: Chat) -> dict[str, date]:
    bars = work.chats.get(chat.own, chat).bars or {}
    days = {code: date.fromisoformat(last) for code, last in bars.items()}
    return {code: day for code, day in days.items() if day >= work.today}


def _set_by(work: Work, case: Case, person_id: UUID | None) -> str:
    """Return where a bar holds that somebody sets: in their commune, or in all that is theirs above."""
    directory, leads = work.desk.directory, leads_in(work, person_id)
    if not directory.is_wide:
        return directory.home.code
    lineage = directory.lineage(case.area)
    return next((code for code in lineage if code in leads), directory.seat(case.unit_id) or lineage[0])


def _open_sender(intent: Intent) -> None:
    """Never bar a sender who is nobody here, nor one whose case is kept close: it may accuse somebody."""
    case, chat = intent.case, intent.work.chats.get(intent.case.chat_key)
    unreachable = chat is not None and chat.account in {people.SEALED, people.COUNTER}
    if case.sealed or case.confidential or unreachable:
        raise CannotBar(Act.BAR)


def _is_barred(intent: Intent) -> None:
    chat = intent.work.chats.get(intent.case.chat_key)
    if chat is not None and not may_lift(intent.work, intent.case, chat, intent.by.person_id):
        raise NotBarred(Act.UNBAR)


async def _bar(deed: Deed[Bar]) -> None:
    """Bar the sender to the end of a day."""
    work = deed.work
    chat = await reached(work, deed.case)
    last = work.today + timedelta(days=deed.request.days)
    where = _set_by(work, deed.case, deed.by.person_id)
    chat.bars = {**(chat.bars or {}), where: last.isoformat()}
    deed.facts.update(until=last.isoformat(), officer=await name_of(work, deed.by.person_id))


async def _unbar(deed: Deed[Any]) -> None:
    chat = await people.chat(deed.work, deed.case.chat_key)
    lifted = may_lift(deed.work, deed.case, chat, deed.by.person_id)
    if not lifted:
        raise NotBarred(Act.UNBAR)
    chat.bars = {code: last for code, last in chat.bars.items() if code not in lifted}
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
