"""A case out of whose hands it was: it waits for somebody to take it, and what was asked can be answered.

Who has a case loses it in many ways (handed on, spoken of, moved, gone). All of them come here.
"""

from uuid import UUID

from domain.cases import State
from services.standing.reckoning import end_pause
from storage.cases.cases import Case
from storage.ground.work import Work


def let_go(work: Work, case: Case) -> State:
    """Take the case out of whatever hands it is in. Returns the state in which somebody can take it.

    The clock runs from now on, also of what was asked of the citizen; what was asked of a chief falls away.
    """
    if case.state == State.ASKED:
        end_pause(work, case)
    case.officer_id, case.request, case.handed_at = None, None, work.now
    return State.RECEIVED


def place(work: Work, case: Case, unit_id: UUID) -> None:
    """Let a unit have the case from now on. In another commune the matter is that commune's.

    What goes up stays a matter of where it is, and comes down again to its own hamlet.
    """
    if unit_id != case.unit_id:
        case.unit_id, case.handed_at = unit_id, work.now
    directory = work.desk.directory
    commune = directory.commune_of(directory.unit(unit_id).area) if directory.is_wide else None
    if commune is not None and commune is not directory.commune_of(case.area):
        case.area = commune.code
