"""Danger in sentences of people who never saw the patterns, nor the patterns them: how many are heard.

No table may become an example of `data/dangers`, nor a pattern be made for one of its sentences.
"""

from collections import Counter
from pathlib import Path

import pytest

from domain.understand import Understanding

HERE = Path(__file__).parent


def figures(understanding: Understanding, name: str) -> Counter[tuple[str, str]]:
    """Count what was meant (yes, ask, no) and what was made of it."""
    found: Counter[tuple[str, str]] = Counter()
    for row in (HERE / name).read_text("utf-8").splitlines():
        meant, _, text = row.partition("\t")
        heard = understanding.read(text)
        found[meant, "yes" if heard.emergency else "ask" if heard.doubt else "no"] += 1
    return found


@pytest.mark.parametrize(
    ("name", "missed", "alarmed", "asked"),
    [("danger_unseen_200.tsv", 3, 0, 8), ("danger_unseen_700.tsv", 33, 5, 21)],
)
def test_no_fewer_unseen_cries_are_heard_than_before(
    understanding: Understanding, name: str, missed: int, alarmed: int, asked: int
) -> None:
    """Danger that is neither heard nor asked about; calm that wakes people, or is asked about: never more."""
    found = figures(understanding, name)
    assert found["yes", "no"] <= missed
    assert found["no", "yes"] <= alarmed
    assert found["no", "ask"] <= asked


NEW = [line.split("\t") for line in (HERE / "danger_unseen_240.tsv").read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("meant", "known", "text"), NEW, ids=[row[2] for row in NEW])
def test_a_cry_is_heard_or_asked_about_and_a_calm_line_is_left_alone(
    understanding: Understanding, meant: str, known: str, text: str
) -> None:
    """Lines written before anybody looked how they are taken; what is not taken so yet is named beside it."""
    heard = understanding.read(text)
    made = "yes" if heard.emergency else "ask" if heard.doubt else "no"
    if known:
        assert made == {"missed": "no", "alarms": "yes", "asked": "ask"}[known]  # better? then say so here
    else:
        assert made == meant or (meant, made) == ("yes", "ask")
