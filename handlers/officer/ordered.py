"""What an official orders in words: with a case's code anywhere in them, or of a case that can be told."""

from collections.abc import Sequence

from domain.cases import Act, Relation
from domain.messages import Text
from domain.understand import gist, likeness, orders
from domain.understand.orders import Order, bare_name
from handlers.engine import by_role
from handlers.engine.commands import Command
from handlers.engine.conversation import Turn
from handlers.engine.flow import NotUnderstood
from handlers.officer import spoken
from handlers.officer.elsewhere import is_open
from handlers.officer.transfer import belongs, seed_of, unit_named
from handlers.officer.unasked import in_hand
from services.saying import approving, cards
from services.standing import guards, parties, reach
from services.standing.parties import Actor, roles_of
from storage.cases import cases as stored
from storage.cases.cases import Case

_DECIDED = frozenset({"grant", "refuse"})
_THEIRS = frozenset({Relation.OFFICER, Relation.SUPERVISOR})
_ALIKE = 0.5
"""The part of the words that tell which case is meant, at least."""


async def meant(turn: Turn, text: str) -> Command | None:
    """Return the verb that words mean, with its case; of several cases it asks which.

    A code that stands in words which say nothing more that is certain only shows its case.
    """
    if turn.work.rules.understanding.read(text).emergency:
        return None
    there = await _elsewhere(turn, text) if turn.work.desk.directory.is_wide else None
    return there or await _ordered(turn, text)


async def _ordered(turn: Turn, text: str) -> Command | None:
    """Return the verb that words mean, of a case here."""
    said = orders.verb(text, turn.session.prefixes)
    if code := orders.code_in(text, turn.session.prefixes):
        return await _of_code(turn, code, said)
    told = spoken.verb(text)
    if told is not None:
        return await _of_held(turn, Order(told.name, text=told.text))
    if said is None:
        return None
    if said.name in _DECIDED:
        return await decided(turn, said)
    return await (_to_take(turn, said) if said.name == "accept" else _of_held(turn, said))


async def _elsewhere(turn: Turn, text: str) -> Command | None:
    """Return that a case is to go where words say that it belongs, in another commune or above.

    It is the one whose code is said, else the one that was shown last, else the one in hand.
    """
    said = orders.code_in(text, turn.session.prefixes)
    case = await stored.by_code(turn.work, code) if (code := said or _shown(turn)) else None
    if case is not None and parties.relations(turn.work, case, Actor.of(turn.chat)) & _THEIRS:
        place = await belongs(turn, case, text)
        return Command("transfer", case.code, f"{place}\n{text}") if place else None
    held = [] if said else await in_hand(turn)
    place = await belongs(turn, held[0], text) if held else ""
    return await _of_held(turn, Order("transfer", text=f"{place}\n{text}"), known=True) if place else None


def _shown(turn: Turn) -> str:
    """Return the code of the case whose buttons were shown last; empty where they are of none, or of many."""
    codes = {action.split(":")[1] for action in turn.chat.menu if action.count(":") > 1}
    return codes.pop() if len(codes) == 1 else ""


def wanted(turn: Turn, text: str) -> Command | None:
    """Return the list or the page that words ask for, where this person may see it."""
    roles = roles_of(turn.work, turn.chat)
    names = [name for name in orders.wanted(text) if by_role.may(roles, name)]
    return Command(names[0]) if names else None


async def decided(turn: Turn, said: Order) -> Command | None:
    """Return the decision on what waits for one: of more days at once, of what a citizen would read never."""
    waiting = await approving.waiting_for(turn.work, turn.chat)
    if len(waiting) != 1:
        return Command("approvals") if waiting else None
    at_once = said.name == "refuse" or guards.requested(waiting[0]) == Act.EXTEND
    return Command(said.name if at_once else "show", waiting[0].code, said.text if at_once else "")


async def _of_code(turn: Turn, code: str, said: Order | None) -> Command | None:
    case = await stored.by_code(turn.work, code)
    if case is not None and case.chat_key == turn.chat.own:
        return None  # an official may be a citizen too
    if said is not None:
        return Command(said.name, code, said.text)
    mine = set() if case is None else parties.relations(turn.work, case, Actor.of(turn.chat))
    if case is None or not mine & _THEIRS or parties.has_it(turn.work, case, turn.chat.person_id):
        return None
    return Command("unclear", code)


async def _of_held(turn: Turn, said: Order, *, known: bool = False) -> Command | None:
    """Return the verb of a case in hand; where it goes on to is `known` to be one, or is looked for."""
    verb = "ask" if said.name == "question" else said.name
    held = [case for case in await in_hand(turn) if cards.offered(turn.work, case, turn.chat, (verb,))]
    held = _alike(held, said.of) if said.of else held
    if len(held) > 1:
        return Command("which", text=verb)
    named = known or said.name != "transfer"
    if not held or not (named or await _is_unit(turn, held[0], said.text)):
        return None
    return Command(said.name, held[0].code, said.text)


async def _is_unit(turn: Turn, case: Case, name: str) -> bool:
    """Say whether a name is a unit's that may have the case: “sang bên kia đường” is none."""
    try:
        seed = await seed_of(turn, case)
        known = not name or is_open(seed, name)
        return known or bool(unit_named(seed, turn.session)(Text(bare_name(name))))
    except NotUnderstood as refusal:
        return bool(refusal.args[0] == "transfer.several")


async def _to_take(turn: Turn, said: Order) -> Command | None:
    """Return that a case nobody has is taken; which one is asked unless it is plain."""
    units = reach.units_of(turn.work, turn.chat.person_id)
    found = [case for case in await stored.of_units(turn.work, units) if case.officer_id is None]
    found = [case for case in found if "accept" in cards.offered(turn.work, case, turn.chat, ("accept",))]
    found = _alike(found, said.of) if said.of else found
    if len(found) > 1:
        return Command("which", text="accept")
    return Command("accept", found[0].code) if found else None


def _alike(cases: Sequence[Case], words: str) -> list[Case]:
    """Return the cases that words tell of."""
    told = gist(words)
    return [case for case in cases if told and likeness(told, gist(case.story))[0] >= _ALIKE]
