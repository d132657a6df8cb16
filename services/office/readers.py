"""Who would come to read what is kept close because of where units stand, and where such cases go.

A role is the other way to it (see `keys`). Heads read it anyway; whoever else is in charge reads it in their
unit and in those below.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from domain.people import Role
from domain.routing import Taxonomy, close_types, close_ways
from domain.walls import READING
from storage.ground.work import Work
from storage.office.directory import Change

_STRUCTURE = frozenset({"parent", "type"})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a unit stands: below which, and whether cases that are kept close go to its type."""

    parent: UUID | None
    close: bool


Places = Mapping[UUID, _Place]


def gained(work: Work, rows: Sequence[Change], then: Iterable[Mapping[str, Any]] = ()) -> list[UUID]:
    """Return who would read what is kept close in a unit in which they do not now: by these rows, or later.

    What follows on a later day counts too: a unit that is merged stands below the other.
    """
    before = _places(work)
    after = {**before, **_moved(work, before, rows)}
    for step in then:
        if step["what"] == "merge":
            source = UUID(step["from"])
            after[source] = _Place(UUID(step["into"]), after[source].close)
    changed = {unit for unit, place in after.items() if place != before.get(unit)}
    if not changed:
        return []
    touched = [unit for unit in after if not changed.isdisjoint(_chain(after, unit))]
    return [person for person, led in _chiefs(work).items() if _reads_more(led, touched, before, after)]


def _places(work: Work) -> dict[UUID, _Place]:
    close = close_types(work.rules.taxonomy)
    return {unit.id: _Place(unit.parent, unit.type in close) for unit in work.desk.directory.units}


def _moved(work: Work, before: Places, rows: Iterable[Change]) -> dict[UUID, _Place]:
    """Return where units would stand that are made, or come to stand elsewhere, by these rows."""
    close, found = close_types(work.rules.taxonomy), {}
    for row in rows:
        if row.what != "unit" or row.gone or not _STRUCTURE & row.values.keys():
            continue
        unit = row.values.get("id") or getattr(row.row, "id", None) or uuid7()
        known = before.get(unit, _Place(None, close=False))
        type_close = row.values["type"] in close if "type" in row.values else known.close
        found[unit] = _Place(row.values.get("parent", known.parent), type_close)
    return found


def _reads_more(led: set[UUID], touched: Iterable[UUID], before: Places, after: Places) -> bool:
    """Say whether somebody in charge of units comes to stand above one of those touched.

    A unit that is new, or to whose type nothing close went, matters where such cases go to it from now on.
    """
    return any(
        led & set(_chain(after, unit))
        and (
            (after[unit].close and not (unit in before and before[unit].close))
            or (unit in before and not led & set(_chain(before, unit)))
        )
        for unit in touched
    )


def _chain(places: Places, unit: UUID | None) -> list[UUID]:
    found: list[UUID] = []
    while unit is not None and unit not in found:
        found.append(unit)
        unit = places[unit].parent if unit in places else None
    return found


def _chiefs(work: Work) -> dict[UUID, set[UUID]]:
    """Return the units of everybody who is in charge somewhere, now or later, and no head, who reads all."""
    found: dict[UUID, set[UUID]] = {}
    lasting = [h for h in work.desk.directory.holdings if h.valid_to is None or h.valid_to >= work.today]
    reaches, heads = work.desk.directory.reaches, dict[UUID, list[UUID]]()
    for holding in lasting:
        if holding.role is Role.HEAD:
            heads.setdefault(holding.person_id, []).append(holding.unit_id)
    for holding in lasting:
        headed, apart = heads.get(holding.person_id, []), work.desk.directory.is_wide
        reads_all = any(not apart or reaches(one, holding.unit_id) for one in headed)
        if holding.role in READING and not reads_all:
            found.setdefault(holding.person_id, set()).add(holding.unit_id)
    return found


# --- where such cases go -------------------------------------------------------------------------


def opens(before: Taxonomy, after: Taxonomy) -> bool:
    """Say whether another taxonomy would hand what is kept close to others, or keep less of it close."""
    ways = close_ways(after)
    return any(ways.get(field) != way for field, way in close_ways(before).items())


def by_ways(work: Work, before: Taxonomy, after: Taxonomy) -> list[UUID]:
    """Return whoever is in charge where such cases would go under another taxonomy, and went not before."""
    new = close_types(after) - close_types(before)
    directory = work.desk.directory
    units = {above for unit in directory.units if unit.type in new for above in directory.chain(unit.id)}
    return [person for person, led in _chiefs(work).items() if led & units]
