"""Until somebody takes it, it rings: who hears of a case that cannot wait, who has heard, what is true.

For whom it rings, and when, is `domain.ringing`; here circles become people. Only who can be told is counted.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID

import locales
from domain.cases import UNTAKEN, Act, Relation
from domain.ringing import Circle, Ladder, Ring
from services.saying import rescue, wording
from services.saying.telling import Detail, Telling, Wait
from services.standing import crossing, exclusion, leaving, parties
from services.standing.parties import Actor
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.mail import outbox
from storage.people import reached
from storage.people.people import name_of

_WORK_ON_IT = frozenset({Relation.OFFICER, Relation.SUPERVISOR})
_ANY_NUMBER = ("113", "114", "115")
_LETTERS = 300
"""Letters of the story that a ring holds."""


def ladder_of(work: Work, case: Case) -> Ladder | None:
    """Return the ladder a case climbs while nobody has it; None where it may wait, or somebody has it."""
    waits = case.state in UNTAKEN and case.officer_id is None
    return work.rules_of(case).ringing.get(case.urgency) if waits else None


def ring_of(work: Work, case: Case) -> Ring | None:
    """Return the ring that has come due for the case: one, for everybody any that were missed were for."""
    ladder = ladder_of(work, case)
    return ladder.due(case.handed_at, case.alarmed_at, work.now) if ladder else None


def next_ring(work: Work, case: Case) -> Ring | None:
    """Return the next ring of the case after what has rung."""
    ladder = ladder_of(work, case)
    return ladder.next(case.handed_at, case.alarmed_at) if ladder else None


# --- who hears of it ---------------------------------------------------------------------------


def officials_in(work: Work, case: Case, circles: Iterable[Circle]) -> list[UUID]:
    """Return who of these circles is told of the case itself: may work on it, and can be told.

    Where everybody is away, they are told all the same: no absence leaves danger to nobody.
    """
    theirs = list(_able(work, case, frozenset(circles)))
    return parties.reachable(work, theirs, case) or reached.among(work, theirs)


def are_told(work: Work, case: Case, circles: Iterable[Circle]) -> bool:
    """Say whether anybody of these circles is told of the case itself."""
    return any(reached.among(work, [person]) for person in _able(work, case, frozenset(circles)))


def _able(work: Work, case: Case, circles: frozenset[Circle]) -> Iterator[UUID]:
    """Yield who of these circles may work on the case and did not bring it, each once, the nearest first."""
    found: list[UUID] = []
    if Circle.UNIT in circles:
        found += parties.workers(work, case)
    if Circle.DUTY in circles and not case.confidential:
        found += parties.on_duty(work, case)
    if Circle.UNIT_HEAD in circles:
        found += parties.in_charge(work, case)
    if Circle.HEADS in circles:
        found += parties.named_heads(work, case)
    for person in dict.fromkeys(found):
        theirs = parties.relations(work, case, Actor(person_id=person)) & _WORK_ON_IT
        if theirs and person != _citizen(work, case):
            yield person


def admins_in(work: Work, case: Case, circles: Iterable[Circle]) -> list[UUID]:
    """Return which admins are told that a case waits, without a word of it: where nobody else can be, all."""
    told = officials_in(work, case, circles)
    if told and Circle.ADMIN not in circles:
        return []
    return [person for person in admins(work, case) if person not in told]


def admins(work: Work, case: Case) -> list[UUID]:
    """Return the admins who can be told that a case reaches nobody, and no word of it."""
    told = parties.reachable(work, parties.admins(work, case), case)
    return [person for person in told if person != _citizen(work, case)]


def _citizen(work: Work, case: Case) -> UUID | None:
    chat = work.chats.get(case.chat_key)
    return chat.person_id if chat is not None else None


def handed_to(work: Work, case: Case) -> frozenset[Circle]:
    """Return the circles that hear of a case as it comes, before it rings again."""
    circles = _at_once(work, case, case.urgency)
    # Of those who would be told some stand outside: whoever heads the desk hears at once in their place.
    walled = case.urgency in work.rules_of(case).ringing and bool(exclusion.wall_of(case))
    return circles | {Circle.HEADS} if walled else circles


def _at_once(work: Work, case: Case, urgency: str) -> frozenset[Circle]:
    ladder = work.rules_of(case).ringing.get(urgency)
    return ladder.at_once if ladder else frozenset({Circle.UNIT})


async def rung(work: Work, case: Case) -> frozenset[Circle]:
    """Return the circles that have heard of it since it was handed to its unit."""
    ladder = work.rules_of(case).ringing.get(case.urgency)
    if ladder is None or case.history_length <= 1:
        return handed_to(work, case)
    events = await stored.history(work, case)
    rings = [event.detail["n"] for event in events if event.act == Act.RING and event.at >= case.handed_at]
    return ladder.heard(max(rings, default=0))


# --- what is true of it ------------------------------------------------------------------------


def told_at_once(work: Work, case: Case) -> int:
    """Return how many people a case is told to as it comes."""
    circles = handed_to(work, case)
    return len(set(_all_in(work, case, circles)))


def is_heard(work: Work, case: Case, urgency: str = "") -> bool:
    """Say whether anybody can be told of a case as it comes: who may work on it, or else an admin.

    Where it is about to become as urgent as that, who is told then.
    """
    return are_told(work, case, _at_once(work, case, urgency or case.urgency)) or bool(admins(work, case))


async def told_of(work: Work, case: Case) -> int:
    """Return how many people were told of a case nobody has yet: who can be told, and did not lose it."""
    return await _told(work, case, await rung(work, case))


def _all_in(work: Work, case: Case, circles: Iterable[Circle]) -> list[UUID]:
    """Return everybody who is told, whether of the case, that it waits, or only of the danger."""
    circles = frozenset(circles)
    helping = rescue.rescuers(work, case) if Circle.DUTY in circles else []
    return [*officials_in(work, case, circles), *admins_in(work, case, circles), *helping]


async def _told(work: Work, case: Case, circles: Iterable[Circle]) -> int:
    told = list(dict.fromkeys(_all_in(work, case, circles)))
    lost = await outbox.lost_of(work, case.code)
    return len({chat.person_id for chat in await parties.chats(work, told) if chat.key not in lost})


async def standing(work: Work, case: Case, language: str) -> str:
    """Say in one sentence who has it, or how many were told: nothing that is not so."""
    say = locales.words(language)
    if case.officer_id is not None:
        unit = work.rules_of(case).directory.unit(parties.serves_in(work, case, case.officer_id)).name
        return say("ringing.taken", officer=await name_of(work, case.officer_id), unit=unit)
    return _how_many(work, case, language, await told_of(work, case))


def _how_many(work: Work, case: Case, language: str, count: int) -> str:
    key = "ringing.told" if count else "ringing.none"
    return locales.words(language)(key, count=count, numbers=numbers(work, case))


def numbers(work: Work, case: Case) -> str:
    """Return the numbers to call in the danger the case tells of."""
    return ", ".join(numbers_of(work, case))


def numbers_of(work: Work, case: Case) -> tuple[str, ...]:
    """Return them one by one."""
    heard = work.rules_of(case).understanding.read(case.story)
    return heard.emergency or heard.doubt or _ANY_NUMBER


# --- what is said ------------------------------------------------------------------------------


async def tell_at_once(to: Telling) -> None:
    """Tell who hears of a case besides those whose card it is; where nobody can be told, the admins."""
    circles = handed_to(to.work, to.case)
    if to.case.urgency in to.rules.ringing:
        workers = parties.workers(to.work, to.case)
        others = [p for p in officials_in(to.work, to.case, circles) if p not in workers]
        await to.officials(others, "alert.urgent", ("accept", "show"), **_what(to))
        await _call_for_help(to, "alert.danger", circles)
    await unheard(to, circles)


async def tell_anew(to: Telling, also: Iterable[UUID]) -> None:
    """Tell everybody who hears of a case as it comes that it cannot wait any more; a card makes no sound."""
    circles = handed_to(to.work, to.case)
    people = [*officials_in(to.work, to.case, {*circles, Circle.UNIT}), *also]
    await to.officials(list(dict.fromkeys(people)), "alert.urgent", ("accept", "show"), **_what(to))
    await _call_for_help(to, "alert.danger", circles)
    await unheard(to, circles)


async def unheard(to: Telling, circles: Iterable[Circle] = (Circle.UNIT,)) -> None:
    """Tell the admins of a case that reaches nobody who may work on it: which it is, and no word of it."""
    if not are_told(to.work, to.case, circles):
        await _tell_admins(to, admins(to.work, to.case), "alert.unheard")


async def _call_for_help(to: Telling, key: str, circles: Iterable[Circle], wait: Wait | None = None) -> None:
    """Tell who can go there of the danger alone, where they hear nothing of the case."""
    circles = frozenset(circles)
    if Circle.DUTY in circles and not rescue.going(to.work, to.case):
        told = {*officials_in(to.work, to.case, circles), *admins_in(to.work, to.case, circles)}
        people = [person for person in rescue.rescuers(to.work, to.case) if person not in told]
        await rescue.tell(to, key, people, wait)


async def located(to: Telling) -> None:
    """Tell who can go there where it is, now that it is known: who goes already too."""
    going = rescue.going(to.work, to.case)
    await rescue.tell(to, "alert.danger_there", going)
    if not going and (ladder_of(to.work, to.case) is not None or rescue.waits(to.work, to.case)):
        await _call_for_help(to, "alert.danger", handed_to(to.work, to.case))


def _what(to: Telling) -> dict[str, str]:
    return {"content": wording.shortened(to.case.story, _LETTERS), "place": to.case.place}


async def _tell_admins(to: Telling, admins: list[UUID], key: str, **facts: object) -> None:
    """Tell admins which case waits and no word of it: its place too where there is danger and no secret."""
    case = to.case
    open_danger = case.urgency in to.rules.ringing and not case.confidential
    field = to.rules.taxonomy.fields[case.field].name
    key = f"{key}_there" if open_danger else key
    await to.officials(admins, key, (), field=field, place=case.place, **facts)


async def ring(work: Work, case: Case, n: int) -> Detail:
    """Return how many the ring of this minute tells, and whether that is news to the citizen."""
    ladder = work.rules_of(case).ringing[case.urgency]
    before = await stored.last_of(work, case, (Act.OPEN, Act.RING))
    told = await _told(work, case, ladder.heard(n))
    return {"told": told, "news": before is None or before.detail.get("told") != told}


async def rang(to: Telling) -> None:
    """Say it again, louder, to everybody the ring is for; to the citizen how many know, if that changed."""
    work, case, detail = to.work, to.case, to.facts
    circles = [Circle(name) for name in detail["to"]]
    to.occasion = f"ring:{int(case.handed_at.timestamp())}:{detail['n']}"
    wait = Wait(detail["n"])
    officials = officials_in(work, case, circles)
    await to.officials(officials, "alert.ring", ("accept", "show"), wait=wait, **_what(to))
    await _tell_admins(to, admins_in(work, case, circles), "alert.ring_admin", wait=wait)
    await _call_for_help(to, "alert.ring_danger", circles, wait=wait)
    if detail["news"] and not rescue.going(work, case):  # they were told that somebody comes
        chat = await to.hears("told.ringing")
        told = _how_many(work, case, chat.language, detail["told"])
        await to.citizen("told.ringing", told=told, numbers=numbers(work, case))


async def woken(work: Work, case: Case) -> list[str]:
    """Return whom it has rung for while nobody has it."""
    if ladder_of(work, case) is None:
        return []
    circles = await rung(work, case)
    return [str(person) for person in (*officials_in(work, case, circles), *admins_in(work, case, circles))]


async def readers(work: Work, case: Case) -> list[UUID]:
    """Return who has heard of the case itself: whoever has it, or it has rung for."""
    if case.officer_id is not None:
        return parties.handling(work, case)
    return officials_in(work, case, await rung(work, case))


async def listeners(work: Work, case: Case) -> list[UUID]:
    """Return who hears of what is added: whoever has the case or may take it, and all it has rung for."""
    found = parties.handling(work, case)
    if ladder_of(work, case) is not None:
        found = [*found, *await readers(work, case)]
    return list(dict.fromkeys(found))


async def end(work: Work, case: Case, detail: Detail) -> None:
    """Keep with what ends the ringing whom it had rung for."""
    if heard := [*await woken(work, case), *case.until_taken]:
        detail["woken"] = list(dict.fromkeys(heard))


_TAKES = frozenset({Act.ACCEPT, Act.ASSIGN, Act.TAKE_OVER})


async def rung_before(work: Work, case: Case) -> list[str]:
    """Return everybody it has rung for where it is, whoever has it, and who had it: by id."""
    taken = await stored.last_of(work, case, _TAKES)
    since = taken.detail.get("woken", ()) if taken is not None and case.officer_id is not None else ()
    had = [str(case.officer_id)] if case.officer_id is not None else []
    return list(dict.fromkeys([*had, *case.until_taken, *since, *await woken(work, case)]))


async def moved_on(to: Telling) -> None:
    """Tell everybody it had rung for that a danger is elsewhere now, and who is told of it there.

    Who had it goes on until somebody there takes it; the others' cards say where it is.
    """
    work, case = to.work, to.case
    there = set(_all_in(work, case, handed_to(work, case)))
    former = [UUID(one) for one in to.facts.get("rung", ()) if UUID(one) not in there]
    former = [person for person in former if leaving.works(work, person)]
    if case.confidential:  # nobody else's to read: who said that they go learn where it is
        await to.officials(former, "official.moved_away")
        await rescue.tell(to, "alert.danger_there", [UUID(one) for one in rescue.said(case)])
        return
    unit = crossing.with_place(work, work.desk.directory.unit(case.unit_id))
    going = leaving.going_on(work, case)
    told, others = len(there), [person for person in former if person not in going]
    yours = [person for person in former if person in going]
    for people, key, verbs in ((others, "alert.moved_on", ()), (yours, "alert.moved_on_yours", ("show",))):
        await to.officials(people, key, verbs, there=unit, told=told, **_what(to))


async def taken(to: Telling) -> None:
    """Tell everybody it has rung for, once, that somebody has it now: not who is only called to go there."""
    woken, facts = to.facts.get("woken", ()), {part: to.facts[part] for part in ("officer", "unit")}
    others = [UUID(person) for person in woken if person != str(to.case.officer_id)]
    await to.officials(others, "official.taken", **facts)
