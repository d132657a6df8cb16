"""What is asked later: never at a quiet hour, in its order, and of the same cases on every replica."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.aftercare import CheckBack, Drafts, Stage
from domain.calendar import WorkCalendar
from domain.law import BadDocument, seed
from domain.rights import Rights

CALENDAR = WorkCalendar.parse(seed("holidays"), seed("office"))
DRAFTS = Drafts.parse(seed("office"))
CHECK = CheckBack.parse(seed("office"))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds it


def local(at: datetime) -> str:
    """Write a moment as it is told in these tests."""
    return f"{CALENDAR.local(at):%d/%m %H:%M}"


@given(MOMENTS)
@example(datetime(2026, 2, 13, 9, tzinfo=UTC))  # before a holiday of more than a week
def test_a_draft_is_never_asked_about_at_night_or_on_a_day_off(heard_at: datetime) -> None:
    """Whenever it was left: later than that, in order, awake, and deleted last, after a week at least."""
    moments = DRAFTS.moments(heard_at, CALENDAR)
    assert all(at > heard_at and CALENDAR.quiet_until(at) is None for at, _ in moments)
    assert [stage for _, stage in moments][-2:] == [Stage.MORNING, Stage.DROP]
    assert moments[-1][0] >= heard_at + timedelta(days=7)
    assert moments[-1][0] >= moments[-2][0] + timedelta(days=1)  # who was asked has a day to answer
    assert len({at for at, _ in moments}) == len(moments)


@pytest.mark.parametrize(
    ("left", "asked"),
    [
        (datetime(2026, 11, 16, 2, tzinfo=UTC), ["16/11 11:00", "17/11 08:00", "23/11 09:00"]),
        (datetime(2026, 11, 16, 13, tzinfo=UTC), ["17/11 08:00", "23/11 20:00"]),  # 22:00 is quiet
        (datetime(2026, 11, 20, 9, tzinfo=UTC), ["20/11 18:00", "23/11 08:00", "27/11 16:00"]),  # a weekend
    ],
)
def test_after_two_hours_the_next_morning_and_a_week(left: datetime, asked: list[str]) -> None:
    """A nudge that would fall into the night is left to the morning; a weekend's waits for Monday."""
    moments = [local(at) for at, _ in DRAFTS.moments(left, CALENDAR)]
    assert moments[-3:] == asked[-3:]


@given(MOMENTS)
def test_whether_it_held_is_asked_on_a_working_morning(answered_at: datetime) -> None:
    """Thirty days after the answer, or on the next working day, when people are awake."""
    at = CHECK.moment(answered_at, CALENDAR)
    day = CALENDAR.local(at).date()
    assert CALENDAR.is_working(day)
    assert CALENDAR.quiet_until(at) is None
    assert (day - CALENDAR.local(answered_at).date()).days >= 30


def test_the_sample_is_a_share_and_always_the_same() -> None:
    """About one in five codes, the same ones each time; none where none is wanted, all where all are."""
    codes = [f"LM-{number:07}" for number in range(5000)]
    drawn = [code for code in codes if CHECK.falls_on(code)]
    assert drawn == [code for code in codes if CheckBack(of_hundred=20).falls_on(code)]
    assert 800 < len(drawn) < 1200
    assert not any(CheckBack(of_hundred=0).falls_on(code) for code in codes)
    assert all(CheckBack(of_hundred=100).falls_on(code) for code in codes)


def test_an_office_document_from_before_has_the_defaults() -> None:
    """What an admin put in force before there was any of this still works; a misfit names its document."""
    assert Drafts.parse({}) == Drafts() == DRAFTS
    assert CheckBack.parse({}) == CheckBack() == CHECK
    with pytest.raises(BadDocument, match="office"):
        Drafts.parse({"drafts": {"nudge_after_hours": "two"}})
    with pytest.raises(BadDocument, match="office"):
        CheckBack.parse({"check_back": {}})


def test_rights_are_those_of_the_law_sheet() -> None:
    """Complaints and denunciations are withdrawn in writing; a taxonomy that is silent means the same."""
    rights = Rights.parse(seed("taxonomy"))
    assert rights.withdrawn_in_writing == {"khieu_nai", "to_cao"}
    assert not rights.confirmed
    assert len(rights.aided) + len(rights.aided_in_need) == 14
    assert Rights.parse({}) == rights
