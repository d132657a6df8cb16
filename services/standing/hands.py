"""A case out of whose hands it was: it waits for somebody to take it, and what was asked can be answered.

Who has a case loses it in many ways (handed on, spoken of, moved, gone). All of them come here.
"""

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
