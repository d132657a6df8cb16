"""A change of the office in force: recorded, followed by the cases it concerns on its day, and undone.

`then` of a change is what follows from it: somebody's cases go back to their unit the day after their role
ended, a unit's cases move on the day it is merged. Doing it twice does no harm, so what could not be done at
once (another transaction held a case) is done a moment later by the clock.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from services.acts.act import act, recompute_all
from services.acts.moving import Move, announce, mover, serves
from services.office import borders, keys, merging, unread
from services.standing.parties import workers
from storage.cases import moves
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.office import changes
from storage.office.changes import DirectoryChange
from storage.office.directory import Change
from storage.people import matters, people
from storage.people.second import KeyRequest

KIND = "office"
"""The kind of timer whose subject is the number of a change of the directory."""
_RECKON = "reckon"
"""A subject of its own: every case's date is to be derived again."""
RETRY = timedelta(minutes=1)
Step = dict[str, Any]


async def change(  # noqa: PLR0913 - each says one thing of the change, by name
    work: Work,
    rows: Iterable[Change],
    note: str,
    by: UUID | None,
    then: Sequence[Step] = (),
    *,
    second: UUID | None = None,
) -> DirectoryChange:
    """Put a change of the directory in force, and what follows from it by today. Raises keys.NeedsSecond."""
    todo = list(rows)
    seats = borders.of_rows(work, todo, then)
    borders.check_rows(work, by, todo, then)
    borders.check(work, second, seats, borders.DECIDE)
    needed = keys.need(work, todo, then) if by is not None else keys.Need()
    keys.guard(needed, by, second)
    concerned = keys.concerned(work, todo, then)
    unkeyed = [person for person in keys.gained(todo) if not keys.holds(work, person)]
    made = await changes.make(work, todo, note, by, [*_leavers(todo), *then])
    await people.void_invites(work, unkeyed)  # they were issued for somebody who could open nothing yet
    await keys.changed(work, made, todo, needed=needed, ids=concerned, by=(by, second), seats=seats)
    await follow(work, made)
    return made


def _leavers(rows: Iterable[Change]) -> list[Step]:
    """Return who ends a role and when, each once a day."""
    found = []
    for row in rows:
        last = row.values.get("valid_to") if row.what == "role" else None
        if last is not None:
            person = row.values["person_id"] if row.row is None else row.row.person_id  # type: ignore[union-attr]
            found.append((str(person), (last + timedelta(days=1)).isoformat()))
    return [{"what": "leave", "person": person, "on": on} for person, on in dict.fromkeys(found)]


async def follow(work: Work, made: DirectoryChange) -> None:
    """Do what follows from a change by today, and wind its timer for the rest."""
    today = [step for step in made.rows["then"] if date.fromisoformat(step["on"]) <= work.today]
    later = [date.fromisoformat(step["on"]) for step in made.rows["then"] if step not in today]
    merged = [step for step in made.rows["then"] if step["what"] == "merge"]
    whole = all([await merging.bar(work, made, step) for step in merged])
    whole = all([await _STEPS[step["what"]](work, made, step) for step in today]) and whole
    if {"merge", "join"} & {step["what"] for step in today}:
        for row in await matters.in_states(work, KeyRequest, {matters.WAITING}):
            work.wind(KeyRequest.__tablename__, str(row.id), work.now)  # whether it fits still
    upcoming = [work.rules.calendar.at(on, time(0)) for on in later]
    upcoming += [] if whole else [work.now + RETRY]
    work.wind(KIND, str(made.number), min(upcoming, default=None))
    await unread.settle(work)


def reckon_again(work: Work) -> None:
    """Let due dates be derived again in a moment, for cases another transaction holds or opens just now."""
    work.wind(KIND, _RECKON, work.now + RETRY)


async def ring_all(work: Work, subjects: list[str]) -> int:
    """Do what follows today from changes by their numbers; those undone meanwhile follow no more."""
    if _RECKON in subjects:
        work.wind(KIND, _RECKON, None)
        await recompute_all(work)
    for subject in filter(str.isdecimal, subjects):
        made = await changes.of_number(work, int(subject))
        work.wind(KIND, subject, None)
        if made is not None:
            await follow(work, made)
    return len(subjects)


async def touched_by(work: Work, made: DirectoryChange) -> borders.Seats:
    """Return the seats that the undoing of a change touches; of an invitation, where it leads to."""
    rows = await changes.restored(work, made)
    invited = await people.invited_by(work, made.rows["invite"]) if made.rows.get("invite") else None
    theirs = work.desk.directory.seats_of(invited, work.today) if invited is not None else []
    return list(dict.fromkeys([*borders.of_rows(work, rows, made.rows["then"]), *theirs]))


async def rehearse_undo(work: Work, number: int) -> int:
    """Return how many open cases would go back to their units. Raises what `undo` raises."""
    made = await changes.latest(work, number)
    await changes.check(work, made)
    return await merging.returning(work, made)


async def undo(
    work: Work, number: int | None = None, by: UUID | None = None, second: UUID | None = None
) -> DirectoryChange:
    """Undo a change (the latest by default), in an admin's name or nobody's.

    Raises changes.NothingToUndo, changes.InTheWay or keys.NeedsSecond, and then nothing has changed.
    """
    made = await changes.latest(work, number)
    rows = await changes.restored(work, made)
    seats = await touched_by(work, made)
    borders.check(work, by, seats)
    borders.check(work, second, seats, borders.DECIDE)
    needed = keys.need(work, rows) if by is not None else keys.Need()
    keys.guard(needed, by, second)
    touched, concerned = await changes.people_of(work, made), keys.concerned(work, rows)
    unkeyed = [person for person in keys.gained(rows) if not keys.holds(work, person)]
    await changes.undo(work, made)
    await people.void_invites(work, unkeyed)  # as when a role is given
    await merging.back(work, made, by)
    await keys.changed(work, made, rows, needed=needed, ids=concerned, by=(by, second), seats=seats)
    whole = all([await _give_back(work, made, person, by) for person in touched])
    work.wind(KIND, str(made.number), None if whole else work.now + RETRY)
    await unread.settle(work)
    return made


# --- what follows -------------------------------------------------------------------------------


async def _leave(work: Work, made: DirectoryChange, step: Step) -> bool:
    return await _give_back(work, made, UUID(step["person"]), made.person_id)


async def _give_back(work: Work, made: DirectoryChange, person: UUID, by: UUID | None) -> bool:
    """Give the cases somebody may no longer work on back to their units, who are told how many."""
    held, whole = await moves.in_hands_of(work, person)
    given = [case for case in held if not serves(work, case)]
    for case in given:
        await act(work, case, Move(str(case.unit_id)), mover(work, case, by))
    for unit_id in dict.fromkeys(case.unit_id for case in given):
        await _tell(work, made, [case for case in given if case.unit_id == unit_id])
    return whole


async def _tell(work: Work, made: DirectoryChange, cases: list[Case]) -> None:
    """Tell each of the unit how many cases wait for them; of a close one only those who may know hear."""
    unit = work.desk.directory.unit(cases[0].unit_id)
    theirs = Counter(person for case in cases for person in workers(work, case))
    for person, count in theirs.items():
        await announce(work, made, [person], "official.given_back", str(unit.id), unit=unit.name, count=count)


_STEPS: dict[str, Callable[[Work, DirectoryChange, Step], Awaitable[bool]]] = {
    "leave": _leave,
    "merge": merging.move,
    "join": merging.join,
}
