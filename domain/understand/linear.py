"""A learned linear model of what messages are about: one table of weights answers several questions at once.

Each question (its `head`) has labels; a message has a score for each, which softmax makes a probability. The
weights are bytes, with one scale a label: a table of some sixty thousand grams in three megabytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from domain.understand.fold import Token
from domain.understand.grams import Hashes, grams

FILE = Path(__file__).parent / "data" / "reading.npz"
Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Linear:
    """`keys`: hashes of known grams, sorted, n. `rarity`: how much each tells, n. `weights`: n by all labels.

    `labels`: of each head, in the order of the columns. `scale`, `bias`: a number for each column. `sharp`:
    by how much scores are multiplied, so that as many messages of other hands are right as is said.
    """

    keys: Hashes
    rarity: Floats
    weights: NDArray[np.int8]
    scale: Floats
    bias: Floats
    labels: Mapping[str, tuple[str, ...]]
    sharp: Mapping[str, float]

    @classmethod
    @cache
    def load(cls, path: Path = FILE) -> Self:
        """Read a model from a file, once. Raises OSError, KeyError or ValueError where there is none."""
        with np.load(path, allow_pickle=False) as file:
            return cls.of(file)

    @classmethod
    def of(cls, file: Mapping[str, NDArray[Any]]) -> Self:
        """Read a model from what a file holds. Raises KeyError or ValueError where that is none."""
        heads = [str(head) for head in file["heads"]]
        return cls(
            keys=file["keys"],
            rarity=file["rarity"].astype(np.float32),
            weights=file["weights"],
            scale=file["scale"],
            bias=file["bias"],
            labels={head: tuple(map(str, file[f"labels_{head}"])) for head in heads},
            sharp=dict(zip(heads, map(float, file["sharp"]), strict=True)),
        )

    def save(self, file: Path | IO[bytes] = FILE, **more: NDArray[Any]) -> None:
        """Write it as `of` reads it, and `more` beside it: byte for byte the same for the same model."""
        heads = list(self.labels)
        arrays = {f"labels_{head}": np.array(labels) for head, labels in self.labels.items()}
        np.savez_compressed(
            file,
            allow_pickle=False,
            keys=self.keys,
            rarity=self.rarity.astype(np.float16),
            weights=self.weights,
            scale=self.scale,
            bias=self.bias,
            heads=np.array(heads),
            sharp=np.array([self.sharp[head] for head in heads], np.float32),
            **arrays,
            **more,
        )

    def known(self, said: Hashes) -> NDArray[np.intp]:
        """Return the rows of the grams that are known."""
        at = np.searchsorted(self.keys, said)
        at[at == len(self.keys)] = 0
        found: NDArray[np.intp] = at[self.keys[at] == said]
        return found

    def hear(self, said: Sequence[Token], *, asks: bool = False) -> Mapping[str, Floats]:
        """Return what `read` does of some words; `asks`: with a question mark."""
        return _hear(self, tuple(said), asks)

    def read(self, said: Hashes) -> Mapping[str, Floats]:
        """Return the probabilities of each head's labels."""
        rows = self.known(said)
        rarity = self.rarity[rows]
        length = float(np.sqrt(rarity @ rarity)) or 1.0
        scores = (rarity @ self.weights[rows].astype(np.float32)) * self.scale / length + self.bias
        found: dict[str, Floats] = {}
        start = 0
        for head, labels in self.labels.items():
            found[head] = softmax(scores[start : start + len(labels)] * self.sharp[head])
            start += len(labels)
        return found


@lru_cache(maxsize=64)
def _hear(model: Linear, said: tuple[Token, ...], asks: bool) -> Mapping[str, Floats]:  # noqa: FBT001 - a key
    """Read words. A message is asked about for its topic, its kind and its danger: a few are kept."""
    return model.read(grams(said, asks=asks))


def softmax(scores: Floats) -> Floats:
    """Turn scores, along their last axis, into probabilities."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    chances: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return chances
