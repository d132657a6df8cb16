"""An answer says something; templates are filled in; an answer that is given again names nobody."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.answers import DEED, GROUND, TIME, Answering, Template, blanks, fill
from domain.law import BadDocument, seed
from domain.routing import Taxonomy
from domain.understand.fold import fold

RULES = Answering.parse(seed("templates"))
HERE = Path(__file__).parent
GOOD = (HERE / "answers_that_say_something.txt").read_text("utf-8").splitlines()
EMPTY = (HERE / "answers_that_say_nothing.txt").read_text("utf-8").splitlines()


# --- the gate -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", GOOD)
def test_an_answer_that_says_something_passes(text: str) -> None:
    """A deed, a ground or a time is found as officers write them, with and without diacritics."""
    assert RULES.said(text)


@pytest.mark.parametrize("text", EMPTY)
def test_an_answer_that_says_nothing_is_sent_back(text: str) -> None:
    """Thanks, sympathy and “according to regulations” are no answer, however many of them there are."""
    assert RULES.said(text) == frozenset()


def test_there_are_enough_examples_of_each_sort() -> None:
    """At least forty real-sounding answers of each sort, none twice, none in both."""
    assert min(len(set(GOOD)), len(set(EMPTY))) >= 40
    assert not set(GOOD) & set(EMPTY)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Xã nạo vét cống.", {DEED}),
        ("Xã đã tát cạn ao.", {DEED}),
        ("Theo Luật Đất đai.", {GROUND}),
        ("Theo QĐ 12/2024/QĐ-UBND.", {GROUND}),
        ("Xã trả lời trước ngày 30/11.", {TIME}),
        ("Chiều mai có kết quả.", {TIME}),
        ("Đã nhận được tin. Ngày 20/11 có kết quả.", {TIME}),
        ("Ngày 16/11 xã đã nhận được tin, ngày 20/11 có kết quả.", {TIME}),
        ("Ngày 16/11 xã đã nhận được tin.", set()),
        ("Xã thấy việc này đúng.", set()),  # “thấy” is not “thay”
        ("xa thay viec nay dung", set()),
        ("xa se thay cong", {DEED}),
        ("Gọi đường dây nóng 24/24.", set()),
        ("Mã LM-6NYWV4N.", set()),
        ("Tỷ lệ 3/4 số hộ.", {TIME}),  # as good as a date to whoever only looks at its shape
        ("", set()),
    ],
)
def test_what_an_answer_says_is_told_apart(text: str, what: set[str]) -> None:
    """Each of the three is found by itself, and the day on which a message came is none."""
    assert RULES.said(text) == what


@given(st.lists(st.sampled_from(EMPTY), min_size=1, max_size=6))
def test_nothing_said_often_is_still_nothing(lines: list[str]) -> None:
    """Empty answers put one behind the other are empty, whatever their order."""
    assert RULES.said("\n".join(lines)) == frozenset()


@given(st.sampled_from(GOOD), st.lists(st.sampled_from(EMPTY), max_size=4), st.integers(0, 4))
def test_something_said_is_found_among_courtesies(good: str, lines: list[str], place: int) -> None:
    """Thanks around an answer do not take from it."""
    lines.insert(min(place, len(lines)), good)
    assert RULES.said("\n".join(lines)) >= RULES.said(good)


@given(st.text(max_size=300))
def test_the_gate_answers_to_anything(text: str) -> None:
    """Whatever is typed, in whatever script, is judged, and the same way in capitals' and composed form."""
    assert RULES.said(text) <= {DEED, GROUND, TIME}
    RULES.again(text)


@given(st.sampled_from(GOOD))
def test_what_is_said_does_not_depend_on_diacritics(text: str) -> None:
    """Most good answers still pass when typed without any; the few that do not name only one short verb."""
    bare = fold(text)
    assert RULES.said(bare) or RULES.said(text) == {DEED}


# --- templates ----------------------------------------------------------------------------------


def test_every_packaged_template_is_for_a_field_there_is_and_says_something_once_filled() -> None:
    """No template is lost to a wrong code, or would be sent back by the gate when its blanks hold words."""
    taxonomy = Taxonomy.parse(seed("taxonomy"))
    assert len(RULES.templates) == len({template.code for template in RULES.templates}) >= 10
    for template in RULES.templates:
        assert {*template.fields} <= taxonomy.fields.keys()
        assert {*template.topics} <= taxonomy.topics.keys()
        text = template.text
        assert blanks(text), template.code
        for blank in blanks(text):
            text = fill(text, blank, "hôm 20/11" if "ngày" in blank else "việc này")
        assert not blanks(text)
        assert RULES.least <= len(text) <= RULES.most
        assert RULES.said(text), template.code


def test_the_templates_of_the_field_stand_before_those_of_its_topic() -> None:
    """Only what fits is offered; what is for every case stands last."""
    names = [template.code for template in RULES.templates_for("thoat_nuoc", "ha_tang")]
    assert names == ["nao_vet", "cho_von"]
    assert RULES.templates_for("khac", "khac") == ()
    assert Template("a", "A", "[b]").fits("khac", "khac")


@given(st.text(alphabet="ab[] ", max_size=30), st.text(alphabet="xy ", min_size=1, max_size=9))
def test_a_filled_blank_is_no_blank_any_more(text: str, words: str) -> None:
    """Filling every blank once leaves none, however often it stood there."""
    for blank in blanks(text):
        text = fill(text, blank, words)
    assert blanks(text) == () or "[" in text.replace(words, "")


# --- answers given again ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Xã đã sửa xong đoạn cống trước nhà bà Sáu.",
        "Xã đã hòa giải với Nguyễn Văn Tám sáng nay.",
        "Đã sửa xong, hỏi thêm gọi 0905 123 456.",
        "Đã trả 2 triệu theo căn cước 042 099 001 234.",
        "Đã sửa cống như ở LM-6NYWV4N.",
        "Ghi nhận ý kiến của bà con.",
    ],
)
def test_what_is_somebodys_own_is_not_given_again(text: str) -> None:
    """A name, a number to call or of a paper, a case's code, or nothing at all."""
    assert RULES.again(text) is None


def test_an_earlier_answer_leaves_dates_and_places_blank_and_is_cut_at_a_sentence() -> None:
    """An old date or another hamlet would be a lie today; half a sentence would be worse."""
    given = "Sáng 17/11 xã đã nạo vét cống thôn 3, xóm Đình và tổ dân phố Hòa Bình."
    left = "Sáng [ngày nào] xã đã nạo vét cống [ở thôn nào], [ở thôn nào] và [ở thôn nào]."
    assert RULES.again(given) == left
    assert RULES.again("Tổ sửa chữa đã thay ống.") == "Tổ sửa chữa đã thay ống."
    long = "Xã đã nạo vét cống đầu thôn. " + "Nước thoát tốt, bà con đi lại được. " * 30
    kept = RULES.again(long)
    assert kept is not None
    assert len(kept) <= RULES.again_letters
    assert kept.endswith(".")


# --- the document -------------------------------------------------------------------------------


def test_the_document_survives_json() -> None:
    """What an admin stored is read as what was packaged."""
    again = Answering.parse(json.loads(json.dumps(seed("templates"))))
    assert (again.templates, again.approve) == (RULES.templates, RULES.approve)


@pytest.mark.parametrize(
    ("part", "value"),
    [("gate", {}), ("again", {"days": "x"}), ("templates", [{"code": "A:b", "name": "", "text": ""}])],
)
def test_a_misfit_is_refused_by_name(part: str, value: Any) -> None:  # noqa: ANN401 - any JSON
    """One refusal that names the document."""
    with pytest.raises(BadDocument, match="templates"):
        Answering.parse(seed("templates") | {part: value})
