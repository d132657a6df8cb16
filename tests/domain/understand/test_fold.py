import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.understand.fold import SHORTHAND, clean, exact, fold, tokens, words


@pytest.mark.parametrize("typed", ["hòa", "hoà", "HOÀ", "ho\u0300a", "Hoa", " hỏA "])
def test_one_word_has_one_folded_form(typed: str) -> None:
    """However the tone is placed or composed, and in any case, a word folds alike."""
    assert fold(typed) == "hoa"


def test_d_with_stroke_folds() -> None:
    """đ is a letter of its own in Unicode; people leave its stroke out all the same."""
    assert fold("Đường  ĐẤT\n đỏ") == "duong dat do"


def test_exact_keeps_marks_but_not_where_the_tone_sits() -> None:
    """Cháy is not chạy, while hoà is hòa and đang is not dang."""
    assert exact("hoà") == exact("HÒA")
    assert len({exact(word) for word in ("cháy", "chạy", "chảy", "chay")}) == 4
    assert exact("đang") != exact("dang")


def test_shorthand_is_written_out() -> None:
    """What people shorten is read in full, also several words from one."""
    assert words("Ko đc ntn, j vậy") == ["khong", "duoc", "nhu", "the", "nao", "gi", "vay"]


@pytest.mark.parametrize(
    ("typed", "split"), [("P5", ["p", "5"]), ("thôn3", ["thon", "3"]), ("HB7K3M2R", ["hb7k3m2r"])]
)
def test_a_kind_of_place_and_its_number_are_two_words(typed: str, split: list[str]) -> None:
    """A ward typed without a space is split; a case code stays whole."""
    assert words(typed) == split


def test_shorthand_is_folded_on_both_sides() -> None:
    """Every entry can be met, and none leads to another."""
    for short, full in SHORTHAND.items():
        assert fold(short) == short
        assert not set(full) & set(SHORTHAND)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """Folded columns and folded queries meet."""
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_tokens_lie_where_they_say(text: str) -> None:
    """Each word's place in the composed text holds the word as typed."""
    composed = clean(text)
    assert all(composed[token.start : token.end] == token.raw for token in tokens(text))
