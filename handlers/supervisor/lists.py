"""Lists: one's work, what is overdue, how the units stand."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import locales
from domain.cases import Relation, State
from domain.messages import Choice, Message
from domain.understand.fold import fold
from handlers.engine.conversation import Option, Turn
from services.office import roster
from services.saying import cards, wording
from services.standing import homes, parties, reach
from services.standing.parties import Actor
from storage.cases import cases as stored
from storage.cases import workload
from storage.cases.cases import Case
from storage.cases.workload import Load

T = TypeVar("T")
_LISTED = 9
"""Cases in a list: each has a digit of its own. Of a longer one, one digit leads to the rest."""
_THEIRS = frozenset({Relation.OFFICER, Relation.SUPERVISOR})


async def mine(turn: Turn, text: str) -> Message:
    """List the open cases this person works on or answers for, the nearest due first."""
    found = await reach.cases_of(turn.work, turn.chat.person_id)
    return _list(turn, found, "official.work", ("mine", text))


async def which(turn: Turn, verb: str) -> Message:
    """List the work of somebody who named no case for what they want done; `verb` is what that is."""
    found = await reach.cases_of(turn.work, turn.chat.person_id)
    typed = f"typed.{verb}"
    word = turn.say(typed) if locales.has(turn.chat.language, typed) else verb
    return _list(turn, _theirs(turn, found)[:_LISTED], "official.which", ("mine", ""), verb=word)


async def search(turn: Turn, text: str) -> Message:
    """List the open work whose headline has these words: nothing but what lists show is looked in."""
    found = await reach.cases_of(turn.work, turn.chat.person_id)
    wanted = set(_WORDS.findall(fold(text)))
    hits = [case for case in _theirs(turn, found) if wanted and wanted <= _headline(turn, case)]
    return _list(turn, hits[:_LISTED], "official.search", ("mine", ""), sought=text)


_WORDS = re.compile(r"\w+")


def _headline(turn: Turn, case: Case) -> set[str]:
    area = turn.work.rules.directory.area(case.area).name
    return set(_WORDS.findall(fold(f"{case.code} {wording.shortened(case.summary, 60)} {area}")))


async def figures(turn: Turn, text: str) -> Message:
    """Show how the units stand to whoever answers for some, and to everybody else their work."""
    return await (units if _answered_for(turn) else mine)(turn, text)


async def late(turn: Turn, text: str) -> Message:
    """List only those that are overdue, the latest first."""
    found = await reach.cases_of(turn.work, turn.chat.person_id, due_before=turn.work.now)
    return _list(turn, found, "official.late", ("late", text))


def _theirs(turn: Turn, cases: Iterable[Case]) -> list[Case]:
    """Leave out what is not this person's, before anything is counted or cut: a gap would tell of it."""
    return [case for case in cases if parties.relations(turn.work, case, Actor.of(turn.chat)) & _THEIRS]


def _list(turn: Turn, cases: list[Case], key: str, page: tuple[str, str], **facts: object) -> Message:
    """List the cases that are this person's; `page` is the option that lists them, and which page it is."""
    found = _theirs(turn, cases)
    shown, following = _page(found, page[1])
    turn.talk.list_of("work", shown)
    if not shown:
        return Message(turn.say(f"{key}_none", **facts))
    choices = tuple(cards.listed(turn.work, case, turn.chat) for case in shown)
    if following:
        choices += (Choice(turn.say("help.next"), f"menu:{page[0]}:{following}"),)
    text = turn.say(key, count=len(found), **facts)
    chief = any(Relation.SUPERVISOR in parties.relations(turn.work, c, Actor.of(turn.chat)) for c in shown)
    nudges = any(cards.offered(turn.work, case, turn.chat, ("nudge",)) for case in shown)
    letters = "official.letters" if nudges else "official.letters_alone"
    return Message(f"{text}\n{turn.say(letters)}" if chief else text, choices)


def _page(found: Sequence[T], number: str) -> tuple[Sequence[T], int]:
    """Return a page of a list, the first where there is none of that number, and the next one, 0 if none."""
    wanted = int(number) if number.isdecimal() and len(number) <= 3 else 1
    at_once = _LISTED if len(found) <= _LISTED else _LISTED - 1
    first = max(0, wanted - 1) * at_once
    first = first if first < len(found) else 0
    more = first + at_once < len(found)
    return found[first : first + at_once], first // at_once + 2 if more else 0


# --- units --------------------------------------------------------------------------------------


async def units(turn: Turn, text: str) -> Message:
    """Show how each unit this person answers for stands; a unit that is chosen shows its cases by age."""
    ids = _answered_for(turn)
    if not ids:
        return Message(turn.say("units.none"))
    chosen, _, number = text.partition(":")
    unit = next((unit for unit in ids if str(unit) == chosen), None)
    if unit is not None:
        return await _of_unit(turn, unit, number)
    directory = turn.work.rules.directory
    shown, following = _page([unit for unit in directory.units if unit.id in ids], text)
    loads = await _loads(turn, {unit.id for unit in shown})
    named = [(unit, roster.called(directory, unit)) for unit in shown]
    choices = [Choice(_how(turn, name, loads.get(u.id)), f"menu:units:{u.id}") for u, name in named]
    if following:
        choices.append(Choice(turn.say("help.next"), f"menu:units:{following}"))
    return Message(turn.say("units.text"), tuple(choices))


async def _of_unit(turn: Turn, unit: UUID, number: str) -> Message:
    found = await stored.of_units(turn.work, [unit])
    by_age = sorted(found, key=lambda case: case.opened_at)
    name = homes.called(turn.work, unit, turn.chat)
    return _list(turn, by_age, "official.unit", (f"units:{unit}", number), unit=name)


async def _loads(turn: Turn, units: set[UUID]) -> dict[UUID, Load]:
    """Count the open cases of each unit; those kept from somebody only where they are theirs."""
    loads = await workload.of_units(turn.work, units)
    for case in _theirs(turn, await workload.kept_of_units(turn.work, units)):
        loads[case.unit_id] = _with(turn, loads.get(case.unit_id), case)
    return loads


def _answered_for(turn: Turn) -> set[UUID]:
    """Return the units this person is a chief of, which stand today."""
    day, directory = turn.work.today, turn.work.rules.directory
    held = directory.held_by(turn.chat.person_id, day)
    if not any(holding.role in parties.IN_CHARGE for holding in held):
        return set()
    theirs = reach.units_of(turn.work, turn.chat.person_id)
    return {unit for unit in theirs if directory.unit(unit).stands_on(day)}


def _with(turn: Turn, load: Load | None, case: Case) -> Load:
    overdue = case.due_at <= turn.work.now and case.state != State.ASKED
    late_, asked = int(overdue), int(case.request is not None)
    if load is None:
        return Load(1, late_, asked, case.opened_at)
    oldest = min(load.oldest, case.opened_at)
    return Load(load.open + 1, load.overdue + late_, load.asked + asked, oldest)


def _how(turn: Turn, name: str, load: Load | None) -> str:
    if load is None:
        return turn.say("units.empty", unit=name)
    days = (turn.work.now - load.oldest).days
    facts: dict[str, Any] = {"open": load.open, "late": load.overdue, "asked": load.asked, "days": days}
    return turn.say("units.line", unit=name, **facts)


OPTIONS: dict[str, Option] = {
    "mine": mine,
    "late": late,
    "units": units,
    "which": which,
    "search": search,
    "figures": figures,
}
