"""Cases that officials handed to another unit, which answered them: the desk had taken them for another.

What is kept from somebody, accuses, was dismissed or cannot wait is never read for that.
"""

from collections.abc import Collection

from sqlalchemy import select

from domain.cases import Act, State
from domain.hotspots import NEVER_COUNTED
from storage.cases import cases, kept
from storage.ground.tables import Case, CaseEvent
from storage.ground.work import Work

HANDED = (str(Act.TRANSFER), str(Act.REASSIGN))
_DONE = (str(State.ANSWERED), str(State.CLOSED))


async def handed_on(work: Work, *, fields: Collection[str], ringing: Collection[str]) -> list[Case]:
    """Return them by code, as they are, with their histories: two statements.

    `fields`: of which alone; `ringing`: the urgencies of what cannot wait.
    """
    handed = select(CaseEvent.case_id).where(CaseEvent.act.in_(HANDED))
    statement = select(Case).where(
        Case.id.in_(handed),
        kept.is_open(),
        Case.state.in_(_DONE),
        Case.declined.is_(None),
        Case.kind.not_in(sorted(NEVER_COUNTED)),
        Case.field.in_(sorted(fields)),
        Case.urgency.not_in(sorted(ringing)),
    )
    found = list(await work.session.scalars(statement.order_by(Case.code)))
    await cases.load_histories(work, found)
    return found
