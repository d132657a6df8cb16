"""The seed of areas, units, officials and their roles: checked as a whole, then written or left alone.

Codes are the keys: a second run of the same file changes nothing, and nothing is ever deleted. A row of the
file says all there is to say of it, except that a first day left out stays what it was (today for a new row).
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from domain import numbers
from domain.codes import prefix_of
from domain.people import Role
from domain.routing import RECEPTION
from services.office import office, prefixes, seed_file
from services.office.seed_file import Entry, Problems, instead, quoted
from storage.ground.work import Work
from storage.office import directory as stored
from storage.office.directory import Change, Known, RoleKey, Row
from storage.office.rulebook import hold

KINDS = ("area", "unit", "person", "role")
_AREA_KINDS = ("province", "commune", "hamlet")
_ROLES = tuple(str(role) for role in Role)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_UNIT_PHONE = re.compile(r"\+?[\d .()-]{2,39}")

Values = dict[str, Any]
Tell = Callable[[str], None]


class SeedRefused(Exception):
    """The file has problems and nothing was written; `problems` are lines to show."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows of one kind are new, changed and as they were."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


async def seed(
    work: Work, data: bytes, name: str, *, check: bool = False, tell: Tell = lambda _: None
) -> dict[str, Count]:
    """Bring the directory to what a file's bytes say; `name` is the file's, to tell its format.

    Returns the counts of KINDS; with `check` nothing is written. Raises SeedRefused, and nothing is either.
    Of a province it takes seconds: `tell` hears what comes next.
    """
    if not check:
        await hold(work)
    reading = _Reading(
        Problems(name), await stored.read(work), set(work.rules.taxonomy.unit_types), work.today
    )
    tell("reading the file")
    entries = seed_file.read(data, reading.problems)
    tell(f"checking {len(entries)} rows")
    reading.take(entries)
    if reading.problems.found:
        raise SeedRefused(reading.problems.lines())
    changes = [change for change in reading.changes(work) if change.row is None or change.values]
    if changes and not check:
        tell(f"writing {len(changes)} of {len(entries)} rows")
        await office.change(work, changes, f"seed {name}", None)
    return {kind: _count(kind, changes, len(reading.wanted[kind])) for kind in KINDS}


def _count(kind: str, changes: list[Change], wanted: int) -> Count:
    new = sum(change.row is None for change in changes if change.what == kind)
    changed = sum(change.row is not None for change in changes if change.what == kind)
    return Count(new, changed, wanted - new - changed)


@dataclass
class _Reading:
    """One file against one directory: `wanted` are the rows it asks for, by kind and key."""

    problems: Problems
    known: Known
    types: Collection[str]
    today: date
    entries: dict[str, dict[str, Entry]] = field(default_factory=lambda: {kind: {} for kind in KINDS[:3]})
    ids: dict[tuple[str, str], UUID] = field(default_factory=dict)
    unusable: set[str] = field(default_factory=lambda: {seed_file.NO_CODE})
    """Codes of people that were refused: their roles need no second complaint."""
    wanted: dict[str, dict[Any, Values]] = field(default_factory=lambda: {kind: {} for kind in KINDS})

    def take(self, entries: list[Entry]) -> None:
        """Check every entry; first the codes, so that rows may name each other in any order."""
        for entry in entries:
            if entry.what != "role":
                self._index(entry)
        for kind, read in (("area", self._area), ("unit", self._unit), ("person", self._person)):
            for code, entry in self.entries[kind].items():
                self.wanted[kind][code] = read(entry)
        for kind in ("area", "unit"):
            self._find_cycles(kind)
        self._find_same_prefix()
        roles = [(self._role(entry), entry) for entry in entries if entry.what == "role"]
        self._find_overlaps({key: entry for key, entry in roles if key is not None})
        if entries or not self.problems.found:
            self._find_no_reception()
            if all(key is not None for key, _ in roles):
                self._find_no_head()

    def changes(self, work: Work) -> Iterator[Change]:
        """Yield what must be made or changed, parents before their children."""
        for kind, rows in (("area", self.known.areas), ("unit", self.known.units)):
            for code in sorted(self.wanted[kind], key=lambda code: len(list(self._above(kind, code)))):
                yield self._change(kind, rows.get(code), self._identity(kind, code), self._values(kind, code))
        for code, values in self.wanted["person"].items():
            number = values["phone"]
            values["phone_key"] = work.keyring.blind("phone", number) if number else None
            new = self._identity("person", code) | {"created_at": work.now}
            yield self._change("person", self.known.people.get(code), new, values)
        for key, values in self.wanted["role"].items():
            person_id, unit_id, role, first = key
            new = {"person_id": person_id, "unit_id": unit_id, "role": role, "valid_from": first}
            yield self._change("role", self.known.roles.get(key), new, values)

    def _change(self, kind: str, row: Row | None, identity: Values, values: Values) -> Change:
        if row is None:
            return Change(kind, None, identity | values)
        return Change(kind, row, {name: v for name, v in values.items() if getattr(row, name) != v})

    def _identity(self, kind: str, code: str) -> Values:
        return {"code": code} if kind == "area" else {"code": code, "id": self._id(kind, code)}

    def _values(self, kind: str, code: str) -> Values:
        values = self.wanted[kind][code]
        if kind == "unit":
            return values | {"parent": self._id("unit", values["parent"]) if values["parent"] else None}
        return values

    # --- rows -----------------------------------------------------------------------------------

    def _index(self, entry: Entry) -> None:
        code = entry.text("code")
        if not code:
            self.problems.about(entry, "code", "no “code”; give it one, such as kt_xa or kt_xa.1")
        elif not _CODE.fullmatch(code):
            said = "a code is 1 to 40 letters a-z, digits, “_”, “.” or “-”, such as kt_xa or kt_xa.1"
            self.problems.about(entry, "code", said)
            self.unusable.add(code)
        elif (first := self.entries[entry.what].get(code)) is not None:
            said = f"the code already stands on line {first.line}; write another or drop one of the two"
            self.problems.about(entry, "code", said)
        else:
            self.entries[entry.what][code] = entry

    def _area(self, entry: Entry) -> Values:
        kind = self._one_of(entry, "kind", _AREA_KINDS)
        name, prefix = self._name(entry), entry.text("prefix").upper()
        if prefix and (kind not in prefixes.KINDS or not prefixes.SHAPE.fullmatch(prefix)):
            said = "“prefix” is two letters A-Z with which the case codes of a commune or province begin"
            self.problems.about(entry, "prefix", said)
        if name and not prefix and kind in prefixes.KINDS:
            try:
                prefix_of(name)
            except ValueError:
                self.problems.about(
                    entry, "name", "case codes begin with two letters of the name; write some"
                )
        parent = self._one_of(entry, "parent", self._codes["area"], needed=False)
        days = self._period(entry, self.known.areas)
        return {"name": name, "kind": kind, "parent": parent, "prefix": prefix, **days}

    def _unit(self, entry: Entry) -> Values:
        phone = entry.text("phone")
        if phone and not _UNIT_PHONE.fullmatch(phone):
            self.problems.about(entry, "phone", "a phone number is digits and spaces, such as 0200 000 0113")
        return {
            "type": self._one_of(entry, "type", self.types),
            "name": self._name(entry),
            "phone": phone,
            "area": self._one_of(entry, "area", self._codes["area"]),
            "parent": self._one_of(entry, "parent", self._codes["unit"], needed=False),
            **self._period(entry, self.known.units),
        }

    def _person(self, entry: Entry) -> Values:
        return {"name": self._name(entry), "phone": self._phone(entry)}

    def _role(self, entry: Entry) -> RoleKey | None:
        before = len(self.problems.found)
        person = self._one_of(entry, "person", self._codes["person"])
        role = self._one_of(entry, "role", _ROLES)
        unit = self._one_of(entry, "unit", self._codes["unit"])
        first, last = self._days(entry)
        if not person or not role or not unit or len(self.problems.found) > before or person in self.unusable:
            return None
        who = (self._id("person", person), self._id("unit", unit), role)
        key = (*who, first or max(self._stored_days.get(who, ()), default=self.today))
        self._check_order(entry, key[3], last)
        if key in self.wanted["role"]:
            self.problems.about(entry, "role", "the same role from the same day is written twice; drop one")
        self.wanted["role"][key] = {"valid_to": last}
        return key

    # --- values ---------------------------------------------------------------------------------

    @cached_property
    def _codes(self) -> Mapping[str, Collection[str]]:
        """The codes that rows may name, once all of the file are indexed; of a person those refused too."""
        known = {"area": self.known.areas, "unit": self.known.units, "person": self.known.people}
        found = {kind: {*self.entries[kind], *rows} for kind, rows in known.items()}
        return found | {"person": found["person"] | self.unusable}

    @cached_property
    def _stored_days(self) -> Mapping[tuple[UUID, UUID, str], list[date]]:
        """The first days of each stored role of somebody in a unit."""
        found: dict[tuple[UUID, UUID, str], list[date]] = {}
        for key in self.known.roles:
            found.setdefault(key[:3], []).append(key[3])
        return found

    def _id(self, kind: str, code: str) -> UUID:
        row = (self.known.units if kind == "unit" else self.known.people).get(code)
        return row.id if row is not None else self.ids.setdefault((kind, code), uuid7())

    def _name(self, entry: Entry) -> str:
        if not entry.text("name"):
            self.problems.about(entry, "name", "no “name”; write what people call it")
        return entry.text("name")

    def _one_of(
        self, entry: Entry, name: str, choices: Collection[str], *, needed: bool = True
    ) -> str | None:
        text = entry.text(name)
        if text and text not in choices:
            self.problems.about(entry, name, f"unknown {name} {quoted(text)}{instead(text, choices)}")
        elif not text and needed:
            self.problems.about(entry, name, f"no {quoted(name)}{instead(text, choices)}")
        return text or None

    def _phone(self, entry: Entry) -> str | None:
        """Return the number as +84…; it is personal data, so no message repeats it."""
        text = entry.text("phone")
        if not text:
            return None
        number = numbers.phone_alone(text)
        if number is None:
            self.problems.about(entry, "phone", "no valid phone number; write it like 0912 345 678")
        return number

    def _period(self, entry: Entry, rows: Mapping[str, Any]) -> Values:
        first, last = self._days(entry)
        row = rows.get(entry.text("code"))
        first = first or (row.valid_from if row is not None else self.today)
        self._check_order(entry, first, last)
        return {"valid_from": first, "valid_to": last}

    def _days(self, entry: Entry) -> tuple[date | None, date | None]:
        return self._day(entry, "from"), self._day(entry, "to")

    def _day(self, entry: Entry, name: str) -> date | None:
        text = entry.text(name)
        if not text:
            return None
        try:
            return date.fromisoformat(text if _DAY.fullmatch(text) else "")
        except ValueError:
            said = f"{quoted(name)} is not a day; write {_iso(text)}"
            self.problems.about(entry, name, said)
            return None

    def _check_order(self, entry: Entry, first: date, last: date | None) -> None:
        if last is not None and last < first:
            said = f"the period ends on {last} before it begins on {first}; correct “from” or “to”"
            self.problems.about(entry, "to", said)

    # --- the whole ------------------------------------------------------------------------------

    def _above(self, kind: str, code: str) -> Iterator[str]:
        """Yield the parents of an area or unit, nearest first, until they end or repeat."""
        seen = {code}
        above = self._parent(kind, code)
        while above is not None:
            yield above
            if above in seen:
                return
            seen.add(above)
            above = self._parent(kind, above)

    def _parent(self, kind: str, code: str) -> str | None:
        if code in self.wanted[kind]:
            parent: str | None = self.wanted[kind][code]["parent"]
            return parent
        if kind == "area":
            return self.known.areas[code].parent if code in self.known.areas else None
        above = self.known.units[code].parent if code in self.known.units else None
        return self._known_codes.get(above) if above is not None else None

    @cached_property
    def _known_codes(self) -> Mapping[UUID, str]:
        return {unit.id: unit.code for unit in self.known.units.values()}

    def _find_cycles(self, kind: str) -> None:
        told: set[str] = set()
        for code, entry in self.entries[kind].items():
            chain = list(self._above(kind, code))
            if chain and chain[-1] == code and code not in told:
                told.update(chain)
                way = " → ".join([code, *chain])
                self.problems.about(
                    entry, "parent", f"its parents lead back to itself ({way}); leave one out"
                )

    def _find_same_prefix(self) -> None:
        """Note a commune whose case codes would begin like those of another."""
        kept = [row for code, row in self.known.areas.items() if code not in self.wanted["area"]]
        rows = [(row.code, row.name, row.kind, row.prefix, row.valid_to) for row in kept]
        rows += [
            (code, v["name"], v["kind"], v["prefix"], v["valid_to"])
            for code, v in self.wanted["area"].items()
        ]
        standing = [prefixes.Named(*row[:4]) for row in rows if self._lasts(row[4])]
        for code, said in prefixes.clashes(standing):
            if (entry := self.entries["area"].get(code)) is not None:
                self.problems.about(entry, "prefix" if entry.text("prefix") else "name", said)

    def _find_overlaps(self, roles: Mapping[RoleKey, Entry]) -> None:
        """Note periods of one role that overlap: to end one of them would not end the role."""
        periods = self._periods()
        of_role: dict[tuple[UUID, UUID, str], list[tuple[date, date | None]]] = {}
        for key, ends in periods.items():
            of_role.setdefault(key[:3], []).append((key[3], ends))
        for key, entry in roles.items():
            first, last = key[3], periods[key] or date.max
            for begins, ends in of_role[key[:3]]:
                if begins != first and begins <= last and first <= (ends or date.max):
                    said = f"overlaps the same role from {begins} on; end that: “from: {begins}” and a “to”"
                    self.problems.about(entry, "from", said)

    def _periods(self) -> dict[RoleKey, date | None]:
        known = {key: row.valid_to for key, row in self.known.roles.items()}
        return known | {key: values["valid_to"] for key, values in self.wanted["role"].items()}

    def _find_no_reception(self) -> None:
        """Note that nobody would take what belongs to no other unit."""
        kept = [unit for code, unit in self.known.units.items() if code not in self.wanted["unit"]]
        units = [(unit.type, unit.valid_to) for unit in kept]
        units += [(values["type"], values["valid_to"]) for values in self.wanted["unit"].values()]
        if not any(kind == RECEPTION and self._lasts(last) for kind, last in units):
            said = f"no reception desk; add a unit of type {RECEPTION}: it takes what no other unit does"
            self.problems.add(1, said)

    def _find_no_head(self) -> None:
        """Note that nobody would answer for the desk."""
        heads = (last for key, last in self._periods().items() if key[2] == Role.HEAD)
        if not any(self._lasts(last) for last in heads):
            self.problems.add(
                1, "no head; give the chair of the commune “role: head” in the unit of type ct_xa"
            )

    def _lasts(self, last: date | None) -> bool:
        return last is None or last >= self.today


def _iso(text: str) -> str:
    """Write a day as it should have been, if it can be guessed."""
    found = _DAY_FIRST.fullmatch(text)
    return (
        f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else "year-month-day, such as 2026-11-24"
    )
