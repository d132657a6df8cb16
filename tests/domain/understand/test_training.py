"""What is learned of topics and kinds: the same at every run, and good on messages of another hand."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import law
from domain.understand.fold import tokens
from domain.understand.grams import grams
from domain.understand.linear import Linear
from domain.understand.training import Example, examples, of_text, train

UNSEEN = Path(__file__).parent / "unseen.jsonl"
FIELDS = {field["code"]: field for field in law.seed("taxonomy")["fields"]}
TOLD = [
    Example(f"{what} ở đầu xóm {where}", {"field": field, "kind": kind, "danger": danger})
    for where in ("Đông", "Đoài", "Trung")
    for what, field, kind, danger in (
        ("cống tắc ngập nước", "thoat_nuoc", "phan_anh", "calm"),
        ("xin làm giấy khai sinh cần gì", "ho_tich", "hoi_dap", "calm"),
        ("cháy nhà cứu với", "pccc", "phan_anh", "danger"),
    )
]


def test_the_same_phrases_make_the_same_file(tmp_path: Path) -> None:
    """Byte for byte, whenever it is built."""
    paths = [tmp_path / "one.npz", tmp_path / "other.npz"]
    for path in paths:
        train(TOLD).save(path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_what_was_learned_is_read_back(tmp_path: Path) -> None:
    """With marks and without."""
    train(TOLD).save(tmp_path / "model.npz")
    model = Linear.load(tmp_path / "model.npz")
    for text, field in (
        ("cống tắc rồi", "thoat_nuoc"),
        ("cong tac roi", "thoat_nuoc"),
        ("khai sinh", "ho_tich"),
    ):
        chances = model.read(of_text(text))["field"]
        assert model.labels["field"][int(chances.argmax())] == field


@pytest.fixture(scope="module")
def read() -> list[tuple[dict[str, str], str, str]]:
    """Read the unseen messages that tell a matter: each with the field and the kind it is taken for."""
    model, found = Linear.load(), []
    for line in UNSEEN.read_text("utf-8").splitlines():
        told = json.loads(line)
        chances = model.read(of_text(told["text"]))
        field, kind = (model.labels[head][int(chances[head].argmax())] for head in ("field", "kind"))
        if not told["out_of_scope"]:
            found.append((told, field, kind))
    return found


@pytest.mark.parametrize(("what", "least"), [("topic", 0.86), ("xa", 0.86)])
def test_topics_and_units_of_unseen_messages(
    read: list[tuple[dict[str, str], str, str]], what: str, least: float
) -> None:
    """Never fewer than before: a phrase less, or a gram more, is measured here."""
    known = {code: row[what] for code, row in FIELDS.items()}
    right = [known[told["field"]] == known.get(field) for told, field, _ in read]
    assert np.mean(right) >= least


def test_kinds_of_unseen_messages(read: list[tuple[dict[str, str], str, str]]) -> None:
    """All of them, and those that carry a legal clock by themselves."""
    assert np.mean([told["kind"] == kind for told, _, kind in read]) >= 0.86
    for legal in ("khieu_nai", "to_cao"):
        assert np.mean([kind == legal for told, _, kind in read if told["kind"] == legal]) >= 0.75


def test_every_field_and_kind_has_its_phrases() -> None:
    """As many as one needs to be told apart from its neighbours."""
    told = examples()
    for head, least in (("field", 400), ("kind", 500)):
        labels = [one.labels[head] for one in told if one.labels[head] not in {"", "none"}]
        counts = {label: labels.count(label) for label in set(labels)}
        assert min(counts.values()) >= least
    assert {one.labels["field"] for one in told} - {"", "none"} == FIELDS.keys()


def test_no_unseen_message_is_learned() -> None:
    """Nor the same without its marks."""
    learned = {" ".join(token.fold for token in tokens(one.text)) for one in examples()}
    unseen = [json.loads(line)["text"] for line in UNSEEN.read_text("utf-8").splitlines()]
    assert not [
        text for text in unseen if len(text.split()) > 4 and " ".join(t.fold for t in tokens(text)) in learned
    ]


@given(st.text(max_size=200), st.booleans())
def test_whatever_is_typed_has_grams(text: str, asks: bool) -> None:
    """Each once and in order; the number of a hamlet is none."""
    found = grams(tokens(text), asks=asks)
    assert list(found) == sorted(set(map(int, found)))


@pytest.mark.parametrize("number", ["1", "7", "12"])
def test_which_hamlet_it_is_in_says_nothing(number: str) -> None:
    """Nor that it is in one."""
    told = grams(tokens(f"cống thôn {number} tắc"), asks=False)
    assert list(told) == list(grams(tokens("cống tắc"), asks=False))
