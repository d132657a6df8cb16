"""One unit becomes part of another on a day: its people, its units, its open cases, and who is accused.

The rows say so by their periods from that day on; the cases follow on the day itself (see `office`).
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.cases import OPEN_STATES, Act, NotNow, Relation
from domain.people import Role
from domain.routing import RECEPTION
from domain.walls import Wall
from services.acts.act import act, heard_anew
from services.acts.moving import Move, announce, mover
from services.standing import exclusion, parties
from services.standing.parties import CLOCK, Actor
from services.standing.pending import Pending
from services.standing.refusals import NobodyLeft
from storage.cases import kept, moves
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.office import changes
from storage.office import directory as stored
from storage.office.changes import DirectoryChange
from storage.office.directory import Change, Known, RoleRow, UnitRow

Step = dict[str, Any]
Ways = dict[str, tuple[str, str, list[str]]]


def rows(known: Known, source: UnitRow, target: UnitRow, on: date, *, carry: bool = True) -> Iterator[Change]:
    """Yield the rows of a merger: the source ends the day before, and its roles go on in the target."""
    last = on - timedelta(days=1)
    yield Change("unit", source, {"valid_to": last, "merged_into": target.id})
    for role in known.roles.values():
        if role.unit_id == source.id and (role.valid_to is None or role.valid_to >= on):
            yield from _role(known, role, target, on, carry=carry)


def _role(known: Known, role: RoleRow, target: UnitRow, on: date, *, carry: bool) -> Iterator[Change]:
    begun = role.valid_from < on
    first, last = max(role.valid_from, on), role.valid_to
    yield Change("role", role, {"valid_to": on - timedelta(days=1)} if begun else {}, gone=not begun)
    if carry and not _held(known, role, target, first, last):
        held = {"person_id": role.person_id, "unit_id": target.id, "role": role.role}
        yield Change("role", None, {**held, "valid_from": first, "valid_to": last})


def _held(known: Known, role: RoleRow, target: UnitRow, first: date, last: date | None) -> bool:
    """Say whether the same person holds the same role in the target in any of these days already."""
    return any(
        (other.person_id, other.unit_id, other.role) == (role.person_id, target.id, role.role)
        and other.valid_from <= (last or date.max)
        and first <= (other.valid_to or date.max)
        for other in known.roles.values()
    )


def step(source: UnitRow, target: UnitRow, on: date) -> Step:
    """Return what follows from a merger on its day."""
    return {"what": "merge", "from": str(source.id), "into": str(target.id), "on": on.isoformat()}


async def bar(work: Work, made: DirectoryChange, step: Step) -> bool:
    """Keep cases that accuse the source from the target as well, from the moment the merger is decided."""
    found, whole = await moves.concerned(work, UUID(step["from"]), UUID(step["into"]))
    for case in found:
        if step["from"] in case.excluded:
            await _move(work, made, case, step, keep=case.unit_id)
    return whole


async def move(work: Work, made: DirectoryChange, step: Step) -> bool:
    """Let units below, and open cases, follow. Returns whether no case was held by somebody else."""
    source, target = UUID(step["from"]), UUID(step["into"])
    await changes.go_on(work, made, await _children(work, source, target))
    found, whole = await moves.concerned(work, source, target, _since(work))
    for case in found:
        await _move(work, made, case, step, keep=None if case.unit_id == source else case.unit_id)
    whole = await _asked(work, made, source, target) and whole
    # What is kept from somebody is told of to nobody: not even that there was something to tell.
    if shown := [case for case in found if not kept.from_somebody(case)]:
        await _tell(work, made, step, [case for case in shown if case.state in OPEN_STATES])
    return whole


async def _asked(work: Work, made: DirectoryChange, source: UUID, target: UUID) -> bool:
    """Let what is asked to go to the source go to the target; where it has the case, whoever asked hears."""
    found, whole = await moves.asked_for(work)
    for case in found:
        asked = Pending.of(case)
        if asked is None or asked.unit_id not in {str(source), str(target)}:
            continue
        over = case.unit_id == target or str(target) in case.excluded
        if over or asked.unit_id == str(source):
            to = "" if over else str(target)
            await act(work, case, Move(str(case.unit_id), change=made.number, asked=to), CLOCK)
        if over and asked.by is not None:
            unit = work.desk.directory.unit
            facts = {"code": case.code, "source": unit(source).name, "target": unit(target).name}
            await announce(work, made, [asked.by], "official.asked_over", case.code, **facts)
    return whole


def joining(areas: list[str], into: str, on: date, source: str = "") -> Step:
    """Return what follows when hamlets come to another commune; with `source` all that is left of that."""
    whole = {"from": source} if source else {}
    return {"what": "join", "areas": areas, "into": into, "on": on.isoformat(), **whole}


async def join(work: Work, made: DirectoryChange, step: Step) -> bool:
    """Let hamlets come to another commune, with their cases and clocks. Returns whether none was held.

    A commune that is over lies in the other one from then on, with its hamlets: its chats, bars, messages and
    cases without a hamlet are found there, and go back with it where the merger is undone.
    """
    known, source = (await stored.read(work)).areas, step.get("from")
    coming = [known[code] for code in ([source] if source else step["areas"])]
    coming = [area for area in coming if area.parent != step["into"]]
    await changes.go_on(work, made, [Change("area", area, {"parent": step["into"]}) for area in coming])
    # Those of the commune they come to as well: they may speak of somebody who comes.
    found, whole = await moves.open_in(work, work.desk.directory.within(step["into"]))
    for case in found:
        await heard_anew(work, case)
        with suppress(NotNow):
            await act(work, case, Act.RECOMPUTE, CLOCK)
    if source:
        return whole
    theirs, none_held = await moves.living_in(work, step["areas"], _since(work))
    for case in theirs:
        if (unit := _same_unit(work, case, step["into"])) is not None:
            await _move(work, made, case, {"from": str(case.unit_id), "into": str(unit)}, keep=None)
    return whole and none_held


def _since(work: Work) -> datetime:
    """Return since when what is answered may be reopened, or found wanting by who is asked later on."""
    return work.now - work.rules.patience.reopen_within - work.rules.check_back.after


def _same_unit(work: Work, case: Case, commune: str) -> UUID | None:
    """Return the unit in a commune for what a neighbour's has; None where the case is above, or is there."""
    directory = work.desk.directory
    has = directory.unit(case.unit_id)
    here = directory.commune_of(has.area)
    if here is None or here.code == commune:
        return None
    there = [unit for unit in directory.part(commune).own_units if unit.stands_on(work.today)]
    return next((unit.id for kind in (has.type, RECEPTION) for unit in there if unit.type == kind), None)


async def returning(work: Work, made: DirectoryChange) -> int:
    """Count the open cases that would go back if a merger were undone: those kept from nobody."""
    ways = _ways(made)
    found, _ = await moves.of_ids(work, [UUID(case_id) for case_id in ways])
    going = [case for case in found if case.state in OPEN_STATES and _goes_back(case, ways)]
    return sum(not kept.from_somebody(case) for case in going)


async def back(work: Work, made: DirectoryChange, by: UUID | None) -> None:
    """After a merger was undone: give the open cases back that are still where it put them."""
    ways = _ways(made)
    found, _ = await moves.of_ids(work, [UUID(case_id) for case_id in ways])
    for case in found:
        source, _target, included = ways[str(case.id)]
        unit = source if _goes_back(case, ways) else str(case.unit_id)
        await act(work, case, Move(unit, cleared=included), mover(work, case, by))
    for step in made.rows["then"] if work.desk.directory.is_wide else ():
        if step["what"] == "join":
            await _stay(work, step, ways, by)


async def _stay(work: Work, step: Step, ways: Ways, by: UUID | None) -> None:
    """Let what was begun since the merger stay where it is: a matter of the commune whose unit has it."""
    directory = work.desk.directory
    areas = {one for code in (step.get("from"), *step["areas"]) if code for one in directory.within(code)}
    found, _ = await moves.living_in(work, sorted(areas), _since(work))
    for case in found:
        if str(case.id) not in ways and directory.seat(case.unit_id) == step["into"]:
            await act(work, case, Move(str(case.unit_id)), mover(work, case, by))


def _goes_back(case: Case, ways: Ways) -> bool:
    source, target, _ = ways[str(case.id)]
    return source != target and str(case.unit_id) == target


def _ways(made: DirectoryChange) -> Ways:
    """Return from where to where each case was moved, and who was barred from it; some were moved twice."""
    ways: Ways = {}
    for case_id, source, target, included in made.rows.get("moved", []):
        first, _, barred = ways.get(case_id, (source, target, []))
        ways[case_id] = (first, target, [*barred, *included])
    return ways


async def _children(work: Work, source: UUID, target: UUID) -> list[Change]:
    known = (await stored.read(work)).units.values()
    above = next(unit.parent for unit in known if unit.id == source)
    below = [unit for unit in known if unit.parent == source]
    return [Change("unit", unit, {"parent": above if unit.id == target else target}) for unit in below]


async def _move(work: Work, made: DirectoryChange, case: Case, step: Step, keep: UUID | None) -> None:
    """Move the case to the target, or where an accused target cannot have it, to who is next."""
    target = UUID(step["into"])
    accused = step["from"] in case.excluded and not _reads_there(work, case, target)
    included = [str(unit) for unit in _with_below(work, target)] if accused else []
    included = [unit for unit in included if unit not in case.excluded]
    barred = {*case.excluded, *included}
    unit, before = keep or target, str(case.unit_id)
    if str(unit) in barred and (case.state in OPEN_STATES or unit != case.unit_id):
        unit = elsewhere(work, case, target, barred)
    by = mover(work, case, made.person_id)
    await act(work, case, Move(str(unit), included=included, change=made.number), by)
    moved = [*made.rows.get("moved", []), [str(case.id), before, str(unit), included]]
    made.rows = {**made.rows, "moved": moved}


def _reads_there(work: Work, case: Case, target: UUID) -> bool:
    """Say whether a head of the target reads the case: a merger shuts no head out of what they read.

    Whoever comes there from the source was shut out by name when they were accused.
    """
    heads = work.rules.directory.holders(target, {Role.HEAD}, work.today)
    return any(Relation.SUPERVISOR in parties.relations(work, case, Actor(person_id=one)) for one in heads)


def elsewhere(work: Work, case: Case, target: UUID, barred: set[str]) -> UUID:
    """Return who must act on a case that accuses the unit it would go to."""
    rules = work.desk.part(work.desk.directory.unit(target).area)
    directory = rules.directory
    own = rules.taxonomy.fields[case.field]
    field = exclusion.close_field(rules, own) if case.confidential else own
    wall = Wall(exclusion.wall_of(case).people, frozenset(UUID(unit) for unit in barred))
    try:
        return exclusion.unit_for(directory, field, directory.unit(target).area, wall, work.today).id
    except NobodyLeft:
        return target  # where nobody reads it


def _with_below(work: Work, unit_id: UUID) -> list[UUID]:
    found = [unit_id]
    units = work.rules.directory.units
    while below := [unit.id for unit in units if unit.parent in found and unit.id not in found]:
        found += below
    return found


async def _tell(work: Work, made: DirectoryChange, step: Step, cases: list[Case]) -> None:
    """Tell both sides once how many cases came along."""
    directory, on = work.rules.directory, date.fromisoformat(step["on"])
    source, target = directory.unit(UUID(step["from"])), directory.unit(UUID(step["into"]))
    people = [
        holding.person_id
        for holding in directory.holdings
        if (holding.unit_id == source.id and holding.holds_on(on - timedelta(days=1)))
        or (holding.unit_id == target.id and holding.holds_on(on))
    ]
    count = sum(case.unit_id == target.id for case in cases)
    facts = {"source": source.name, "target": target.name, "count": count}
    await announce(work, made, people, "official.merged", step["into"], **facts)
