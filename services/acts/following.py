"""Several people, one trouble: who has it too follows the case that is open already, and hears of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import locales
from domain import numbers
from domain.cases import ANY_STATE, OPEN_STATES, Act, NotNow, Relation, State
from services.saying import ringing
from services.saying.telling import Telling
from services.standing import parties, senders
from services.standing.kinds import ActKind, Deed, Intent, Request
from services.standing.refusals import Follows
from storage.cases import cases as stored
from storage.people import people


@dataclass(frozen=True, slots=True)
class Follow(Request):
    """What is told of the same trouble; `relative`: of who brought it, not one more who has it."""

    text: str = ""
    files: Sequence[str] = ()
    relative: bool = False


def _not_yet(intent: Intent) -> None:
    """Let nobody follow twice."""
    if intent.by.own in stored.followers(intent.work, intent.case):
        raise Follows(Act.FOLLOW)


async def _follow(deed: Deed[Follow]) -> State | None:
    """Follow; an official of the sender's own people has nothing more to do with settling it."""
    work, case, by = deed.work, deed.case, deed.by
    if by.own is None:
        raise NotNow(Act.FOLLOW)
    await stored.follow(work, case, by.own, relative=deed.request.relative)
    await stored.attach(work, case, deed.request.files, by.chat_key or "")
    deed.facts["count"] = case.followers
    # Of whom words have closed it: for them it was handed on, and is nothing more.
    closed = case.confidential or parties.is_outside(work, case, by)
    if closed or not deed.request.relative or by.person_id is None:
        return None
    return senders.add(work, case, [str(by.person_id)])


async def _unfollow(deed: Deed[Any]) -> None:
    if deed.by.own is None:
        raise NotNow(Act.UNFOLLOW)
    await stored.unfollow(deed.work, deed.case, deed.by.own)
    deed.facts["count"] = deed.case.followers


async def _counted(to: Telling) -> None:
    """Draw the card anew with how many they are: nobody's telephone rings for it.

    A relative of who brought the case is not one more who has the trouble.
    """
    if not to.facts.get("relative"):
        await to.redraw()
    elif to.case.officer_id is None and parties.is_senders(to.case, to.by.person_id):
        await to.cards(parties.workers(to.work, to.case), redraw=False)


ACTS = (
    ActKind(
        act=Act.FOLLOW,
        takes=Follow,
        by={Relation.ANYBODY, Relation.LEFT},
        states=OPEN_STATES,
        guard=_not_yet,
        change=_follow,
        news=_counted,
        quiet=True,
        speaks=True,
    ),
    ActKind(
        act=Act.UNFOLLOW,
        by={Relation.FOLLOWER},
        states=ANY_STATE,
        change=_unfollow,
        news=_counted,
        quiet=True,
    ),
)

# --- what followers hear -------------------------------------------------------------------------


async def told(to: Telling, kind: ActKind[Any]) -> None:
    """Tell those who follow what has become of the case, and nothing of who brought it."""
    key = kind.heard if isinstance(kind.heard, str) else kind.heard(to)
    if not key or not stored.followers(to.work, to.case):
        return
    await people.load_chats(to.work, stored.followers(to.work, to.case))
    on = locales.short_day(to.work.rules.calendar.local(to.work.now).date())
    facts = {
        "day": on,
        "answer": numbers.mask(to.case.answer or ""),
        "reason": numbers.mask(str(to.facts.get("reason", ""))),
        "officer": to.facts.get("officer", ""),
        "by": to.facts.get("unit", ""),
        "calls": ringing.numbers(to.work, to.case),
    }
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
