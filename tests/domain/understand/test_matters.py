import csv
import json
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.understand import Understanding
from domain.understand.fold import clean
from domain.understand.joints import clauses
from tests.domain.understand.test_understand import MODULE

PHRASES = Path("domain/understand/data/phrases.csv")
HERE = Path(__file__).parent
MESSAGES = HERE / "messages.csv"
DRAIN = "Cống thôn 3 tắc mấy hôm rồi, mưa là ngập."
PENSION = "Trợ cấp người cao tuổi của mẹ tôi hai tháng chưa nhận được."
ROAD = "Đường xóm Đình lún ổ gà lớn."
TY = (
    "nha ong Nguyen Van Ty so nha 12 thon 3, sdt 0905.123.456, cmnd 201 234 567, "
    "vo la Tran Thi Dau bi benh tam than, xa thai nuoc ban ra muong hoi lam"
)


def parts(understanding: Understanding, text: str) -> tuple[str, ...]:
    """Return the matters the text tells."""
    return understanding.matters(understanding.read(text))


@pytest.mark.parametrize("file", [PHRASES, MESSAGES], ids=["phrases", "messages"])
def test_who_tells_one_thing_is_hardly_ever_asked(understanding: Understanding, file: Path) -> None:
    """Of 629 phrases and 136 messages, each of one matter, at most one is taken for two."""
    with file.open(encoding="utf-8", newline="") as rows:
        texts = [row["text"] for row in csv.DictReader(rows)]
    assert sum(bool(parts(understanding, text)) for text in texts) <= 1


def two_matters() -> list[tuple[str, list[str]]]:
    """Return the messages of several matters that no number was chosen on: what joins them, the parts."""
    rows = (HERE / "two_matters.tsv").read_text(encoding="utf-8").splitlines()[1::2]
    joined = [row.replace("\\n", "\n").split("\t") for row in rows]
    return [(by, text.split("¦")) for by, text in joined]


def bare(text: str) -> str:
    """Return a text without spaces, and without the signs that end a part."""
    return "".join(text.split()).replace(",", "").replace(";", "")


@pytest.mark.parametrize(
    ("joined", "least"),
    [
        ({"stop", "line"}, 0.6),
        ({"conthi", "conbare"}, 0.8),
        ({"voilai", "voilaibare", "ngoaira", "ngoairabare"}, 0.75),
        ({"ama", "themnua", "nhantien", "viecnua", "sanday", "dongthoi", "luontien", "thuhai", "cung"}, 0.7),
    ],
    ids=["stop", "con", "ngoai-ra", "others"],
)
def test_most_messages_of_two_matters_are_cut_where_the_second_begins(
    understanding: Understanding, joined: set[str], least: float
) -> None:
    """By what joins them, in messages that no number was chosen on; danger and complaints among them stay."""
    said = [told for by, told in two_matters() if by in joined]
    found = [list(map(bare, parts(understanding, "".join(told)))) for told in said]
    right = [got == list(map(bare, told)) for got, told in zip(found, said, strict=True)]
    assert sum(right) / len(right) >= least


def test_long_stories_of_one_matter_are_left_whole(understanding: Understanding) -> None:
    """Causes, what came of them, wishes: of 40 that no number was chosen on one is cut, of all two."""
    for file in ("one_matter_kept.txt", "one_matter.txt"):
        texts = (HERE / file).read_text(encoding="utf-8").splitlines()
        assert sum(bool(parts(understanding, text)) for text in texts) <= 1


def test_none_of_the_messages_of_another_hand_is_cut(understanding: Understanding) -> None:
    """Of 560 messages of one matter that somebody else wrote."""
    rows = map(json.loads, (HERE / "unseen.jsonl").read_text(encoding="utf-8").splitlines())
    texts = [row["text"] for row in rows if row.get("matters", 1) == 1]
    assert not [text for text in texts if parts(understanding, text)]


@pytest.mark.parametrize(
    "text",
    [
        f"{DRAIN[:-1]} ở P. Thạch Linh, TP. Hà Tĩnh.",
        "Biển xe 38C-123.45 rớt đất ra đường liên thôn lúc 6.30 sáng.",
        "Quỹ thôn thu 1.250.000 đồng mỗi hộ để làm đường.",
        "toi vao h. Huong Khe lam giay khai sinh cho con",
    ],
)
def test_points_that_end_no_sentence_are_no_joints(text: str) -> None:
    """Of numbers, plates and abbreviations."""
    assert len(clauses(text)) == 1


def test_words_of_another_matter_need_less_of_the_topics(understanding: Understanding) -> None:
    """After a mere full stop the same two sentences are left together."""
    first, second = "Cống thôn 3 tắc.", "mùi bốc lên khó chịu lắm mà chưa ai tới dọn."
    assert len(parts(understanding, f"{first} Ngoài ra {second}")) == 2
    assert parts(understanding, f"{first} {second.capitalize()}") == ()


@given(st.lists(st.sampled_from([DRAIN, PENSION, "ngoài ra", "còn", "P.", "\n- ", "1.", ","]), max_size=8))
def test_clauses_hold_every_word_once(said: list[str]) -> None:
    """In their order, whatever stands between them."""
    text = " ".join(said)
    found = clauses(text)
    assert not found or bare("".join(clause.text for clause in found)) == bare(text)


def test_two_matters_are_told_apart(understanding: Understanding) -> None:
    """In either order, by a full stop, a comma or a word that begins another."""
    for first, second in permutations([DRAIN, PENSION]):
        assert parts(understanding, f"{first} {second}") == (first, second)
    assert len(parts(understanding, f"{DRAIN[:-1]}, ngoài ra {PENSION.lower()}")) == 2


def test_a_place_of_its_own_makes_a_sentence_a_matter(understanding: Understanding) -> None:
    """Though it is not clear enough what both are about to cut them without."""
    drain, waste = "Cống {} tắc, mưa là ngập.", "Mùi ở {} bốc lên khó chịu lắm mà chưa ai dọn."
    here, there = drain.format("thôn 3"), waste.format("Xóm Đình")
    assert parts(understanding, f"{here} {there}") == (here, there)
    light = "Đèn đường Xóm Đình hỏng cả tuần."
    assert parts(understanding, f"{here} {light}") == (here, light)
    assert parts(understanding, f"{drain.format('đầu ngõ')} {waste.format('cuối ngõ')}") == ()


@pytest.mark.parametrize(
    "text",
    [
        f"{DRAIN} {PENSION} {DRAIN}",  # a topic comes back: it is one story
        f"{DRAIN} {ROAD}",  # one topic
        f"Tố cáo cán bộ xã nhận tiền. {DRAIN} {PENSION}",
        f"Có cháy lớn ở thôn 3, cứu với! {DRAIN} {PENSION}",
        DRAIN,
        "",
    ],
)
def test_one_affair_stays_one(understanding: Understanding, text: str) -> None:
    """Denunciations, danger, one topic and stories that go to and fro are never taken apart."""
    assert parts(understanding, text) == ()


@given(st.lists(st.sampled_from([DRAIN, PENSION, ROAD, "Mong xã giúp.", "Cảm ơn!"]), max_size=6), st.text())
def test_nothing_is_lost_when_a_message_is_taken_apart(said: list[str], more: str) -> None:
    """Every word of the message stands in one of the parts, in its order."""
    heard = MODULE.read(" ".join([*said, more]))
    found = MODULE.matters(heard)
    assert not found or bare(" ".join(found)) == bare(clean(heard.text))


@pytest.mark.parametrize(
    "text",
    [
        TY,
        f"{DRAIN} số điện thoại của cháu là 0935 222 333, cảm ơn nhiều lắm",
        f"{DRAIN} Tôi là Nguyễn Văn Tám, CCCD 040088001234, số nhà 12 thôn 2.",
        f"{DRAIN} Nhà ông Trần Văn Bảy số nhà 5 thôn 3, vợ là Lê Thị Hoa bị bệnh tâm thần.",
        f"{PENSION} cccd của mẹ là 040055001234, sinh năm 1940. Cảm ơn xã nhiều.",
        f"{PENSION} Mẹ tôi tên là Trần Thị Sáu, sinh năm 1938, số điện thoại 0905 123 456.",
        f"{ROAD} Em là Hoa nhà cạnh trường mầm non, điện thoại 0912345678 nhé.",
        "toi la Le Van Ba, sdt 0905123456, cong thon 3 tac may hom roi mua la ngap, xin cam on quy co quan",
        "đèn đường xóm Đình hỏng cả tuần nay, liên hệ em qua zalo 0912 345 678, em cảm ơn ạ",
        "rac chat dong thon 2, nha toi so 12 canh truong hoc, co gi goi 0905 111 222 cho toi",
        "nuoc may duc ca tuan thon 4, chu ho la Pham Van Nam, so ho khau 123456",
        "Đường xóm Đình lún ổ gà lớn, chồng tôi tên là Hùng làm thợ hồ, số máy 0987 654 321",
    ],
)
def test_who_writes_is_no_matter_of_its_own(understanding: Understanding, text: str) -> None:
    """Nor how to reach them, whom it is about, or thanks: the number stays with the case."""
    assert parts(understanding, text) == ()


@pytest.mark.parametrize("more", ["", " Tôi là Lan, số máy 0905 123 456.", " Cảm ơn xã."])
def test_beside_two_matters_it_goes_with_the_last(understanding: Understanding, more: str) -> None:
    """They are told apart all the same."""
    assert parts(understanding, f"{DRAIN} {PENSION}{more}") == (DRAIN, f"{PENSION}{more}")
