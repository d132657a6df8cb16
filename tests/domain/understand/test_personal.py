"""Every number that is somebody's is masked where others read along, and the plate that is needed is not."""

import itertools
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import numbers
from domain.numbers import Kind
from domain.understand import Understanding
from domain.understand.headline import headline, without_sender

_HERE = Path(__file__).parent
FOUND = [
    tuple(line.split("\t"))
    for line in (_HERE / "personal_found.tsv").read_text(encoding="utf-8").splitlines()
]
NONE = (_HERE / "personal_none.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(("kind", "number", "text"), FOUND)
def test_it_is_found_as_what_it_is(kind: str, number: str, text: str) -> None:
    """Whole, and nothing else of the line."""
    assert [(str(one.kind), text[one.start : one.end]) for one in numbers.find(text)] == [(kind, number)]


@pytest.mark.parametrize("text", NONE)
def test_what_is_nobodys_stays(text: str) -> None:
    """Houses, dates, sums, laws, codes of cases, years, numbers of services and measures."""
    assert numbers.mask(text) == text


def test_the_table_holds_every_kind_both_ways() -> None:
    """With marks and without, half of each."""
    told = {(kind, text.isascii()) for kind, _, text in FOUND}
    assert told == {(str(kind), bare) for kind in Kind for bare in (True, False)}
    for lines in ([text for *_, text in FOUND], NONE):
        assert 0.4 < sum(text.isascii() for text in lines) / len(lines) < 0.6


TOLD = st.sampled_from([text for *_, text in FOUND] + NONE)
AROUND = st.sampled_from([" ", ". ", ", ", "; ", "\n", " - ", " và ", " (", ") ", ": "])


@given(st.lists(st.tuples(TOLD, AROUND), min_size=1, max_size=5))
def test_masking_again_changes_nothing(parts: list[tuple[str, str]]) -> None:
    """Whatever is told beside what."""
    text = "".join(f"{said}{gap}" for said, gap in parts)
    masked = numbers.mask(text)
    assert numbers.mask(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        "STK 19034567890123 và 123456",
        "xe 29a-12345, 38a 12345",
        "biển số 38A-123.45 12346",
        "gọi 0905123456 - 0912345678 - 123456",
        "hộ chiếu B1234567-042099012345",
        "B1234567-0905123456",
    ],
)
def test_what_stood_behind_a_number_is_named_by_no_word_before_it(text: str) -> None:
    """A word names one number, whether that is masked yet or not."""
    masked = numbers.mask(text)
    assert "…" in masked
    assert numbers.mask(masked) == masked


@given(st.lists(st.tuples(TOLD, AROUND), min_size=1, max_size=5))
def test_nothing_is_left_of_what_was_found(parts: list[tuple[str, str]]) -> None:
    """No six digits of it stand in the masked text, however they were parted."""
    text = "".join(f"{said}{gap}" for said, gap in parts)
    found = numbers.find(text)
    beside = text
    for one in reversed(found):
        beside = f"{beside[: one.start]}\0{beside[one.end :]}"
    assert numbers.mask(text, "\0") == beside
    assert all(left.end <= right.start for left, right in itertools.pairwise(found))


@given(st.sampled_from(FOUND), AROUND, AROUND)
def test_a_number_leaves_no_row_of_its_digits(row: tuple[str, str, str], before: str, after: str) -> None:
    """Its digits are gone, whatever parts it from other words."""
    _, number, text = row
    digits = re.sub(r"\D", "", number)
    masked = numbers.mask(f"Đường hỏng{before}{text}{after}cảm ơn")
    left = re.findall(r"\d{6,}", re.sub(r"(?<=\d)[ .\-](?=\d)", "", masked))
    assert not any(one in digits or digits in one for one in left)


@given(st.text(max_size=200) | st.text("0123456789 .-abABĐđbiển số xeSTK@…:\n", max_size=120))
def test_whatever_is_written_is_masked_once(text: str) -> None:
    """Never raises, and once is enough."""
    masked = numbers.mask(text)
    assert numbers.mask(masked) == masked
    headline(text)


@pytest.mark.parametrize(
    "unit",
    ["0905 123 456 ", "xe 29A-123.45 đổ rác ", "a@b.vn ", "1 ", "0", "một hai ba ", "biển số 38 ", "STK "],
)
def test_a_long_text_takes_no_longer_than_its_length(unit: str) -> None:
    """Eight times as long takes about eight times as long."""

    def took(size: int) -> float:
        text = unit * (size // len(unit))
        begun = time.process_time()
        numbers.mask(text, needed=True)
        return time.process_time() - begun

    took(2000)
    assert took(64_000) < 20 * max(took(8_000), 0.002)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Xe tải 38C-123.45 chở đất rơi vãi khắp đường thôn 3", True),
        ("xe 38c-12345 do rac o bo song", True),
        ("Ô tô 30A-123.45 tông người rồi bỏ chạy", True),
        ("xe ben 38C 123.45 chạy quá tải nát đường", True),
        ("Xe của tôi 38A-123.45 bị xe khác tông", False),
        ("xe may cua toi 38-B1 234.56 bi tong", False),
        ("Hỏi đăng ký xe 38A-123.45 làm ở đâu", False),
        ("nop phat xe 38A-123.45 o dau", False),
    ],
)
def test_the_plate_that_is_what_is_told_stays(text: str, kept: bool) -> None:
    """Of another's vehicle that does it, in small letters and without marks too; never the writer's own."""
    assert ("…" not in headline(text)) is kept
    assert "…" in numbers.mask(text)
    assert "…" not in headline(text, plates=True)


def test_where_danger_is_told_every_plate_stays(understanding: Understanding) -> None:
    """And no other number does."""
    heard = understanding.read("Cứu với, xe 38A-123.45 của tôi rơi xuống sông, gọi 0905123456")
    assert heard.emergency
    assert "38A-123.45" in heard.summary
    assert "0905" not in heard.summary


def test_what_was_understood_says_which_numbers_it_holds(understanding: Understanding) -> None:
    """By kind, and the words without them; the text itself stays, and none of it is kept as JSON."""
    text = "Đèn hỏng ở thôn 3, CCCD 042099012345, gọi 0905123456 hoặc 0912345678"
    heard = understanding.read(text)
    assert heard.pii == (Kind.IDENTITY, Kind.PHONE)
    assert heard.masked == "Đèn hỏng ở thôn 3, CCCD …, gọi … hoặc …"
    assert heard.text == text
    assert not {"pii", "masked"} & set(heard.to_json())


def test_later_words_are_masked_like_a_headline() -> None:
    """Who reads along of a case nobody has taken."""
    assert (
        without_sender("Sổ BHXH của tôi là 4201234567, hộ chiếu B1234567") == "Sổ BHXH của tôi là …, hộ chiếu"
    )
