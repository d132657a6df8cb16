"""How unseen messages are understood, by the desk itself and by a plain baseline.

The messages are of hands that wrote none of what is learned from. The baseline is TF-IDF and logistic
regression over the same phrases, learned in the same run; it knows no places and splits nothing.
"""

import json
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from domain import law
from domain.understand import Home, Understanding
from domain.understand.gazetteer import Gazetteer
from domain.understand.training import Example, examples

HANDS = tuple(sorted(Path("tests/domain/understand").glob("unseen*.jsonl")))
_SURE, _LIKELY = 0.75, 0.5
_FIELDS = {field["code"]: field for field in law.seed("taxonomy")["fields"]}
_BASE = """
import time
from pathlib import Path
from domain import law
from domain.directory import Directory
from domain.rules import DOCUMENTS, Rules
def most():  # of this process alone: what rusage says may be the parent's
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
"""
_START = f"""{_BASE}
begun = time.perf_counter()
Rules.parse({{name: law.seed(name) for name in DOCUMENTS}}, Directory()).understanding.read("cống tắc")
print(time.perf_counter() - begun, most())
"""
Told = dict[str, Any]
"""A message with what is to be understood of it: a row of `unseen*.jsonl`."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a reader makes of a message: topics and kinds with their chances, the likeliest first."""

    topics: Sequence[tuple[str, float]]
    field: str
    kinds: Sequence[tuple[str, float]]
    danger: str  # rings | asks | nothing of it
    commune: str = ""
    choices: tuple[str, ...] = ()
    matters: int = 1
    ms: float = 0.0


def main() -> str:
    """Return the figures of each hand's messages, a line of shares each, beside the baseline's."""
    desk, baseline = _desk(), _baseline()
    lines = [_start()]
    for path in HANDS:
        told = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for name, read in (("desk", desk), ("baseline", baseline)):
            heard = [read(one) for one in told]
            lines.append(f"{path.stem}, {name}: {'; '.join(_figures(told, heard))}")
            if name == "desk":
                lines.append(f"{path.stem}, {name}: {'; '.join(_places(told, heard))}")
    return "\n  ".join(lines)


def _figures(told: Sequence[Told], heard: Sequence[Heard]) -> Iterable[str]:
    pairs = [(one, found) for one, found in zip(told, heard, strict=True) if not one["out_of_scope"]]
    yield f"{len(pairs)} messages"
    top = [(_of(one, "topic"), [code for code, _ in found.topics]) for one, found in pairs]
    first, bare = [topic == ranked[0] for topic, ranked in top], [one["text"].isascii() for one, _ in pairs]
    yield f"topic {_share(first)} / {_share(topic in ranked[:3] for topic, ranked in top)}"
    marked = (right for right, plain in zip(first, bare, strict=True) if not plain)
    yield f"with marks {_share(marked)}, without {_share(r for r, b in zip(first, bare, strict=True) if b)}"
    yield f"unit {_share(_of(one, 'xa') == _FIELDS[found.field]['xa'] for one, found in pairs)}"
    sure = [right for right, (_, found) in zip(first, pairs, strict=True) if found.topics[0][1] >= _SURE]
    yield f"sure {len(sure) / len(pairs):.2f}, right then {_share(sure)}"
    kinds = [(one["kind"], found.kinds[0][0]) for one, found in pairs]
    yield f"kind {_share(one == found for one, found in kinds)}"
    for legal in ("khieu_nai", "to_cao"):
        yield f"{legal} found {_share(found == legal for one, found in kinds if one == legal)}"
        yield f"rightly {_share(one == legal for one, found in kinds if found == legal)}"
    wrong = Counter(f"{one}>{found}" for one, found in kinds if one != found).most_common(4)
    yield "taken for another: " + ", ".join(f"{pair} {count}" for pair, count in wrong)
    cries = [found.danger for one, found in zip(told, heard, strict=True) if one["urgency"] == "khan"]
    calm = [found.danger for one, found in zip(told, heard, strict=True) if one["urgency"] != "khan"]
    rung, asked = calm.count("rings") * 1000 / len(calm), calm.count("asks") * 1000 / len(calm)
    yield f"of {len(cries)} emergencies {cries.count('rings')} felt, {cries.count('asks')} asked about"
    yield f"of 1,000 calm {rung:.0f} rung, {asked:.0f} asked"
    spent = sorted(found.ms for found in heard)
    yield f"{statistics.median(spent):.2f} ms a message, p95 {spent[len(spent) * 95 // 100]:.2f}"


def _places(told: Sequence[Told], heard: Sequence[Heard]) -> Iterable[str]:
    pairs = list(zip(told, heard, strict=True))
    for name, at_home in (("its province known", True), ("not known", False)):
        named = [
            (one["commune"], found) for one, found in pairs if one["commune"] and ("home" in one) == at_home
        ]
        right, asked = (
            _share(found.commune == one for one, found in named),
            _share(found.commune == one or one in found.choices for one, found in named),
        )
        yield f"commune, {name}: {right} of {len(named)}, with what is asked {asked}"
    none = [found.commune for one, found in pairs if not one["commune"]]
    yield f"invented {sum(map(bool, none))} of {len(none)}"
    several = [found.matters > 1 for one, found in pairs if one.get("matters", 1) > 1]
    single = [found.matters > 1 for one, found in pairs if one.get("matters", 1) == 1]
    yield f"several matters told apart {_share(several)} of {len(several)}"
    yield f"one cut in two: {sum(single)} of {len(single)}"
    beside = [found.topics[0][1] < _SURE for one, found in pairs if one["out_of_scope"]]
    yield f"out of scope not sure of {_share(beside)} of {len(beside)}"


def _of(one: Told, what: str) -> str:
    return str(_FIELDS[one["field"]][what])


def _share(right: Iterable[bool]) -> str:
    found = list(right)
    return f"{sum(found) / max(1, len(found)):.3f}"


def _start() -> str:
    """Return how long a desk takes until it has read its first message, and what memory that costs it."""
    told = subprocess.run([sys.executable, "-c", _START], capture_output=True, check=True, text=True)  # noqa: S603 - our own
    bare = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", f"{_BASE}\nprint(most())"],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    seconds, most = map(float, told.stdout.split())
    return f"ready in {seconds:.2f} s, {most - float(bare.stdout):.0f} MB"


def _desk() -> Callable[[Told], Heard]:
    """Return the desk's own reader: a place it asks about is none that it takes."""
    ear = Understanding.load(law.seed("taxonomy"), law.seed("words"), Home())
    known = Gazetteer.load()

    def read(one: Told) -> Heard:
        there, begun = ear.at(Home(province=one.get("home"))), perf_counter()
        heard = there.read(one["text"])
        matters = there.matters(heard)
        spent = (perf_counter() - begun) * 1000
        topics, kinds = there.weigh(one["text"])
        place = heard.place
        code = place.commune_code if place is not None and not place.choices else None
        return Heard(
            topics=topics,
            field=heard.field,
            kinds=kinds,
            danger="rings" if heard.emergency else "asks" if heard.doubt else "",
            commune=known.label(code) if code else "",
            choices=tuple(label.partition(",")[0] for _, label in place.choices) if place is not None else (),
            matters=max(1, len(matters)),
            ms=spent,
        )

    return read


def _baseline() -> Callable[[Told], Heard]:
    phrases = examples()
    heads = {
        head: _regression([one for one in phrases if one.labels[head]], head)
        for head in ("field", "kind", "danger")
    }

    def weighed(head: str, text: str) -> list[tuple[str, float]]:
        words, model = heads[head]
        chances = zip(model.classes_, model.predict_proba(words.transform([text]))[0], strict=True)
        return sorted(((str(label), float(chance)) for label, chance in chances), key=lambda pair: -pair[1])

    def read(one: Told) -> Heard:
        begun = perf_counter()
        fields = [pair for pair in weighed("field", one["text"]) if pair[0] in _FIELDS]
        kinds, dangers = weighed("kind", one["text"]), dict(weighed("danger", one["text"]))
        spent = (perf_counter() - begun) * 1000
        topics = dict.fromkeys((str(_FIELDS[field]["topic"]) for field, _ in fields), 0.0)
        for field, chance in fields:
            topics[_FIELDS[field]["topic"]] += chance
        rings = "rings" if dangers["danger"] >= _LIKELY else ""
        return Heard(sorted(topics.items(), key=lambda pair: -pair[1]), fields[0][0], kinds, rings, ms=spent)

    return read


def _regression(phrases: Sequence[Example], head: str) -> tuple[TfidfVectorizer, LogisticRegression]:
    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2)
    rows = words.fit_transform(one.text for one in phrases)
    return words, LogisticRegression(C=10, max_iter=500).fit(rows, [one.labels[head] for one in phrases])
