"""Names of units that are shortened, and officials of no unit beside the unit they serve in."""

from collections.abc import Sequence
from dataclasses import replace

from domain.accused.bearers import Person
from domain.accused.offices import GENERIC, Office
from domain.understand.loosely import Said

_ALL_WORDS = 4  # of a unit's name, but for its first
_NO_COMMUNE = (["hoi"], ["nha"], ["giao"], ["minh"], ["ta"], ["ni"])  # "xã hội", "kinh tế xã nhà"
_JOINED = (["at"], ["o"], ["ben"], ["tai"], ["cua"], ["from"], ["of"], ["trong"])


def is_whole(office: Office, said: Said) -> bool:
    """Say whether a shortened name is one all the same: with the commune behind it, or all its words."""
    return said.folds[office.end - 1] in GENERIC or office.end - office.start >= _ALL_WORDS


def opens(office: Office, said: Said) -> bool:
    """Say whether a sentence begins with a shortened name and the commune's: no "kinh tế xã hội"."""
    opens = office.start == 0 or not said.together(office.start - 1, office.start)
    behind = said.folds[office.end : office.end + 1]
    return opens and said.folds[office.end - 1] in GENERIC and behind not in _NO_COMMUNE


def hides(office: Office, shortened: Office) -> bool:
    """Say whether a name stands over a shortened one, but for the commune's behind it: "kinh tế | xã ăn"."""
    behind = office.general and office.start == shortened.end - 1 > shortened.start
    return overlap(office, shortened) and not behind


def outdoes(person: Person, office: Office) -> bool:
    """Say whether words that hold a unit's name are somebody's: Nguyễn Công An is no police."""
    return overlap(person, office) and person.end - person.start > office.end - office.start


def overlap(one: Office | Person, other: Office | Person) -> bool:
    """Say whether two share a word."""
    return one.start < other.end and other.start < one.end


def serving(named: Sequence[Office], shortened: Sequence[Office], said: Said) -> list[Office]:
    """Return the offices, any official right before a unit's name as one of it: "cán bộ kinh tế".

    A word may join them: "the officer at counter 2".
    """
    of = {one.start: one for one in (*shortened, *(one for one in named if one.place))}
    served: list[Office] = []
    for one in named:
        if served and served[-1].end >= one.end:
            continue
        at = one.end + (said.folds[one.end : one.end + 1] in _JOINED)
        unit = (
            of.get(at) if _is_anybody(one) and at < len(said.folds) and said.together(one.start, at) else None
        )
        served.append(one if unit is None else replace(one, end=unit.end, units=unit.units))
    return served


def _is_anybody(office: Office) -> bool:
    """Say whether it is any official, of no unit."""
    return not (office.units or office.holder or office.elsewhere or office.place)


def is_known(found: Office | Person) -> bool:
    """Say whether it is somebody beyond doubt: a name with a post or a surname, or a post that one has."""
    if isinstance(found, Person):
        return bool(found.people) and found.sure and not found.loose
    return found.in_charge and bool(found.units) and not found.general


def is_certain(found: Office | Person) -> bool:
    """Say whether it is somebody at all, and no everyday word."""
    return isinstance(found, Office) or found.sure
