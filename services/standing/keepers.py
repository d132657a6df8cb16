"""Who may open, two people together, who brought a sealed case."""

from uuid import UUID

from domain.people import Role
from domain.walls import READING
from services.standing import exclusion
from storage.cases.cases import Case
from storage.ground.work import Work

KEEPERS = frozenset({Role.HEAD, Role.KEEPER})
"""The two roles that may, two people together, open who brought a sealed case."""


def is_one(work: Work, case: Case, person_id: UUID) -> bool:
    """Say whether this person may open, with another, who brought a sealed case.

    Never who is spoken of, nor a chief of theirs, nor who stands in for such; and where nobody is known to be
    spoken of, nobody who is in charge: each of them may be meant.
    """
    desk, day = work.desk.directory, work.today
    own = work.rules_of(case).directory.held_by(person_id, day)
    if not case.sealed or not any(holding.role in KEEPERS for holding in own):
        return False
    everything = desk.held_by(person_id, day)  # whoever is spoken of may be of another commune
    if not exclusion.wall_of(case) and any(holding.role in READING for holding in everything):
        return False
    near = (person_id, *desk.standing_in_for(person_id, day))
    return not any(exclusion.in_chain(work, case, person) for person in near)


def of(work: Work, case: Case) -> list[UUID]:
    """Return who may open, two together, who brought a sealed case."""
    directory, day = work.rules_of(case).directory, work.today
    every = [person for role in sorted(KEEPERS) for person in directory.everyone(role, day)]
    return [person for person in dict.fromkeys(every) if is_one(work, case, person)]
