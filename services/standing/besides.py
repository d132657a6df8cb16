"""Somebody's own cases side by side: what is said of a close one reaches nobody outside it by another."""

from collections.abc import Sequence

from domain.cases import OPEN_STATES, Relation
from services.standing import exclusion, parties
from services.standing.parties import Actor
from storage.cases import kept
from storage.cases.cases import Case
from storage.ground.work import Work

_NOBODY_YET = frozenset({Relation.ANYBODY, Relation.FOLLOWER, Relation.CITIZEN})
"""What somebody is to a case without reading it for the desk."""


def close_ones(cases: Sequence[Case]) -> list[Case]:
    """Return those that are open, and kept from somebody."""
    return [case for case in cases if case.state in OPEN_STATES and kept.from_somebody(case)]


def sharing(work: Work, cases: Sequence[Case], of: Case | None = None) -> list[Case]:
    """Return which open cases of one sender hear what was said of one of them, or of none.

    Where one is kept from somebody, that one alone; said of none, those that nobody outside another reads.
    """
    close = close_ones(cases)
    if not close:
        return list(cases)
    if of is not None:
        return [case for case in cases if case.id == of.id]
    return [case for case in cases if not any(is_read_outside(work, case, other) for other in close)]


def is_read_outside(work: Work, case: Case, other: Case) -> bool:
    """Say whether somebody who reads a case stands outside another of the same sender."""
    wall = exclusion.wall_of(other)
    if case.id == other.id or not wall:
        return False
    directory, day = work.rules_of(other).directory, work.today
    people = dict.fromkeys(holding.person_id for holding in work.rules_of(case).directory.holdings)
    outside = (one for one in people if wall.shuts_out(directory, one, day))
    return any(parties.relations(work, case, Actor(person_id=one)) - _NOBODY_YET for one in outside)


def shut_to_asker(work: Work, case: Case, cases: Sequence[Case]) -> list[Case]:
    """Return the open cases of a sender that are kept from whoever has this one, or where it lies."""
    day, found = work.today, list[Case]()
    for other in close_ones(cases):
        wall, directory = exclusion.wall_of(other), work.rules_of(other).directory
        asks = wall.shuts_out(directory, case.officer_id, day)
        if other.id != case.id and (asks or (wall and wall.touches(directory, case.unit_id, day))):
            found.append(other)
    return found
