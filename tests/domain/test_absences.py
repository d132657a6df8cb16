"""Days away as people write them, and who does somebody's work then."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.absences import chain, likely, overlapping, serving
from domain.directory import Directory
from domain.people import Absence, Holding, Role
from domain.routing import Unit
from domain.understand import leave
from domain.understand.days import DaysOver, DaysTooFar, read_days

TODAY = date(2026, 11, 18)
FIRST = date(2025, 7, 1)
PEOPLE = [UUID(int=n) for n in range(1, 7)]
CHAIR, OFFICE = UUID(int=101), UUID(int=102)
UNITS = (
    Unit(CHAIR, "ct", "ct_xa", "Chủ tịch", "xa", None, FIRST),
    Unit(OFFICE, "kt", "kt_xa", "Phòng Kinh tế", "xa", CHAIR, FIRST),
)
HOLDINGS = (
    Holding(PEOPLE[0], CHAIR, Role.HEAD, FIRST),
    Holding(PEOPLE[1], OFFICE, Role.SUPERVISOR, FIRST),
    Holding(PEOPLE[2], OFFICE, Role.OFFICER, FIRST),
    Holding(PEOPLE[3], OFFICE, Role.OFFICER, FIRST),
    Holding(PEOPLE[4], OFFICE, Role.ADMIN, FIRST),
)


def directory(*absences: Absence) -> Directory:
    """Make a directory in which these people are away."""
    return Directory(units=UNITS, holdings=HOLDINGS, absences=absences)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("25/11-28/11", "2026-11-25", "2026-11-28"),
        ("25/11 – 28/11/2026", "2026-11-25", "2026-11-28"),
        ("từ ngày 25.11 đến hết 28.11", "2026-11-25", "2026-11-28"),
        ("from 25/11 to 28/11", "2026-11-25", "2026-11-28"),
        ("25/11", "2026-11-25", "2026-11-25"),
        ("hôm nay", "2026-11-18", "2026-11-18"),
        ("Ngày mai.", "2026-11-19", "2026-11-19"),
        ("hôm nay - 20/11", "2026-11-18", "2026-11-20"),
        ("tomorrow until 20/11", "2026-11-19", "2026-11-20"),
        ("16/11-20/11", "2026-11-18", "2026-11-20"),  # begun already: from today on
        ("28/12-5/1", "2026-12-28", "2027-01-05"),
        ("2/1", "2027-01-02", "2027-01-02"),
        ("đến hết 20/11", "2026-11-18", "2026-11-20"),
        ("tới thứ Sáu", "2026-11-18", "2026-11-20"),
        ("tuần sau đến thứ Năm", "2026-11-23", "2026-11-26"),
    ],
)
def test_days_are_read_as_people_write_them(said: str, first: str, last: str) -> None:
    """With and without a year, in either language, over the turn of the year."""
    assert read_days(said, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("said", ["ngờ ông ấy", "", "25", "25/11 tôi nghỉ nhé", "1/2/3/4"])
def test_other_words_are_no_days(said: str) -> None:
    """They are talk, or asked for again."""
    assert read_days(said, TODAY) is None


@pytest.mark.parametrize(
    ("said", "last"),
    [
        ("mai toi nghi den 20/11", "2026-11-20"),
        ("em nghi toi thu 6", "2026-11-20"),
        ("nghỉ đến hết thứ sáu", "2026-11-20"),
        ("tuan sau toi thu 5 em nghi", "2026-11-26"),
    ],
)
def test_days_up_to_one_are_heard_in_what_an_official_says(said: str, last: str) -> None:
    """Wherever in the sentence they stand: none but the last would be a day away."""
    heard = leave.read(said)
    assert heard is not None
    days = read_days(heard.days, TODAY)
    assert days is not None
    assert days[0] < days[1] == date.fromisoformat(last)


@pytest.mark.parametrize("said", ["1/11", "1/11-10/11", "28/11-25/11", "31/11", "1/1/2020-2/1/2020", "32/12"])
def test_days_that_are_over_are_refused(said: str) -> None:
    """So are days that end before they begin, and days there are not."""
    with pytest.raises(DaysOver):
        read_days(said, TODAY)


@given(st.text(max_size=20))
def test_whatever_is_written_is_days_to_come_or_none(said: str) -> None:
    """No words make it fail in any other way."""
    try:
        found = read_days(said, TODAY)
    except DaysOver:
        return
    assert found is None or TODAY <= found[0] <= found[1]


def test_the_likeliest_come_first() -> None:
    """Their own unit's people, then its chief; a head has the other chiefs; never themselves or an admin."""
    assert likely(directory(), PEOPLE[2], PEOPLE[2], TODAY) == [PEOPLE[3]]
    assert likely(directory(), PEOPLE[1], PEOPLE[1], TODAY) == [PEOPLE[2], PEOPLE[3]]
    assert likely(directory(), PEOPLE[0], PEOPLE[0], TODAY) == [PEOPLE[1]]
    assert serving(directory(), PEOPLE[2], TODAY) == [PEOPLE[0], PEOPLE[1], PEOPLE[3]]
    assert chain(directory(), PEOPLE[2], TODAY) == [OFFICE, CHAIR]


_DAYS = st.integers(-3, 3).map(lambda n: TODAY + timedelta(days=n))
_ABSENCES = st.lists(
    st.builds(
        lambda who, other, a, b: Absence(who, other, min(a, b), max(a, b)),
        st.sampled_from(PEOPLE),
        st.sampled_from(PEOPLE),
        _DAYS,
        _DAYS,
    ),
    max_size=8,
)


@given(_ABSENCES, st.sampled_from(PEOPLE), _DAYS)
def test_somebody_does_the_work_and_is_there_if_anybody_is(
    absences: list[Absence], person: UUID, day: date
) -> None:
    """Whoever does it is there that day, or it stays whose it is; and they know that they stand in."""
    town = directory(*absences)
    found = town.present(person, day)
    if found == person:
        there = not overlapping(absences, person, day, day)
        reached, asked = person, {person}
        while (away := overlapping(absences, reached, day, day)) and away[-1].stand_in_id not in asked:
            reached = away[-1].stand_in_id
            asked.add(reached)
        assert there or overlapping(absences, reached, day, day)
        assert person not in town.standing_in_for(person, day) or not there
    else:
        assert not overlapping(absences, found, day, day)
        assert person in town.standing_in_for(found, day)


@given(_ABSENCES, _DAYS)
def test_nobodys_work_is_done_twice(absences: list[Absence], day: date) -> None:
    """Whose work is done by others is done by exactly one of them."""
    town = directory(*absences)
    done = [absent for person in PEOPLE for absent in town.standing_in_for(person, day)]
    assert len(done) == len(set(done))


@pytest.mark.parametrize("text", ["31/12/9999", "16/11-31/12/9999", "từ hôm nay đến 1/1/2040"])
def test_days_that_nobody_can_mean_are_refused_as_a_slip(text: str) -> None:
    """More than ten years ahead the year was mistyped."""
    with pytest.raises(DaysTooFar):
        read_days(text, date(2026, 11, 16))
    assert read_days("1/1/2035", date(2026, 11, 16)) == (date(2035, 1, 1), date(2035, 1, 1))
