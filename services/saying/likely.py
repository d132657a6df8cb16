"""Open cases that look alike, as an official may read of them beside a case of the same unit."""

from collections.abc import Sequence

import locales
from services.saying import wording
from services.saying.quoting import in_one_line
from services.standing import access, alike
from storage.ground.work import Recent, Work
from storage.people.people import Chat

_MOST = 3
"""Cases that are named beside another."""
_LETTERS = 60
"""Letters of a headline among others."""


def named(work: Work, found: Sequence[Recent], chat: Chat) -> list[Recent]:
    """Return those of these that are named in this chat, and note that they are read there."""
    seen = [one for one in found if alike.may_see(one, chat)][:_MOST]
    for one in seen:
        access.shown(work, one, chat, access.LIST)
    return seen


def lines(work: Work, seen: Sequence[Recent], language: str) -> str:
    """Write a line for each: its code, since when, where, and its headline."""
    say = locales.words(language)
    return "".join(f"\n{say('card.alike', code=one.code, about=about(work, one))}" for one in seen)


def about(work: Work, case: Recent) -> str:
    """Say since when a case is open, where it is and what it is about, in one line."""
    day = locales.short_day(work.rules.calendar.local(case.opened_at).date())
    areas = work.rules.directory.areas
    place = next((one.name for one in areas if one.code == case.area), wording.commune(work.rules))
    headline = in_one_line(wording.shortened(case.summary, _LETTERS))
    return f"{day}, {place}: {headline}"
