"""Where a case belongs that is another commune's, or the province's: as officials call it."""

import re
from collections.abc import Mapping
from uuid import UUID

from domain.messages import Said, Text
from domain.routing import Unit
from domain.understand import orders
from domain.understand.fold import fold, tokens
from handlers.engine.conversation import Seed, Session, Turn
from handlers.engine.flow import Accept, NotUnderstood, typed
from services.standing import crossing
from storage.cases.cases import Case
from storage.ground.work import Work

_AREA, _UNIT = "area:", "there:"
"""Stand before the code of a place that is named in place of a unit, and before a unit that stands above."""
_KINDS = {
    "province": frozenset({"tinh", "cap tinh", "tren", "cap tren", "tren tinh", "province"}),
    "commune": frozenset({"xa", "cap xa", "phuong", "duoi", "commune"}),
}
"""What the place above is called, and the one below in which the matter is."""
_UNNAMED = re.compile(
    r"(?:(?:dia ban|dia phan|mot|cua|ben|ubnd|uy ban|cap) )*"
    r"(?:xa|phuong|noi|cho|dia phuong|dia ban|ben|don vi)?"
    r" ?(?:khac|ben canh|lan can|ke ben|ben kia|(?<=xa )ban|(?<=phuong )ban)(?: (?:co|chu|roi|a|nhe|nha))*"
)
_SOMEWHERE = "noi khac"
"""What is said where no place is."""
_WAY = re.compile(
    r"^(?:(?:len|xuong|sang|ve|thuoc|ben|phia|ubnd|uy ban nhan dan|uy ban|dia ban|dia phan|tham quyen)\b\s*)+"
)
_BEFORE_A_NAME = re.compile(
    r"^(?:(?:cho|sang|ve|toi|den|qua|to|lai|ben|anh|chi|ong|ba|co|chu|bac|em|dong chi)\b\s*)+", re.IGNORECASE
)
_BEHIND_A_NAME = re.compile(
    r"(?:\s+(?:lam|lo|xu ly|giai quyet|nhan|phu trach|giup|gium|dum|voi|nhe|nha|di|a))+$"
)


def bare_name(text: str) -> str:
    """Return a name without what leads to it and how somebody is addressed: “cho anh Tuân”."""
    folded = fold(text).strip(" .,!:")
    return _BEHIND_A_NAME.sub("", _BEFORE_A_NAME.sub("", folded, count=1))


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


def places(work: Work, case: Case) -> list[list[str]]:
    """Return where a case may cross to, as keys and names."""
    return [[f"{_AREA}{area.code}", area.name] for area in crossing.places(work, case)]


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


def is_unnamed(argument: str) -> bool:
    """Say whether words only say that it belongs elsewhere: “phường khác”."""
    return _UNNAMED.fullmatch(bare_name(argument)) is not None


def or_place(units: Accept, seed: Seed, session: Session) -> Accept:
    """Accept places besides: “lên tỉnh” and “xuống xã” too, which are the nearest above and below."""

    def accept(said: Said) -> object:
        text = bare_name(typed(said))
        try:
            return _near(text, seed, session) or units(said)
        except NotUnderstood as refusal:
            if refusal.args[0] == "transfer.several":
                raise
            return _there(text, seed, session)

    return accept


def _near(text: str, seed: Seed, session: Session) -> str:
    """Return the nearest place of a kind that is named; empty where none is."""
    directory, kind_of = session.rules.directory.whole, _WAY.sub("", text)
    for kind, words in _KINDS.items():
        near = [key for key, _ in seed["places"] if directory.area(key.removeprefix(_AREA)).kind == kind]
        if near and (text in words or kind_of in words):
            return str(near[0])
    return ""


def _there(text: str, seed: Seed, session: Session) -> str:
    """Return the place that a name means, or the unit above. Raises NotUnderstood for neither."""
    known, bare = dict(seed["places"]), Text(_WAY.sub("", text))
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

    It may be a place that is served, a unit above, or one in no particular place.
    """
    for said in orders.elsewhere(text, session.prefixes) if seed.get("places") else ():
        place = said.text or _SOMEWHERE
        if is_unnamed(place) or leaves(seed, _meant(seed, session, place)):
            return place
    return ""


def _meant(seed: Seed, session: Session, name: str) -> str:
    try:
        return str(or_place(named({}), seed, session)(Text(name)))
    except NotUnderstood:
        return ""
