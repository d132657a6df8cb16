import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.law import seed
from domain.understand import KINDS, Home, Understanding, Understood, fold

TAXONOMY = seed("taxonomy")
MODULE = Understanding.load(TAXONOMY, seed("words"), Home("Hà Tĩnh", "xã Hòa Bình", ("Thôn 3", "Xóm Đình")))
Pair = tuple[dict[str, str], Understood]


@pytest.fixture(scope="module")
def heard(understanding: Understanding) -> list[Pair]:
    """Messages kept apart from all training phrases, with what each means."""
    with (Path(__file__).parent / "messages.csv").open(encoding="utf-8", newline="") as file:
        return [(row, understanding.read(row["text"])) for row in csv.DictReader(file)]


def share(right: Sequence[bool]) -> float:
    """Give the part that is right, from 0 to 1."""
    return sum(right) / len(right)


def test_topics_are_suggested_well_enough(heard: list[Pair]) -> None:
    """The first topic is mostly right, and the three offered nearly always hold the right one."""
    assert share([said.topic == row["topic"] for row, said in heard]) >= 0.76
    assert share([row["topic"] in said.topics for row, said in heard]) >= 0.89


def test_missing_diacritics_cost_little(heard: list[Pair]) -> None:
    """Half of the messages have none, and are understood about as well."""
    bare = share([said.topic == row["topic"] for row, said in heard if row["text"].isascii()])
    marked = share([said.topic == row["topic"] for row, said in heard if not row["text"].isascii()])
    assert abs(bare - marked) <= 0.06


def test_sure_is_sure(heard: list[Pair]) -> None:
    """Where no question is asked, the topic is right; that is so for a good part of messages."""
    sure = [said.topic == row["topic"] for row, said in heard if said.sure]
    assert share(sure) >= 0.9
    assert len(sure) / len(heard) >= 0.3


def test_kinds_are_suggested_well_enough(heard: list[Pair]) -> None:
    """Denunciations above all are noticed: secrecy hangs on it."""
    assert share([said.kind == row["kind"] for row, said in heard]) >= 0.82
    assert all(said.kind == "to_cao" for row, said in heard if row["kind"] == "to_cao")


def test_every_emergency_is_noticed_and_hardly_anything_else(heard: list[Pair]) -> None:
    """Nobody in danger goes without the number to call."""
    assert all(row["emergency"] in said.emergency for row, said in heard if row["emergency"])
    assert sum(bool(said.emergency) for row, said in heard if not row["emergency"]) <= 2


def test_hamlets_are_found_and_none_invented(heard: list[Pair]) -> None:
    """The hamlet named is the hamlet found."""
    found = [fold((said.place and said.place.hamlet) or "") == fold(row["hamlet"]) for row, said in heard]
    assert share(found) >= 0.98


@pytest.mark.parametrize(
    "text",
    ["", "  ", "chào", "Xin chào ạ", "alo", "cảm ơn nhé", "cam on anh chi nhieu", "ok", "rác", "👍", "1"],
)
def test_talk_without_a_concern_is_no_story(understanding: Understanding, text: str) -> None:
    """Greetings, thanks and single words open no case."""
    assert not understanding.read(text).story


@pytest.mark.parametrize(
    "text",
    [
        "chào bạn",
        "cảm ơn cán bộ nhiều lắm ạ",
        "hello",
        "bạn là ai",
        "hello, good morning",
        "hi, how are you today?",
    ],
)
def test_small_talk_is_recognised(understanding: Understanding, text: str) -> None:
    """It gets a friendly word instead of a form."""
    assert understanding.read(text).small_talk


@pytest.mark.parametrize("text", ["mất điện", "xin chào, cống thôn 3 tắc mấy hôm rồi", "duong hu qua xa oi"])
def test_a_concern_is_a_story(understanding: Understanding, text: str) -> None:
    """However short, and with a greeting before it."""
    assert understanding.read(text).story


def test_the_field_is_the_one_its_words_name(understanding: Understanding) -> None:
    """Within a topic the keywords choose the field, whose urgency holds."""
    heard = understanding.read("Đèn đường thôn 3 tắt, dây điện sà xuống")
    assert (heard.topic, heard.field, heard.urgency) == ("dien_nuoc", "dien", "nhanh")


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("gọi tôi số 0905 123 456 nhé", "+84905123456"),
        ("sdt +84 905.123.456", "+84905123456"),
        ("mã hồ sơ 123456", None),
        ("căn cước 001090012345", None),
    ],
)
def test_a_number_to_call_back_is_found(understanding: Understanding, text: str, phone: str | None) -> None:
    """Only a valid Vietnamese number counts."""
    assert understanding.read(text).phone == phone


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("Dạ thưa cán bộ, cống thôn 3 tắc. Gọi 0905123456", "cống thôn 3 tắc. Gọi"),
        ("Kính gửi UBND xã Hòa Bình: đèn đường hỏng", "đèn đường hỏng"),
        ("mưa " * 40, "mưa " * 19 + "mưa…"),
    ],
)
def test_the_headline_is_short_and_to_the_point(
    understanding: Understanding, text: str, summary: str
) -> None:
    """No salutation, no telephone number, cut between words."""
    assert understanding.read(text).summary == summary


@given(
    st.text(st.characters())
    | st.text("0123456789+-. ", max_size=300)
    | st.text("thônxãấpP.12 ở\n", max_size=80)
)
def test_any_text_is_read(text: str) -> None:
    """Whatever is sent, the answer holds known codes, a short headline, and comes back whole from JSON."""
    said = MODULE.read(text)
    fields = {field["code"]: field["topic"] for field in TAXONOMY["fields"]}
    assert said.kind in KINDS
    assert fields[said.field] == said.topic == said.topics[0]
    assert set(said.topics) <= {topic["code"] for topic in TAXONOMY["topics"]}
    assert said.urgency in {"khan", "nhanh", "thuong", "phuc_tap"}
    assert set(said.emergency) <= {"111", "112", "113", "114", "115"}
    assert len(said.summary) <= 80
    assert Understood.from_json(json.loads(json.dumps(said.to_json()).encode())) == said


def test_what_no_database_takes_is_replaced(understanding: Understanding) -> None:
    """A lone surrogate or NUL would break the chat's row; the rest of the text stays as typed."""
    assert understanding.read("rác\ud800 ở\0 chợ 🚮").text == "rác\ufffd ở\ufffd chợ 🚮"


def test_a_place_survives_json(understanding: Understanding) -> None:
    """Also one with choices."""
    said = understanding.read("đèn ở ngõ 5 phường Cống Vị, thôn 3")
    assert said.place is not None
    assert Understood.from_json(said.to_json()) == said


def test_words_never_heard_are_of_no_topic(understanding: Understanding) -> None:
    """Without a single known word the topic is the one for all the rest, and unsure."""
    said = understanding.read("zzyx qwrt plugh xyzzy")
    assert (said.topic, said.sure) == ("khac", False)


@pytest.mark.parametrize("last", ["đồ khốn nạn", "gửi giúp mẹ tôi", "xin chào", "tố cáo"])
def test_whatever_stands_behind_what_is_looked_at_is_no_harm(understanding: Understanding, last: str) -> None:
    """Of a very long message the first four thousand letters say what it is about."""
    heard = understanding.read(f"cống thôn 3 tắc, {'nước tràn ra đường, ' * 900}{last}")
    assert (heard.story, heard.topic) == (True, "ha_tang")
    assert heard.summary
    assert heard.rude == ("khốn nạn" in last)
