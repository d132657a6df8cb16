"""Who is kept out in danger, by an answer, by words told later: whoever is pointed at may have done it."""

import pytest

from domain.accused import Accused, read
from domain.law import seed
from domain.understand.fold import fold
from domain.understand.offices import Offices
from tests.domain.made_up import CODES, DAY, DEMO, lines

OFFICES = Offices.parse(seed("taxonomy"))


def test_in_danger_only_who_did_it_for_certain_is_kept_out() -> None:
    """Who is only there, or whose name may be another word, goes on to help."""
    assert not read("anh Dung cong an xa dang o day, dam chay to", DEMO, DAY).in_danger().people
    hurt = read("chong toi la ong Cuong truong cong an xa danh toi gay tay", DEMO, DAY).in_danger()
    assert [CODES[one] for one in hurt.people] == ["ca_truong"]


@pytest.mark.parametrize("row", lines("accused_in_danger.tsv")[1:])
def test_in_danger_whoever_may_have_done_it_is_kept_out(row: str) -> None:
    """Who is named by post or whole name, unless they help, are hurt or are called; a deed tells any."""
    part, text, *marked = row.split("\t")
    for one in (text,) if marked else (text, fold(text)):
        heard = read(one, DEMO, DAY).in_danger()
        assert (heard.wrong, bool(heard.alone)) == (part == "out", part == "alone"), one


@pytest.mark.parametrize("row", lines("accused_pointed.tsv")[1:])
def test_where_people_do_harm_whoever_is_pointed_at_is_kept_out(row: str) -> None:
    """Who they are, whom they fear, whom nobody may tell; who is only to be called goes on to help."""
    part, text = row.split("\t")
    heard = read(text, DEMO, DAY).in_danger(by_people=True)
    assert bool(heard.people or heard.units) == (part == "out")


@pytest.mark.parametrize(
    ("text", "people", "units"),
    [
        ("đường thôn 3 hỏng, đừng báo công an xã", [], ["ca_xa"]),
        ("cháy nhà ở thôn 1, đừng cho ông Cường biết", ["ca_truong"], []),
        ("chay nha o thon 1, dung cho ong Cuong biet", ["ca_truong"], []),
        ("a fire in hamlet 1, do not tell the police", [], ["ca_xa"]),
    ],
)
def test_whoever_must_not_be_told_is_out_whatever_else_is_said(
    text: str, people: list[str], units: list[str]
) -> None:
    """In danger and in peace, whether or not anything is told of them."""
    heard = read(text, DEMO, DAY)
    for one in (heard, heard.in_danger()):
        assert one.wrong
        assert [CODES[person] for person in one.people] == people
        assert [CODES[unit] for unit in one.units] == units


def test_who_somebody_is_accuses_nobody_of_a_fire() -> None:
    """Only where people do harm is who is pointed at whoever did it."""
    assert not read("cháy nhà ở thôn 1, là nhà anh Dũng công an", DEMO, DAY).in_danger().people
    assert not read("nó là công an", DEMO, DAY).in_danger().units


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("la ong tuan do", True),
        ("tại anh Hải", True),
        ("chi ha", True),
        ("Tuân", True),
        ("cô Nga ghi sai", True),
        ("ông chủ tịch ấy", True),
        ("nhà ông Tuân", False),
        ("trước cổng nhà anh Long", False),
        ("trong quán cô Nga", False),
        ("ubnd xã", False),
        ("thôn Tân Phúc", False),
        ("hai", False),
    ],
)
def test_an_answer_that_names_an_official_is_no_place(text: str, names: bool) -> None:
    """It says who did it, unless it says whose house it is."""
    known = Accused(DEMO, OFFICES)
    assert [known.names_doer(one, DAY) for one in (text, fold(text))] == [names, names]


@pytest.mark.parametrize(
    ("text", "kept"),
    [("anh Tuân chung phe bên kia", True), ("ong tuan ay ma", True), ("do cô Nga ghi", True)]
    + [(one, False) for one in ("anh Tuân xuống xem rồi ạ", "ở ngay trước nhà ông Tuân", "anh Tuân ơi")],
)
def test_later_words_are_kept_from_whoever_they_name_in_doubt(text: str, kept: bool) -> None:
    """Not where they call, or tell of a house or a visit."""
    known = Accused(DEMO, OFFICES)
    assert [known.may_be_told_of(one, DAY) for one in (text, fold(text))] == [kept, kept]


@pytest.mark.parametrize("row", lines("accused_holder.tsv")[1:])
def test_what_is_told_of_nobody_by_name_is_told_of_whoever_has_the_case(row: str) -> None:
    """A sum taken or asked for, or bad manners; not what is owed, denied, done by the sender or by others."""
    known = Accused(DEMO, OFFICES)
    part, text = row.split("\t")
    assert [known.of_holder(one, "cống thôn 3 tắc", blames=False) for one in (text, fold(text))] == [
        part == "out"
    ] * 2


def test_where_the_story_tells_of_somebody_else_a_sum_may_be_theirs() -> None:
    """It is no word of whoever has the case."""
    story = "quán karaoke hàng xóm hát to"
    assert not Accused(DEMO, OFFICES).of_holder("lấy của tui 300k", story, blames=False)


def test_only_words_for_all_heads_are_general() -> None:
    """Who is named besides is meant for certain."""
    both = read("quan xã ăn chặn tiền lũ lụt", DEMO, DAY)
    assert {CODES[one] for one in both.general} == {"ct_xa", "dang_xa"}
    named = read("quan xã ăn chặn tiền, ông Thịnh chủ tịch cầm đầu", DEMO, DAY)
    assert {CODES[one] for one in named.general} == {"dang_xa"}
