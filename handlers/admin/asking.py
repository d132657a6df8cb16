"""What an admin is asked in many places: one of a long list, a day, a name; and that they are one at all."""

from collections.abc import Mapping
from datetime import date
from itertools import count
from typing import Any

from domain.calendar import ONE_DAY
from domain.cases import NotAllowed
from domain.messages import Said
from domain.people import Role
from domain.understand.days import DaysOver, read_days
from domain.understand.fold import fold
from handlers.engine.conversation import Session, Turn
from handlers.engine.flow import Accept, Ask, Flow, NotUnderstood, is_free, typed, words_at_least, words_of

_NAMED_DAYS = {"now": -1, "today": 0, "tomorrow": 1}
SHOWN = 9
"""Of a long list, those that have a digit of their own."""
Labels = Mapping[str, str]


def require_admin(turn: Turn) -> None:
    """Refuse whoever does not administer the desk today: at every step that shows or does something."""
    held = turn.work.desk.directory.held_by(turn.chat.person_id, turn.work.today)
    if not any(holding.role is Role.ADMIN for holding in held):
        raise NotAllowed("admin")


def require_desk_admin(turn: Turn) -> None:
    """Refuse whoever does not administer the desk itself: in one of many communes, who does so from above."""
    if turn.chat.person_id not in turn.work.desk.directory.topmost(Role.ADMIN, turn.work.today):
        raise NotAllowed("admin")


def one_of(step: str, choices: Labels, **facts: object) -> Flow[str]:
    """Ask for one of these; part of a name narrows the list until a digit or one name is left."""
    shown = dict(choices)
    for turn in count(1):
        few = dict(list(shown.items())[:SHOWN])
        answer = yield Ask(step, _narrowing(choices), tuple(few), few, facts, turn, named=True)
        if not is_free(answer):
            return str(answer)
        shown = _named(choices, words_of(answer, {}))
        if len(shown) == 1:
            return next(iter(shown))
    raise AssertionError("count never ends")


def _narrowing(choices: Labels) -> Accept:
    read = words_at_least(2, 60)

    def accept(said: Said) -> Any:  # noqa: ANN401 - as a flow's answers are
        text = read(said)
        if not _named(choices, text):
            raise NotUnderstood("admin.nothing_found")
        return text

    return accept


def _named(choices: Labels, text: str) -> dict[str, str]:
    return {code: label for code, label in choices.items() if fold(text) in fold(label)}


def a_day(step: str, session: Session, options: tuple[str, ...] = ("today",), **facts: object) -> Flow[date]:
    """Ask for a day that is not over; as a last day, “now” is the day before."""
    answer = yield Ask(step, days_accept(session), options, facts=facts)
    if not is_free(answer):
        return session.today + _NAMED_DAYS[answer] * ONE_DAY
    return date.fromisoformat(words_of(answer, {})[0])


def days_accept(session: Session) -> Accept:
    """Accept days to come, as two ISO days."""

    def accept(said: Said) -> list[str]:
        try:
            found = read_days(typed(said), session.today)
        except DaysOver as refusal:
            raise NotUnderstood(f"admin.{refusal.key}") from None
        if found is None:
            raise NotUnderstood("admin.no_day")
        return [day.isoformat() for day in found]

    return accept


def optional(step: str, accept: Accept, **facts: object) -> Flow[str]:
    """Ask for something that may be left out."""
    answer = yield Ask(step, accept, ("none",), facts=facts)
    return str(words_of(answer, {})) if is_free(answer) else ""
