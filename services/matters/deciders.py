"""Who decides on a matter that waits: the nearest above whoever began it, with time those above them too."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.rules import Rules
from services.matters.kinds import CALL, Deed, M, MatterAct, MatterKind, News
from services.standing import superiors
from services.standing.superiors import Step
from storage.ground.work import Work
from storage.people import matters as stored
from storage.people import reached


def calling(news: News[M]) -> MatterAct[M]:
    """Return that act: all who are asked by now hear these news."""
    return MatterAct(act=CALL, states={stored.WAITING}, to=stored.WAITING, news=(news,))


def called(deed: Deed[Any]) -> list[UUID]:
    """Return who is asked by now, as those who hear of an act."""
    return deciders(deed.work, deed.kind, deed.matter)


def deciders(work: Work, kind: MatterKind[M], matter: M) -> list[UUID]:
    """Return who has been asked by now, nobody but who can be told and has a say where it belongs."""
    steps = _told(work, kind, matter)
    by_now = [number for number in range(len(steps)) if _called_at(work, kind, matter, number) <= work.now]
    return [person for number in by_now for person in steps[number]]


def next_call(work: Work, kind: MatterKind[M], matter: M) -> datetime | None:
    """Return when the next above them hear of it."""
    moments = [_called_at(work, kind, matter, number) for number in range(len(_told(work, kind, matter)))]
    return min((at for at in moments if at > work.now), default=None)


def somebody_decides(work: Work, kind: MatterKind[M], matter: M) -> bool:
    """Say whether there is anybody above who could decide, whether they can be told now or not."""
    return bool(_with_a_say(work, kind, matter, superiors.over(work, matter.person_id, kind.area(matter))))


def _told(work: Work, kind: MatterKind[M], matter: M) -> list[Step]:
    return _with_a_say(work, kind, matter, superiors.over_and_told(work, matter.person_id, kind.area(matter)))


def _with_a_say(work: Work, kind: MatterKind[M], matter: M, steps: Iterable[Step]) -> list[Step]:
    there = ([person for person in step if kind.has_say(work, person, matter)] for step in steps)
    return [step for step in there if step]


def _called_at(work: Work, kind: MatterKind[M], matter: M, number: int) -> datetime:
    """Return when so many steps above the nearest hear of it: nobody has decided for so many working days."""
    rules = _rules_of(work, kind, matter)
    hours = number * rules.reminders.undecided * rules.calendar.hours_a_day
    return rules.calendar.add_working_hours(matter.at, hours)


def _rules_of(work: Work, kind: MatterKind[M], matter: M) -> Rules:
    """Return the rules where a matter belongs."""
    area = kind.area(matter)
    return work.rules if area is None else work.desk.part(area)


async def waiting(work: Work, kind: MatterKind[M]) -> list[tuple[M, list[UUID]]]:
    """Return what waits for a decision, the oldest first, each with who has been asked by now."""
    await reached.load(work)
    every = await stored.in_states(work, kind.row, kind.awaits)
    return [(one, deciders(work, kind, one)) for one in every]
