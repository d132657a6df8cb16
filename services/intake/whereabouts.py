"""An alarm in the commune it turns out to be in: where words say that it is, and how it comes there."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from domain.routing import RECEPTION, Unit
from domain.rules import Rules
from domain.understand import whereabouts
from domain.understand.fold import fold, tokens
from domain.understand.place import Place
from domain.understand.whereabouts import Whereabouts
from services.acts.act import act
from services.acts.moving import Move
from services.intake import communes, new_cases
from services.saying.wording import commune
from services.standing import crossing, exclusion
from services.standing.parties import CLOCK
from services.standing.refusals import NobodyLeft, WrongUnit
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people.people import Chat


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a commune: in words, and the code of the hamlet, or of the commune where none is known."""

    label: str
    area: str


def told(rules: Rules, text: str, here: str) -> Whereabouts:
    """Return where words say that a danger is which was `here`: a commune, empty where none is known."""
    return whereabouts.find(text, rules.whole.served, here)


def commune_of(work: Work, case: Case) -> str:
    """Return the commune an alarm is in; empty where none is known, and in a desk of one."""
    return work.rules_of(case).commune if work.desk.directory.is_wide else ""


def spot_in(rules: Rules, code: str, *texts: str) -> Spot:
    """Return where in a commune the first of these texts is that names one of its hamlets."""
    part = rules.part(code)
    for text in texts:
        if (found := _hamlet_in(part, code, text)) is not None:
            return found
    return Spot(commune(part), part.directory.home.code)


def _hamlet_in(part: Rules, code: str, text: str) -> Spot | None:
    own = " ".join(token.raw for token in part.whole.served.own(tokens(text), code))
    read = part.understanding.read(own).place
    named = [name for name in _hamlets(part, code, text, own, read) if name]
    if not named:
        return None
    house = read.house if read is not None and read.area in {"", code} else None
    area = next(one for one in part.directory.hamlets if one.name == named[0])
    return Spot(", ".join(filter(None, (house, area.name, commune(part)))), area.code)


def _hamlets(part: Rules, code: str, text: str, own: str, read: Place | None) -> Iterator[str]:
    """Yield the names of hamlets that are named: first those that only this commune has."""
    whole = [one.name for one in part.directory.hamlets]
    said = f" {fold(text)} ".replace(",", " ")
    yield from (n for n in whole if f" {fold(n)} " in said and part.whole.served.having(n) == (code,))
    if read is not None and read.hamlet in whole:
        yield read.hamlet
    said = f" {fold(own)} ".replace(",", " ")
    yield from (name for name in whole if f" {fold(name)} " in said)


def hamlet_said(rules: Rules, text: str) -> str:
    """Return the hamlet that is said, of whichever commune, with the province; empty for none."""
    said = f" {fold(text)} ".replace(",", " ")
    names = (name for name, _ in rules.whole.served.hamlets if f" {fold(name)} " in said)
    name = next(names, "")
    return f"{name}, {commune(rules)}" if name else ""


def spots(rules: Rules, found: Whereabouts, first: str = "") -> list[tuple[str, Place]]:
    """Return the communes that words mean with the place in each, the `first` before the others.

    Where it is between two and no hamlet is said, the place is both.
    """
    codes = sorted(found.communes, key=lambda code: code != first)
    places = []
    for code in codes:
        spot, part = spot_in(rules, code, found.plain), rules.part(code)
        hamlet = part.directory.area(spot.area).name if spot.area != part.directory.home.code else None
        names = [commune(rules.part(one)) for one in (code, *(one for one in codes if one != code))]
        at = Place(spot.label if hamlet else " / ".join(names), hamlet=hamlet, sure=True, area=code)
        places.append((code, replace(at, commune=commune(part))))
    return places


def is_vague(work: Work, case: Case) -> bool:
    """Say whether the place of an alarm leads nobody there: communes are all that is known of it."""
    desk = {fold(name) for _, name in work.desk.served.communes} | {fold(commune(work.rules_of(case)))}
    return all(fold(part) in desk for part in case.place.split(" / "))


async def bring(work: Work, chat: Chat, case: Case, code: str, spot: Spot) -> None:
    """Give an alarm to the commune it turns out to be in, whoever has it.

    Where nobody there may read it, it goes to whoever is above.
    """
    if code in dict(work.desk.served.communes):
        communes.suppose(work, chat, code)
    unit = _unit_in(work, case, code)
    if unit is not None:
        await act(work, case, Move(str(unit.id), found=True, place=spot.label, area=spot.area), CLOCK)


def _unit_in(work: Work, case: Case, code: str) -> Unit | None:
    rules, wall = work.desk.part(code), exclusion.wall_of(case)
    field, province = rules.taxonomy.fields[case.field], work.desk.directory.province
    field = replace(field, xa=RECEPTION) if new_cases.is_of_none(rules) and not wall else field
    try:
        return exclusion.unit_for(rules.directory, field, rules.directory.home.code, wall, work.today)
    except NobodyLeft:
        try:
            return crossing.unit_in(work, case, province.code) if province is not None else None
        except WrongUnit:
            return None
