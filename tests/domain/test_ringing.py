"""The ladder of what cannot wait: no ring is lost and none is doubled, whenever somebody looks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import law
from domain.law import BadDocument
from domain.ringing import Circle, Ladder, Ring, parse

HANDED = datetime(2026, 11, 21, 16, 31, tzinfo=UTC)
"""Saturday 23:31 in Vietnam."""
ALL = frozenset(Circle)
PACKAGED = parse(law.seed("deadlines"))["khan"]

minutes = st.integers(1, 90)
circles = st.frozensets(st.sampled_from(Circle), min_size=1)
ladders = st.builds(
    lambda at_once, steps, every: Ladder(
        at_once,
        tuple((timedelta(minutes=wait), steps[wait]) for wait in sorted(steps)),
        timedelta(minutes=every),
    ),
    circles,
    st.dictionaries(minutes, circles, min_size=1, max_size=4),
    minutes,
)
ticks = st.lists(st.integers(1, 6 * 3600), min_size=1, max_size=30)


def at(after: float) -> datetime:
    """Return the moment so many minutes after it was handed over."""
    return HANDED + timedelta(minutes=after)


def every_ring(ladder: Ladder, until: datetime) -> list[Ring]:
    """Return all rings up to a moment, one after another, as somebody hears them who looks all the time."""
    found, after = list[Ring](), HANDED
    while (ring := ladder.next(HANDED, after)).at <= until:
        found.append(ring)
        after = ring.at
    return found


def test_what_ships_rings_at_5_and_10_minutes_and_then_every_quarter_of_an_hour() -> None:
    """At once duty, unit and chief; then the heads; then everybody and the admin, for ever."""
    assert PACKAGED.at_once == {Circle.DUTY, Circle.UNIT, Circle.UNIT_HEAD}
    rings = every_ring(PACKAGED, at(60))
    assert [ring.minutes for ring in rings] == [5, 10, 25, 40, 55]
    assert [ring.circles for ring in rings] == [{Circle.HEADS}, *[ALL] * 4]
    assert every_ring(PACKAGED, at(9 * 24 * 60))[-1].at == at(9 * 24 * 60 - 5)  # all of Tết, at any hour


@given(ladders, ticks)
def test_no_ring_is_lost_or_doubled_whenever_somebody_looks(ladder: Ladder, waits: list[int]) -> None:
    """Of the rings since the last look there is one, the latest, for everybody they were for."""
    looked, rang = HANDED, list[Ring]()
    for wait in waits:
        now = looked + timedelta(seconds=wait)
        missed = [ring for ring in every_ring(ladder, now) if ring.at > looked]
        due = ladder.due(HANDED, looked, now)
        assert (due is None) == (not missed)
        if due is not None:
            assert (due.at, due.minutes) == (missed[-1].at, missed[-1].minutes)
            assert due.circles == frozenset().union(*(ring.circles for ring in missed))
            rang.append(due)
        assert ladder.next(HANDED, now).at > now
        looked = now
    assert len({ring.minutes for ring in rang}) == len(rang)
    assert [ring.at for ring in rang] == sorted(ring.at for ring in rang)


@given(ladders, st.integers(0, 600))
def test_who_has_heard_only_grows(ladder: Ladder, after: int) -> None:
    """Whoever a ring was for has heard it, and so has everybody before."""
    heard = ladder.heard(after)
    assert ladder.at_once <= heard <= ladder.heard(after + 1)
    for ring in every_ring(ladder, at(after)):
        assert ring.circles <= heard


def test_after_an_outage_it_rings_once_for_everybody() -> None:
    """Six hours late there is one ring, which says how long nobody has taken it."""
    ring = PACKAGED.due(HANDED, HANDED, at(6 * 60 + 3))
    assert ring == Ring(at(355), 355, ALL)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("at_once", ["mayor"]),
        ("at_once", []),
        ("steps", {}),
        ("steps", {"5 minute": ["duty"]}),
        ("steps", {"+0 minute": ["duty"]}),
        ("steps", {"+5 minute": ["duty"], "+05 minute": ["unit"]}),
        ("every", "0 minute"),
        ("every", "1 hour"),
        ("every", None),
    ],
)
def test_a_ladder_that_would_be_silent_is_refused(part: str, value: object) -> None:
    """A document that names nobody known, no step or no time is not put in force."""
    document = law.seed("deadlines")
    document["ringing"]["ladders"]["khan"][part] = value
    with pytest.raises(BadDocument):
        parse(document)


def test_a_document_from_before_there_were_ladders_rings_all_the_same() -> None:
    """What an admin put in force earlier names none: then the packaged ones hold."""
    older = law.seed("deadlines")
    del older["ringing"]
    assert parse(older) == {"khan": PACKAGED}
