"""Where a case belongs that is another commune's, or the province's: as officials call it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from domain.messages import Said, Text
from domain.routing import Unit
from domain.understand import orders
from domain.understand.fold import fold, tokens
from handlers.engine.conversation import Seed, Session, Turn
from handlers.engine.flow import Accept, Ask, Flow, NotUnderstood, typed, words_of
from services.standing import crossing
from storage.cases.cases import Case
from storage.ground.work import Work

_AREA, _UNIT = "area:", "there:"
"""Stand before the code of a place that is named in place of a unit, and before a unit that stands above."""
_OTHER = "elsewhere"
"""Leads to the places."""
_SHOWN = 8
"""Places that have a digit; the others are typed."""
_SOMEWHERE = "noi khac"
"""What is said where no place is."""


def named(names: Mapping[str, str]) -> Accept:
    """Accept enough of one of the names to tell it from the others."""
    folded = {key: fold(name) for key, name in names.items()}

    def accept(said: Said) -> str:
        text = fold(typed(said)).strip(" .")
        exactly = [key for key, name in folded.items() if name == text]
        found = exactly or [key for key, name in folded.items() if text and text in name]
        if len(found) != 1:
            raise NotUnderstood("transfer.several" if found else "transfer.nobody")
        return found[0]

    return accept


def places(work: Work, case: Case) -> dict[str, Any]:
    """Return where a case may cross to, as keys and names, and which of them is the commune of the matter.

    Empty where the desk serves one commune, or is the case's own there.
    """
    found = {f"{_AREA}{area.code}": area.name for area in crossing.places(work, case)}
    matter = work.desk.directory.commune_of(case.area)
    home = f"{_AREA}{matter.code}" if matter is not None else ""
    own = {"home": home} if home in found else {}
    return {"places": [[key, name] for key, name in found.items()], **own} if found else {}


def shown(seed: Seed) -> list[list[str]]:
    """Return the first of the places: every other one can be named."""
    return [list(one) for one in seed["places"][:_SHOWN]]


def besides(turn: Turn, seed: Seed) -> list[list[str]]:
    """Return the places to offer beside units: few all, of many the nearest and what leads to the others."""
    near: list[list[str]] = seed.get("places", [])
    few = len(near) <= turn.work.rules.handling.suggested
    if not few:
        lies_above = turn.work.desk.directory.area(near[0][0].removeprefix(_AREA)).kind == "province"
        near = near[:1] if lies_above or "home" in seed else []
    offered = [[key, turn.say("transfer.to_place", place=name)] for key, name in near]
    return offered if few else [*offered, [_OTHER, turn.say("transfer.to_other")]]


def chosen(seed: Seed, session: Session, to: str) -> Flow[str]:
    """Return the choice; ask for the place where another one than those offered is meant."""
    if to != _OTHER:
        return to
    labels, accept = dict(shown(seed)), or_place(named({}), seed, session)
    place = yield Ask("place", accept, tuple(labels), labels, {"code": seed["code"]})
    return str(words_of(place, {}))


def leaves(seed: Seed, to: str) -> bool:
    """Say whether a choice is not a unit here: then the case leaves its commune or level."""
    return bool(seed.get("places")) and to.startswith((_AREA, _UNIT))


def called(session: Session, to: str) -> str:
    """Return what a choice which leaves is called: a unit with its place, or a place."""
    directory = session.rules.directory.whole
    if not to.startswith(_UNIT):
        return directory.area(to.removeprefix(_AREA)).name
    unit = directory.unit(UUID(to.removeprefix(_UNIT)))
    return f"{unit.name} ({directory.area(unit.area).name})"


def unit_meant(turn: Turn, case: Case, to: str) -> Unit:
    """Return the unit that a choice which leaves means. Raises WrongUnit where there is none."""
    if to.startswith(_UNIT):
        return turn.work.desk.directory.unit(UUID(to.removeprefix(_UNIT)))
    return crossing.unit_in(turn.work, case, to.removeprefix(_AREA))


def is_open(seed: Seed, argument: str) -> bool:
    """Say whether words only say that it belongs elsewhere: “phường khác”, or “về xã” where none is known."""
    if not seed.get("places"):
        return False
    below = "home" not in seed and orders.level(orders.bare_name(argument)) == "commune"
    return below or orders.is_unnamed(argument)


def or_place(units: Accept, seed: Seed, session: Session) -> Accept:
    """Accept places besides: “lên tỉnh” and “xuống xã” too, which are the nearest above and below."""

    def accept(said: Said) -> object:
        text = orders.bare_name(typed(said))
        try:
            return _near(text, seed, session) or units(said)
        except NotUnderstood as refusal:
            if refusal.args[0] in {"transfer.several", "transfer.which"}:
                raise
            return _there(text, seed, session)

    return accept


def _near(text: str, seed: Seed, session: Session) -> str:
    """Return the place of a kind that is named: what is above, or the commune of the matter.

    Empty where no kind is named. Raises NotUnderstood where nobody knows the commune.
    """
    kind = orders.level(text)
    if kind == "commune":
        if "home" not in seed:
            raise NotUnderstood("transfer.which")
        return str(seed["home"])
    directory = session.rules.directory.whole
    near = (key for key, _ in seed["places"] if directory.area(key.removeprefix(_AREA)).kind == kind)
    return str(next(near, ""))


def _there(text: str, seed: Seed, session: Session) -> str:
    """Return the place that a name means, or the unit above. Raises NotUnderstood for neither."""
    known, bare = dict(seed["places"]), Text(orders.without_way(text))
    for names in (known, _above(seed, session)):
        try:
            return str(named(names)(bare))
        except NotUnderstood as refusal:
            if refusal.args[0] == "transfer.several":
                raise
    key = _AREA + session.rules.whole.served.find(tokens(text))
    if key not in known:
        raise NotUnderstood("transfer.nobody")
    return key


def _above(seed: Seed, session: Session) -> Mapping[str, str]:
    """Return the units of what is above the communes, where the case is not there already."""
    directory, areas = session.rules.directory.whole, {key.removeprefix(_AREA) for key, _ in seed["places"]}
    above = {area for area in areas if directory.area(area).kind == "province"}
    units = (unit for unit in directory.units if unit.area in above and unit.stands_on(session.today))
    shut = set(seed["excluded"])
    return {f"{_UNIT}{unit.id}": unit.name for unit in units if str(unit.id) not in shut}


def place_in(seed: Seed, session: Session, text: str) -> str:
    """Return where words say that a case belongs, as it is called there; empty where they say no such thing.

    It may be a place that is served, a unit above, one in no particular place, or one that nobody serves.
    """
    ordered = ""
    for said in orders.elsewhere(text, session.prefixes) if seed.get("places") else ():
        place = said.text or _SOMEWHERE
        if is_open(seed, place) or leaves(seed, _meant(seed, session, place)):
            return place
        ordered = ordered or (place if said.name == "sent" else "")
    return ordered


def _meant(seed: Seed, session: Session, name: str) -> str:
    try:
        return str(or_place(named({}), seed, session)(Text(name)))
    except NotUnderstood:
        return ""
