"""Where nobody can be told: people and units without a live chat, as faults, the worst first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import locales
from domain.people import Role
from domain.routing import Unit
from services.standing import parties
from storage.ground.work import Work
from storage.people import people, reached

_WORST_FIRST = ("duty", "head", "fields", "units", "people")
_MOST = 8
"""Names in one line of a message."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of people or units nobody reaches, by the words that say so, and their names."""

    key: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody who holds a role and has no live chat; until when their invitation can be used, if one can."""

    code: str
    units: str
    invited_until: datetime | None


async def not_joined(work: Work) -> list[Missing]:
    """Return everybody whom nothing reaches, by the code they are invited with."""
    await reached.load(work)
    silent = [person for person in _officials(work) if not reached.among(work, [person])]
    await people.load_people(work, silent)
    invited = await people.invited_until(work, silent)
    directory, found = work.rules.directory, []
    for person_id in silent:
        held = directory.held_by(person_id, work.today)
        units = ", ".join(dict.fromkeys(directory.unit(holding.unit_id).name for holding in held))
        person = work.people[person_id]
        if person is not None:
            found.append(Missing(person.code or "", units, invited.get(person_id)))
    return sorted(found, key=lambda missing: missing.code)


async def faults(work: Work) -> list[Fault]:
    """Return who and what cannot be told anything: duty, heads, units that fields lead to, then the rest."""
    await reached.load(work)
    officials = _officials(work)
    silent = [person for person in officials if not reached.among(work, [person])]
    names = work.rules.directory.names  # of a province thousands: nobody is read for it
    by_weight = _by_weight(work, silent)
    found = [Fault(key, tuple(sorted(names.get(one, "") for one in ids))) for key, ids in by_weight]
    units = [Fault(key, tuple(unit.name for unit in them)) for key, them in _units(work)]
    return [fault for fault in (*found[:2], *units, *found[2:]) if fault.names]


def _officials(work: Work) -> list[UUID]:
    directory, own = work.rules.directory, {unit.id for unit in work.rules.directory.own_units}
    there = (h for h in directory.holdings if h.unit_id in own and h.holds_on(work.today))
    return list(dict.fromkeys(h.person_id for h in there))


def _by_weight(work: Work, silent: Iterable[UUID]) -> Iterator[tuple[str, list[UUID]]]:
    """Put each of these people where they are missed the most."""
    left = list(silent)
    for key, role in (("duty", Role.DUTY), ("head", Role.HEAD)):
        holders = set(work.rules.directory.everyone(role, work.today))
        theirs = [person for person in left if person in holders]
        yield key, theirs
        left = [person for person in left if person not in theirs]
    yield "people", left


def _units(work: Work) -> Iterator[tuple[str, list[Unit]]]:
    """Return the units in which nobody can be told: first those that have work, by the taxonomy's fields."""
    directory, day = work.rules.directory, work.today
    silent = [
        unit
        for unit in directory.own_units
        if unit.stands_on(day) and not reached.among(work, directory.holders(unit.id, parties.OFFICIAL, day))
    ]
    working = {field.xa for field in work.rules.taxonomy.fields.values()}
    yield "fields", [unit for unit in silent if unit.type in working]
    yield "units", [unit for unit in silent if unit.type not in working]


def line(found: Iterable[Fault], language: str) -> str:
    """Write them for an admin, a kind a line; of many names the first."""
    say = locales.words(language)
    lines = [say(f"unheard.{fault.key}", names=_listed(fault.names, language)) for fault in found]
    return "\n".join([say("unheard.text"), *lines]) if lines else ""


def _listed(names: tuple[str, ...], language: str) -> str:
    shown, more = ", ".join(names[:_MOST]), len(names) - _MOST
    return locales.words(language)("unheard.more", names=shown, count=more) if more > 0 else shown


async def news(work: Work) -> Mapping[UUID | None, list[Fault]]:
    """Return for each admin what is at fault this morning in their own commune.

    The province's hear of a commune where nobody who administers it can be told.
    """
    await reached.load(work)
    found: dict[UUID | None, list[Fault]] = {}
    for seat in work.desk.directory.seats:
        with work.within(seat):
            theirs, own = await faults(work), work.rules.directory.own(Role.ADMIN, work.today)
            for person in _told(work) if theirs else ():
                found.setdefault(person, []).extend(theirs if person in own else _named(work, theirs))
    return {person: _joined(each) for person, each in found.items()}


def _told(work: Work) -> list[UUID]:
    """Return the nearest admins who can be told; without borders all."""
    directory, day = work.rules.directory, work.today
    steps = directory.by_level(Role.ADMIN, day) if directory.is_apart else []
    heard = next((there for step in steps if (there := reached.among(work, step))), [])
    return heard or directory.nearest(Role.ADMIN, day)


def _named(work: Work, found: Iterable[Fault]) -> list[Fault]:
    """Say of which commune they are, to who administers what is above it."""
    place = work.rules.directory.home.name
    return [Fault(fault.key, tuple(f"{name} ({place})" for name in fault.names)) for fault in found]


def _joined(found: Iterable[Fault]) -> list[Fault]:
    """Return each kind once, the worst first, with the names of all communes."""
    names: dict[str, tuple[str, ...]] = {}
    for fault in found:
        names[fault.key] = (*names.get(fault.key, ()), *fault.names)
    return [Fault(key, names[key]) for key in _WORST_FIRST if key in names]
