"""What is learned of corrections: a local word, never a person's; and what keeps the old model."""

import json
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import law
from domain.understand import learned
from domain.understand.corrections import PEOPLE, Correction, fields_of, impersonal, lessons
from domain.understand.fold import tokens
from domain.understand.learned import Unusable
from domain.understand.linear import FILE, Linear
from domain.understand.measuring import FROZEN, SLACK, worse
from domain.understand.training import Example, examples, of_text, train

UNSEEN = Path(__file__).parent / "unseen.jsonl"
FIELDS = {field["code"] for field in law.seed("taxonomy")["fields"]}
HERE = frozenset({"moi_truong", "dat_dai"})
"""What one unit acts on: of which of them a correction is nobody says."""
TOLD = [
    Example(f"{what} ở đầu xóm {where}", {"field": field, "kind": "phan_anh", "danger": "calm"})
    for where in ("Đông", "Đoài", "Trung", "Nam", "Thượng", "Hạ")
    for what, field in (
        ("rác chất đống hôi thối", "moi_truong"),
        ("khói khét lẹt cháy âm ỉ", "moi_truong"),
        ("sổ đỏ thửa đất ranh giới", "dat_dai"),
        ("khai sinh cho cháu", "ho_tich"),
        ("trường thu học phí các cháu", "giao_duc"),
    )
]
STORIES = (
    "Hóc Mò lại hôi thối",
    "cháu ho vì Hóc Mò khét lẹt",
    "Hóc Mò âm ỉ cho cháu ho",
    "dẹp Hóc Mò khói quá",
)
STORED = Linear.load()
SMALL = replace(STORED, keys=STORED.keys[:9], rarity=STORED.rarity[:9], weights=STORED.weights[:9])
"""A model as the packaged one, that takes no time to write."""


def codes(*, held: bool) -> list[str]:
    """Return codes of cases that are learned, or of those that are only measured by."""
    made = [f"HB{number:05}" for number in range(500)]
    return [code for code in made if Correction(code, "", "", HERE).held_out is held]


def told(*stories: str, people: int = 99) -> list[Correction]:
    """Return corrections of these stories, by so many people in turn."""
    return [
        Correction(code, f"person {at % people}", story, HERE)
        for at, (code, story) in enumerate(zip(codes(held=False), stories, strict=False))
    ]


def field(model: Linear, text: str) -> str:
    """Return the field a model reads."""
    return model.labels["field"][int(model.read(of_text(text))["field"].argmax())]


def test_a_local_word_becomes_known() -> None:
    """A dump by the name that only this commune gives it, for the field of the unit that fits its stories."""
    before = train(TOLD)
    known = [replace(one, fields=fields_of(before, one.text, HERE, FIELDS) or HERE) for one in told(*STORIES)]
    after = train(TOLD, lessons(known))
    assert field(before, "cháu ở Hóc Mò") != "moi_truong"
    assert field(after, "cháu ở Hóc Mò") == "moi_truong"
    assert field(after, "chau o hoc mo") == "moi_truong"
    assert [field(after, one.text) for one in TOLD] == [one.labels["field"] for one in TOLD]


@pytest.mark.parametrize("people", range(1, PEOPLE))
def test_what_too_few_people_say_is_not_in_the_file(people: int) -> None:
    """Whoever tells it again and again is still one."""
    said = told(*STORIES, *STORIES, people=people)
    assert not any(lesson.rows for lesson in lessons(said))
    assert {*train(TOLD, lessons(said)).keys.tolist()} == {*train(TOLD).keys.tolist()}


@pytest.mark.parametrize("word", ["Bìm Bịp", "khói", "sổ đỏ thửa đất"])
def test_a_word_of_one_case_changes_nothing_at_all(tmp_path: Path, word: str) -> None:
    """Be it new or known from the phrases: whoever compares two files finds no trace of it."""
    others = told(*STORIES, *STORIES)
    last = replace(others[-1], case=codes(held=False)[50], person="one more", text=f"{word}. {STORIES[0]}")
    for at, told_of in enumerate(([*others, last], [*others, replace(last, text=f"Tý Sún. {STORIES[0]}")])):
        train(TOLD, lessons(told_of)).save(tmp_path / f"{at}.npz")
    same = (tmp_path / "0.npz").read_bytes() == (tmp_path / "1.npz").read_bytes()
    assert same is (word != "khói")  # which people enough have said


def test_a_fifth_of_the_cases_is_never_learned() -> None:
    """Which, their codes say: the same at every run."""
    assert 0.1 < len(codes(held=True)) / 500 < 0.3
    held = [replace(one, case=code) for one, code in zip(told(*STORIES), codes(held=True), strict=False)]
    assert lessons(held) == []


def test_kinds_and_dangers_are_read_as_before() -> None:
    """Officials say nothing of them: the weights of every gram that was known are the same."""
    before, after = train(TOLD), train(TOLD, lessons(told(*STORIES)))
    rows = np.searchsorted(after.keys, before.keys)
    width = len(before.labels["field"])
    assert (after.weights[rows][:, width:] == before.weights[:, width:]).all()
    assert (after.rarity[rows] == before.rarity).all()
    assert (after.weights[rows][:, :width] != before.weights[:, :width]).any()


def test_how_many_told_it_is_not_in_the_file() -> None:
    """A new gram is as rare as one that just may be learned, whoever and however many use it."""
    before, few, many = (train(TOLD, lessons(told(*STORIES * times))) for times in (0, 5, 10))
    new = np.isin(few.keys, before.keys, invert=True)
    assert new.any()
    assert (few.keys.tolist(), few.rarity.tolist()) == (many.keys.tolist(), many.rarity.tolist())
    assert len({*few.rarity[new]}) == 1


def test_a_story_is_learned_without_who_wrote_it() -> None:
    """Nor a number of theirs."""
    text = impersonal("Tôi là Nguyễn Thị Lựu, số 0912345678. Bãi rác Hóc Mò bốc mùi, CCCD 012345678901.")
    assert "Lựu" not in text
    assert not any(sign.isdigit() for sign in text)
    assert "Hóc Mò bốc mùi" in text


def test_only_what_the_packaged_model_got_wrong_corrects_it() -> None:
    """Not what it suggests anyway, nor what it takes for a field that is kept close."""
    model = train(TOLD)
    assert fields_of(model, "cháu ở Hóc Mò", HERE, FIELDS) == HERE
    assert fields_of(model, "các cháu học phí khét âm ỉ", HERE, FIELDS) == {"moi_truong"}
    assert fields_of(model, "rác hôi thối", HERE, FIELDS) == frozenset()
    assert fields_of(model, "cháu ở Hóc Mò", HERE, FIELDS - {field(model, "cháu ở Hóc Mò")}) == frozenset()
    assert fields_of(model, "cháu ở Hóc Mò", HERE, FIELDS - {"dat_dai"}) == {"moi_truong"}


# --- the gate ------------------------------------------------------------------------------------

BEFORE = {"topic": (290, 312), "to_cao": (38, 38), "khieu_nai": (38, 38), "danger": (700, 756)}


@pytest.mark.parametrize(
    ("name", "by", "falls"),
    [("topic", SLACK, False), ("topic", SLACK + 1, True)]
    + [(name, 1, True) for name in ("to_cao", "khieu_nai", "danger")],
)
def test_what_may_fall_and_what_may_not(name: str, by: int, falls: bool) -> None:
    """What has a clock of the law, and danger, by not one message."""
    right, of = BEFORE[name]
    assert worse(BEFORE, {**BEFORE, name: (right - by, of)}) == [name] * falls


def test_the_frozen_messages_hold_every_field_and_are_learned_nowhere() -> None:
    """Nor are they those by which the packaged model is measured."""
    rows = [json.loads(line) for line in FROZEN.read_text("utf-8").splitlines()]
    fields, kinds = [row["field"] for row in rows], [row["kind"] for row in rows]
    assert 300 <= len(rows) <= 400
    assert min(fields.count(one) for one in FIELDS) >= 6
    assert {*fields} == FIELDS
    assert {*kinds} == {one.labels["kind"] for one in examples()} - {""}
    assert min(kinds.count(legal) for legal in ("khieu_nai", "to_cao")) >= 35
    known = [one.text for one in examples()]
    known += [json.loads(line)["text"] for line in UNSEEN.read_text("utf-8").splitlines()]
    assert not {_plain(row["text"]) for row in rows} & {*map(_plain, known)}


def _plain(text: str) -> str:
    return " ".join(token.fold for token in tokens(text))


# --- the file ------------------------------------------------------------------------------------


def test_what_was_learned_is_read_from_its_file(tmp_path: Path) -> None:
    """Where there is none, nothing was learned; forgotten, it is so again."""
    path = tmp_path / "deep" / "reading.npz"
    assert learned.load(path) is None
    learned.save(SMALL, path)
    found = learned.load(path)
    assert found is not None
    assert (found.keys == SMALL.keys).all()
    assert [*path.parent.iterdir()] == [path]
    assert path.stat().st_mode & 0o077 == 0
    assert [learned.forget(path), learned.forget(path), learned.load(path)] == [True, False, None]


def test_a_write_that_is_cut_off_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing beside it."""
    path = tmp_path / "reading.npz"
    learned.save(SMALL, path)
    before = path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _cut_off)
        with pytest.raises(KeyboardInterrupt):
            learned.save(replace(SMALL, bias=SMALL.bias + 1), path)
    assert path.read_bytes() == before
    assert [*tmp_path.iterdir()] == [path]


def _cut_off(_: int) -> None:
    raise KeyboardInterrupt


@given(data=st.data())
def test_whatever_stands_in_the_file_is_a_model_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Cut short, with bytes changed, or something else: nothing else is ever raised."""
    path = tmp_path_factory.getbasetemp() / "torn.npz"
    learned.save(SMALL, path)
    whole = bytearray(path.read_bytes())
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=3)):
        whole[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    with suppress(Unusable):
        assert learned.load(path) is not None


@pytest.mark.parametrize(
    "model",
    [
        replace(SMALL, keys=SMALL.keys[::-1]),
        replace(SMALL, weights=SMALL.weights[:, 1:]),
        replace(SMALL, bias=SMALL.bias * np.nan),
        replace(SMALL, labels={**SMALL.labels, "field": SMALL.labels["field"][::-1]}),
        replace(SMALL, weights=SMALL.weights.astype(np.float32)),
    ],
)
def test_another_model_is_refused(tmp_path: Path, model: Linear) -> None:
    """It would answer other questions, or none."""
    learned.save(model, tmp_path / "reading.npz")
    with pytest.raises(Unusable, match="questions"):
        learned.load(tmp_path / "reading.npz")


def test_a_model_learned_beside_other_phrases_is_refused(tmp_path: Path) -> None:
    """After an update the packaged one is newer: so is one that was put there by hand."""
    SMALL.save(tmp_path / "reading.npz", beside=np.array("another"))
    with pytest.raises(Unusable, match="another version"):
        learned.load(tmp_path / "reading.npz")
    (tmp_path / "reading.npz").write_bytes(FILE.read_bytes())
    with pytest.raises(Unusable, match="no model"):
        learned.load(tmp_path / "reading.npz")
