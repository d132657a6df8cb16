"""What is kept from somebody never stays with nobody: a case whose reader is gone goes to who reads it now.

Absences, roles, mergers and ended chats change who may read what. All of them come here afterwards: the case
is let go, goes where somebody reads it, and is told, or rings, anew.
"""

from collections.abc import Iterator
from datetime import date, time, timedelta
from uuid import UUID

from domain.calendar import day_after
from services.acts import moving
from services.acts.act import act
from services.acts.moving import Move
from services.standing import exclusion
from services.standing.parties import CLOCK
from services.standing.refusals import NobodyLeft
from storage.cases import moves
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import people, reached

KIND = "unread"
"""The kind of timer that looks again on the days on which absences and roles begin and end."""
_WALLS = "walls"
_RETRY = timedelta(minutes=1)


async def settle(work: Work) -> None:
    """Look again at every open case that is kept from somebody, and wind the timer for the next such day."""
    await reached.load(work)
    found, whole = await moves.walled(work)
    for case in found:
        unit = _elsewhere(work, case)
        if unit is not None or (case.officer_id is not None and not moving.serves(work, case)):
            await _hand_on(work, case, unit)
    days = (work.rules.calendar.at(day, time(0)) for day in _turning(work))
    work.wind(KIND, _WALLS, min(days, default=None) if whole else work.now + _RETRY)


async def let_go_of(work: Work, person_id: UUID) -> None:
    """Take out of somebody's hands, once no chat of theirs is left, what is kept close or cannot wait."""
    await work.session.flush()
    if await people.chats_of(work, [person_id]):
        return
    work.seats = None  # that chat may have been counted
    await reached.load(work)
    held, _ = await moves.in_hands_of(work, person_id)
    for case in held:
        if case.confidential or exclusion.wall_of(case) or case.urgency in work.rules_of(case).ringing:
            await _hand_on(work, case, _elsewhere(work, case))


async def ring_all(work: Work, subjects: list[str]) -> int:
    """Look again on the day."""
    await settle(work)
    return len(subjects)


async def _hand_on(work: Work, case: Case, unit: UUID | None) -> None:
    await act(work, case, Move(str(unit or case.unit_id), spoken_of=True, lost=True), CLOCK)


def _elsewhere(work: Work, case: Case) -> UUID | None:
    """Return the unit to which a case must go because nobody reads it where it is; None where it stays."""
    rules, wall, day = work.rules_of(case), exclusion.wall_of(case), work.today
    directory, own = rules.directory, rules.taxonomy.fields[case.field]
    shut = case.unit_id in exclusion.barred_units(work, case)
    if not wall or (not shut and wall.readers(directory, case.unit_id, day)):
        return None
    if not (shut or case.confidential):
        return None
    field = exclusion.close_field(rules, own) if case.confidential else own
    area = directory.home.code
    try:
        best = exclusion.unit_for(directory, field, area, wall, day).id
    except NobodyLeft:
        return None
    return best if best != case.unit_id else None


def _turning(work: Work) -> Iterator[date]:
    """Yield the days to come on which somebody goes, comes back, or begins or ends a role."""
    directory = work.desk.directory
    for absence in directory.absences:
        yield from (d for d in (absence.first_day, day_after(absence.last_day)) if d > work.today)
    for holding in directory.holdings:
        ends = day_after(holding.valid_to) if holding.valid_to is not None else holding.valid_from
        yield from (d for d in (holding.valid_from, ends) if d > work.today)
