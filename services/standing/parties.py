"""Who somebody is, what they are to a case, and who must be told about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from domain.alarms import Level
from domain.cases import Relation
from domain.people import Holding, Role
from domain.routing import RECEPTION
from domain.walls import Wall
from services.standing import climbing, exclusion, keepers, leaving, posts
from services.standing.posts import Post
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Recent, Work
from storage.people import reached
from storage.people.people import Chat, at_counter, chats_of

OFFICIAL = frozenset({Role.OFFICER, Role.SUPERVISOR, Role.HEAD, Role.DUTY})
_WORKING = frozenset({Role.OFFICER, Role.DUTY})
IN_CHARGE = frozenset({Role.SUPERVISOR, Role.HEAD})
URGENT = "khan"
"""The urgency for which people are woken, and whoever is on duty may act in place of the unit."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: a chat and the person it belongs to, or one of them.

    Who writes in several chats is in each of them the same to a case: `home` is the key it stands under.
    """

    chat_key: str | None = None
    person_id: UUID | None = None
    home: str | None = None

    @classmethod
    def of(cls, chat: Chat) -> "Actor":
        """Return who speaks in this chat."""
        return cls(chat.key, chat.person_id, chat.home)

    @property
    def own(self) -> str | None:
        """The key under which this person's cases stand."""
        return self.home or self.chat_key

    @property
    def name(self) -> str:
        """What a case's history calls them: an official's id, or just “citizen” or “clock”."""
        if self.person_id is not None:
            return f"person:{self.person_id}"
        return "citizen" if self.chat_key else "nobody"


@dataclass(frozen=True, slots=True)
class Clock(Actor):
    """The clock acts. Somebody of whom nothing is known is not it."""

    @property
    def name(self) -> str:
        """What a case's history calls it."""
        return "clock"


CLOCK = Clock()


def person_of(actor: str) -> UUID | None:
    """Return whom a line of history names, if it was an official."""
    kind, _, person = actor.partition(":")
    return UUID(person) if kind == "person" else None


def is_official(work: Work, chat: Chat) -> bool:
    """Say whether the chat belongs to somebody who holds a role today, an admin's or a keeper's too."""
    return chat.person_id is not None and bool(work.desk.directory.held_by(chat.person_id, work.today))


def roles_of(work: Work, chat: Chat) -> frozenset[Role]:
    """Return the roles in which this chat's person acts today: their own, and whose work they stand in for.

    To keep identities or to administer is lent to nobody: a head's stand-in acts as a chief, not as a head.
    """
    own = {holding.role for holding in work.desk.directory.held_by(chat.person_id, work.today)}
    lent = {holding.role for holding in stood_in_for(work, Actor.of(chat))}
    as_chief = {Role.SUPERVISOR} if lent & IN_CHARGE else set()
    return frozenset(own | as_chief | (lent & OFFICIAL - {Role.HEAD}))


def relations(work: Work, case: Case, actor: Actor) -> set[Relation]:
    """Return what the actor is to the case now.

    Whom it speaks of is nothing to it, not even anybody. Nobody follows what is kept close: behind any chat
    may be whom it speaks of. Nobody settles what they brought themselves.
    """
    if actor == CLOCK:
        return {Relation.CLOCK}
    if actor.own == case.chat_key:
        return {Relation.CITIZEN}
    if is_outside(work, case, actor):
        return set()
    found = set() if case.confidential else {Relation.ANYBODY}
    if not case.confidential and actor.own in stored.followers(work, case):
        found.add(Relation.FOLLOWER)
    if is_senders(case, actor.person_id):
        return found
    own = work.rules_of(case).directory.held_by(actor.person_id, work.today)
    held = own + _lent(work, case, actor)
    if actor.person_id is not None and keepers.is_one(work, case, actor.person_id):
        found.add(Relation.KEEPER)
    if any(holding.role is Role.ADMIN for holding in own):
        found.add(Relation.ADMIN)
    if (own and has_it(work, case, actor.person_id)) or leaving.goes_on(work, case, actor.person_id):
        found.add(Relation.OFFICER)  # a chief from above who took it over, whoever was on duty then
    found |= _official(work, case, held)
    if Relation.OFFICER in found and _writes_down(work, case, actor):
        found.add(Relation.SCRIBE)
    return found


def is_outside(work: Work, case: Case | Recent, actor: Actor) -> bool:
    """Say whether the case speaks of whoever writes here, or in a chat that is tied to this one."""
    wall = exclusion.wall_of(case)
    return bool(wall) and are_behind(work, case, wall, actor)


def are_behind(work: Work, case: Case | Recent, wall: Wall, actor: Actor) -> bool:
    """Say whether whoever writes here, or in a chat tied to this one, is outside a wall around the case."""
    directory, day = work.rules_of(case).directory, work.today
    return any(wall.shuts_out(directory, person, day) for person in _people_of(work, actor))


def _people_of(work: Work, actor: Actor) -> set[UUID | None]:
    """Return who writes here, and in the chats that are tied to this one: it is one person."""
    tied = work.linked.get(actor.home, ()) if actor.home else ()
    return {actor.person_id, *(chat.person_id for chat in tied)}


def _writes_down(work: Work, case: Case, actor: Actor) -> bool:
    """Say whether this officer writes down what is said by phone: who has the case, anybody until then."""
    taken = case.officer_id is not None
    return at_counter(case.chat_key) and (not taken or has_it(work, case, actor.person_id))


def stood_in_for(work: Work, actor: Actor) -> list[Holding]:
    """Return the roles of others that are lent to somebody today."""
    directory, day = work.desk.directory, work.today
    absent = directory.standing_in_for(actor.person_id, day) if actor.person_id else []
    return [holding for person in absent for holding in directory.lent(person, actor.person_id, day)]


def _lent(work: Work, case: Case, actor: Actor) -> list[Holding]:
    """Return the roles of others in which somebody may work on this case while those are away.

    Whoever stands outside lends nothing.
    """
    directory, day = work.rules_of(case).directory, work.today
    absent = directory.standing_in_for(actor.person_id, day) if actor.person_id else []
    there = [one for one in absent if not exclusion.shut_out(work, case, one)]
    if not there or not _may_stand_in(work, case, actor.person_id):
        return []
    return [holding for person in there for holding in directory.lent(person, actor.person_id, day)]


def _official(work: Work, case: Case, held: list[Holding]) -> set[Relation]:
    """Return what roles make somebody to a case: their unit's, or as chief of a unit above it.

    What is kept close, or in a chief's own hands, is not the unit's officers' to work on.
    """
    found: set[Relation] = set()
    for_chiefs = case.confidential or _is_with_a_chief(work, case)
    for holding in held:
        in_charge = holding.role in IN_CHARGE
        theirs = holding.unit_id == case.unit_id and holding.role in OFFICIAL
        on_duty = holding.role is Role.DUTY and case.urgency == URGENT and _reaches(work, case, holding)
        if (theirs or on_duty) and (in_charge or not for_chiefs):
            found.add(Relation.OFFICER)
        if _answers_for(work, case, holding):
            found.add(Relation.SUPERVISOR)
    return found


def _answers_for(work: Work, case: Case, holding: Holding) -> bool:
    if holding.role not in IN_CHARGE:
        return False
    heads = holding.role is Role.HEAD and _reaches(work, case, holding)
    return heads or holding.unit_id in _chain(work, case.unit_id) or climbing.has_come_to(work, case, holding)


def _reaches(work: Work, case: Case, holding: Holding) -> bool:
    """Say whether a role has a say over the unit that has a case: a commune's has none over its province."""
    return work.rules_of(case).directory.reaches(holding.unit_id, case.unit_id)


def _is_with_a_chief(work: Work, case: Case) -> bool:
    held = work.rules_of(case).directory.held_by(case.officer_id, work.today) if case.officer_id else []
    return any(_answers_for(work, case, holding) for holding in held)


def _may_stand_in(work: Work, case: Case, person_id: UUID | None) -> bool:
    """Say whether somebody may do another's work on this case while they are away.

    What is kept close is lent to nobody who does not read it by a key of their own, which two people gave
    them: one person's word, and it may be whom the case speaks of, makes no reader of it.
    """
    held = work.rules_of(case).directory.held_by(person_id, work.today)
    return not case.confidential or any(_answers_for(work, case, holding) for holding in held)


def _chain(work: Work, unit_id: UUID | None) -> list[UUID]:
    return work.desk.directory.chain(unit_id)


def workers(work: Work, case: Case) -> list[UUID]:
    """Return who may work on the case: its unit's officers, or those in charge where it is kept close.

    A unit without officers who can be told has its chiefs, a unit without anyone the chiefs above it.
    """
    own = [] if case.confidential else [posts.of_unit(work, case.unit_id, _WORKING)]
    return _nearest(work, case, chain(own, posts.upwards(work, case)))


def in_charge(work: Work, case: Case) -> list[UUID]:
    """Return the chiefs of the case's unit, or of the nearest unit above it that has some."""
    return _nearest(work, case, posts.upwards(work, case))


def named_heads(work: Work, case: Case) -> list[UUID]:
    """Return the named heads (people's committee, party committee) who answer for the commune, or above."""
    return _nearest(work, case, posts.heads(work, case))


def above_heads(work: Work, case: Case) -> list[UUID]:
    """Return who is next above those who head the commune; nobody where it ends with them."""
    steps = posts.heads(work, case)[1:]
    return _nearest(work, case, steps) if steps else []


def top_heads(work: Work, case: Case) -> list[UUID]:
    """Return who heads what is above, where others were told before them; nobody where they were next."""
    steps, told = posts.heads(work, case)[1:], above_heads(work, case)
    return [person for person in _nearest(work, case, steps[-1:]) if person not in told]


def rung_for(work: Work, case: Case, level: Level) -> list[UUID] | None:
    """Return who is told at a level above the commune; None for one that is not."""
    above = {Level.PROVINCE: above_heads, Level.PROVINCE_HEADS: top_heads}.get(level)
    return above(work, case) if above is not None else None


def silent_unit(work: Work, case: Case, person_id: UUID | None) -> UUID | None:
    """Return the case's unit where nobody of it can be told, and this person is not of it."""
    unit = posts.of_unit(work, case.unit_id, OFFICIAL)
    there = Post(exclusion.present(work, case, unit.people, unit.seat), unit.seat)
    if person_id is None or person_id in there.people or heard(work, there):
        return None
    return case.unit_id


def admins(work: Work, case: Case) -> list[UUID]:
    """Return who may hear that a case reaches nobody, and no word of it; they are nothing to it."""
    return exclusion.present(work, case, work.rules_of(case).directory.everyone(Role.ADMIN, work.today))


def serves_in(work: Work, case: Case, person_id: UUID | None) -> UUID:
    """Return the unit in which somebody has the case: its own where they serve there, else theirs."""
    held = work.rules_of(case).directory.held_by(person_id, work.today)
    theirs = [one.unit_id for one in held or work.desk.directory.held_by(person_id, work.today)]
    return case.unit_id if case.unit_id in theirs else next(iter(theirs), case.unit_id)


def _seat(work: Work, case: Case) -> str | None:
    """Return the seat in which its officer has the case."""
    return work.desk.directory.seat(serves_in(work, case, case.officer_id))


def on_duty(work: Work, case: Case) -> list[UUID]:
    """Return who is on duty now where the case is, and if nobody is who can be told, those who head it."""
    directory = work.rules_of(case).directory
    levels = range(directory.level(case.unit_id), directory.height + 1)
    steps = [
        posts.of_level(work, directory, role, level) for level in levels for role in (Role.DUTY, Role.HEAD)
    ]
    return _nearest(work, case, steps)


def handling(work: Work, case: Case) -> list[UUID]:
    """Return who must hear of what comes in: the case's officer while they serve, else who may take it."""
    if case.officer_id and work.rules_of(case).directory.held_by(case.officer_id, work.today):
        there = fit(work, case, Post([case.officer_id], _seat(work, case)))
        if heard(work, there):
            return there.people
    waiting = workers(work, case)
    if case.urgency == URGENT and not case.confidential:
        waiting = [*waiting, *on_duty(work, case), *in_charge(work, case)]
    return list(dict.fromkeys([*waiting, *leaving.going_on(work, case)]))


def callers(work: Work, case: Case) -> list[UUID]:
    """Return who tells somebody without a chat what is new: the officer, or reception until there is one.

    What is kept close never passes through reception.
    """
    directory, day = work.rules_of(case).directory, work.today
    if case.confidential or (case.officer_id and directory.held_by(case.officer_id, day)):
        return handling(work, case)
    desks = [unit.id for unit in directory.units if unit.type == RECEPTION and unit.stands_on(day)]
    there = [fit(work, case, posts.of_unit(work, desk, {Role.OFFICER})) for desk in desks]
    return list(dict.fromkeys(p for desk in there for p in heard(work, desk))) or handling(work, case)


def reachable(work: Work, people: Iterable[UUID], case: Case | None = None) -> list[UUID]:
    """Return who of these hears today what is said to them of a case: they have a live chat, and are there.

    Away is who is so from all they are where the case belongs, or anywhere where it is about none. Whoever
    calls from outside `cases.act` reads the chats first (`storage.people.reached.load`).
    """
    directory = (work.rules_of(case) if case is not None else work.desk).directory
    there = [person for person in people if not directory.is_away(person, work.today)]
    return reached.among(work, there)


def heard(work: Work, post: Post) -> list[UUID]:
    """Return who of these hears today what is said to them in the post: see `reachable`."""
    away = work.desk.directory.is_away
    there = [person for person in post.people if not away(person, work.today, post.seat)]
    return reached.among(work, there)


def _nearest(work: Work, case: Case, steps: Iterable[Post]) -> list[UUID]:
    """Return who can be told in the first step in which anybody can; if nobody can anywhere, the first step.

    Who cannot be told is passed over like who is absent, but the case stays with somebody.
    """
    first: list[UUID] = []
    for step in steps:
        post = fit(work, case, step)
        if there := heard(work, post):
            return there
        first = first or post.people
    return first


async def chats(work: Work, people: list[UUID]) -> list[Chat]:
    """Return the chats in which these people can be told something."""
    return await chats_of(work, people)


def fit(work: Work, case: Case, post: Post) -> Post:
    """Return who is there today for a post and may have to do with it: not the accused, nor who brought it.

    Who may not stand in leaves it with whoever is away.
    """
    people, seat = post
    there = exclusion.present(work, case, people, seat)
    found = there if there == people else [p for one in people for p in _at_work(work, case, one, seat)]
    return Post([p for p in dict.fromkeys(found) if not is_senders(case, p)], seat)


def _at_work(work: Work, case: Case, person: UUID, seat: str | None) -> list[UUID]:
    """Return who does somebody's work on a case today: they themselves, who stands in, or nobody."""
    found = exclusion.present(work, case, [person], seat)
    if found == [person] or all(_may_stand_in(work, case, one) for one in found):
        return found
    return [] if exclusion.shut_out(work, case, person) else [person]


def is_senders(case: Case, person_id: UUID | None) -> bool:
    """Say whether this official brought the case, or is of who did: in whichever chat, in whoever's place."""
    return person_id is not None and str(person_id) in case.senders


def has_it(work: Work, case: Case, person_id: UUID | None) -> bool:
    """Say whether the case is in this person's hands: taken by them, or by somebody they stand in for."""
    if case.officer_id is None or person_id is None:
        return False
    if person_id == case.officer_id:
        return True
    directory = work.rules_of(case).directory
    present = directory.present(case.officer_id, work.today, _seat(work, case))
    lent = person_id == present and not exclusion.shut_out(work, case, case.officer_id)
    return lent and _may_stand_in(work, case, person_id)
