"""What is told in English of those who serve here: a wrong is kept close, thanks and questions are not."""

from pathlib import Path

import pytest

from domain.accused import read
from domain.understand import Understanding
from tests.domain.made_up import DAY, DEMO

LINES = Path(__file__).with_name("english_officials.tsv").read_text("utf-8").splitlines()
ROWS = [tuple(line.split("\t")) for line in LINES if not line.startswith("#")]


def is_kept_close(understanding: Understanding, text: str) -> bool:
    """Say whether words are taken for a wrong, outright or in doubt."""
    said = read(text, DEMO, DAY)
    in_doubt = said.doubt and bool(said.people or said.units)
    return said.wrong or in_doubt or understanding.read(text).kind == "to_cao"


@pytest.mark.parametrize(("told", "least", "most"), [("wrong", 20, 25), ("calm", 0, 5)])
def test_what_nobody_had_seen_is_heard(
    understanding: Understanding, told: str, least: int, most: int
) -> None:
    """Of 25 wrongs in all sorts of words most are heard, of 25 calm messages few are taken for one."""
    texts = [text for label, text in ROWS if label == told]
    assert len(texts) == 25
    assert least <= sum(is_kept_close(understanding, text) for text in texts) <= most


@pytest.mark.parametrize(
    "text",
    [
        "I was threatened by the village chief when I asked about the money",
        "the staff in the culture office is lazy and rude, plays games all day",
        "the officer was drunk at work again this morning",
        "the policeman warned the dealers before the raid",
        "no money no stamp, that is how the counter works",
        "the chairman gave the contract to his own brother",
    ],
)
def test_one_word_of_several_is_meant_as_it_is_typed(text: str) -> None:
    """An English cue that is either of some words is no Vietnamese word without its marks."""
    assert read(text, DEMO, DAY).wrong


@pytest.mark.parametrize("text", ["(ghi âm)", "(ảnh)", "(voice message)"])
def test_what_stands_for_a_file_says_nothing(understanding: Understanding, text: str) -> None:
    """No topic, and no wrong of anybody."""
    heard = understanding.read(text)
    assert (heard.field, heard.kind, heard.chance) == ("khac", "phan_anh", 0.0)
