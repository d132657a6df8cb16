"""When an officer's words reach the citizen: what is held for the night or a day off is not read yet."""

from datetime import datetime

import locales
from domain.cases import Act
from services.saying import wording
from services.saying.wording import by
from services.standing.parties import URGENT
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.mail import outbox

_TOLD = frozenset({Act.ASK, Act.ANSWER, Act.RELEASE, Act.DISMISS})
"""What is said to the citizen and waited for: a question, an answer."""


def expected(work: Work, case: Case) -> datetime:
    """Return when what is said to the citizen now reaches them; who sent it sealed comes for it."""
    if case.sealed or case.urgency == URGENT:
        return work.now
    return work.rules_of(case).calendar.quiet_until(work.now) or work.now


def for_officials(work: Work, case: Case) -> datetime | None:
    """Return when what is said of a case now reaches who handles it; None where that is at once."""
    rules = work.rules_of(case)
    return None if case.urgency in rules.ringing else rules.calendar.quiet_until(work.now)


def passed_on(work: Work, case: Case, language: str, key: str, **facts: object) -> str:
    """Say that words were passed on; at night and on days off that they wait, and when they are read."""
    say, at = locales.words(language), for_officials(work, case)
    if at is None:
        return say(wording.key(work, case, key), **facts)
    return say(key + "_later", at=by(work.rules_of(case), at, language), **facts)


def is_there(work: Work, case: Case) -> bool:
    """Say whether the latest question or answer can have been read by now."""
    return case.told_at is None or case.told_at <= work.now


async def is_on_its_way(work: Work, case: Case) -> bool:
    """Say whether the latest question or answer has not left the desk yet, whatever was expected."""
    lines = [event.number for event in await stored.history(work, case) if event.act in _TOLD]
    if not lines:
        return False
    return await outbox.waits(work, f"{case.code}:{lines[-1]}:", case.chat_key[:12])


def notice(work: Work, case: Case, language: str) -> str:
    """Tell an officer when what they say will be sent, where that is not at once."""
    if is_there(work, case) or case.told_at is None:
        return ""
    local = work.rules_of(case).calendar.local(case.told_at)
    facts = {"time": f"{local:%H:%M}", "day": locales.day(language, local.date())}
    return locales.words(language)("held.notice", **facts)
