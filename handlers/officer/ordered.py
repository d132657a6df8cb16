"""What an official orders in words: with a case's code anywhere in them, or of a case that can be told."""

from domain.cases import Act, Relation
from domain.messages import Text
from domain.understand import asked as asked_for
from domain.understand import orders
from domain.understand.fold import fold
from domain.understand.orders import Order, bare_name
from handlers.engine import by_role
from handlers.engine.commands import Command
from handlers.engine.conversation import Turn
from handlers.engine.flow import NotUnderstood
from handlers.officer import rescue, spoken, which_case
from handlers.officer.elsewhere import is_open
from handlers.officer.transfer import belongs, seed_of, unit_named
from handlers.officer.unasked import in_hand
from services.saying import approving, cards
from services.standing import guards, parties
from services.standing.parties import Actor, roles_of
from storage.cases import cases as stored
from storage.cases.cases import Case

_DECIDED = frozenset({"grant", "refuse"})
_THEIRS = frozenset({Relation.OFFICER, Relation.SUPERVISOR})
_SHORT = 2
"""Letters that name no unit."""


async def meant(turn: Turn, text: str) -> Command | None:
    """Return the verb that words mean, with its case; of several cases it asks which.

    A code that stands in words which say nothing more that is certain only shows its case. Of words that tell
    of a danger only taking the alarm that runs for it is heard.
    """
    if turn.work.rules.understanding.read(text).emergency:
        said = orders.verb(text, turn.session.prefixes)
        alarm = said is not None and said.name == "accept" and not said.code
        taken = await _to_take(turn, said, alarms=True) if said is not None and alarm else None
        return taken or await _of_alarm(turn, text)
    text = orders.as_ours(text, which_case.own_units(turn))
    there = await _elsewhere(turn, text)
    return there or await _ordered(turn, text) or await _of_alarm(turn, text)


async def bare(turn: Turn, verb: str, text: str) -> Command | None:
    """Return what a verb means that is typed alone: taking the one case, or the alarm, that waits for it."""
    return await _to_take(turn, Order(verb)) if verb == "accept" and not orders.asks(verb, text) else None


async def _ordered(turn: Turn, text: str) -> Command | None:
    """Return the verb that words mean, of a case here."""
    prefixes = turn.session.prefixes
    if pair := orders.joined(text, prefixes):
        return Command("join", *pair)
    answer = orders.answered(text, prefixes)
    if answer is not None and (told := await _told(turn, answer)) is not None:
        return told
    said = orders.verb(text, prefixes)
    if code := orders.code_in(text, prefixes):
        return await _of_code(turn, code, said, text)
    begun_with = spoken.verb(text)
    said = Order(begun_with.name, text=begun_with.text) if begun_with is not None else said
    return None if said is None else await _uncoded(turn, said, text)


async def _uncoded(turn: Turn, said: Order, text: str) -> Command | None:
    """Return what a verb means that is said without a code."""
    if said.name in _DECIDED:
        return await decided(turn, said)
    if said.name == "accept_at":
        return await _to_take_at(turn, said.of)
    return await (_to_take(turn, said) if said.name == "accept" else _of_held(turn, said, text))


async def _to_take_at(turn: Turn, place: str) -> Command | None:
    """Return that the one case is taken which lies in the hamlet of this name."""
    _, waiting = await rescue.to_take(turn)
    directory = turn.work.rules.directory
    for found in (waiting, await which_case.untaken(turn)):
        there = [case for case in found if fold(directory.area(case.area).name) == fold(place)]
        if there:
            return Command("accept", there[0].code) if len(there) == 1 else Command("which", text="accept")
    return None


async def _told(turn: Turn, answer: Order) -> Command | None:
    """Return that words are the answer to a case that this person has, or may take."""
    found = await which_case.answerable(turn)
    found = [case for case in found if case.code == answer.code] if answer.code else found
    found = which_case.alike(found, answer.of) if answer.of and not answer.code else found
    return Command("tell", found[0].code, answer.text) if len(found) == 1 else None


async def _of_alarm(turn: Turn, text: str) -> Command | None:
    """Return that the alarm is shown of which somebody asks who goes, or to which they call others."""
    if turn.talk.flow or not orders.asks_who_goes(text):
        return None
    running = await rescue.running(turn)
    return Command("show", running[0].code) if len(running) == 1 else Command("mine") if running else None


async def _elsewhere(turn: Turn, text: str) -> Command | None:
    """Return that a case is to go where words say that it belongs: another unit, another commune, or above.

    It is the one whose code is said, else the one that was shown last, else the one in hand.
    """
    said = orders.code_in(text, turn.session.prefixes)
    case = await stored.by_code(turn.work, code) if (code := said or which_case.shown(turn)) else None
    if case is not None and parties.relations(turn.work, case, Actor.of(turn.chat)) & _THEIRS:
        place = await _where(turn, case, text)
        return Command("transfer", case.code, f"{place}\n{text}") if place else None
    held = [] if said else await in_hand(turn)
    place = await _where(turn, held[0], text) if held else ""
    return await _of_held(turn, Order("transfer", text=place), text, known=True) if place else None


async def _where(turn: Turn, case: Case, text: str) -> str:
    """Return where words say that a case belongs, as it is called there; empty for no such words."""
    if turn.work.desk.directory.is_wide and (place := await belongs(turn, case, text)):
        return place
    for one in orders.elsewhere(text, turn.session.prefixes):
        if len(one.text) > _SHORT and await _is_unit(turn, case, one.text):
            return one.text
    return ""


def wanted(turn: Turn, text: str) -> Command | None:
    """Return the list or the page that words ask for, the first that this person may see if any."""
    roles = roles_of(turn.work, turn.chat)
    asked = (*orders.wanted(text), *asked_for.lists(text))
    names = [name for name in asked if by_role.may(roles, name)] or list(asked)
    return Command(names[0]) if names else None


async def decided(turn: Turn, said: Order) -> Command | None:
    """Return the decision on what waits for one: of more days at once, of what a citizen would read never."""
    waiting = await approving.waiting_for(turn.work, turn.chat)
    if len(waiting) != 1:
        return Command("approvals") if waiting else None
    at_once = said.name == "refuse" or guards.requested(waiting[0]) == Act.EXTEND
    return Command(said.name if at_once else "show", waiting[0].code, said.text if at_once else "")


async def _of_code(turn: Turn, code: str, said: Order | None, text: str) -> Command | None:
    case = await stored.by_code(turn.work, code)
    if case is not None and case.chat_key == turn.chat.own:
        return None  # an official may be a citizen too
    mine = set() if case is None else parties.relations(turn.work, case, Actor.of(turn.chat))
    certain = said is not None and said.name not in {"accept_at", "reassign"}
    if case is not None and said is not None and said.name == "reassign":
        certain = await which_case.is_named(turn, case, said.text)
    if said is not None and (certain or (case is None and said.name != "accept_at")):
        return Command(said.name, code, _argument(said, text))
    if case is None or not mine & _THEIRS or parties.has_it(turn.work, case, turn.chat.person_id):
        return None
    return Command("unclear", code)


def _argument(said: Order, text: str) -> str:
    """Return what goes with a verb; how long, or where to, is read of all the words."""
    return f"{said.text}\n{text}" if said.name in {"extend", "transfer"} and text else said.text


async def _of_held(turn: Turn, said: Order, text: str, *, known: bool = False) -> Command | None:
    """Return the verb of a case in hand; where it goes on to is `known` to be one, or is looked for."""
    verb = "ask" if said.name == "question" else said.name
    if verb in which_case.CHIEFS:
        return await _of_chief(turn, said, verb)
    held = [case for case in await in_hand(turn) if cards.offered(turn.work, case, turn.chat, (verb,))]
    held = which_case.alike(held, said.of) if said.of else held
    if len(held) > 1:
        return Command("which", text=verb)
    named = known or said.name != "transfer"
    if not held or not (named or await _is_unit(turn, held[0], said.text)):
        return None
    return Command(said.name, held[0].code, _argument(said, text))


async def _of_chief(turn: Turn, said: Order, verb: str) -> Command | None:
    """Return what chiefs do with the work of others, of the case words tell or whose officer they name."""
    found = await which_case.of_chief(turn, verb)
    if not found:  # who has it reads who may
        own = await which_case.answerable(turn)
        found = which_case.alike(own, said.of) if said.of else own
        return Command(verb, found[0].code, said.text) if len(found) == 1 and verb == "reassign" else None
    found = which_case.alike(found, said.of) if said.of else found
    fits = which_case.is_held_by if verb == "nudge" else which_case.is_named
    found = [case for case in found if await fits(turn, case, said.text)]
    if len(found) > 1 and (last := which_case.shown(turn)) in {case.code for case in found}:
        found = [case for case in found if case.code == last]
    if len(found) > 1:
        return Command("which", text=verb)
    return Command(verb, found[0].code, said.text) if found else None


async def _is_unit(turn: Turn, case: Case, name: str) -> bool:
    """Say whether a name is a unit's that may have the case: “sang bên kia đường” is none."""
    try:
        seed = await seed_of(turn, case)
        known = not name or is_open(seed, name)
        return known or bool(unit_named(seed, turn.session)(Text(bare_name(name))))
    except NotUnderstood as refusal:
        return bool(refusal.args[0] == "transfer.several")


async def _to_take(turn: Turn, said: Order, *, alarms: bool = False) -> Command | None:
    """Return that a case nobody has is taken, an alarm first; which is asked unless it is plain."""
    called, waiting = await rescue.to_take(turn)
    if called and not said.of:
        return Command("go")
    if waiting and not said.of and which_case.shown(turn) in {"", *(case.code for case in waiting)}:
        found = waiting
    else:
        found = [*waiting, *([] if alarms else await which_case.untaken(turn))]
    if said.of:
        found = which_case.alike(found, said.of)
    if len(found) > 1:
        return Command("go") if found == waiting else Command("which", text="accept")
    return Command("accept", found[0].code) if found else None
