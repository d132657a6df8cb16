"""Who works where, in words and by the codes of the seed: what an admin chooses from."""

from datetime import date, timedelta
from uuid import UUID

import locales
from domain.directory import Directory
from domain.people import Role
from domain.routing import Unit
from domain.understand.fold import fold
from storage.ground.work import Work
from storage.office import directory as stored
from storage.people import joined as stored_joined
from storage.people import people as stored_people


async def people(work: Work, language: str) -> dict[str, str]:
    """Return every official's name by their code, with what they are today."""
    roles = await held(work, language)
    here = work.rules.directory
    own = {unit.id for unit in here.own_units}
    theirs = {holding.person_id for holding in here.holdings if holding.unit_id in own}
    known = (await stored.read(work)).people.items()
    names = {code: p.name or code for code, p in known if not here.is_part or p.id in theirs}
    return {
        code: " · ".join([name, *roles.get(code, {}).values()][:2])
        for code, name in sorted(names.items(), key=lambda one: (one[0] not in roles, fold(one[1])))
    }


async def joined(work: Work) -> list[str]:
    """Return the codes of the officials who have a chat here, shut or not."""
    seated = await stored_joined.seated(work)
    return sorted(code for code, person in (await stored.read(work)).people.items() if person.id in seated)


async def held(work: Work, language: str) -> dict[str, dict[str, str]]:
    """Return the roles that are held today or later, by person and by “unit|role”, in words."""
    say, directory = locales.words(language), work.rules.directory
    known = await stored.read(work)
    by_id = {person.id: code for code, person in known.people.items()}
    found: dict[str, dict[str, str]] = {}
    for holding in directory.holdings:
        there = not directory.is_part or not directory.level(holding.unit_id)
        if (
            there
            and holding.person_id in by_id
            and (holding.valid_to is None or holding.valid_to >= work.today)
        ):
            unit = directory.unit(holding.unit_id)
            words = f"{say(f'office.role.{holding.role}')}, {called(directory, unit)}"
            found.setdefault(by_id[holding.person_id], {})[f"{unit.code}|{holding.role}"] = words
    return found


async def of_unit(work: Work, code: str, language: str) -> list[str]:
    """Return a line for each role held in a unit today or later, with its days."""
    say, directory = locales.words(language), work.rules.directory
    unit = next((unit for unit in directory.own_units if unit.code == code), None)
    if unit is None:
        return []
    lines = []
    for holding in directory.holdings:
        if holding.unit_id == unit.id and (holding.valid_to is None or holding.valid_to >= work.today):
            name = await stored_people.name_of(work, holding.person_id)
            until = say("admin.until", day=locales.short_day(holding.valid_to)) if holding.valid_to else ""
            lines.append(f"{name} · {say(f'office.role.{holding.role}')}{until}")
    return lines


def units(work: Work) -> dict[str, str]:
    """Return the units that stand today or later, by their codes."""
    directory = work.rules.directory
    standing = (u for u in directory.own_units if u.valid_to is None or u.valid_to >= work.today)
    return {unit.code: called(directory, unit) for unit in standing}


def called(directory: Directory, unit: Unit) -> str:
    """Return a unit's name, with its commune's where there are many: they bear the same names."""
    place = directory.commune_of(unit.area) if directory.is_wide else None
    return f"{unit.name}, {place.name}" if place is not None else unit.name


def communes(work: Work) -> dict[str, str]:
    """Return the communes of a desk of many by their codes, each with the letters of its cases' codes."""
    directory = work.rules.directory
    return (
        {one.code: f"{one.name} ({one.letters})" for one in directory.communes} if directory.is_wide else {}
    )


async def _with_place(work: Work, person: UUID, day: date) -> str:
    """Return a name; seen from above the communes with where they are on duty."""
    directory, name = work.rules.directory, await stored_people.name_of(work, person)
    held = directory.held_by(person, day) if directory.is_wide else ()
    seats = [directory.seat(holding.unit_id) for holding in held if holding.role is Role.DUTY]
    places = [directory.area(seat).name for seat in dict.fromkeys(seats) if seat is not None]
    return f"{name} ({', '.join(places)})" if places else name


async def duty(work: Work, language: str) -> list[str]:
    """Return who is on duty in the days to come, one line for each run of days; nobody is said too."""
    say = locales.words(language)
    runs: list[tuple[date, date, str]] = []
    for day in (work.today + timedelta(days=n) for n in range(work.rules.administering.roster_days)):
        on_duty = work.rules.directory.own(Role.DUTY, day)
        names = ", ".join([await _with_place(work, person, day) for person in on_duty])
        if runs and runs[-1][2] == names:
            runs[-1] = (runs[-1][0], day, names)
        else:
            runs.append((day, day, names))
    lines = []
    for first, last, names in runs:
        days = locales.short_day(first) + (f"-{locales.short_day(last)}" if last != first else "")
        lines.append(
            say("admin.on_duty", days=days, names=names) if names else say("admin.no_duty", days=days)
        )
    return lines
