"""How long one message takes to be understood: the ordinary phrases, each read once."""

import csv
from pathlib import Path
from time import perf_counter

from domain import law
from domain.directory import Directory
from domain.rules import DOCUMENTS, Rules
from domain.understand import Understanding
from domain.understand.fold import tokens

PHRASES = Path("domain/understand/data/phrases.csv")


def main() -> str:
    """Return milliseconds a message, and those of only cutting it into words as the baseline."""
    rules = Rules.parse({name: law.seed(name) for name in DOCUMENTS}, Directory())
    with PHRASES.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    whole = min(_milliseconds(rules.understanding, texts, run) for run in range(3))
    begun = perf_counter()
    for text in texts:
        tokens(text)
    base = (perf_counter() - begun) / len(texts) * 1000
    words = sum(len(text.split()) for text in texts) / len(texts)
    told = f"{whole:.2f} ms to understand a message of {words:.0f} words"
    return f"{told} (only cutting it into words {base:.3f} ms, {whole / base:.0f}x)"


def _milliseconds(understanding: Understanding, texts: list[str], run: int) -> float:
    """Read every text once; a space more each run, so that none was read a moment ago."""
    begun = perf_counter()
    for text in texts:
        understanding.read(text + " " * run)
    return (perf_counter() - begun) / len(texts) * 1000
