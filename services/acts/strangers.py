"""Somebody asks for a case from a chat that is not its own: the number that was left tells who they are."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from domain.cases import ANY_STATE, Act, NotAllowed, Relation
from services.saying.telling import Telling
from services.standing import parties
from services.standing.kinds import NEVER, ActKind, Deed, Intent, Request
from services.standing.refusals import TooManyTries, WholeNumber
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import attempts
from storage.people.people import Chat, at_counter

LAST = 4
"""Digits of a number that are asked for."""
_WHOLE = 9
"""Digits of a number without what stands before it here or abroad (0, +84)."""
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def may_prove(case: Case, chat: Chat, *, left: bool = False) -> bool:
    """Say whether a number can open this case to this chat: never one that is kept close.

    `left`: words closed it, and it looks like one that was handed on; it opens only as far as it came until
    then. Nor can an official take what came to the counter: whoever entered it there knows the number too.
    """
    if is_unclaimed(case) and chat.person_id is not None:
        return False
    closed = case.sealed or (case.confidential and not left)
    return bool(case.contact) and not closed and case.chat_key != chat.own


async def knows_number(work: Work, chat: Chat, case: Case, digits: str, *, left: bool = False) -> bool:
    """Say whether these are the last digits of the number that was left; a wrong try is counted.

    Raises TooManyTries for this chat, whether they would be right or not. After as many wrong tries at this
    case, by whomever, the whole number is asked for: nobody who knows it is kept out. Raises WholeNumber.
    """
    allowed, own, at_case = work.rules.secrecy, f"number:{chat.key}", f"number:{case.code}"
    if await attempts.within(work, own, _HOUR) >= allowed.tries:
        raise TooManyTries(own)
    told = digits
    if await attempts.within(work, at_case, _DAY) < allowed.number_tries_a_day:
        told = digits[-LAST:]
    elif len(digits) < _WHOLE:
        raise WholeNumber(at_case)
    if may_prove(case, chat, left=left) and _ends_with(case, told[-_WHOLE:]):
        return True
    await attempts.record(work, own, at_case)
    return False


def _ends_with(case: Case, digits: str) -> bool:
    number = "".join(sign for sign in case.contact or "" if sign.isdecimal())
    return len(digits) >= LAST and number.endswith(digits)


def is_unclaimed(case: Case) -> bool:
    """Say whether the case is of somebody who came or called, and has no chat of their own yet."""
    return at_counter(case.chat_key)


@dataclass(frozen=True, slots=True)
class Claim(Request):
    """The last digits of the case's number; they do not stay."""

    digits: str = field(default="", metadata=NEVER)


def _unclaimed(intent: Intent) -> None:
    by = intent.by
    if not is_unclaimed(intent.case) or by.chat_key is None or by.person_id is not None:
        raise NotAllowed(Act.CLAIM)


async def _claim(deed: Deed[Claim]) -> None:
    """Let the case be this chat's."""
    if deed.by.own is None or not _ends_with(deed.case, deed.request.digits[-LAST:]):
        raise NotAllowed(Act.CLAIM)
    await deed.work.session.flush()  # the chat may be as new as this message, and is written before its case
    deed.case.chat_key = deed.by.own


async def _claimed(to: Telling) -> None:
    """Tell whoever has it that they need not call any more, who entered it and the chief that it was taken.

    Whoever has the case read its number, and may be who takes it, in a chat of their own.
    """
    await to.redraw()
    handling = parties.handling(to.work, to.case)
    await to.officials(handling, "official.claimed")
    others = [*await clerks(to.work, to.case), *parties.in_charge(to.work, to.case)]
    await to.officials([one for one in others if one not in handling], "alert.claimed", ("show",))


async def clerks(work: Work, case: Case) -> list[UUID]:
    """Return who entered a case at the counter, as far as its history tells."""
    lines = await stored.history(work, case)
    return [UUID(by) for line in lines[:1] if (by := line.detail.get("entered_by"))]


async def was_claimed(work: Work, case: Case) -> bool:
    """Say whether a chat took the case over that was entered at the counter."""
    return any(line.act == Act.CLAIM for line in await stored.history(work, case))


ACTS = (
    ActKind(
        act=Act.CLAIM,
        takes=Claim,
        by={Relation.ANYBODY},
        states=ANY_STATE,
        guard=_unclaimed,
        change=_claim,
        news=_claimed,
        quiet=True,
    ),
)
