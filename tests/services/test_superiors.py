"""Whoever decides stands above whoever asks, in every tree of units, whoever is away."""

from datetime import date
from types import SimpleNamespace
from typing import cast
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.alarms import Level
from domain.directory import Directory
from domain.people import Absence, Holding, Role
from domain.routing import Unit
from services.standing import superiors
from services.standing.parties import IN_CHARGE, Actor
from storage.cases.cases import Case
from storage.ground.work import Work

TODAY, FROM = date(2026, 11, 16), date(2025, 7, 1)
ROLES = (Role.OFFICER, Role.SUPERVISOR, Role.HEAD, Role.DUTY, Role.ADMIN)


def unit(number: int, parent: int | None = None) -> Unit:
    """Build the unit of a number."""
    above = UUID(int=parent + 1) if parent is not None else None
    return Unit(UUID(int=number + 1), f"u{number}", "vp_xa", f"u{number}", "xa", above, FROM)


def person(number: int) -> UUID:
    """Return the id of a person."""
    return UUID(int=1000 + number)


def office(
    parents: list[int | None], roles: list[tuple[int, int, Role]], away: list[tuple[int, int]] = ()
) -> Work:
    """Build the work of a day: units by their parents, who is what where, and who stands in for whom."""
    directory = Directory(
        units=tuple(unit(number, parent) for number, parent in enumerate(parents)),
        holdings=tuple(Holding(person(who), UUID(int=where + 1), role, FROM) for who, where, role in roles),
        absences=tuple(Absence(person(one), person(other), TODAY, TODAY) for one, other in away),
    )
    rules = SimpleNamespace(directory=directory, taxonomy=SimpleNamespace(fields={}))
    work = SimpleNamespace(rules=rules, desk=rules, rules_of=lambda _: rules, today=TODAY, seats=None)
    return cast("Work", work)


def case(where: int, asker: int | None = None, officer: int | None = None) -> Case:
    """Build a case of a unit, in which somebody asks for something."""
    request = {"by": str(person(asker)), "level": 0} if asker is not None else None
    has_it = person(officer) if officer is not None else None
    return cast(
        "Case",
        SimpleNamespace(
            unit_id=UUID(int=where + 1),
            field="khac",
            officer_id=has_it,
            request=request,
            excluded=[],
            excluded_people=[],
            senders=[],
            confidential=False,
            urgency="thuong",
        ),
    )


@st.composite
def offices(draw: st.DrawFn) -> tuple[Work, Case, int]:
    """Draw a tree of units with people in it, some away, and a case in which one of them asks."""
    count = draw(st.integers(1, 7))
    parents = [None if n == 0 else draw(st.none() | st.integers(0, n - 1)) for n in range(count)]
    people = draw(st.integers(1, 9))
    role = st.tuples(st.integers(0, people - 1), st.integers(0, count - 1), st.sampled_from(ROLES))
    roles = draw(st.lists(role, min_size=1, max_size=16, unique=True))
    away = draw(st.lists(st.tuples(st.integers(0, people - 1), st.integers(0, people - 1)), max_size=3))
    asker = draw(st.sampled_from(roles))[0]
    officer = draw(st.none() | st.just(asker) | st.integers(0, people - 1))
    where = draw(st.integers(0, count - 1))
    absences = [(one, other) for one, other in away if one != other]
    return office(parents, roles, absences), case(where, asker, officer), asker


def led_by(work: Work, one: UUID, other: UUID) -> bool:
    """Say whether all that somebody does here is done below another: the plain words, not the code's."""
    directory = work.rules.directory
    leads = {h.unit_id for h in directory.held_by(other, TODAY) if h.role in IN_CHARGE}
    held = directory.held_by(one, TODAY)
    under = [
        any(up in leads for up in directory.chain(h.unit_id)[0 if h.role not in IN_CHARGE else 1 :])
        for h in held
    ]
    return bool(held) and all(under) and not any(h.role is Role.HEAD for h in held)


@settings(max_examples=400, deadline=None)
@given(offices())
def test_nobody_decides_for_themselves_nor_for_those_above(drawn: tuple[Work, Case, int]) -> None:
    """Whoever is asked may decide, is neither asker nor officer, and works below neither of them."""
    work, asked, asker = drawn
    theirs = {person(asker), asked.officer_id} - {None}
    for one in superiors.expected(work, asked):
        assert one not in theirs
        assert not any(led_by(work, one, other) for other in theirs if other is not None)
        assert superiors.may_decide(work, asked, Actor(person_id=one))
    for one in theirs:
        assert not superiors.may_decide(work, asked, Actor(person_id=one))


@settings(max_examples=200, deadline=None)
@given(offices())
def test_a_delay_never_climbs_to_whoever_is_late(drawn: tuple[Work, Case, int]) -> None:
    """At no level above the officer's own is the officer told of their own delay, nor anybody led by them."""
    work, late, _ = drawn
    if late.officer_id is None:
        return
    for level in (Level.UNIT_HEAD, Level.HEADS):
        for one in superiors.at_level(work, late, level):
            assert one != late.officer_id
            assert not led_by(work, one, late.officer_id)


FRONT, UNION, PARTY, CHAIR = 1, 2, 0, 3
TREE: list[int | None] = [None, 0, 1, None]
"""The Party committee; the Front below it; the women's union below that; the chair apart."""
POSTS = [
    (0, PARTY, Role.HEAD),
    (1, FRONT, Role.SUPERVISOR),
    (2, UNION, Role.SUPERVISOR),
    (2, UNION, Role.OFFICER),
    (3, CHAIR, Role.HEAD),
    (4, UNION, Role.OFFICER),
]


def names(work: Work, asked: Case) -> list[int]:
    """Return the numbers of who has been asked to decide."""
    return [one.int - 1000 for one in superiors.deciders(work, asked)]


def test_the_nearest_above_decides_along_the_tree() -> None:
    """An officer asks her chief, a union's chief the Front's, who asks the secretary; a head the other."""
    work = office(TREE, POSTS)
    assert names(work, case(UNION, 4, 4)) == [2]
    assert names(work, case(UNION, 2, 2)) == [1]
    assert names(work, case(UNION, 1, 1)) == [0]
    assert names(work, case(UNION, 3, 3)) == [0]
    assert names(work, case(UNION, 0, 0)) == [3]


def test_who_took_over_is_decided_on_from_above_though_another_asks() -> None:
    """A case in the chair's hands is nothing for the union's chief to decide on, whoever asks."""
    work, asked = office(TREE, POSTS), case(UNION, 4, 3)
    assert names(work, asked) == [0]
    assert not superiors.may_decide(work, asked, Actor(person_id=person(2)))


def test_an_absent_chief_is_passed_over_unless_somebody_stands_in() -> None:
    """A stand-in decides in a chief's place; one who works below the asker does not, so it goes on up."""
    assert names(office(TREE, POSTS, [(2, 1)]), case(UNION, 4, 4)) == [1]
    assert names(office(TREE, POSTS, [(1, 4)]), case(UNION, 2, 2)) == [0]


def test_alone_at_the_top_nobody_decides() -> None:
    """Where there is no other head, what the only one asks for can be decided by nobody, and that is said."""
    work = office([None], [(0, 0, Role.HEAD), (1, 0, Role.OFFICER)])
    assert not superiors.somebody_decides(work, case(0, None, 0), Actor(person_id=person(0)))
    assert superiors.somebody_decides(work, case(0, None, 1), Actor(person_id=person(1)))


def test_with_time_the_next_above_are_asked_too() -> None:
    """Each level adds one step, up to the heads."""
    work, asked = office(TREE, POSTS), case(UNION, 4, 4)
    reached = []
    for level in range(4):
        asked.request = {"by": str(person(4)), "level": level}
        reached.append(names(work, asked))
    assert reached == [[2], [2, 1], [2, 1, 0], [2, 1, 0, 3]]
