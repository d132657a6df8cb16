"""Officials: who comes, who goes, who moves, who holds what, and how somebody's chat becomes theirs."""

from typing import Any

from domain.messages import Message, Said
from domain.people import Role
from handlers.admin.asking import Labels, a_day, one_of, optional, require_admin
from handlers.admin.previews import preview
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn
from handlers.engine.flow import Accept, Ask, Flow, NotUnderstood, typed, words_at_least
from services.office import joining, roster
from services.office.order_checks import CannotOrder, phone_of
from storage.people import people as stored

ROLES = tuple(str(role) for role in Role)
_WHAT = ("add", "give", "move", "end", "invite", "list", "chats")
Facts = dict[str, Any]


def people(seed: Seed, session: Session) -> Flow[Facts]:
    """Ask what is to be done (unless it is known), about whom, and from when."""
    what = seed.get("what") or (yield Ask("what", options=_WHAT))
    return (yield from _FLOWS[what](seed, session))


def _add(seed: Seed, session: Session) -> Flow[Facts]:
    name = yield Ask("name", words_at_least(3, 60), named=True)
    order = {"do": "add_person", "name": " ".join(name.split()), **(yield from _place(seed, session))}
    order["phone"] = yield from optional("phone", _phone())
    return order | {"from": (yield from a_day("first", session)).isoformat()}


def _give(seed: Seed, session: Session) -> Flow[Facts]:
    order = {"do": "give_role", "person": (yield from one_of("who", seed["people"]))}
    order |= yield from _place(seed, session)
    return order | {"from": (yield from a_day("first", session)).isoformat()}


def _place(seed: Seed, session: Session) -> Flow[Facts]:
    unit = yield from one_of("unit", seed["units"])
    labels = {role: session.say(f"office.role.{role}") for role in ROLES}
    return {"unit": unit, "role": (yield Ask("role", options=ROLES, labels=labels))}


def _move(seed: Seed, session: Session) -> Flow[Facts]:
    order = {"do": "move_person", "person": (yield from one_of("who", seed["people"]))}
    order["unit"] = yield from one_of("unit", seed["units"])
    return order | {"from": (yield from a_day("first", session)).isoformat()}


def _end(seed: Seed, session: Session) -> Flow[Facts]:
    person = yield from one_of("who", seed["people"])
    held: Labels = seed["held"].get(person, {})
    which = next(iter(held)) if len(held) == 1 else (yield from one_of("which", held))
    unit, role = which.split("|")
    last = yield from a_day("last", session, ("now", "today"))
    return {"do": "end_role", "person": person, "unit": unit, "role": role, "to": last.isoformat()}


def _invite(seed: Seed, _session: Session) -> Flow[Facts]:
    person = yield from one_of("who", seed["people"])
    order = {"do": "invite", "person": person, "name": seed["people"][person].partition(" · ")[0]}
    if person not in seed.get("joined", ()):
        return order
    old = yield Ask("old", options=("end", "keep"))
    return order | ({"ends": True} if old == "end" else {})


def _list(seed: Seed, _session: Session) -> Flow[Facts]:
    return {"do": "list", "unit": (yield from one_of("unit", seed["units"]))}


def _chats(seed: Seed, _session: Session) -> Flow[Facts]:
    return {"do": "chats", "person": (yield from one_of("who", seed["people"]))}


_FLOWS = {
    "add": _add,
    "give": _give,
    "move": _move,
    "end": _end,
    "invite": _invite,
    "list": _list,
    "chats": _chats,
}


def _phone() -> Accept:
    def accept(said: Said) -> str:
        try:
            return phone_of(typed(said)) or ""
        except CannotOrder:
            raise NotUnderstood("office.refused.bad_phone") from None

    return accept


async def chosen(turn: Turn, order: Facts) -> Reply:
    """Preview the order, or list who works in a unit, or in which chats somebody works."""
    if order["do"] not in {"list", "chats"}:
        return await preview(turn, order)
    require_admin(turn)
    if order["do"] == "chats":
        person = await stored.person_by_code(turn.work, order["person"])
        return await joining.listed(turn.work, person.id, turn.chat) if person else Message("")
    lines = await roster.of_unit(turn.work, order["unit"], turn.chat.language)
    return Message("\n".join(lines) or turn.say("admin.nobody_there"))


PEOPLE = Conversation("admin_people", people, chosen, leads_on=True)


async def begin(turn: Turn) -> Reply:
    """Begin with everybody who holds a role, and the units that stand."""
    require_admin(turn)
    seed = {
        "people": await roster.people(turn.work, turn.chat.language),
        "held": await roster.held(turn.work, turn.chat.language),
        "units": roster.units(turn.work),
        "joined": await roster.joined(turn.work),
    }
    return Next(PEOPLE, seed)


CONVERSATIONS = (PEOPLE,)
