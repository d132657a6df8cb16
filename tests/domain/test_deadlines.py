"""Terms and due days, held against the sixteen worked examples and the rules of counting."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import CalendarEnds, WorkCalendar
from domain.deadlines import Due, Pause, Term, Terms, UnknownTerm, Unmeasured, due
from domain.law import BadDocument, seed

CALENDAR = WorkCalendar.parse(seed("holidays"), seed("office"))
TERMS = Terms.parse(seed("deadlines"))
MEASURED = sorted(
    id_
    for id_, term in TERMS.by_id.items()
    if term.duration is not None
    and not (term.unit or "").startswith("days")
    and term.unit not in {"per_year_min", "calendar_day_before"}
)
BEGINNINGS = st.integers(0, 1300 * 24 * 60).map(
    lambda n: datetime(2024, 1, 10, tzinfo=UTC) + timedelta(minutes=n)
)
LENGTHS = st.timedeltas(timedelta(), timedelta(days=9))


def at(text: str) -> datetime:
    """Read a local moment, e.g. '2026-11-23 10:00'."""
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone).astimezone(UTC)


def facts(found: Due, key: str) -> list[dict[str, Any]]:
    """Give the facts of the derivation's steps of a key."""
    return [dict(reason.facts) for reason in found.why if reason.key == key]


@pytest.mark.parametrize(
    ("rule", "extension", "event", "expected"),
    [
        ("tc.xu_ly_ban_dau", None, "2026-11-19", "2026-12-01"),
        ("tc.xu_ly_ban_dau", None, "2026-11-22", "2026-12-02"),
        ("tc.xu_ly_ban_dau", None, "2025-12-30", "2026-01-10"),
        ("tc.xu_ly_ban_dau", None, "2026-02-12", "2026-03-02"),
        ("tc.chuyen", None, "2026-08-28", "2026-09-09"),
        ("tcd.thong_bao", None, "2026-08-20", "2026-09-07"),
        ("tcd.thong_bao", None, "2026-04-22", "2026-05-11"),
        ("tcd.thong_bao", None, "2025-04-21", "2025-05-07"),
        ("kn.l1.thu_ly", None, "2026-02-10", "2026-02-23"),
        ("kn.l1.thu_ly", None, "2026-11-14", "2026-11-25"),
        ("kn.l1.giai_quyet", None, "2026-01-20", "2026-02-23"),
        ("kn.l1.giai_quyet", "complex", "2026-07-18", "2026-09-03"),
        ("kn.l2.giai_quyet", None, "2026-03-13", "2026-04-28"),
        ("tc.giai_quyet", None, "2026-07-31", "2026-09-03"),
        ("dlcn.phan_hoi", None, "2026-11-23", "2026-11-26"),
        ("dt.ket_qua", None, "2026-08-21", "2026-09-03"),
    ],
)
@pytest.mark.parametrize("clock", ["00:00", "09:15", "23:59"])
def test_the_worked_examples_hold(
    rule: str, extension: str | None, event: str, expected: str, clock: str
) -> None:
    """Each example of the law sheet falls due on its day, whatever the hour of the event, until 24:00."""
    term = TERMS[rule].extended(extension) if extension else TERMS[rule]
    found = due(term, at(f"{event} {clock}"), CALENDAR)
    assert found.day == date.fromisoformat(expected)
    assert found.at == at(f"{expected} 00:00") + timedelta(days=1)
    assert found.at.tzinfo is UTC
    assert found.whole_day


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("policy.khan.xu_ly", "2026-11-23 16:00", "2026-11-25 10:00"),
        ("policy.khan.xu_ly", "2026-11-21 20:00", "2026-11-23 11:30"),
        ("policy.ack", "2026-11-21 20:00", "2026-11-21 20:01"),
        ("dlcn.vi_pham", "2026-11-20 10:00", "2026-11-23 10:00"),
        ("tgpl.tra_loi", "2026-11-21 20:00", "2026-11-21 20:00"),
    ],
)
def test_terms_in_hours_end_at_an_instant(rule: str, start: str, expected: str) -> None:
    """Working hours pass in the office only; plain hours and minutes pass always; at once is at once."""
    found = due(TERMS[rule], at(start), CALENDAR)
    assert found.at == at(expected)
    assert found.day == at(expected).astimezone(CALENDAR.zone).date()
    assert not found.whole_day


def test_months_end_on_their_own_day() -> None:
    """Twelve months from a leap day end on the last day of February; plain years keep the day."""
    assert due(TERMS["luu_don"], at("2024-02-29 09:00"), CALENDAR).day == date(2025, 2, 28)
    assert due(TERMS["luu_don"], at("2025-12-15 09:00"), CALENDAR).day == date(2026, 12, 15)


def test_a_notice_is_counted_back_from_its_event() -> None:
    """A dialogue on the 20th is announced by the 13th, even when that is a Sunday."""
    assert due(TERMS["dt.thong_bao"], at("2026-12-20 08:00"), CALENDAR).day == date(2026, 12, 13)


def test_a_term_that_does_not_roll_may_end_on_a_day_off() -> None:
    """Rolling is a switch on the term: rights under the data law end where they end."""
    found = due(TERMS["dlcn.xem_sua_cung_cap"], at("2026-11-19 09:00"), CALENDAR)
    assert found.day == date(2026, 11, 29)
    assert facts(found, "rolled") == []


@pytest.mark.parametrize("rule", ["kn.tam_dinh_chi", "tcd.ct_xa", "dt.hang_nam", "q11.bao_cao"])
def test_a_duty_without_a_length_is_never_due(rule: str) -> None:
    """Rows that state no countable term refuse instead of inventing a day."""
    with pytest.raises(Unmeasured):
        due(TERMS[rule], at("2026-11-23 09:00"), CALENDAR)


def test_the_derivation_tells_what_was_skipped() -> None:
    """A reader sees the start, the term, each named day off, the worked Saturday, and the end."""
    found = due(TERMS["tcd.thong_bao"], at("2026-08-20 09:00"), CALENDAR)
    assert [reason.key for reason in found.why] == [
        *("start", "term", "makeup", "day_off", "day_off", "day_off", "ends")
    ]
    assert facts(found, "start") == [{"day": date(2026, 8, 20)}]
    assert facts(found, "term") == [
        {"id": "tcd.thong_bao", "duration": 10, "unit": "working_day", "source": "Luật TCD Đ28.1 [S22]"}
    ]
    assert facts(found, "makeup") == [{"day": date(2026, 8, 22)}]
    assert [step["name"] for step in facts(found, "day_off")] == [
        *("Hoán đổi với thứ Bảy 22/08/2026", "Quốc khánh (ngày liền kề)", "Quốc khánh")
    ]
    assert facts(found, "ends") == [{"day": date(2026, 9, 7), "at": found.at}]


def test_the_derivation_tells_why_the_last_day_moved() -> None:
    """A last day on a holiday names it and where it moved, with the days off passed on the way."""
    found = due(TERMS["kn.l1.thu_ly"], at("2026-11-14 09:00"), CALENDAR)
    moved = {"day": date(2026, 11, 24), "to": date(2026, 11, 25), "name": "Ngày Văn hóa Việt Nam"}
    assert facts(found, "rolled") == [moved]
    assert facts(found, "day_off") == []
    long = due(TERMS["kn.l1.thu_ly"], at("2026-02-05 09:00"), CALENDAR)
    assert [step["day"].day for step in facts(long, "day_off")] == [16, 17, 18, 19, 20]


def test_hours_name_the_days_off_they_stepped_over() -> None:
    """Four working hours over a holiday tell which holiday it was; plain hours tell none."""
    found = due(TERMS["policy.khan.xu_ly"], at("2026-11-23 16:00"), CALENDAR)
    assert facts(found, "day_off") == [{"day": date(2026, 11, 24), "name": "Ngày Văn hóa Việt Nam"}]
    assert facts(due(TERMS["dlcn.vi_pham"], at("2026-11-23 16:00"), CALENDAR), "day_off") == []
    next_day = due(TERMS["dlcn.phan_hoi"], at("2026-11-23 16:00"), CALENDAR)
    assert [step["day"] for step in facts(next_day, "day_off")] == [date(2026, 11, 24)]


def test_extensions_add_working_days() -> None:
    """Extra working days lengthen terms of every unit and are told in the derivation."""
    found = due(TERMS["policy.nhanh.xu_ly"], at("2026-11-23 09:00"), CALENDAR, extra_working_days=2)
    assert found.day == date(2026, 12, 1)
    assert facts(found, "extended") == [{"working_days": 2}]
    urgent = due(TERMS["policy.khan.xu_ly"], at("2026-11-25 08:00"), CALENDAR, extra_working_days=1)
    assert urgent.at == at("2026-11-26 14:00")
    plain = due(TERMS["city.hcm.ket_qua"], at("2026-11-19 08:00"), CALENDAR, extra_working_days=1)
    assert plain.day == date(2026, 11, 25)


def test_paused_days_are_not_counted() -> None:
    """The days after a pause begins, up to the day it ends, give the same number of days back."""
    pause = (at("2026-11-25 09:00"), at("2026-11-27 16:00"))
    found = due(TERMS["tc.xu_ly_ban_dau"], at("2026-11-19 09:00"), CALENDAR, pauses=[pause])
    assert found.day == date(2026, 12, 3)
    assert facts(found, "paused") == [{"first": date(2026, 11, 25), "last": date(2026, 11, 27)}]
    edges = [
        (at("2026-11-18 09:00"), at("2026-11-19 10:00")),
        (at("2026-12-01 09:00"), at("2026-12-04 09:00")),
    ]
    untouched = due(TERMS["tc.xu_ly_ban_dau"], at("2026-11-19 09:00"), CALENDAR, pauses=edges)
    assert (untouched.day, facts(untouched, "paused")) == (date(2026, 12, 1), [])
    plain = due(TERMS["city.hcm.ket_qua"], at("2026-11-24 09:00"), CALENDAR, pauses=[pause])
    assert plain.day == date(2026, 12, 1)


def test_overlapping_pauses_count_once_and_pauses_elsewhere_not_at_all() -> None:
    """The same paused time is given back once; pauses before the start or after the end change nothing."""
    start = at("2026-11-19 09:00")
    one = (at("2026-11-25 09:00"), at("2026-11-27 16:00"))
    elsewhere = [
        (at("2026-11-02 09:00"), at("2026-11-10 09:00")),
        (at("2027-01-04 09:00"), at("2027-01-08 09:00")),
    ]
    for rule in ("tc.xu_ly_ban_dau", "city.hcm.ket_qua", "city.hn.tiep_nhan", "dlcn.vi_pham"):
        single = due(TERMS[rule], start, CALENDAR, pauses=[one])
        assert due(TERMS[rule], start, CALENDAR, pauses=[one, one]).day == single.day
        alone = due(TERMS[rule], start, CALENDAR)
        assert due(TERMS[rule], start, CALENDAR, pauses=elsewhere) == alone


def test_paused_office_time_is_not_counted_in_hours() -> None:
    """Hour terms get back the paused office time, plain hours the paused time; overlaps count once."""
    pauses = [
        (at("2026-11-25 09:00"), at("2026-11-25 14:30")),
        (at("2026-11-25 10:00"), at("2026-11-25 15:30")),
    ]
    office = due(TERMS["policy.khan.xu_ly"], at("2026-11-25 08:00"), CALENDAR, pauses=pauses)
    assert office.at == at("2026-11-26 08:30")
    plain = due(TERMS["dlcn.vi_pham"], at("2026-11-25 08:00"), CALENDAR, pauses=pauses)
    assert plain.at == at("2026-11-28 14:30")
    assert len(facts(plain, "paused")) == 2
    assert due(TERMS["dlcn.vi_pham"], at("2026-11-25 08:00"), CALENDAR, pauses=pauses[::-1]) == plain


def test_time_is_only_ever_added() -> None:
    """A negative extension and a pause that ends before it begins are refused; an empty one adds nothing."""
    start = at("2026-11-23 09:00")
    with pytest.raises(ValueError, match="added"):
        due(TERMS["tc.chuyen"], start, CALENDAR, extra_working_days=-1)
    with pytest.raises(ValueError, match="added"):
        due(TERMS["tc.chuyen"], start, CALENDAR, pauses=[(start, start - timedelta(days=1))])
    assert due(TERMS["tc.chuyen"], start, CALENDAR, pauses=[(start, start)]) == due(
        TERMS["tc.chuyen"], start, CALENDAR
    )


@pytest.mark.parametrize(
    ("rule", "start", "provisional"),
    [
        ("tc.chuyen", "2026-12-01 09:00", False),
        ("tc.chuyen", "2026-12-30 09:00", True),
        ("kn.l1.giai_quyet", "2026-12-20 09:00", True),
        ("lyk.toi_thieu", "2026-12-20 09:00", False),
        ("dlcn.vi_pham", "2026-12-30 09:00", False),
        ("policy.khan.xu_ly", "2026-12-31 16:00", True),
        ("policy.khan.xu_ly", "2026-12-30 16:00", False),
    ],
)
def test_a_due_day_that_leans_on_an_estimate_says_so(rule: str, start: str, provisional: bool) -> None:
    """A due day is provisional when days off not yet announced took part, and only then."""
    assert due(TERMS[rule], at(start), CALENDAR).provisional is provisional


def test_beyond_the_calendar_a_due_day_is_refused() -> None:
    """Where the calendar ends a term that would need an unknown year raises; else its day is an estimate."""
    assert due(TERMS["tcd.thong_bao"], at("2028-12-20 09:00"), CALENDAR).provisional
    with pytest.raises(CalendarEnds):
        due(TERMS["tcd.thong_bao"], at("2028-12-20 09:00"), CALENDAR.as_listed())


def test_unconfirmed_lengths_are_told_apart() -> None:
    """Read, well remembered and policy rows are confirmed; poorly remembered ones are not."""
    unconfirmed = {id_ for id_, term in TERMS.by_id.items() if not term.confirmed}
    assert unconfirmed == {
        *("kn.l2.gui_qd", "tc.gui_ket_luan", "tc.xu_ly_ket_luan", "tc.cong_khai", "tc.tiep"),
        *("knpa.quy_dinh_hc.phan_loai", "knpa.quy_dinh_hc.xu_ly", "tgpl.phan_cong"),
    }
    for rule in ("tc.tiep", "tc.chuyen", "policy.ack"):
        assert due(TERMS[rule], at("2026-11-23 09:00"), CALENDAR).confirmed is TERMS[rule].confirmed


def test_a_proposal_is_confirmed_only_as_policy() -> None:
    """A proposed number of days about the law itself is not confirmed."""
    row = next(row for row in seed("deadlines")["deadlines"] if row["id"] == "policy.nhanh.xu_ly")
    assert Term.parse(row).confirmed
    assert not Term.parse(row | {"basis": "statute"}).confirmed


def test_a_row_is_read_whole() -> None:
    """Every column arrives where it belongs, whichever shape it has."""
    term = TERMS["kn.l1.giai_quyet"]
    assert (term.kinds, term.stage, term.duration, term.unit) == (
        ("khieu_nai",),
        "settle_first",
        30,
        "calendar_day",
    )
    assert (term.start, term.roll, term.clock, term.basis) == ("accepted", True, "legal", "statute")
    assert (term.source, term.conf, term.urgency, term.note) == ("LKN Đ28 [S12]", "sourced", None, None)
    assert [way.name for way in term.extensions] == ["complex", "remote", "remote_complex"]
    assert TERMS["tcd.thong_bao"].kinds == ("khieu_nai", "to_cao", "kien_nghi", "phan_anh")
    assert TERMS["kn.thoi_hieu"].note == (
        "time of illness, disaster, distant work, other objective obstacle is not counted"
    )
    assert not TERMS["tc.chuyen"].roll
    assert TERMS["policy.nhanh.xu_ly"].urgency == "nhanh"


@pytest.mark.parametrize(
    ("rule", "extension", "times", "length"),
    [
        ("kn.l1.giai_quyet", "remote_complex", None, 60),
        ("tc.giai_quyet", "complex", None, 60),
        ("tc.giai_quyet", "very_complex", None, 90),
        ("tc.giai_quyet", "very_complex", 1, 60),
        ("tc.giai_quyet", "complex", 0, 30),
        ("tc.xu_ly_ban_dau", "many_places_or_delegated", None, 10),
        ("policy.thuong.xu_ly", "once", None, 20),
    ],
)
def test_terms_grow_as_their_row_allows(rule: str, extension: str, times: int | None, length: int) -> None:
    """An extension replaces the total or adds to it as often as it may."""
    assert TERMS[rule].extended(extension, times).duration == length


def test_terms_grow_no_further_than_their_row_allows() -> None:
    """An unknown extension, or one used too often, is refused; two may follow one another."""
    for rule, extension, times in (("tc.chuyen", "complex", None), ("tc.giai_quyet", "complex", 2)):
        with pytest.raises(UnknownTerm):
            TERMS[rule].extended(extension, times)
    term = TERMS["dlcn.xoa"].extended("via_processor_or_third_party").extended("once")
    assert term.duration == 50


@pytest.mark.parametrize(
    ("kind", "urgency", "rule"),
    [
        ("phan_anh", "khan", "policy.khan.xu_ly"),
        ("phan_anh", "nhanh", "policy.nhanh.xu_ly"),
        ("kien_nghi", "thuong", "policy.thuong.xu_ly"),
        ("phan_anh", "phuc_tap", "policy.phuc_tap.xu_ly"),
        ("kien_nghi", "nhanh", "policy.thuong.xu_ly"),
        ("gop_y", "phuc_tap", "policy.phuc_tap.xu_ly"),
        ("khieu_nai", "khan", "policy.thuong.xu_ly"),
        ("to_cao", "phuc_tap", "policy.phuc_tap.xu_ly"),
        ("hoi_dap", "nhanh", "policy.thuong.xu_ly"),
        ("tro_giup_phap_ly", "thuong", "policy.tgpl.chuyen"),
    ],
)
def test_every_case_gets_a_service_term(kind: str, urgency: str, rule: str) -> None:
    """A kind named for the urgency gets that row; any other the ordinary or the complex one."""
    assert TERMS.service_term(kind, urgency) is TERMS[rule]


def test_only_policy_rows_promise_anything() -> None:
    """A city's benchmark is never promised to anybody, even if it names an urgency."""
    row, *rest = seed("deadlines")["deadlines"]
    city = row | {"kind": "phan_anh", "urgency": "khan"}
    assert (
        Terms.parse({"deadlines": [city, *rest]}).service_term("phan_anh", "khan").id == "policy.khan.xu_ly"
    )


def test_unknown_terms_are_refused() -> None:
    """Neither an unknown urgency nor an unknown id gives a term."""
    with pytest.raises(UnknownTerm):
        TERMS.service_term("phan_anh", "gap")
    with pytest.raises(UnknownTerm):
        TERMS["khong.co"]


def test_the_document_may_have_been_through_json() -> None:
    """The deadlines read the same after a round trip."""
    assert Terms.parse(json.loads(json.dumps(seed("deadlines"), default=str))) == TERMS


@pytest.mark.parametrize(
    "change",
    [
        {"duration": "ba"},
        {"duration": -1},
        {"roll": "lui"},
        {"kind": None},
        {"extendable_by": {"x": {"y": 1}}},
    ],
)
def test_a_misfit_row_is_refused(change: dict[str, Any]) -> None:
    """A length that is none, an unknown roll, kind or extension is told as BadDocument."""
    row, *rest = seed("deadlines")["deadlines"]
    with pytest.raises(BadDocument, match="deadlines"):
        Terms.parse({"deadlines": [row | change, *rest]})


def test_a_document_without_its_pillars_is_refused() -> None:
    """Two rows of one id, or no row for an ordinary case, are refused."""
    rows = seed("deadlines")["deadlines"]
    with pytest.raises(BadDocument, match="share"):
        Terms.parse({"deadlines": [*rows, rows[0]]})
    with pytest.raises(BadDocument, match="thuong"):
        Terms.parse({"deadlines": [row for row in rows if row["id"] != "policy.thuong.xu_ly"]})


def pauses_after(start: datetime) -> st.SearchStrategy[list[Pause]]:
    """Draw up to three pauses around and after a start."""
    begin = st.timedeltas(timedelta(days=-5), timedelta(days=25)).map(lambda gap: start + gap)
    return st.lists(st.tuples(begin, LENGTHS).map(lambda p: (p[0], p[0] + p[1])), max_size=3)


@given(st.sampled_from(MEASURED), BEGINNINGS, st.integers(0, 5), st.data())
def test_what_holds_of_every_due_day(rule: str, start: datetime, extra: int, data: st.DataObject) -> None:
    """Never before the start, never on a day off when it rolls, never earlier for a pause or an extension."""
    pauses = data.draw(pauses_after(start))
    plain = due(term := TERMS[rule], start, CALENDAR)
    found = due(term, start, CALENDAR, extra_working_days=extra, pauses=pauses)
    assert found.at >= plain.at >= start
    assert due(term, start, CALENDAR, pauses=pauses).at >= plain.at
    if term.roll or term.unit == "working_day":
        assert CALENDAR.is_working(found.day)


@given(BEGINNINGS, st.integers(0, 30), st.sampled_from(["tc.chuyen", "kn.l1.thu_ly", "policy.khan.xu_ly"]))
def test_a_longer_term_is_never_due_earlier(start: datetime, length: int, rule: str) -> None:
    """The due moment grows with the length, whatever the unit."""
    row = next(row for row in seed("deadlines")["deadlines"] if row["id"] == rule)
    shorter, longer = (Term.parse(row | {"duration": length + more}) for more in (0, 1))
    assert due(shorter, start, CALENDAR).at <= due(longer, start, CALENDAR).at
