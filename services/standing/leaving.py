"""A danger that turns out to be in another commune: whoever had it goes on until somebody there takes it."""

from uuid import UUID

from domain.people import Role
from services.standing import exclusion
from storage.cases.cases import Case
from storage.ground.work import Work


def goes_on(work: Work, case: Case, person_id: UUID | None) -> bool:
    """Say whether somebody had a danger before it turned out to be elsewhere, and nobody there has it yet."""
    theirs = case.officer_id is None and not case.confidential and str(person_id) in case.until_taken
    return theirs and bool(work.desk.directory.held_by(person_id, work.today))


def going_on(work: Work, case: Case) -> list[UUID]:
    """Return who goes on so with a case, and is not spoken of in it."""
    people = (UUID(one) for one in case.until_taken)
    return [p for p in people if goes_on(work, case, p) and not exclusion.shut_out(work, case, p)]


def works(work: Work, person: UUID) -> bool:
    """Say whether somebody works on cases, and does not only administer."""
    held = work.desk.directory.held_by(person, work.today)
    return any(one.role not in {Role.ADMIN, Role.KEEPER} for one in held)


def keep(case: Case, by: UUID | None = None) -> None:
    """Let whoever has a danger go on with it when it leaves their hands, and whoever sends it on (`by`)."""
    had = [str(person) for person in (case.officer_id, by) if person is not None]
    case.until_taken = list(dict.fromkeys([*case.until_taken, *had]))
