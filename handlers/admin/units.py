"""Units and hamlets: named, renamed, reached by phone, merged and closed."""

from typing import Any

from handlers.admin.asking import a_day, one_of, optional, require_admin
from handlers.admin.previews import preview
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn
from handlers.engine.flow import Ask, Flow, words_at_least
from services.office import roster

_UNITS, _AREAS = ("rename", "phone", "merge", "add"), ("add", "rename", "close")
_NAME = words_at_least(3, 80)
_PHONE = words_at_least(2, 40)
Facts = dict[str, Any]


def units(seed: Seed, session: Session) -> Flow[Facts]:
    """Ask what is to be done with which unit."""
    what = yield Ask("what", options=_UNITS)
    if what == "add":
        return (yield from _add(seed))
    unit = yield from one_of("unit", seed["units"])
    name = seed["units"][unit]
    if what == "rename":
        return {"do": "rename_unit", "unit": unit, "name": (yield Ask("name", _NAME, facts={"unit": name}))}
    if what == "phone":
        return {"do": "phone_unit", "unit": unit, "phone": (yield from optional("phone", _PHONE, unit=name))}
    others = {code: other for code, other in seed["units"].items() if code != unit}
    into = yield from one_of("into", others, unit=name)
    on = yield from a_day("on", session, ("today", "tomorrow"), unit=name)
    carry = yield Ask("carry", options=("yes", "no"), facts={"unit": name})
    return {"do": "merge", "unit": unit, "into": into, "on": on.isoformat(), "carry": carry == "yes"}


def _add(seed: Seed) -> Flow[Facts]:
    kind = yield from one_of("kind", seed["types"])
    name = yield Ask("new_name", _NAME, named=True)
    parent = yield from one_of("parent", seed["units"])
    return {"do": "add_unit", "type": kind, "name": " ".join(name.split()), "parent": parent}


def areas(seed: Seed, _session: Session) -> Flow[Facts]:
    """Ask what is to be done with which hamlet."""
    what = yield Ask("what", options=_AREAS)
    if what == "add":
        communes = seed.get("communes", {})
        there = {"parent": (yield from one_of("parent", communes))} if communes else {}
        return {"do": "add_area", "name": (yield Ask("new_name", _NAME, named=True)), **there}
    area = yield from one_of("area", seed["areas"])
    if what == "close":
        return {"do": "close_area", "area": area}
    return {
        "do": "rename_area",
        "area": area,
        "name": (yield Ask("name", _NAME, facts={"area": seed["areas"][area]})),
    }


UNITS = Conversation("admin_units", units, preview, leads_on=True)
AREAS = Conversation("admin_areas", areas, preview, leads_on=True)


async def begin(turn: Turn) -> Reply:
    """Begin with the units that stand, and the types a unit may be of."""
    require_admin(turn)
    types = turn.work.rules.taxonomy.unit_types.values()
    return Next(UNITS, {"units": roster.units(turn.work), "types": {kind.code: kind.name for kind in types}})


async def begin_areas(turn: Turn) -> Reply:
    """Begin with the hamlets that are served."""
    require_admin(turn)
    directory = turn.work.rules.directory
    areas_ = {area.code: directory.full_name(area.code) for area in directory.hamlets}
    return Next(AREAS, {"areas": areas_, "communes": roster.communes(turn.work)})


CONVERSATIONS = (UNITS, AREAS)
