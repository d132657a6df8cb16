"""Who can go and help where a danger is kept close: they hear what it is and where, and no word of the story.

A fire told together with a wrong goes only to the few who may read of the wrong, and a fire does not wait for
them. What anybody near can see for themselves (`Understood.seen`) points at nobody who told of it. What
happens at home, to a child or to oneself (`Understood.close`) is named to nobody: those on duty hear that
help is needed.
"""

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

import locales
from domain.cases import OPEN_STATES, Relation
from domain.messages import Choice
from domain.people import Role
from domain.routing import NobodyThere, route
from domain.understand import Understood
from services.saying.telling import Key, Telling, Wait
from services.standing import exclusion, parties, posts
from services.standing.parties import Actor
from storage.cases.cases import Case
from storage.ground.instant import to_ms
from storage.ground.work import Work

_CHILDRENS = "111"


def rescuers(work: Work, case: Case) -> list[UUID]:
    """Return who is told of the danger alone: on duty, or of the unit that goes there, and not spoken of."""
    if not case.confidential or not _seen(work, case):
        return []
    rules = work.rules_of(case)
    found = [*_on_duty(work, case), *parties.on_duty(work, case)]
    if _is_close(_heard(work, case)):
        named = exclusion.at_hand(rules, case.story, work.today)
        return parties.reachable(work, [one for one in dict.fromkeys(found) if one not in named], case)
    if (unit := _unit(work, case)) is not None:
        working = {Role.OFFICER, Role.DUTY, *parties.IN_CHARGE}
        found += parties.fit(work, case, posts.of_unit(work, unit, working)).people
    return parties.reachable(work, dict.fromkeys(found), case)


def _on_duty(work: Work, case: Case) -> list[UUID]:
    """Return who is on duty by a role of their own, whomever they stand in for, and not spoken of."""
    directory = work.rules_of(case).directory
    own = directory.nearest(Role.DUTY, work.today)
    fit = [one for one in own if not exclusion.kept_from_danger(work, case, one)]
    return [one for one in fit if not parties.is_senders(case, one)]


def relation(work: Work, case: Case, by: Actor) -> set[Relation]:
    """Return what somebody is to a case because they can go there."""
    called = case.confidential and by.person_id is not None and by.person_id in rescuers(work, case)
    return {Relation.RESCUER} if called else set()


THERE = 0
"""Stands for the end of what somebody said who is there."""


def said(case: Case) -> dict[str, int]:
    """Return who said that they go there, and until when it counts, in milliseconds."""
    kept: Mapping[str, int] | list[str] = case.going
    return dict(kept) if isinstance(kept, Mapping) else dict.fromkeys(kept, THERE)


def going(work: Work, case: Case) -> list[UUID]:
    """Return who said that they go there, and still can: whoever left or is out of reach goes nowhere.

    Nor does who has not said it for so long that nobody knows what became of them.
    """
    until, now = said(case), to_ms(work.now)
    ends = ((person, until.get(str(person))) for person in rescuers(work, case))
    return [person for person, end in ends if end is not None and (end == THERE or end > now)]


def counts_until(work: Work, case: Case) -> int:
    """Return until when it counts that somebody says now that they go there."""
    step = work.rules_of(case).ringing[case.urgency].every
    return to_ms(work.now + (work.rules_of(case).confirmed_within or step))


def waits(work: Work, case: Case) -> bool:
    """Say whether somebody can go there, and nobody said that they do."""
    return case.state in OPEN_STATES and bool(rescuers(work, case)) and not going(work, case)


def lost(work: Work, case: Case) -> bool:
    """Say whether somebody said that they go there, and nobody goes any more."""
    return case.state in OPEN_STATES and bool(case.going) and not going(work, case) and _seen(work, case)


def _seen(work: Work, case: Case) -> bool:
    """Say whether anybody near sees it, or somebody does harm with whom those who go there do not serve.

    What is nobody else's to know is called out where it speaks of no official: one who sleeps is not enough.
    """
    if case.urgency not in work.rules_of(case).ringing:
        return False
    heard = _heard(work, case)
    if heard.seen or case.unit_id != _unit(work, case):
        return bool(heard.seen)
    if heard.close:
        return not (heard.serves or exclusion.wall_of(case))
    return exclusion.is_violence(heard)


def _heard(work: Work, case: Case) -> Understood:
    return work.rules_of(case).understanding.read(case.story)


def _is_close(heard: Understood) -> bool:
    """Say whether only this can be said of a danger, that it is one."""
    return heard.close and not heard.seen


def _unit(work: Work, case: Case) -> UUID | None:
    """Return the unit that would have had the danger if nothing else had been told."""
    rules, day = work.rules_of(case), work.today
    home = rules.directory.home.code
    field = next((one for one in rules.taxonomy.fields.values() if one.urgency == parties.URGENT), None)
    if field is None:
        return None
    barred, empty = exclusion.barred_units(work, case), rules.directory.empty(day)
    try:
        return route(field, home, rules.directory.units, day, excluding=barred, empty=empty).id
    except NobodyThere:
        return None


async def tell(
    to: Telling, key: str, people: Collection[UUID], wait: Wait | None = None, **facts: object
) -> None:
    """Tell these people the danger, the place and whom to call."""
    work, case = to.work, to.case
    if not people:
        return
    choices = CHOICES.get(key)
    await to.officials_alone(people, key, choices, **facts_of(work, case), wait=wait, **facts)


def facts_of(work: Work, case: Case) -> dict[str, object]:
    """Return all that is said of it: only what is seen is named, and the first number to call.

    The children's line would tell what is told to nobody.
    """
    heard = _heard(work, case)
    close, numbers = _is_close(heard), heard.emergency or heard.doubt
    if close:
        numbers = tuple(one for one in numbers if one != _CHILDRENS)
    return {
        "danger": Key(f"rescue.dangers.{heard.seen or ('help' if close else 'violence')}"),
        "place": _place(work, case),
        "numbers": numbers[0] if numbers else "",
    }


def _go(case: Case, language: str) -> tuple[Choice, ...]:
    """Return the press of who goes there: it names the case by what leads to it for nobody else."""
    say = locales.words(language)
    return (Choice(say("rescue.go"), f"menu:go:{case.id}", "primary", typed=say("rescue.typed")),)


def stay(case: Case, language: str) -> Choice:
    """Return the press of who cannot go there after all."""
    say = locales.words(language)
    return Choice(say("rescue.stay"), f"menu:stay:{case.id}", typed=say("rescue.typed_stay"))


def _answers(case: Case, language: str) -> tuple[Choice, ...]:
    """Return the presses of who is asked whether they are there: first what is least wrong unread."""
    say = locales.words(language)
    there = Choice(say("rescue.there"), f"menu:there:{case.id}", typed=say("rescue.typed_there"))
    coming = Choice(say("rescue.coming"), f"menu:go:{case.id}", typed=say("rescue.typed"))
    return (coming, there, stay(case, language))


CHOICES: dict[str, Callable[[Case, str], tuple[Choice, ...]]] = {
    "alert.danger": _go,
    "alert.ring_danger": _go,
    "alert.going_lost": _go,
    "alert.more_needed": _go,
    "alert.are_you_there": _answers,
}
"""The presses of what calls people out, and of what asks where they are."""


def _place(work: Work, case: Case) -> str:
    """Write the hamlet, never the place in the sender's own words: these may name somebody."""
    directory = work.rules_of(case).directory
    area, home = directory.area(case.area), directory.commune
    return area.name if home is None or area.code == home.code else f"{area.name}, {home.name}"
