"""Who stands above whom in the matter of a case: who decides what is asked for, to whom a delay climbs.

It goes along the tree of units (`parent`), never down it: from the case's unit, or from above whoever asks or
is late where they are in charge there themselves. Heads come last; a head has the others, and who is above.
"""

from collections.abc import Collection, Iterable, Iterator
from uuid import UUID

from domain.alarms import Level
from domain.directory import Directory
from domain.people import Role
from services.standing import crossing, parties, posts
from services.standing.parties import IN_CHARGE, Actor
from services.standing.pending import Pending
from services.standing.posts import Post
from storage.cases.cases import Case
from storage.ground.work import Work

Step = list[UUID]
"""People who are equally near."""


def above(work: Work, case: Case, of: Iterable[UUID | None]) -> list[Step]:
    """Return the steps above these people in the matter of this case, the nearest first, nobody twice.

    Only what they and others are where the case belongs counts: whoever leads elsewhere does not lead here.
    """
    return [post.people for post in _above(work, case, of)]


def told(work: Work, case: Case, of: Iterable[UUID | None]) -> list[Step]:
    """Return the same with only those who can be told: who has no live chat is passed over as if away."""
    return _heard(work, _above(work, case, of))


def _above(work: Work, case: Case, of: Iterable[UUID | None]) -> list[Post]:
    desk = work.rules_of(case).directory
    theirs = _with_stand_ins(work, desk, of)
    found = [parties.fit(work, case, post) for post in _posts(work, desk, theirs, case)]
    return _climbing(work, desk, found, theirs)


def over(work: Work, person: UUID, area: str | None = None) -> list[Step]:
    """Return the steps above somebody in charge, whatever it is about: as they stand where that belongs."""
    return [post.people for post in _over(work, person, area)]


def over_and_told(work: Work, person: UUID, area: str | None = None) -> list[Step]:
    """Return the same with only those who can be told."""
    return _heard(work, _over(work, person, area))


def _over(work: Work, person: UUID, area: str | None) -> list[Post]:
    desk = _seen_from(work, person, area)
    theirs = _with_stand_ins(work, desk, [person])
    return _climbing(work, desk, _present(work, _posts(work, desk, theirs, None)), theirs)


def _seen_from(work: Work, person: UUID, area: str | None) -> Directory:
    """Return the desk as it is seen from an area in which somebody serves; of who does not, whole."""
    part = work.desk.directory.part(area) if area else work.desk.directory
    return part if part.held_by(person, work.today) else work.desk.directory


def nearest_over(work: Work, unit_id: UUID) -> Step:
    """Return those in charge of a unit, or next above it, who can be told; where nobody can, the first."""
    directory = work.desk.directory
    chain = [posts.of_unit(work, one, IN_CHARGE) for one in directory.chain(unit_id)]
    steps = _present(work, [*chain, *_heads_over(work, unit_id)])
    steps = _climbing(work, directory, steps, [])
    return next(iter([*_heard(work, steps), *(post.people for post in steps)]), [])


def _present(work: Work, found: Iterable[Post]) -> list[Post]:
    """Return who does the work of posts today."""
    directory, day = work.desk.directory, work.today
    return [
        Post([directory.present(one, day, post.seat) for one in post.people], post.seat) for post in found
    ]


def _heard(work: Work, steps: Iterable[Post]) -> list[Step]:
    return [there for step in steps if (there := parties.heard(work, step))]


def _climbing(work: Work, desk: Directory, steps: Iterable[Post], of: list[UUID]) -> list[Post]:
    seen, climbed = set(of), []
    for people, seat in steps:
        found = [p for p in dict.fromkeys(people) if p not in seen and not _is_below(work, desk, p, of)]
        seen.update(found)
        climbed += [Post(found, seat)] if found else []
    return climbed


def _posts(work: Work, desk: Directory, of: Iterable[UUID], case: Case | None) -> Iterator[Post]:
    """Yield who holds the posts above these people, from the case's unit on, there or not."""
    held = [holding for person in of for holding in desk.held_by(person, work.today)]
    heading = [holding.unit_id for holding in held if holding.role is Role.HEAD]
    for unit in heading:
        yield posts.of_unit(work, unit, {Role.HEAD})
    led = [holding.unit_id for holding in held if holding.role in IN_CHARGE]
    starts = heading or ([case.unit_id] if case is not None else led)
    for unit in [unit for start in starts for unit in _not_led(desk.chain(start), led)]:
        yield posts.of_unit(work, unit, IN_CHARGE)
    if case is not None:
        yield from posts.heads(work, case)
    elif held:
        yield from _heads_over(work, held[0].unit_id)


def _heads_over(work: Work, unit_id: UUID) -> Iterator[Post]:
    """Yield who heads the commune or province of a unit, then who heads what is above."""
    directory = work.desk.directory
    there = directory.part(directory.unit(unit_id).area)
    for level in range(there.level(unit_id), there.height + 1):
        yield posts.of_level(work, there, Role.HEAD, level)


def _not_led(chain: list[UUID], led: Collection[UUID]) -> list[UUID]:
    """Return what stands above the topmost unit of a chain that they lead; all of it where they lead none."""
    return chain[max((number for number, unit in enumerate(chain, start=1) if unit in led), default=0) :]


def _with_stand_ins(work: Work, desk: Directory, people: Iterable[UUID | None]) -> list[UUID]:
    named = [person for person in people if person is not None]
    standing = [one for person in named for one in desk.stand_ins(person, work.today)]
    return list(dict.fromkeys([*named, *standing]))


def _is_below(work: Work, desk: Directory, person: UUID, of: Iterable[UUID]) -> bool:
    """Say whether somebody works only under these people: who stands in is not above their own chief."""
    day = work.today
    led = {h.unit_id for p in of for h in desk.held_by(p, day) if h.role in IN_CHARGE}
    own = desk.held_by(person, day)

    def under(unit_id: UUID, role: Role) -> bool:
        own_chiefs = set() if role in IN_CHARGE else {unit_id}
        return role is not Role.HEAD and bool(led & (own_chiefs | set(desk.chain(unit_id)[1:])))

    return bool(own) and all(under(holding.unit_id, holding.role) for holding in own)


# --- who decides ---------------------------------------------------------------------------------


def _asking(case: Case) -> list[UUID | None]:
    pending = Pending.of(case)
    return [pending.by if pending is not None else None, case.officer_id]


def deciding(work: Work, case: Case) -> list[Step]:
    """Return those above who can be told what waits for a decision, a step at a time."""
    return _heard(work, _above_asking(work, case)) if case.request is not None else []


def _above_asking(work: Work, case: Case) -> list[Post]:
    """Return the steps above whoever asks: of what leaves the commune or its level only who heads it."""
    if not crossing.is_asked(work, case):
        return _above(work, case, _asking(case))
    fit = [parties.fit(work, case, step) for step in _heads_over(work, case.unit_id)]
    desk = work.rules_of(case).directory
    return _climbing(work, desk, fit, _with_stand_ins(work, desk, _asking(case)))


def deciders(work: Work, case: Case) -> list[UUID]:
    """Return who has been asked to decide on what waits: the nearest above, later those above them too."""
    pending = Pending.of(case)
    steps = deciding(work, case)[: 1 + pending.level] if pending is not None else []
    return [person for step in steps for person in step]


def expected(work: Work, case: Case) -> list[UUID]:
    """Return whose decision it is, whether they can be told or not."""
    steps = _above_asking(work, case) if case.request is not None else []
    return deciders(work, case) or next((post.people for post in steps), [])


def may_decide(work: Work, case: Case, by: Actor) -> bool:
    """Say whether somebody may decide on what is asked: who is told, who stands above them, and any head."""
    desk = work.rules_of(case).directory
    theirs = _with_stand_ins(work, desk, _asking(case))
    steps = [] if crossing.is_asked(work, case) else list(_posts(work, desk, theirs, case))
    return _is_among(by.person_id, [*steps, *_above_asking(work, case)], theirs) or (
        by.person_id not in theirs and crossing.heads_over(work, by.person_id, case.unit_id)
    )


def may_decide_for(work: Work, person: UUID, by: UUID | None, area: str | None = None) -> bool:
    """Say the same of what somebody in charge asks for, whatever it is about, where that belongs."""
    desk = _seen_from(work, person, area)
    theirs = _with_stand_ins(work, desk, [person])
    steps = [*_posts(work, desk, theirs, None), *_over(work, person, area)]
    held = desk.held_by(person, work.today)
    return _is_among(by, steps, theirs) or (
        by not in theirs and any(crossing.heads_over(work, by, holding.unit_id) for holding in held)
    )


def _is_among(person: UUID | None, steps: Iterable[Post], but: Collection[UUID]) -> bool:
    return person is not None and person not in but and any(person in post.people for post in steps)


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
    desk = work.rules_of(case).directory
    late = _with_stand_ins(work, desk, [case.officer_id])
    above = parties.rung_for(work, case, level)
    heads = parties.named_heads(work, case) if above is None else above
    return [person for person in heads if person not in late and not _is_below(work, desk, person, late)]
