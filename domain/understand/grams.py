"""What a learned model knows of a message: its words and neighbouring pairs, with and without their marks."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from domain.understand.fold import Token

_HAMLETS = frozenset({"thon", "xom", "ap", "to", "khu", "ban", "doi", "khom", "buon", "ngo", "hem", "kiet"})
Hashes = NDArray[np.uint32]


def grams(said: Sequence[Token], *, asks: bool) -> Hashes:
    """Return the hashes of all that is known of some words, each once, in order.

    Words without their marks (all numbers alike) and pairs of them; the same with their marks, where these
    were typed; how the message begins and ends; and whether it has a question mark.
    """
    return np.unique(np.fromiter((crc32(gram.encode()) for gram in _grams(said, asks=asks)), np.uint32))


def _grams(whole: Sequence[Token], *, asks: bool) -> Iterator[str]:
    said = [token for at, token in enumerate(whole) if not _is_of_hamlet(whole, at)]
    plain = ["0" if token.fold.isdigit() else token.fold for token in said]
    yield from (f"w{word}" for word in plain)
    yield from (f"b{one} {other}" for one, other in pairwise(plain))
    yield from (f"k{token.key}" for token in said if not token.bare)
    yield from (f"m{one.key} {other.key}" for one, other in pairwise(said) if not (one.bare and other.bare))
    yield from (f"<{' '.join(plain[:count])}" for count in (1, 2))
    yield from (f">{' '.join(plain[-count:])}" for count in (1, 2, 3))
    if asks:
        yield "?"


def _is_of_hamlet(said: Sequence[Token], at: int) -> bool:
    """Say whether a word is of “thôn 3”, which says where something is and not what."""
    kind = at if said[at].fold in _HAMLETS else at - 1
    numbered = 0 <= kind < len(said) - 1 and said[kind + 1].fold.isdigit()
    return numbered and said[kind].fold in _HAMLETS


def of_words(said: Sequence[Token]) -> Hashes:
    """Return the hashes of the words alone, without their marks."""
    return np.unique(np.fromiter((crc32(f"w{token.fold}".encode()) for token in said), np.uint32))
