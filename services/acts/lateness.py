"""What the citizen hears when the desk is late: once, plainly, with what they can do."""

from domain.alarms import AlarmKind, Level
from domain.cases import Act
from services.saying import ringing
from services.saying.telling import Detail, Key, Telling
from services.saying.wording import by
from services.standing import exclusion, homes, parties, superiors
from storage.cases import cases as stored
from storage.ground.instant import from_ms
from storage.people import people
from storage.people.people import Chat

_BREACHES = frozenset({AlarmKind.BREACH, AlarmKind.OVERDUE})


async def tell_citizen(to: Telling) -> None:
    """Tell the citizen that the date has passed, or a promise was not kept, and that those above know."""
    detail = to.facts
    if detail["alarm"] == AlarmKind.PROMISE_LATE:
        home = await people.chat(to.work, to.case.chat_key)
        at, rules = from_ms(detail["until"]), to.work.rules
        facts: Detail = {"by": lambda language: by(rules, at, language), "contact": _contact(to, home)}
        facts["late"], facts["above"] = _late(to, home), _above(to)
        await to.citizen(f"told.promise_late_{detail['promise']}", **facts)
    elif detail["alarm"] in _BREACHES and not await _knows(to):
        home = await people.chat(to.work, to.case.chat_key)
        urgent = to.case.urgency in to.work.rules.ringing  # no office's date is read of what cannot wait
        numbers = ringing.numbers(to.work, to.case)
        key = "told.breach_urgent" if urgent else "told.breach"
        facts = {"late": _late(to, home), "above": _above(to), "contact": _contact(to, home)}
        await to.citizen(key, numbers=numbers, **facts)


async def _knows(to: Telling) -> bool:
    """Say whether they were told of it before, since the clock began."""
    lines = [event for event in await stored.history(to.work, to.case) if event.act == Act.ESCALATE]
    earlier = [event for event in lines if event.number < to.line and event.at >= to.case.clock_from]
    return any(event.detail.get("alarm") in _BREACHES for event in earlier)


def _late(to: Telling, home: Chat) -> Key:
    """Return who is late: the unit that has the case, where that is not of the citizen's own commune."""
    directory = to.work.desk.directory
    away = directory.is_wide and directory.seat(to.case.unit_id) != homes.area_of(to.work, home)
    named = {"unit": homes.called(to.work, to.case.unit_id, home)}
    return Key("told.late_there", named) if away else Key("told.late_here")


def _above(to: Telling) -> Key:
    """Return whether those above know: whoever of them can be told, or has it in hand themselves."""
    work, case, level = to.work, to.case, Level(to.facts["level"])
    directory, day = work.rules_of(case).directory, work.today
    in_hand = [
        one
        for one in parties.handling(work, case)
        if any(holding.role in parties.IN_CHARGE for holding in directory.held_by(one, day))
    ]
    heard = parties.reachable(work, [*superiors.at_level(work, case, level), *in_hand], case)
    return Key("told.above_told" if heard else "told.above_unheard")


def _contact(to: Telling, home: Chat) -> object:
    """Return whom they may call, in words; nothing where no unit has a number."""
    unit = exclusion.hotline(to.work, to.case)
    if unit is None:
        return ""
    return Key("human.phone", {"unit": homes.called(to.work, unit.id, home), "phone": unit.phone})
