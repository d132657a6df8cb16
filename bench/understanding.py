"""How many unseen messages are understood: as the desk reads them, by the learned model, by a plain baseline.

The messages are of a hand that wrote none of what is learned from. The baseline is TF-IDF and logistic
regression over the same phrases, learned in the same run.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from domain import law
from domain.understand import Home, Understanding
from domain.understand.linear import Linear
from domain.understand.training import Example, examples, of_text

UNSEEN = Path("tests/domain/understand/unseen.jsonl")
_TOP = 3
Ranked = Sequence[tuple[str, str]]
"""Of each message the field and the kind that are taken."""


def main() -> str:
    """Return the shares that are right of topic, unit and kind, and the milliseconds a message took."""
    taxonomy = law.seed("taxonomy")
    told = [
        one
        for line in UNSEEN.read_text("utf-8").splitlines()
        if not (one := json.loads(line))["out_of_scope"]
    ]
    parts = []
    for name, read in (("desk", _desk(taxonomy)), ("learned", _learned()), ("baseline", _baseline())):
        begun = perf_counter()
        found = [read(one["text"]) for one in told]
        spent = (perf_counter() - begun) / len(told) * 1000
        parts.append(f"{name} {_right(taxonomy, told, found)} in {spent:.2f} ms")
    return f"{len(told)} messages, topic/unit/kind right: {', '.join(parts)}"


def _right(taxonomy: dict[str, Any], told: Sequence[dict[str, Any]], found: Ranked) -> str:
    topics = {field["code"]: field["topic"] for field in taxonomy["fields"]}
    units = {field["code"]: field["xa"] for field in taxonomy["fields"]}
    pairs = list(zip(told, found, strict=True))
    topic = sum(topics[one["field"]] == topics.get(field) for one, (field, _) in pairs)
    unit = sum(units[one["field"]] == units.get(field) for one, (field, _) in pairs)
    kind = sum(one["kind"] == kind for one, (_, kind) in pairs)
    return "/".join(f"{count / len(told):.3f}" for count in (topic, unit, kind))


def _desk(taxonomy: dict[str, Any]) -> Any:  # noqa: ANN401 - a reader of texts
    ear = Understanding.load(taxonomy, law.seed("words"), Home())

    def read(text: str) -> tuple[str, str]:
        heard = ear.read(text)
        return heard.field, heard.kind

    return read


def _learned() -> Any:  # noqa: ANN401 - a reader of texts
    model = Linear.load()

    def read(text: str) -> tuple[str, str]:
        chances = model.read(of_text(text))
        field, kind = (model.labels[head][int(chances[head].argmax())] for head in ("field", "kind"))
        return field, kind

    return read


def _baseline() -> Any:  # noqa: ANN401 - a reader of texts
    phrases = examples()
    heads = [_regression([one for one in phrases if one.labels[head]], head) for head in ("field", "kind")]
    return lambda text: tuple(str(model.predict(words.transform([text]))[0]) for words, model in heads)


def _regression(phrases: Sequence[Example], head: str) -> tuple[TfidfVectorizer, LogisticRegression]:
    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2)
    rows = words.fit_transform(one.text for one in phrases)
    return words, LogisticRegression(C=10, max_iter=500).fit(rows, [one.labels[head] for one in phrases])
