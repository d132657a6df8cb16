"""Who stands above whom in the matter of a case: who decides what is asked for, to whom a delay climbs.

It goes along the tree of units (`parent`), never down it: from the case's unit, or from above whoever asks or
is late where they are in charge there themselves. Heads come last; a head has the others, and who is above.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from uuid import UUID

from domain.alarms import Level
from domain.directory import Directory
from domain.people import Role
from services.standing import crossing, parties
from services.standing.parties import IN_CHARGE, Actor
from services.standing.pending import Pending
from storage.cases.cases import Case
from storage.ground.work import Work

Step = list[UUID]
"""People who are equally near."""


def above(work: Work, case: Case, of: Iterable[UUID | None]) -> list[Step]:
    """Return the steps above these people in the matter of this case, the nearest first, nobody twice."""
    theirs = _with_stand_ins(work, of)
    found = [parties.fit(work, case, step) for step in _posts(work, theirs, case)]
    return _climbing(work, found, theirs)


def told(work: Work, case: Case, of: Iterable[UUID | None]) -> list[Step]:
    """Return the same with only those who can be told: who has no live chat is passed over as if away."""
    return _heard(work, above(work, case, of))


def over(work: Work, person: UUID) -> list[Step]:
    """Return the steps above somebody in charge, whatever it is about."""
    theirs, present = _with_stand_ins(work, [person]), work.desk.directory.present
    steps = [[present(one, work.today) for one in step] for step in _posts(work, theirs, None)]
    return _climbing(work, steps, theirs)


def over_and_told(work: Work, person: UUID) -> list[Step]:
    """Return the same with only those who can be told."""
    return _heard(work, over(work, person))


def nearest_over(work: Work, unit_id: UUID) -> Step:
    """Return those in charge of a unit, or next above it, who can be told; where nobody can, the first."""
    directory, day = work.desk.directory, work.today
    posts = [directory.holders(one, IN_CHARGE, day) for one in directory.chain(unit_id)]
    posts += _heads_over(directory, unit_id, day)
    steps = _climbing(work, [[directory.present(one, day) for one in step] for step in posts], [])
    return next(iter([*_heard(work, steps), *steps]), [])


def _heard(work: Work, steps: Iterable[Step]) -> list[Step]:
    return [heard for step in steps if (heard := parties.reachable(work, step))]


def _climbing(work: Work, steps: Iterable[Step], of: list[UUID]) -> list[Step]:
    seen, climbed = set(of), []
    for step in steps:
        found = [p for p in dict.fromkeys(step) if p not in seen and not _is_below(work, p, of)]
        seen.update(found)
        climbed += [found] if found else []
    return climbed


def _posts(work: Work, of: Iterable[UUID], case: Case | None) -> Iterator[Step]:
    """Yield who holds the posts above these people, from the case's unit on, there or not."""
    directory, day = work.desk.directory, work.today
    held = [holding for person in of for holding in directory.held_by(person, day)]
    heading = [holding.unit_id for holding in held if holding.role is Role.HEAD]
    for unit in heading:
        yield directory.holders(unit, {Role.HEAD}, day)
    led = [holding.unit_id for holding in held if holding.role in IN_CHARGE]
    starts = heading or ([case.unit_id] if case is not None else led)
    for unit in [unit for start in starts for unit in _not_led(directory.chain(start), led)]:
        yield directory.holders(unit, IN_CHARGE, day)
    if case is not None:
        yield from parties.heads(work, case)
    elif held:
        yield from _heads_over(directory, held[0].unit_id, day)


def _heads_over(directory: Directory, unit_id: UUID, day: date) -> Iterator[Step]:
    """Yield who heads the commune or province of a unit, then who heads what is above."""
    there = directory.part(directory.unit(unit_id).area)
    for level in range(there.level(unit_id), there.height + 1):
        yield there.holding(Role.HEAD, level, day)


def _not_led(chain: list[UUID], led: Collection[UUID]) -> list[UUID]:
    """Return what stands above the topmost unit of a chain that they lead; all of it where they lead none."""
    return chain[max((number for number, unit in enumerate(chain, start=1) if unit in led), default=0) :]


def _with_stand_ins(work: Work, people: Iterable[UUID | None]) -> list[UUID]:
    named = [person for person in people if person is not None]
    present = [work.desk.directory.present(person, work.today) for person in named]
    return list(dict.fromkeys([*named, *present]))


def _is_below(work: Work, person: UUID, of: Iterable[UUID]) -> bool:
    """Say whether somebody works only under these people: who stands in is not above their own chief."""
    directory, day = work.desk.directory, work.today
    led = {h.unit_id for p in of for h in directory.held_by(p, day) if h.role in IN_CHARGE}
    own = directory.held_by(person, day)

    def under(unit_id: UUID, role: Role) -> bool:
        own_chiefs = set() if role in IN_CHARGE else {unit_id}
        return role is not Role.HEAD and bool(led & (own_chiefs | set(directory.chain(unit_id)[1:])))

    return bool(own) and all(under(holding.unit_id, holding.role) for holding in own)


# --- who decides ---------------------------------------------------------------------------------


def _asking(case: Case) -> list[UUID | None]:
    pending = Pending.of(case)
    return [pending.by if pending is not None else None, case.officer_id]


def deciding(work: Work, case: Case) -> list[Step]:
    """Return those above who can be told what waits for a decision, a step at a time."""
    return _heard(work, _above_asking(work, case)) if case.request is not None else []


def _above_asking(work: Work, case: Case) -> list[Step]:
    """Return the steps above whoever asks: of what leaves the commune or its level only who heads it."""
    if not crossing.is_asked(work, case):
        return above(work, case, _asking(case))
    steps = _heads_over(work.desk.directory, case.unit_id, work.today)
    fit = [parties.fit(work, case, step) for step in steps]
    return _climbing(work, fit, _with_stand_ins(work, _asking(case)))


def deciders(work: Work, case: Case) -> list[UUID]:
    """Return who has been asked to decide on what waits: the nearest above, later those above them too."""
    pending = Pending.of(case)
    steps = deciding(work, case)[: 1 + pending.level] if pending is not None else []
    return [person for step in steps for person in step]


def expected(work: Work, case: Case) -> list[UUID]:
    """Return whose decision it is, whether they can be told or not."""
    steps = _above_asking(work, case) if case.request is not None else []
    return deciders(work, case) or next(iter(steps), [])


def may_decide(work: Work, case: Case, by: Actor) -> bool:
    """Say whether somebody may decide on what is asked: who is told, who stands above them, and any head."""
    theirs = _with_stand_ins(work, _asking(case))
    steps = [] if crossing.is_asked(work, case) else list(_posts(work, theirs, case))
    return _is_among(by.person_id, [*steps, *_above_asking(work, case)], theirs) or (
        by.person_id not in theirs and crossing.heads_over(work, by.person_id, case.unit_id)
    )


def may_decide_for(work: Work, person: UUID, by: UUID | None) -> bool:
    """Say the same of what somebody in charge asks for, whatever it is about."""
    theirs = _with_stand_ins(work, [person])
    steps = [*_posts(work, theirs, None), *over(work, person)]
    held = work.desk.directory.held_by(person, work.today)
    return _is_among(by, steps, theirs) or (
        by not in theirs and any(crossing.heads_over(work, by, holding.unit_id) for holding in held)
    )


def _is_among(person: UUID | None, steps: Iterable[Step], but: Collection[UUID]) -> bool:
    return person is not None and person not in but and any(person in step for step in steps)


def somebody_decides(work: Work, case: Case, by: Actor) -> bool:
    """Say whether there is anybody above who could decide on what this person asks for."""
    return bool(above(work, case, [by.person_id, case.officer_id]))


# --- to whom a delay climbs ----------------------------------------------------------------------


def at_level(work: Work, case: Case, level: Level) -> list[UUID]:
    """Return who an alarm of this level is for; above the officer's own, never whoever is late."""
    if level is Level.OFFICER:
        return parties.handling(work, case)
    if level is Level.UNIT_HEAD:
        return next(iter(told(work, case, [case.officer_id])), [])
    late = _with_stand_ins(work, [case.officer_id])
    above = parties.rung_for(work, case, level)
    heads = parties.named_heads(work, case) if above is None else above
    return [person for person in heads if person not in late and not _is_below(work, person, late)]
