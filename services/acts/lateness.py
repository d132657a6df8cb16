"""What the citizen hears when the desk is late: once, plainly, with what they can do."""

import locales
from domain.alarms import AlarmKind
from domain.cases import Act
from services.saying import ringing
from services.saying.telling import Detail, Telling
from services.saying.wording import by
from services.standing import exclusion
from storage.cases import cases as stored
from storage.ground.instant import from_ms

_BREACHES = frozenset({AlarmKind.BREACH, AlarmKind.OVERDUE})


async def tell_citizen(to: Telling) -> None:
    """Tell the citizen that the date has passed, or a promise was not kept, and that those above know."""
    detail = to.facts
    if detail["alarm"] == AlarmKind.PROMISE_LATE:
        at, rules = from_ms(detail["until"]), to.work.rules
        facts: Detail = {"by": lambda language: by(rules, at, language), "contact": _contact(to)}
        await to.citizen(f"told.promise_late_{detail['promise']}", **facts)
    elif detail["alarm"] in _BREACHES and not await _knows(to):
        urgent = to.case.urgency in to.work.rules.ringing  # no office's date is read of what cannot wait
        numbers = ringing.numbers(to.work, to.case)
        key = "told.breach_urgent" if urgent else "told.breach"
        await to.citizen(key, contact=_contact(to), numbers=numbers)


async def _knows(to: Telling) -> bool:
    """Say whether they were told of it before, since the clock began."""
    lines = [event for event in await stored.history(to.work, to.case) if event.act == Act.ESCALATE]
    earlier = [event for event in lines if event.number < to.line and event.at >= to.case.clock_from]
    return any(event.detail.get("alarm") in _BREACHES for event in earlier)


def _contact(to: Telling) -> object:
    """Return whom they may call, in words; nothing where no unit has a number."""
    unit = exclusion.hotline(to.work, to.case)
    if unit is None:
        return ""
    return lambda language: locales.words(language)("human.phone", unit=unit.name, phone=unit.phone)
