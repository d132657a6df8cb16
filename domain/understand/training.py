"""Builds the linear model from phrases: softmax regression by AdaGrad, the same numbers at every run.

Each phrase is learned as it was written and without its marks, as half of all people type.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.understand.fold import fold, tokens
from domain.understand.grams import Hashes, grams
from domain.understand.linear import Floats, Linear, softmax

_DATA = Path(__file__).parent / "data"
PHRASES, DANGERS = _DATA / "phrases", _DATA / "dangers"
HEADS = ("field", "kind", "danger")
_MAY_BE = frozenset({"an_ninh", "pccc", "thien_tai"})
"""Fields whose phrases may tell danger of now: nothing is learned of them about that."""
_UNTOLD = ("english_officials.tsv", "later.tsv")
"""Files of which nothing is learned about danger: what officials did may be one."""
_EVERY = 3
"""Of the other phrases so many count as one that tells no danger: most dangers are told beside none."""
_LEAST = 2
"""Phrases in which a gram must be, to be learned."""
_ROUNDS, _STEP, _BATCH, _SEED = 12, 0.25, 256, 1
_BIAS_STEP = 0.05
_TINY = 1e-9
_LEVELS = 127
"""Steps in which a weight is kept, to either side of nothing."""
SHARP = {"field": 2.0, "kind": 1.5, "danger": 1.5}
"""Chosen with each hand's phrases read by a model of the others'."""


@dataclass(frozen=True)
class Example:
    """A phrase with the label of each head; none where it is not known, and nothing is learned of it."""

    text: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Lesson:
    """Of a corrected case, which is of one of these fields: the grams that may be learned, a row each."""

    rows: tuple[Hashes, ...]
    fields: frozenset[str]


def examples() -> list[Example]:
    """Read the phrases and the dangers: a file a hand, columns parted by tabs. Raises ValueError.

    A phrase is a line of field, kind and text; a danger one of `danger` or `calm`, and text.
    """
    phrases = [
        Example(text, {"field": field, "kind": kind.strip("-"), "danger": _calm(field, at)})
        for at, (field, kind, text) in enumerate(_rows(PHRASES, without=_UNTOLD))
    ]
    phrases += [
        Example(text, {"field": field, "kind": kind.strip("-"), "danger": ""})
        for name in _UNTOLD
        for field, kind, text in _rows(PHRASES, only=name)
    ]
    told = [Example(text, {"field": "", "kind": "", "danger": label}) for label, text in _rows(DANGERS)]
    return [*phrases, *told]


def _calm(field: str, at: int) -> str:
    return "calm" if field not in _MAY_BE and at % _EVERY == 0 else ""


def _rows(folder: Path, only: str = "*.tsv", without: Sequence[str] = ()) -> Iterator[list[str]]:
    for path in sorted(folder.glob(only)):
        for line in path.read_text(encoding="utf-8").splitlines() if path.name not in without else ():
            yield line.split("\t")


def train(told: Sequence[Example], lessons: Sequence[Lesson] = ()) -> Linear:
    """Build a model. Takes half a minute for 20,000 phrases.

    Of lessons only the fields are learned, and they change no gram's rarity: what they hold is not counted.
    """
    texts, index = _texts(told)
    taught = [(row, lesson.fields) for lesson in lessons for row in lesson.rows]
    sparse = _Sparse.of(texts, [row for row, _ in taught])
    labels = {head: tuple(sorted({one.labels[head] for one in told} - {""})) for head in HEADS}
    weights, biases = [], []
    for head in HEADS:
        column = {label: at for at, label in enumerate(labels[head])}
        answers = np.array([column.get(told[at].labels[head], -1) for at in index])
        may_be = [[label in fields for label in labels[head]] for _, fields in taught if head == "field"]
        weight, bias = _fit(sparse, answers, len(column), np.array(may_be, np.bool_))
        weights.append(weight)
        biases.append(bias)
    table = np.hstack(weights)
    scale = np.maximum(np.abs(table).max(axis=0), 1e-6).astype(np.float32) / _LEVELS
    return Linear(
        keys=sparse.keys,
        rarity=sparse.rarity,
        weights=np.round(table / scale).astype(np.int8),
        scale=scale,
        bias=np.concatenate(biases),
        labels=labels,
        sharp=SHARP,
    )


def _texts(told: Sequence[Example]) -> tuple[list[str], list[int]]:
    """Return every text with and without its marks, and whose it is."""
    texts, index = [], []
    for at, one in enumerate(told):
        for text in dict.fromkeys((one.text, fold(one.text))):
            texts.append(text)
            index.append(at)
    return texts, index


def of_text(text: str) -> Hashes:
    """Return the grams of a text."""
    return grams(tokens(text), asks="?" in text)


@dataclass(frozen=True, eq=False)
class _Sparse:
    """Texts as rows of grams: those of row i are `columns[starts[i]:starts[i + 1]]`, with their `values`."""

    keys: Hashes
    rarity: Floats
    starts: NDArray[np.intp]
    columns: NDArray[np.intp]
    values: Floats

    @classmethod
    def of(cls, texts: Iterable[str], lessons: Sequence[Hashes] = ()) -> "_Sparse":
        """Make it of texts, and of the grams of lessons, all of which are known then."""
        rows = [of_text(text) for text in texts]
        found, count = np.unique(np.concatenate(rows), return_counts=True)
        found, count = found[count >= _LEAST], count[count >= _LEAST]
        keys = np.unique(np.concatenate([found, *lessons]))
        often = np.full(len(keys), _LEAST)
        often[np.searchsorted(keys, found)] = count
        known = [row[np.isin(row, keys, assume_unique=True)] for row in [*rows, *lessons]]
        columns = [np.searchsorted(keys, row) for row in known]
        rarity = (np.log((1 + len(rows)) / (1 + often)) + 1).astype(np.float16).astype(np.float32)
        values = [_unit(rarity[row]) for row in columns]
        starts = np.cumsum([0, *(len(row) for row in columns)])
        return cls(keys, rarity, starts, np.concatenate(columns), np.concatenate(values))

    def take(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
        """Return of some rows which of them each gram is in, the grams, and their values."""
        at = np.concatenate([np.arange(self.starts[row], self.starts[row + 1]) for row in rows])
        which = np.repeat(np.arange(len(rows)), self.starts[rows + 1] - self.starts[rows])
        return which, self.columns[at], self.values[at]


def _unit(values: Floats) -> Floats:
    length = np.sqrt((values * values).sum())
    return values / length if length else values


def _fit(
    sparse: _Sparse, answers: NDArray[np.intp], width: int, may_be: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Return weights (grams by labels) and a bias for each label. Answers below nought are not learned.

    Behind the phrases stand lessons, `may_be` says of which labels. They come when the phrases are half
    learned: which of the labels it is the model says then. They are spread over the batches of phrases,
    whose order stays: what changes is what was learned, not what mere order makes of messages in doubt.
    """
    weights = np.zeros((len(sparse.keys), width), np.float32)
    moved = np.full(len(sparse.keys), 1e-8, np.float32)
    bias = np.zeros(width, np.float32)
    rows, dice = np.flatnonzero(answers >= 0), np.random.default_rng(_SEED)
    starts, spread = range(0, len(rows), _BATCH), np.random.default_rng(_SEED)
    for turn in range(_ROUNDS):
        order = dice.permutation(rows)
        lessons = spread.permutation(len(may_be) if turn >= _ROUNDS // 2 else 0)
        parts = np.array_split(lessons, max(1, len(starts)))
        for start, part in zip(starts, parts, strict=False):
            phrases = order[start : start + _BATCH]
            batch = np.concatenate([phrases, len(answers) + part])
            which, columns, values = sparse.take(batch)
            scores = np.zeros((len(batch), width), np.float32)
            np.add.at(scores, which, weights[columns] * values[:, None])
            off = softmax(scores + bias)
            off[np.arange(len(phrases)), answers[phrases]] -= 1
            if len(part):
                theirs = off[len(phrases) :] * may_be[part]
                off[len(phrases) :] -= theirs / np.maximum(theirs.sum(axis=1, keepdims=True), _TINY)
            ordered = np.argsort(columns, kind="stable")
            touched, first = np.unique(columns[ordered], return_index=True)
            change = np.add.reduceat((off[which] * values[:, None])[ordered], first, axis=0) / len(batch)
            moved[touched] += (change * change).mean(axis=1)
            weights[touched] -= _STEP * change / np.sqrt(moved[touched])[:, None]
            bias -= _BIAS_STEP * off.mean(axis=0)
    return weights, bias
