"""What could not be delivered: news of a case goes another way, at last by a call; who is gone is told of.

All of it belongs to the transaction that records the failure, under keys made from what failed: a crash in
between says nothing twice and loses nothing.
"""

from dataclasses import replace
from hashlib import sha256
from uuid import UUID

import locales
from domain.messages import Message
from domain.people import Role
from services.saying import calling, ways
from services.saying.cards import buttons
from services.standing import homes, parties, reckoning
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.mail.outbox import Delivery
from storage.people import people
from storage.people.people import Chat

_TRIED = ">"
"""Stands in a key before each chat that did not take the message."""
_LONGEST = 40
"""Letters that the key of the news itself takes at most: with all chats it must fit into the outbox's key."""
_MOST_WAYS = 6
"""After so many chats that did not take it, somebody calls."""


async def pass_on(work: Work, lost: Delivery, *, gone: bool) -> bool:
    """Say what a chat could not be told in the next one of its person, else have somebody call them.

    `gone`: this chat takes nothing any more, which others are told too. Returns whether it is said otherwise.
    """
    chat = await people.chat(work, lost.lane)
    said = lost.message
    case = await stored.look_at(work, said.case) if said.case and not (said.card or said.redraw) else None
    if case is not None and lost.account == work.page.by_number:  # the number is whose case it is
        chat, gone = await people.chat(work, case.chat_key), False
    passed = (
        case is not None
        and (chat.person_id is None or chat.own == case.chat_key)
        and await _another_way(work, chat, case, lost, gone=gone)
    )
    if gone:
        await tell_of(work, chat, but=case if passed else None)
    return passed


async def _another_way(work: Work, chat: Chat, case: Case, lost: Delivery, *, gone: bool) -> bool:
    """Post it where it was not tried yet: to their number, in their next chat; at last have them called.

    Who blocked the desk is not written to by number.
    """
    news, *before = lost.key.split(_TRIED)
    news = news if len(news) <= _LONGEST else sha256(news.encode()).hexdigest()[:_LONGEST]
    tried = [*before, lost.lane[:12]]
    numbers = [] if gone else await ways.by_number(work, chat, case, lost.message.notice)
    others = [*numbers, *ways.taking(work, chat, lost.message.notice)]
    untried = [one for one in others if one.key[:12] not in tried]
    if untried and len(tried) <= _MOST_WAYS:
        work.post(untried[0], replace(lost.message, numbered=False), _TRIED.join([news, *tried]))
        return True
    if chat.own != case.chat_key or lost.message.notice in calling.ONLY_WRITTEN:
        return False
    callers = await calling.callers(work, case)
    for caller in callers:
        call = calling.asked(work, case, caller, lost.message.text)
        _notify(work, caller, call, f"{news}{_TRIED}call:{caller.key[:12]}", case)
    return bool(callers)


async def leave(work: Work, chat: Chat) -> None:
    """Note that somebody lets the desk write to them no more, and tell whom that concerns."""
    chat.blocked_at = work.now
    await _look_who_goes(work, chat)
    await tell_of(work, chat)


async def _look_who_goes(work: Work, chat: Chat) -> None:
    """Let the clock look at once at the dangers this person said they go to: they may go nowhere now."""
    found = await stored.open_close(work) if chat.person_id is not None else []
    for case in found:
        if str(chat.person_id) in case.going:
            work.wind(reckoning.KIND, str(case.id), work.now)


async def tell_of(work: Work, chat: Chat, *, but: Case | None = None) -> None:
    """Tell who has the open cases of a citizen that no channel reaches; of an official, who can help.

    Nothing is said of one who is reached another way, nor of the case `but`, and all of it once a day.
    """
    if chat.person_id is not None:
        await _tell_of_official(work, chat.person_id)
    if any(one.blocked_at is None and one is not chat for one in people.ways(work, chat)):
        return
    for case in await stored.open_of(work, chat.own):
        if but is None or case.id != but.id:
            for other in await calling.callers(work, case):
                say = locales.words(other.language)
                text = say("official.citizen_gone", code=case.code)
                key = f"gone:{case.code}:{work.today}:{other.key[:12]}"
                _notify(work, other, Message(text, buttons(case, other.language, ("show",))), key, case)


async def _tell_of_official(work: Work, person_id: UUID) -> None:
    """Tell the chiefs of their units, and the admins, that somebody's messages do not arrive."""
    directory, day = work.desk.directory, work.today
    units = [holding.unit_id for holding in directory.held_by(person_id, day)]
    others = [chief for unit in units for chief in directory.holders(unit, parties.IN_CHARGE, day)]
    for unit in units:
        others += directory.part(directory.unit(unit).area).nearest(Role.ADMIN, day)
    if any(one.blocked_at is None for one in await parties.chats(work, [person_id])):
        return
    name = await people.name_of(work, person_id)
    for chat in await parties.chats(work, [one for one in dict.fromkeys(others) if one != person_id]):
        text = locales.words(chat.language)("official.colleague_gone", name=name)
        _notify(work, chat, Message(text), f"unreached:{person_id.hex}:{day}:{chat.key[:12]}")


def _notify(work: Work, chat: Chat, message: Message, key: str, case: Case | None = None) -> None:
    """Post what officials need not be woken for; unnumbered, so that nothing of their chat's row changes."""
    urgent = case is not None and case.urgency == parties.URGENT
    hold = None if urgent else homes.quiet_until(work, chat)
    code = case.code if case is not None else ""
    work.post(chat, replace(message, case=code, numbered=False), key, hold=hold)
