"""After the answer: it is read, marked, found wanting or right, and the case is closed or reopened."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

import locales
from domain.cases import DONE, Act, NotNow, Relation, State
from services.saying import arrival, ringing, wording
from services.saying.cards import rating_choices
from services.saying.telling import Telling
from services.standing import parties
from services.standing.kinds import ALWAYS, ActKind, Deed, Intent, Request
from services.standing.reckoning import reckon
from services.standing.refusals import TooLate
from storage.cases import cases as stored

# --- read and marked ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rate(Request):
    """The mark, 1 (worst) to 5."""

    rating: int


async def _look(deed: Deed[Any]) -> None:
    """Let an answer that is held until the morning be read now: from here on it counts as told."""
    deed.case.told_at = deed.work.now


def _is_read(intent: Intent) -> None:
    """Let nobody rate what they could not read yet."""
    if not arrival.is_there(intent.work, intent.case):
        raise NotNow(Act.RATE)


async def _rate(deed: Deed[Rate]) -> None:
    deed.case.rating = deed.request.rating


async def _rated(to: Telling) -> None:
    if to.case.officer_id is not None:
        await to.officials([to.case.officer_id], "official.rated", rating=to.facts["rating"])


async def _rating_invited(to: Telling) -> None:
    chat = await to.hears("told.rate_again")
    await to.citizen("told.rate_again", rating_choices(to.case, chat.language))


# --- closed -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Close(Request):
    """What the citizen remarks; nothing where a good mark or time closes the case."""

    reason: str = ""
    files: Sequence[str] = ()


async def _close(deed: Deed[Close]) -> None:
    await stored.attach(deed.work, deed.case, deed.request.files, deed.by.chat_key or "")


async def _closed(to: Telling) -> None:
    """Say that the case is closed if time did it; what the citizen wrote about it reaches the officer."""
    await to.redraw()
    read_at, rules = to.case.told_at or to.case.answered_at, to.work.rules
    if to.by == parties.CLOCK and read_at is not None:
        until = read_at + rules.patience.reopen_within
        day = locales.short_day(rules.calendar.local(until).date())
        await to.citizen("told.closed", until=day)
    elif to.facts.get("reason"):
        text = wording.said_later(rules, to.case, to.facts["reason"])
        await to.officials(parties.handling(to.work, to.case), "official.noted", text=text)


def _followers_hear(to: Telling) -> str:
    """Return nothing where a mark closed it: they have heard the answer."""
    return "followed.closed" if to.by == parties.CLOCK else ""


# --- reopened -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reopen(Request):
    """Why the answer was none."""

    reason: str
    files: Sequence[str] = field(default=(), metadata=ALWAYS)


def _in_time(intent: Intent) -> None:
    """Let a case be reopened for so many days after its answer, or after we asked whether that held."""
    work, case = intent.work, intent.case
    since = max(filter(None, (case.answered_at, case.told_at, case.checked_at)), default=None)
    if since is None or work.now - since > work.rules.patience.reopen_within:
        raise TooLate(Act.REOPEN)


async def _reopen(deed: Deed[Reopen]) -> None:
    """Start the clock anew with half the term; the code stays, and the chiefs decide who goes on."""
    work, case = deed.work, deed.case
    duration = work.rules.terms[case.term].duration
    case.reopened += 1
    case.clock_from = case.handed_at = work.now
    case.term_days = ceil(duration / 2) if duration else None
    case.extended_days, case.pauses = 0, []
    case.officer_id = case.declined = case.checked_at = None
    await stored.attach(work, case, deed.request.files, deed.by.chat_key or "")
    reckon(work, case)


async def _reopened(to: Telling) -> None:
    """Tell the chiefs, who decide who goes on, and the unit; a card drawn anew would make no sound."""
    await to.redraw()
    chiefs = parties.in_charge(to.work, to.case)
    reason = wording.said_later(to.work.rules, to.case, to.facts["reason"])
    facts = {"count": to.case.reopened, "reason": reason}
    await to.officials(chiefs, "alert.reopened", ("reassign", "nudge", "show"), **facts)
    others = [p for p in parties.workers(to.work, to.case) if p not in chiefs]
    await to.officials(others, "alert.reopened", ("accept", "show"), **facts)
    await ringing.tell_at_once(to)


ACTS: tuple[ActKind[Any], ...] = (
    ActKind(act=Act.LOOK, by={Relation.CITIZEN}, states=DONE, change=_look, quiet=True),
    ActKind(
        act=Act.INVITE_RATING,
        by={Relation.CLOCK},
        states={State.ANSWERED},
        news=_rating_invited,
        quiet=True,
    ),
    ActKind(
        act=Act.RATE,
        takes=Rate,
        by={Relation.CITIZEN},
        states={State.ANSWERED},
        guard=_is_read,
        change=_rate,
        news=_rated,
        redraws=False,
    ),
    ActKind(
        act=Act.CLOSE,
        takes=Close,
        by={Relation.CLOCK, Relation.CITIZEN},
        states={State.ANSWERED},
        to=State.CLOSED,
        change=_close,
        news=_closed,
        heard=_followers_hear,
        speaks=True,
    ),
    ActKind(
        act=Act.REOPEN,
        takes=Reopen,
        by={Relation.CITIZEN},
        states=DONE,
        to=State.REOPENED,
        guard=_in_time,
        change=_reopen,
        news=_reopened,
        heard="followed.reopened",
        speaks=True,
    ),
)
