"""A case follows its office: a unit was merged into another, or whoever had taken the case serves no more.

Its date, its clock and its history stay as they are, and nobody who is accused ever gets it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import locales
from domain.cases import ANY_STATE, OPEN_STATES, Act, Relation, State
from domain.people import Role
from services.saying import notices, ringing
from services.saying.telling import Telling
from services.standing import hands, leaving, parties, senders
from services.standing.kinds import ActKind, Deed, Request
from services.standing.parties import CLOCK, IN_CHARGE, OFFICIAL, Actor, relations, workers
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.office.changes import DirectoryChange


def serves(work: Work, case: Case) -> bool:
    """Say whether whoever took the case may still work on it today, and did not leave its unit.

    What is kept close stays with those in charge: a chief was trusted with it, not a person.
    """
    held = work.rules_of(case).directory.held_by(case.officer_id, work.today)
    if case.confidential and not any(holding.role in IN_CHARGE for holding in held):
        return False
    theirs = relations(work, case, Actor(person_id=case.officer_id))
    return Relation.SUPERVISOR in theirs or (Relation.OFFICER in theirs and not _has_left(work, case))


def _has_left(work: Work, case: Case) -> bool:
    """Say whether they served where the case is, and do no more; who was only on duty that day did not.

    A unit that stands no more nobody has left: where its people go, its cases follow.
    """
    if not work.desk.directory.unit(case.unit_id).stands_on(work.today):
        return False
    theirs = work.desk.directory.holdings_of(case.officer_id) if case.officer_id is not None else ()
    there = [
        holding
        for holding in theirs
        if holding.unit_id == case.unit_id
        and holding.role in OFFICIAL - {Role.DUTY}
        and holding.valid_from <= work.today
    ]
    return bool(there) and not any(holding.holds_on(work.today) for holding in there)


def mover(work: Work, case: Case, person_id: UUID | None) -> Actor:
    """Return in whose name a case follows a change: the admin's while they may, else the clock's."""
    admin = Actor(person_id=person_id)
    may = person_id is not None and Relation.ADMIN in relations(work, case, admin)
    return admin if may else CLOCK


async def announce(
    work: Work, made: DirectoryChange, people: Iterable[UUID], key: str, about: str, **facts: object
) -> None:
    """Tell officials once what a change did to the cases of a unit (`about`), not one message a case."""
    await notices.tell(work, people, notices.words(key, **facts), f"office:{made.number}:{about[:36]}")


@dataclass(frozen=True, slots=True)
class Move(Request):
    """To which unit it moves; `included` are units that are accused too from now on, `cleared` no more.

    `senders` are officials who turn out to have brought it: it is taken out of their hands. `spoken_of`: it
    leaves those of whom it turned out to speak, `known_but` who of them could not look it up before even so
    (people, units); `lost`: it leaves whoever reads it no more. `found`: its sender said of which commune it
    is, and at which `place` and in which `area` there. `change` is the number of the change of the
    directory that it follows. `asked`: to which unit what waits for a decision asks it to go now, empty
    where that falls away.
    """

    unit_id: str
    included: Sequence[str] = ()
    cleared: Sequence[str] = ()
    senders: Sequence[str] = ()
    spoken_of: bool = False
    known_but: Sequence[Sequence[str]] | None = None
    lost: bool = False
    found: bool = False
    place: str = ""
    area: str = ""
    change: int | None = None
    asked: str | None = None


async def _move(deed: Deed[Move]) -> State | None:
    """Move the case. Who has taken it keeps it where they serve.

    Else it waits to be taken, and a request of theirs is void.
    """
    work, case, asked = deed.work, deed.case, deed.request
    barred = [*case.excluded, *asked.included]
    case.excluded = [unit for unit in dict.fromkeys(barred) if unit not in asked.cleared]
    unit = work.rules.directory.unit(UUID(asked.unit_id))
    deed.facts.update({"from": str(case.unit_id), "unit": unit.name})
    if asked.found:
        await _leave(deed)
    hands.place(work, case, unit.id)
    if asked.asked is not None and case.request is not None:
        case.request = {**case.request, "unit_id": asked.asked} if asked.asked else None
    to = senders.add(work, case, list(asked.senders))
    if to is not None:
        return to
    if case.officer_id is None or case.state not in OPEN_STATES:
        return None
    if serves(work, case) and not asked.lost and not asked.found:
        return None
    return hands.let_go(work, case)


async def _leave(deed: Deed[Move]) -> None:
    """Note whom it has rung for where it was, and where it is; who had it may be on the way."""
    work, case, asked = deed.work, deed.case, deed.request
    deed.facts["rung"] = await ringing.rung_before(work, case)
    leaving.keep(case)
    case.place, case.area = asked.place or case.place, asked.area or case.area


async def _moved(to: Telling) -> None:
    """Tell the citizen, once, where their case is now; the officials hear of all their cases together."""
    if to.case.state not in OPEN_STATES:
        return
    if to.facts.get("spoken_of"):
        await _handed_on(to)
        return
    await to.redraw()
    if to.facts.get("senders") and to.case.officer_id is None:
        await to.cards(parties.workers(to.work, to.case), redraw=False)
    await _rings(to, carded=bool(to.facts.get("senders")))
    if to.facts.get("found"):
        await _left(to)
    if _went(to):
        was = to.facts.get("due_before")  # in another commune it is another day
        key, before = ("told.merged_day", _day(was)) if was else ("told.merged", "")
        key = "told.found" if to.facts.get("found") else key
        await to.citizen(key, before=before)
        key = "told.found_other" if to.facts.get("found") else key
        await to.followers(key, before=before, place=to.case.place)


async def _left(to: Telling) -> None:
    """Tell those who had a danger where it is now; nothing that can be pressed is left to the others."""
    was = to.work.desk.directory.holders(UUID(to.facts["from"]), OFFICIAL, to.work.today)
    going = leaving.going_on(to.work, to.case)
    there = workers(to.work, to.case)
    gone = [person for person in was if person not in going and person not in there]
    await to.instead_of_cards(gone, "official.moved_away")
    await ringing.moved_on(to)


def _day(day: str) -> Callable[[str], str]:
    """Return a day as it is written in the language of whoever is told."""
    return lambda language: locales.day(language, date.fromisoformat(day))


async def _rings(to: Telling, *, carded: bool) -> None:
    """Say at once that nobody has it, where it cannot wait: to those whose card it is, and whoever hears too.

    `carded`: they have just got it, with a sound.
    """
    if ringing.ladder_of(to.work, to.case) is None:
        return
    if not carded:
        await to.cards(workers(to.work, to.case), redraw=False)
    await ringing.tell_at_once(to)


def _went(to: Telling) -> bool:
    """Say whether it went to another unit."""
    return bool(to.facts["from"] != to.facts["unit_id"])


async def _handed_on(to: Telling) -> None:
    """Give the card to whoever has the case instead of those it speaks of, who hear nothing of that."""
    await to.cards(workers(to.work, to.case), redraw=not _went(to))
    await _rings(to, carded=_went(to))
    if _went(to):
        former = to.work.desk.directory.holders(UUID(to.facts["from"]), OFFICIAL, to.work.today)
        await to.instead_of_cards(former, "official.moved_away")
        await to.citizen("told.moved")


ACTS = (
    ActKind(
        act=Act.MOVE,
        takes=Move,
        by={Relation.ADMIN, Relation.CLOCK},
        states=ANY_STATE,
        change=_move,
        news=_moved,
    ),
)
