"""Who can go and help where a danger is kept close: they hear what it is and where, and no word of the story.

A fire told together with a wrong goes only to the few who may read of the wrong, and a fire does not wait for
them. What anybody near can see for themselves (`Understood.seen`) points at nobody who told of it.
"""

from collections.abc import Collection
from uuid import UUID

from domain.people import Role
from domain.routing import NobodyThere, route
from services import exclusion, who
from services.telling import Key, Telling, Wait
from storage.cases import Case
from storage.work import Work


def rescuers(work: Work, case: Case) -> list[UUID]:
    """Return who is told of the danger alone: on duty, or of the unit that goes there, and not spoken of."""
    if not case.confidential or not _seen(work, case):
        return []
    directory, day = work.rules.directory, work.today
    found = who.on_duty(work, case)
    unit = _unit(work, case)
    if unit is not None:
        found += who.fit(work, case, directory.holders(unit, {Role.OFFICER, Role.DUTY, *who.IN_CHARGE}, day))
    return who.reachable(work, dict.fromkeys(found))


def _seen(work: Work, case: Case) -> bool:
    """Say whether anybody near sees it, or somebody does harm with whom those who go there do not serve."""
    if case.urgency not in work.rules.ringing:
        return False
    heard = work.rules.understanding.read(case.story)
    told = exclusion.is_violence(heard) and not heard.close
    return bool(heard.seen) or (told and case.unit_id == _unit(work, case))


def _unit(work: Work, case: Case) -> UUID | None:
    """Return the unit that would have had the danger if nothing else had been told."""
    rules, day = work.rules, work.today
    home = (rules.directory.commune or rules.directory.areas[0]).code
    field = next((one for one in rules.taxonomy.fields.values() if one.urgency == who.URGENT), None)
    if field is None:
        return None
    barred = exclusion.barred_units(work, case)
    try:
        return route(field, home, rules.directory.units, day, excluding=barred).id
    except NobodyThere:
        return None


async def tell(to: Telling, key: str, people: Collection[UUID], wait: Wait | None = None) -> None:
    """Tell these people the danger, the place and whom to call."""
    work, case = to.work, to.case
    if not people:
        return
    heard = work.rules.understanding.read(case.story)
    # Only what is seen is named, and the first number: what else is told of nobody hears here.
    danger, number = Key(f"rescue.dangers.{heard.seen or 'violence'}"), (heard.emergency or heard.doubt)[0]
    await to.officials(people, key, danger=danger, place=_place(work, case), numbers=number, wait=wait)


def _place(work: Work, case: Case) -> str:
    """Write the hamlet, never the place in the sender's own words: these may name somebody."""
    directory = work.rules.directory
    area, home = directory.area(case.area), directory.commune
    return area.name if home is None or area.code == home.code else f"{area.name}, {home.name}"
