"""Who hears of, decides and reads a case of a commune is the same whatever the same people are in others.

In made-up provinces, where people hold rows in several communes: every row of the others is taken away, and
nothing may change of what is asked about the case.
"""

import random
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from domain.alarms import Level
from domain.directory import Directory
from domain.people import Absence, Area, Holding, Role
from domain.routing import Unit
from domain.rules import Rules
from services.acts import moving
from services.standing import parties, superiors
from services.standing.parties import Actor
from storage.cases.cases import Case
from storage.ground.work import Work
from tests.amounts import times
from tests.conftest import MONDAY
from tests.services.provinces import PROVINCE, Chart, draw

TODAY, FROM = MONDAY.date(), MONDAY.date() - timedelta(days=500)
ROLES = ("officer", "supervisor", "head", "duty", "keeper")


@dataclass(frozen=True)
class Desk:
    """A province as the desk knows it."""

    rules: Rules
    directory: Directory

    def without(self, commune: str) -> "Desk":
        """Return it with no row of another commune, nor what chiefs of others said of days away."""
        seat = self.directory.seat
        held = tuple(h for h in self.directory.holdings if seat(h.unit_id) in {commune, PROVINCE})
        lead = {h.person_id for h in held if h.role in parties.IN_CHARGE}
        away = tuple(a for a in self.directory.absences if a.by in {a.person_id, *lead})
        directory = replace(self.directory, holdings=held, absences=away)
        return Desk(replace(self.rules, directory=directory), directory)

    def work(self) -> Work:
        """Return a day's work in it."""
        work = SimpleNamespace(
            rules=self.rules,
            desk=self.rules,
            rules_of=lambda case: self.rules.part(case.area),
            today=TODAY,
            now=MONDAY,
            seats=None,
            linked={},
            followers={},
        )
        return cast("Work", work)


def desk(rules: Rules, dice: random.Random) -> Desk:
    """Draw a province in which many hold rows in several communes, and some are away."""
    chart = draw(dice, 4)
    ids = {code: UUID(int=number) for number, code in enumerate(chart.units, start=1)}
    people = {code: UUID(int=1000 + number) for number, code in enumerate(chart.officials)}
    held = [(code, role, unit) for code, one in chart.officials.items() for role, unit in one.roles]
    held += [
        (dice.choice(list(people)), dice.choice(ROLES), dice.choice(list(ids)))
        for _ in range(dice.randint(4, 24))
    ]
    directory = Directory(
        areas=tuple(_areas(chart)),
        units=tuple(
            Unit(ids[u.code], u.code, u.type, u.code, u.seat, ids.get(u.above), FROM)
            for u in chart.units.values()
        ),
        holdings=tuple(
            Holding(people[code], ids[unit], Role(role), FROM) for code, role, unit in dict.fromkeys(held)
        ),
        absences=tuple(_away(dice, list(people.values())) for _ in range(dice.randint(0, 6))),
        names={people[code]: f"Người {code}" for code in people},
    )
    return Desk(replace(rules, directory=directory), directory)


def _areas(chart: Chart) -> list[Area]:
    found = [Area(PROVINCE, "tỉnh Mẫu", "province", None, FROM)]
    for commune in chart.communes:
        found.append(Area(commune, f"xã {commune}", "commune", PROVINCE, FROM))
        found.append(Area(f"{commune}_thon_1", "thôn 1", "hamlet", commune, FROM))
    return found


def _away(dice: random.Random, people: list[UUID]) -> Absence:
    """Draw days away: by their own word, or by that of anybody else, who may be a chief of theirs."""
    who, other, by = (dice.choice(people) for _ in range(3))
    return Absence(who, other, TODAY, TODAY, dice.choice((who, by)), TODAY)


def a_case(one: Desk, dice: random.Random) -> Case:
    """Draw a case of a commune: where it lies, who has it, and what waits."""
    directory = one.directory
    commune = dice.choice([area.code for area in directory.communes])
    there = [unit.id for unit in directory.units if directory.seat(unit.id) in {commune, PROVINCE}]
    people = {h.person_id for h in directory.holdings if directory.seat(h.unit_id) in {commune, PROVINCE}}
    officer = dice.choice([None, *sorted(people)])
    facts: dict[str, Any] = {
        "id": UUID(int=1),
        "chat_key": "dan",
        "area": commune,
        "unit_id": dice.choice(there),
        "field": dice.choice(sorted(one.rules.taxonomy.fields)),
        "officer_id": officer,
        "request": {"by": str(officer), "level": 0} if officer and dice.random() < 0.6 else None,
        "excluded": [],
        "excluded_people": [],
        "until_taken": [],
        "senders": [],
        "sealed": False,
        "confidential": dice.random() < 0.4,
        "urgency": dice.choice(("thuong", "khan")),
        "state": "accepted",
        "due_on": TODAY + timedelta(days=3),
    }
    return cast("Case", SimpleNamespace(**facts))


def asked(one: Desk, case: Case, people: list[UUID]) -> dict[str, object]:
    """Return all that is asked of a desk about a case."""
    work, own = one.work(), [case.officer_id]
    found: dict[str, object] = {
        "workers": parties.workers(work, case),
        "in charge": parties.in_charge(work, case),
        "on duty": parties.on_duty(work, case),
        "handling": parties.handling(work, case),
        "callers": parties.callers(work, case),
        "heads": parties.named_heads(work, case),
        "above": superiors.above(work, case, own),
        "told": superiors.told(work, case, own),
        "deciding": superiors.deciding(work, case),
        "expected": superiors.expected(work, case),
        "serves": moving.serves(work, case) if case.officer_id else None,
    }
    found |= {f"level {level}": superiors.at_level(work, case, level) for level in Level}
    for person in people:
        actor = Actor(person_id=person)
        found[f"relations {person}"] = parties.relations(work, case, actor)
        found[f"has it {person}"] = parties.has_it(work, case, person)
        found[f"decides {person}"] = superiors.may_decide(work, case, actor)
    return found


@pytest.fixture(scope="module")
def rules() -> Rules:
    """Parse the packaged documents once."""
    return Rules.parse({}, Directory())


@pytest.mark.parametrize("seed", range(times(16)))
def test_nothing_held_in_another_commune_decides(rules: Rules, seed: int) -> None:
    """Whoever has a row there alone is nobody here, and who has one in both is what they are here."""
    dice = random.Random(seed)
    one = desk(rules, dice)
    for _ in range(16):
        case = a_case(one, dice)
        people = sorted({holding.person_id for holding in one.directory.holdings})
        with_all, without = (asked(d, case, people) for d in (one, one.without(case.area)))
        differ = {
            name: (with_all[name], without[name]) for name in with_all if with_all[name] != without[name]
        }
        assert not differ, case
        _of_ours(one, case, with_all)


def _of_ours(one: Desk, case: Case, found: dict[str, object]) -> None:
    """See that nobody is told who holds no row where the case is, or above it."""
    seat = one.directory.seat
    ours = {h.person_id for h in one.directory.holdings if seat(h.unit_id) in {case.area, PROVINCE}}
    for name in ("workers", "in charge", "on duty", "handling", "heads"):
        assert set(cast("list[UUID]", found[name])) <= ours, name
