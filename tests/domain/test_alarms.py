"""When reminders ring, held against real weeks and against the promise not to wake anybody."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alarms import Alarm, AlarmKind, Level, ReminderRules, next_alarm, pickup, schedule
from domain.calendar import WorkCalendar
from domain.deadlines import Due, Terms, due
from domain.law import BadDocument, seed

CALENDAR = WorkCalendar.parse(seed("holidays"), seed("office"))
TERMS = Terms.parse(seed("deadlines"))
RULES = ReminderRules.parse(seed("deadlines"))
MOMENTS = st.integers(0, 1300 * 24 * 60).map(
    lambda n: datetime(2024, 1, 10, tzinfo=UTC) + timedelta(minutes=n)
)


def at(text: str) -> datetime:
    """Read a local moment, e.g. '2026-11-23 10:00'."""
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone).astimezone(UTC)


def rung(rule: str, opened: str) -> list[tuple[str, str, str]]:
    """Give the alarms of a case of a term as (local moment, key, level)."""
    alarms = schedule(at(opened), due(TERMS[rule], at(opened), CALENDAR), RULES, CALENDAR)
    return [told(alarm) for alarm in alarms]


def told(alarm: Alarm) -> tuple[str, str, str]:
    """Give an alarm as (local moment, key, level)."""
    return f"{CALENDAR.local(alarm.at):%Y-%m-%d %H:%M}", alarm.key, alarm.level


def rules_with(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a document
    """Build a deadlines document whose reminders are changed."""
    return {"reminders_default": seed("deadlines")["reminders_default"] | changes}


def test_a_term_in_days_rings_in_working_mornings() -> None:
    """Ten working days ring half way, three and one day before, on the day, then up the ladder."""
    assert rung("policy.thuong.xu_ly", "2026-11-19 10:00") == [
        ("2026-11-27 07:30", "part_50", "officer"),
        ("2026-12-01 07:30", "before_3", "officer"),
        ("2026-12-03 07:30", "before_1", "officer"),
        ("2026-12-04 07:30", "due", "officer"),
        ("2026-12-07 07:30", "overdue_1", "unit_head"),
        ("2026-12-09 07:30", "overdue_3", "commune_chair_and_party_secretary"),
        ("2026-12-11 07:30", "overdue_5", "province"),
        ("2026-12-16 07:30", "overdue_8", "province_heads"),
    ]


def test_a_short_term_rings_once_a_morning() -> None:
    """Where half time and the day before coincide the more pressing rings; what is past does not."""
    assert [key for _, key, _ in rung("policy.nhanh.xu_ly", "2026-11-25 10:00")] == [
        *("before_1", "due", "overdue_1", "overdue_3", "overdue_5", "overdue_8")
    ]
    assert rung("policy.nhanh.xu_ly", "2026-11-25 06:00")[0] == ("2026-11-25 07:30", "before_3", "officer")


def test_a_term_in_hours_rings_in_the_office() -> None:
    """Four working hours ring half way; that they are over is known above at once, and in mornings after."""
    assert rung("policy.khan.xu_ly", "2026-11-23 16:00") == [
        ("2026-11-25 08:00", "part_50", "officer"),
        ("2026-11-25 10:00", "breach", "unit_head"),
        ("2026-11-26 07:30", "overdue_1", "unit_head"),
        ("2026-11-30 07:30", "overdue_3", "commune_chair_and_party_secretary"),
        ("2026-12-02 07:30", "overdue_5", "province"),
        ("2026-12-07 07:30", "overdue_8", "province_heads"),
    ]


def test_an_end_outside_office_hours_is_rung_the_working_morning_before() -> None:
    """Seventy-two hours that end on a weekend, at dawn or at lunch ring while somebody can still act."""
    for opened, morning in (
        ("2026-11-25 20:00", "2026-11-27 07:30"),
        ("2026-11-27 06:00", "2026-11-27 07:30"),
        ("2026-11-24 12:00", "2026-11-27 07:30"),
    ):
        moments = {key: moment for moment, key, _ in rung("dlcn.vi_pham", opened)}
        assert moments["due"] == morning
    assert "due" not in {key for _, key, _ in rung("policy.ack", "2026-11-25 22:00")}


def test_a_due_day_off_is_rung_on_the_last_working_day() -> None:
    """A term that does not roll and ends on a Sunday rings on Friday, its day before on Thursday."""
    moments = {key: moment for moment, key, _ in rung("dlcn.xem_sua_cung_cap", "2026-11-19 10:00")}
    assert moments["due"] == "2026-11-27 07:30"
    assert moments["before_1"] == "2026-11-26 07:30"
    assert moments["overdue_1"] == "2026-11-30 07:30"


def test_no_time_at_all_has_no_half() -> None:
    """A term with no working time between opening and end rings only afterwards."""
    late = ["breach", "overdue_1", "overdue_3", "overdue_5", "overdue_8"]
    assert [key for _, key, _ in rung("policy.ack", "2026-11-28 10:00")][-4:] == late[1:]
    sunday = Due(date(2026, 11, 29), at("2026-11-30 00:00"), True, False, True, ())
    late = schedule(at("2026-11-28 10:00"), sunday, RULES, CALENDAR)
    assert [alarm.key for alarm in late] == ["overdue_1", "overdue_3", "overdue_5", "overdue_8"]


def test_nothing_rings_at_the_opening_itself() -> None:
    """An alarm at the very instant of the opening is left out."""
    assert rung("policy.nhanh.xu_ly", "2026-11-25 07:30")[0][1] == "before_1"


def test_an_unaccepted_case_is_rung_twice() -> None:
    """The next working morning pings the officers, the one after tells the unit's head."""
    assert [told(alarm) for alarm in pickup(at("2026-11-23 10:00"), RULES, CALENDAR)] == [
        ("2026-11-25 07:30", "pickup_1", "officer"),
        ("2026-11-26 07:30", "pickup_late_2", "unit_head"),
    ]


@pytest.mark.parametrize(
    "opened", ["2026-11-27 18:00", "2026-11-28 10:00", "2026-11-29 23:00", "2026-11-30 06:00"]
)
def test_a_case_from_after_hours_counts_from_the_next_opening(opened: str) -> None:
    """Whatever comes in from Friday evening on gives the officers all of Monday."""
    assert [told(alarm)[0] for alarm in pickup(at(opened), RULES, CALENDAR)] == [
        *("2026-12-01 07:30", "2026-12-02 07:30")
    ]


def test_the_next_alarm_is_the_first_later_and_most_severe() -> None:
    """Alarms may be mixed and unordered; the instant itself is past; after the last there is none."""
    one, two = at("2026-11-25 07:30"), at("2026-11-26 07:30")
    mixed = [
        Alarm(two, AlarmKind.DUE, Level.OFFICER),
        Alarm(one, AlarmKind.PICKUP_LATE, Level.UNIT_HEAD, 2),
        Alarm(one, AlarmKind.BEFORE, Level.OFFICER, 1),
    ]
    for order in (mixed, mixed[::-1]):
        assert next_alarm(order, at("2026-11-23 09:00")) == mixed[1]
        assert next_alarm(order, one) == mixed[0]
        assert next_alarm(order, two) is None


def test_severity_grows_up_the_ladder() -> None:
    """Who is told counts most, then what is said; fewer days left and more days late press more."""
    rising = [
        Alarm(at("2026-11-25 07:30"), kind, level, n)
        for kind, level, n in (
            (AlarmKind.PICKUP, Level.OFFICER, 1),
            (AlarmKind.PART, Level.OFFICER, 50),
            (AlarmKind.BEFORE, Level.OFFICER, 3),
            (AlarmKind.BEFORE, Level.OFFICER, 1),
            (AlarmKind.DUE, Level.OFFICER, 0),
            (AlarmKind.PICKUP_LATE, Level.UNIT_HEAD, 2),
            (AlarmKind.OVERDUE, Level.UNIT_HEAD, 1),
            (AlarmKind.OVERDUE, Level.UNIT_HEAD, 2),
            (AlarmKind.PICKUP_LATE, Level.HEADS, 3),
        )
    ]
    assert sorted(rising, key=lambda alarm: alarm.severity) == rising
    assert len({alarm.severity for alarm in rising}) == len(rising)


def test_the_rules_are_read_from_the_document() -> None:
    """Percentages, days and levels are an admin's to change, and JSON changes nothing."""
    assert ReminderRules.parse(json.loads(json.dumps(seed("deadlines"), default=str))) == RULES
    rules = ReminderRules.parse(
        rules_with(
            before_due=["25%", "-5 working_day"], at_due=False, overdue_escalate={"+2 working_day": "officer"}
        )
    )
    opened = at("2026-11-30 10:00")
    alarms = schedule(opened, due(TERMS["policy.phuc_tap.xu_ly"], opened, CALENDAR), rules, CALENDAR)
    assert [told(alarm)[:2] for alarm in alarms] == [
        ("2026-12-07 07:30", "part_25"),
        ("2026-12-21 07:30", "before_5"),
        ("2026-12-30 07:30", "overdue_2"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"before_due": ["half"]},
        {"before_due": ["100%"]},
        {"before_due": ["+1 working_day"]},
        {"before_due": ["-0 working_day"]},
        {"overdue_escalate": {"-1 working_day": "unit_head"}},
        {"overdue_escalate": {"+1 working_day": "nobody"}},
        {"not_accepted": {"+1 day": "officer"}},
        {"not_accepted": None},
    ],
)
def test_misfit_rules_are_refused(change: dict[str, Any]) -> None:
    """A share, a distance or a level nobody can read is told as BadDocument."""
    with pytest.raises(BadDocument, match="reminders"):
        ReminderRules.parse(rules_with(**change))


@given(
    st.sampled_from(["policy.nhanh.xu_ly", "policy.thuong.xu_ly", "kn.l1.giai_quyet", "dlcn.xoa"]), MOMENTS
)
def test_what_holds_of_alarms_of_days(rule: str, opened: datetime) -> None:
    """After the opening, in order, in working mornings that are not quiet; up the ladder only once late."""
    found = due(TERMS[rule], opened, CALENDAR)
    alarms = schedule(opened, found, RULES, CALENDAR)
    assert all(alarm.at > opened for alarm in alarms)
    assert list(alarms) == sorted(alarms, key=lambda alarm: alarm.at)
    assert len({alarm.at for alarm in alarms}) == len(alarms)
    for alarm in alarms:
        assert CALENDAR.local(alarm.at).time() == CALENDAR.morning
        assert CALENDAR.quiet_until(alarm.at) is None
        assert (alarm.level is Level.OFFICER) is (alarm.at < found.at)
    assert [alarm.key for alarm in alarms[-4:]] == ["overdue_1", "overdue_3", "overdue_5", "overdue_8"]


@given(st.sampled_from(["policy.khan.xu_ly", "city.hn.tiep_nhan", "dlcn.vi_pham", "policy.ack"]), MOMENTS)
def test_what_holds_of_alarms_of_hours(rule: str, opened: datetime) -> None:
    """They come after the opening, in office hours, and those to the officer before the end or at it."""
    found = due(TERMS[rule], opened, CALENDAR)
    for alarm in schedule(opened, found, RULES, CALENDAR):
        assert alarm.at > opened
        assert CALENDAR.is_open(alarm.at)
        above = alarm.level is not Level.OFFICER
        assert above is (alarm.at >= found.at if alarm.kind is AlarmKind.BREACH else alarm.at > found.at)


@given(MOMENTS)
def test_nobody_is_pinged_before_they_had_time(opened: datetime) -> None:
    """Pings come on the first and second working mornings after the office had the case."""
    first, second = pickup(opened, RULES, CALENDAR)
    had = CALENDAR.local(CALENDAR.opens(opened)).date()
    assert [CALENDAR.working_days_after(had, CALENDAR.local(a.at).date()) for a in (first, second)] == [1, 2]
    assert {CALENDAR.local(alarm.at).time() for alarm in (first, second)} == {CALENDAR.morning}
    assert CALENDAR.working_time(opened, second.at) >= timedelta(hours=8)
