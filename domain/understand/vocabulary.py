"""Words that people commonly use when they write to a commune; nobody's name is among them."""

import csv
import json
from functools import cache
from pathlib import Path

from domain.understand.fold import tokens

_DATA = Path(__file__).parent / "data"


@cache
def common_words() -> frozenset[str]:
    """Return the keys of the words of the packaged phrases that are written small."""
    with (_DATA / "phrases.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    lexicon = json.loads((_DATA / "lexicon.json").read_text(encoding="utf-8"))
    texts += [str(phrase) for phrases in lexicon.values() for phrase in phrases]
    return frozenset(word.key for text in texts for word in tokens(text) if not word.raw[:1].isupper())
