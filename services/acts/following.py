"""Several people, one trouble: who has it too follows the case that is open already, and hears of it."""

from collections.abc import Mapping
from typing import Any

import locales
from domain import numbers
from domain.cases import OPEN_STATES, Act, NotNow, State
from services import ringing, senders, who
from services.refusals import Follows
from services.telling import Detail, Telling
from services.who import Actor
from storage import cases as stored
from storage import people
from storage.cases import Case
from storage.work import Work


def _not_yet(work: Work, case: Case, by: Actor) -> None:
    """Let nobody follow twice."""
    if by.own in stored.followers(work, case):
        raise Follows(Act.FOLLOW)


async def _follow(work: Work, case: Case, by: Actor, detail: Detail) -> State | None:
    """Follow; an official of the sender's own people has nothing more to do with settling it."""
    if by.own is None:
        raise NotNow(Act.FOLLOW)
    await stored.follow(work, case, by.own, relative=bool(detail.get("relative")))
    await stored.attach(work, case, detail.get("files", ()), by.chat_key or "")
    detail["count"] = case.followers
    closed = case.confidential or who.is_outside(
        work, case, by
    )  # for them it was handed on, and is nothing more
    if closed or not detail.get("relative") or by.person_id is None:
        return None
    return senders.add(work, case, [str(by.person_id)])


async def _unfollow(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    if by.own is None:
        raise NotNow(Act.UNFOLLOW)
    await stored.unfollow(work, case, by.own)
    detail["count"] = case.followers


async def _counted(to: Telling, detail: Detail) -> None:
    """Draw the card anew with how many they are: nobody's telephone rings for it.

    A relative of who brought the case is not one more who has the trouble.
    """
    if not detail.get("relative"):
        await to.redraw()
    elif to.case.officer_id is None and who.is_senders(to.case, to.by.person_id):
        await to.cards(who.workers(to.work, to.case), redraw=False)


GUARDS = {Act.FOLLOW: _not_yet}
EFFECTS = {Act.FOLLOW: _follow, Act.UNFOLLOW: _unfollow}
TELLERS = {Act.FOLLOW: _counted, Act.UNFOLLOW: _counted}

# --- what followers hear -------------------------------------------------------------------------

_HEARD: Mapping[Act, str] = {
    Act.GRANT: "followed.extended",
    Act.LENGTHEN: "followed.extended",
    Act.REASSIGN: "followed.moved",
    Act.TRANSFER: "followed.moved",
    Act.RECOMPUTE: "followed.recomputed",
    Act.ANSWER: "followed.answer",
    Act.RELEASE: "followed.answer",
    Act.REOPEN: "followed.reopened",
    Act.RESUME: "followed.reopened",
    Act.WITHDRAW: "followed.withdrawn",
    Act.CLOSE: "followed.closed",
    Act.ALL_CLEAR: "followed.all_clear",
    Act.CALM: "followed.calm",
}
_TAKEN = frozenset({Act.ACCEPT, Act.ASSIGN, Act.TAKE_OVER})
"""Acts by which somebody has an alarm: whoever saw it too waits for that as its sender does."""


async def told(to: Telling, what: Act, detail: Mapping[str, Any]) -> None:
    """Tell those who follow what has become of the case, and nothing of who brought it."""
    urgent = to.case.urgency in to.work.rules.ringing
    key = "followed.taken" if urgent and what in _TAKEN else _HEARD.get(what)
    if key is None or not stored.followers(to.work, to.case):
        return
    await people.load_chats(to.work, stored.followers(to.work, to.case))
    on = locales.short_day(to.work.rules.calendar.local(to.work.now).date())
    facts = {"day": on, "answer": numbers.mask(to.case.answer or ""), "reason": detail.get("reason", "")}
    facts |= {
        "officer": detail.get("officer", ""),
        "by": detail.get("unit", ""),
        "calls": ringing.numbers(to.work, to.case),
    }
    quiet = what is Act.CLOSE and to.by != who.CLOCK  # closed by a mark: the answer has been heard
    if not quiet:
        await to.followers(key, **facts)


async def part(to: Telling, *, all_: bool) -> None:
    """Tell those who follow a case that words have just closed what they hear of any that is handed on.

    It is the last they hear: an answer to what was said now would tell it to whom it speaks of. Not `all_`:
    it stays where it is, and open to others than those who are outside now.
    """
    if to.before is None or to.case.state not in OPEN_STATES:
        return
    await people.load_chats(to.work, stored.followers(to.work, to.case))
    await to.followers("followed.moved", only_shut=not all_)
