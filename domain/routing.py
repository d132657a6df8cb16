"""Which unit must act on a case: the one its field names, in its area, valid that day, never the accused."""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, Self, TypeVar
from uuid import UUID

from domain.law import reading

RECEPTION = "vp_xa"
RECEPTIONS = (RECEPTION, "vp_tinh")
"""Types of unit that take what belongs to no other: a commune's, and a province's."""
GOVERNING = ("ct_xa", "dang_xa")
"""Types of unit that govern a commune: what is kept close goes there, where its field names no other."""
_Coded = TypeVar("_Coded", "Topic", "Field")
K = TypeVar("K")


class NobodyThere(LookupError):
    """The whole installation has no unit that is valid that day and may act."""


@dataclass(frozen=True, slots=True)
class UnitType:
    """A kind of body (e.g. kt_xa); `level` is xa, tinh, dang or khac; a ward may name it differently."""

    code: str
    level: str
    name: str
    name_phuong: str
    note: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Topic:
    """What people choose from."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """What routes a case: the types of unit that act at commune (`xa`) and province (`tinh`) level.

    `ops` carries out the work, `coop` helps; `kinds` and `urgency` are suggestions for triage. A
    `confidential` field never passes through a reception desk while a head can take it.
    """

    code: str
    topic: str
    name: str
    xa: str
    tinh: str
    ops: str | None
    coop: tuple[str, ...]
    kinds: tuple[str, ...]
    urgency: str
    keywords: tuple[str, ...]
    confidential: bool
    sensitive: bool
    hotspot_prone: bool
    never_route_to: str | None
    note: str

    @classmethod
    def parse(cls, row: Mapping[str, Any]) -> Self:
        """Read one row of the taxonomy's fields."""
        return cls(
            code=row["code"],
            topic=row["topic"],
            name=row["name"],
            xa=row["xa"],
            tinh=row["tinh"],
            ops=row.get("ops"),
            coop=tuple(row.get("coop", ())),
            kinds=tuple(row["kinds"]),
            urgency=row["urgency"],
            keywords=tuple(row["keywords"]),
            confidential=row.get("confidential", False),
            sensitive=row.get("sensitive", False),
            hotspot_prone=row.get("hotspot_prone", False),
            never_route_to=row.get("never_route_to"),
            note=row.get("note", ""),
        )


@dataclass(frozen=True)
class Taxonomy:
    """The topics, fields and unit types of a taxonomy document, each by code."""

    topics: Mapping[str, Topic]
    fields: Mapping[str, Field]
    unit_types: Mapping[str, UnitType]

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> Self:
        """Read the document (seed: `taxonomy`); raise BadDocument on a misfit or a dangling code."""
        with reading("taxonomy"):
            types = {code: _unit_type(code, row) for code, row in document["units"].items()}
            topics = _by_code([Topic(row["code"], row["name"]) for row in document["topics"]])
            fields = _by_code([Field.parse(row) for row in document["fields"]])
            for field in fields.values():
                named = {field.xa, field.tinh, *field.coop, *filter(None, [field.ops])}
                if lost := named - types.keys() | {field.topic} - topics.keys():
                    raise ValueError(f"{field.code} names {sorted(lost)}")
            return cls(topics, fields, types)


@dataclass(frozen=True, slots=True)
class Unit:
    """A body that acts on cases, from a day until a day (both included; None is open-ended)."""

    id: UUID
    code: str
    type: str
    name: str
    area: str
    parent: UUID | None
    valid_from: date
    valid_to: date | None = None
    phone: str = ""
    merged_into: UUID | None = None
    """The unit it became part of, where it did: what its type takes is that unit's."""

    def stands_on(self, day: date) -> bool:
        """Say whether the unit is valid that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def close_ways(taxonomy: Taxonomy) -> dict[str, tuple[str, str]]:
    """Return to which types of unit each field goes that is kept close; under "" what accuses elsewhere."""
    kept = {field.code: (field.xa, field.tinh) for field in taxonomy.fields.values() if field.confidential}
    return {"": next(iter(kept.values()), ("", "")), **kept}


def close_types(taxonomy: Taxonomy) -> frozenset[str]:
    """Return the types of unit to which cases go that are kept close."""
    return frozenset(GOVERNING).union(*close_ways(taxonomy).values()) - {""}


def route(  # noqa: PLR0913 - each says one thing, by name
    field: Field,
    area: str,
    units: Sequence[Unit],
    on: date,
    *,
    excluding: Collection[UUID] = (),
    unfit: Container[UUID] = (),
    empty: Collection[UUID] = (),
) -> Unit:
    """Choose the unit that must act on a case of a field in an area.

    First the unit the field names there, or what it was merged into. Failing it, a confidential field goes to
    the area's chair, its Party committee, then upwards; any other to the area's reception desk, then to the
    receptions above. When all of these are missing, anybody valid. Never an excluded unit nor one below it,
    nor one that is `unfit`, which says nothing of those below; one that is `empty`, as nobody serves there,
    only after all others.
    Raise NobodyThere when none is left.
    """
    barred = with_children(excluding, units)
    standing = sorted((unit for unit in units if unit.stands_on(on)), key=lambda unit: unit.code)
    ladder = chain(_named(field, area, units, on), _ladder(field, area, standing))
    found = (unit for unit in ladder if unit.id not in barred and unit.id not in unfit)
    for unit in sorted(found, key=lambda unit: unit.id in empty) if empty else found:
        return unit
    raise NobodyThere(f"no unit may act in {area} on {on}")


def _named(field: Field, area: str, units: Sequence[Unit], on: date) -> Iterator[Unit]:
    """Yield the units of the type the field names there, then those that such a unit became part of."""
    here = [unit for unit in units if unit.type == field.xa and unit.area == area]
    yield from sorted((unit for unit in here if unit.stands_on(on)), key=lambda unit: unit.code)
    gone = [unit for unit in here if unit.merged_into is not None and not unit.stands_on(on)]
    by_id = {unit.id: unit for unit in units} if gone else {}
    for unit in sorted(gone, key=lambda unit: unit.code):
        seen, heir = {unit.id}, by_id.get(unit.merged_into or unit.id)
        while heir is not None and not heir.stands_on(on) and heir.id not in seen:
            seen.add(heir.id)
            heir = by_id.get(heir.merged_into) if heir.merged_into is not None else None
        if heir is not None and heir.stands_on(on):
            yield heir


def _ladder(field: Field, area: str, standing: Sequence[Unit]) -> Iterator[Unit]:
    """Yield every standing unit, the best first (units may come twice)."""
    here = [unit for unit in standing if unit.area == area]
    wanted = (field.xa, *GOVERNING) if field.confidential else (field.xa, RECEPTION)
    yield from _of_types(wanted, here)
    for above in _above(field, here, standing):
        if field.confidential:
            yield above
        else:
            yield from _of_types(RECEPTIONS, [unit for unit in standing if unit.area == above.area])
    if field.confidential:
        yield from _of_types((field.tinh,), standing)
    for rest in (here, standing):
        yield from _of_types(RECEPTIONS, rest)
    yield from here
    yield from standing


def _of_types(types: Sequence[str], units: Sequence[Unit]) -> Iterator[Unit]:
    return (unit for wanted in types for unit in units if unit.type == wanted)


def _above(field: Field, here: Sequence[Unit], standing: Sequence[Unit]) -> Iterator[Unit]:
    """Yield the parents, nearest first, of the unit that should have acted, then of the area's heads."""
    by_id: dict[UUID | None, Unit] = {unit.id: unit for unit in standing}
    for unit in _of_types((field.xa, *GOVERNING, RECEPTION), here):
        seen = {unit.id}
        above = by_id.get(unit.parent)
        while above is not None and above.id not in seen:
            yield above
            seen.add(above.id)
            above = by_id.get(above.parent)


def with_children(excluding: Collection[UUID], units: Sequence[Unit]) -> set[UUID]:
    """Return these units and all below them."""
    if not excluding:
        return set()
    below: dict[UUID | None, list[UUID]] = {}
    for unit in units:
        below.setdefault(unit.parent, []).append(unit.id)
    return set(reached(excluding, below))


def reached(begin: Iterable[K], inner: Mapping[K | None, Sequence[K]]) -> dict[K, None]:
    """Return these and all that lies in or below them, each once in whatever tree, in their order."""
    found = dict.fromkeys(begin)
    todo = list(found)
    for one in todo:
        new = [other for other in inner.get(one, ()) if other not in found]
        found.update(dict.fromkeys(new))
        todo += new
    return found


# --- reading the taxonomy -----------------------------------------------------------------------


def _unit_type(code: str, row: Mapping[str, Any]) -> UnitType:
    name = row["name"]
    return UnitType(
        code, row["level"], name, row.get("name_phuong", name), row.get("note", ""), row.get("parent")
    )


def _by_code(rows: Sequence[_Coded]) -> dict[str, _Coded]:
    found = {row.code: row for row in rows}
    if len(found) < len(rows):
        raise ValueError("two rows share a code")
    return found
