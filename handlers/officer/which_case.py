"""Which case an official means who names none by its code: what could be meant, and what words tell of it."""

from collections.abc import Sequence

from domain.messages import Text
from domain.understand import gist, likeness
from domain.understand.fold import fold
from domain.understand.orders import bare_name
from handlers.engine.conversation import Turn
from handlers.engine.flow import NotUnderstood
from handlers.officer.transfer import seed_of, unit_named
from handlers.officer.unasked import in_hand
from services.saying import cards
from services.standing import parties, reach
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.people import people

CHIEFS = frozenset({"reassign", "nudge"})
"""What is done with the work of others."""
_ALIKE = 0.5
"""The part of the words that tell which case is meant, at least."""


def own_units(turn: Turn) -> tuple[str, ...]:
    """Return the names of the units this person serves in, folded: whole, and without where they are."""
    directory, day = turn.work.rules.directory, turn.work.today
    held = directory.held_by(turn.chat.person_id, day)
    names = {fold(directory.unit(one.unit_id).name).replace("-", " ") for one in held}
    shorter = {name.removesuffix(" xa").removesuffix(" phuong") for name in names}
    shorter |= {name.removeprefix("phong ") for name in shorter}
    return tuple(" ".join(name.split()) for name in names | shorter if len(name) > _SHORT)


_SHORT = 3


def shown(turn: Turn) -> str:
    """Return the code of the case whose buttons were shown last; empty where they are of none, or of many."""
    codes = {action.split(":")[1] for action in turn.chat.menu if action.count(":") > 1}
    return codes.pop() if len(codes) == 1 else ""


def alike(cases: Sequence[Case], words: str) -> list[Case]:
    """Return the cases that words tell of."""
    told = gist(words)
    return [case for case in cases if told and likeness(told, gist(case.story))[0] >= _ALIKE]


async def untaken(turn: Turn) -> list[Case]:
    """Return the cases of their units that nobody has and this person may take."""
    units = reach.units_of(turn.work, turn.chat.person_id)
    found = [case for case in await stored.of_units(turn.work, units) if case.officer_id is None]
    return [case for case in found if "accept" in cards.offered(turn.work, case, turn.chat, ("accept",))]


async def answerable(turn: Turn) -> list[Case]:
    """Return the cases this person has, and those they may take."""
    held = await in_hand(turn)
    return [*held, *(case for case in await untaken(turn) if case not in held)]


async def of_chief(turn: Turn, verb: str) -> list[Case]:
    """Return the cases of their units with which this person may do what chiefs do."""
    found = await reach.cases_of(turn.work, turn.chat.person_id)
    return [case for case in found if cards.offered(turn.work, case, turn.chat, (verb,)) == (verb,)]


async def is_held_by(turn: Turn, case: Case, name: str) -> bool:
    """Say whether a name is that of the case's officer, or of who may take one that nobody has."""
    if case.officer_id is None:
        return await is_worker(turn, case, name)
    await people.load_people(turn.work, [case.officer_id])
    whole = fold(await people.name_of(turn.work, case.officer_id)).split()
    said = bare_name(name).split()
    return bool(said) and any(whole[at : at + len(said)] == said for at in range(len(whole)))


async def is_named(turn: Turn, case: Case, name: str) -> bool:
    """Say whether a name is that of a person or a unit that may have the case."""
    try:
        seed, named = await seed_of(turn, case), await _workers(turn, case)
        return bool(unit_named(seed, turn.session, named)(Text(bare_name(name))))
    except NotUnderstood as refusal:
        return bool(refusal.args[0] == "transfer.several")


async def is_worker(turn: Turn, case: Case, name: str) -> bool:
    """Say whether a name is that of somebody of the unit that has the case."""
    said = bare_name(name).split()
    names = [fold(one).split() for one in (await _workers(turn, case)).values()]
    return bool(said) and any(whole[-len(said) :] == said for whole in names)


async def _workers(turn: Turn, case: Case) -> dict[str, str]:
    workers = parties.workers(turn.work, case)
    await people.load_people(turn.work, workers)
    return {str(person): await people.name_of(turn.work, person) for person in workers}
