"""Insults, remarks on what was done, writing for somebody else, and what is alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import numbers
from domain.understand import Understanding, gist, likeness


@pytest.mark.parametrize("text", ["đồ ngu", "bọn mày vô dụng", "đm làm ăn thế à", "vcl", "khốn nạn thật"])
def test_insults_are_noticed(understanding: Understanding, text: str) -> None:
    """Nobody is scolded for them; they only do not stand in lists."""
    assert understanding.read(text).rude


@pytest.mark.parametrize(
    "text", ["lũ chó thả rông cắn trẻ con", "mẹ đi vắng", "các con em trong lớp", "sau lũ mất trắng lúa"]
)
def test_plain_words_are_no_insults(understanding: Understanding, text: str) -> None:
    """Dogs, floods, mothers and words without diacritics that only look like one."""
    heard = understanding.read(text)
    assert (heard.rude, heard.summary) == (False, text)


def test_an_insult_is_left_out_of_the_headline_alone(understanding: Understanding) -> None:
    """What was said is kept as it was said, and understood as if the insult were not there."""
    text = "đồ ngu, cống thôn 3 tắc mấy hôm rồi, mưa là ngập, bọn mày vô dụng!"
    heard = understanding.read(text)
    assert heard.summary == "cống thôn 3 tắc mấy hôm rồi, mưa là ngập"
    assert heard.text == text
    assert heard.topic == understanding.read(heard.summary).topic


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("đi lại tốt rồi", "good"),
        ("cảm ơn đã sửa", "good"),
        ("vẫn chưa xong", "bad"),
        ("sửa rồi lại hỏng", "bad"),
        ("cong van tac nhu cu", "bad"),
        ("cống thôn 3 tắc", ""),
        ("đường lún ổ gà", ""),
    ],
)
def test_remarks_on_what_was_done_are_heard(understanding: Understanding, text: str, remark: str) -> None:
    """That it is well, or not; where both are said, that it is not."""
    assert understanding.read(text).remark == remark


@pytest.mark.parametrize(
    "text", ["giúp bà tôi với", "gửi hộ bà Sáu: cống tắc", "thay mẹ em hỏi trợ cấp", "hàng xóm nhờ tôi nhắn"]
)
def test_writing_for_somebody_else_is_heard(understanding: Understanding, text: str) -> None:
    """By the words that say so, which are kept."""
    told = understanding.read(text).on_behalf
    assert told
    assert told in text


@pytest.mark.parametrize("text", ["mong xã giúp bà con thôn 3", "nop ho so tren mang", "thay mặt bà con xóm"])
def test_asking_for_many_is_not_writing_for_one(understanding: Understanding, text: str) -> None:
    """Nor is anything with a dossier."""
    assert understanding.read(text).on_behalf == ""


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("cống thôn 3 tắc mấy hôm rồi, mưa là ngập", "Ngập hết cả đường thôn 3 do cống tắc", True),
        ("mất điện thôn 2", "thôn 2 mất điện từ sáng", True),
        ("cống thôn 3 tắc, mưa là ngập", "đường thôn 3 lún sụt", False),
        ("làm sổ đỏ ở thôn 3 chậm", "hồ sơ nộp 8 tháng chưa trả, thôn 3", False),
    ],
)
def test_the_same_trouble_reads_alike(one: str, other: str, *, alike: bool) -> None:
    """By the words that carry meaning; where and since when does not count."""
    part, words = likeness(gist(one), gist(other))
    assert (part >= 0.6 and words >= 2) is alike


words = st.frozensets(st.sampled_from(["cong", "tac", "ngap", "den", "hong", "rac"]))


@given(words, words)
def test_likeness_is_mutual_and_a_part(one: frozenset[str], other: frozenset[str]) -> None:
    """From nothing to everything, whoever is compared with whom; the same is wholly alike."""
    part, shared = likeness(one, other)
    assert (part, shared) == likeness(other, one)
    assert 0 <= part <= 1
    assert part == shared / max(1, min(len(one), len(other)))  # of the shorter: who tells more tells the same
    assert likeness(one, one) == (1.0 if one else 0.0, len(one))


def test_numbers_to_call_are_left_out_of_what_others_read() -> None:
    """A follower reads the answer, not the officer's or the citizen's telephone."""
    assert numbers.mask("Gọi 0905 123 456, hạn 30/11") == "Gọi …, hạn 30/11"
