"""How well messages are read before and after something was learned, and whether the new model may stand.

The frozen messages were written for this by a hand of its own; nothing is ever learned from them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.routing import Field
from domain.understand import Understanding
from domain.understand.corrections import Correction
from domain.understand.kinds import LEGAL
from domain.understand.linear import Linear
from domain.understand.training import DANGERS, of_text

FROZEN = Path(__file__).parent / "data" / "frozen.jsonl"
SLACK = 2
"""Frozen messages by which topics, units or kinds may fall: one or two that are in doubt turn with whatever
is learned. What has a clock of the law, danger, and the corrections kept apart may not fall at all."""
_CORRECTED = "corrected units"
_STRICT = frozenset({"danger", _CORRECTED}) | LEGAL
Score = tuple[int, int]
"""How many are right, of how many."""
Scores = Mapping[str, Score]
"""By the name of what is measured."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message with the field and the kind that are right."""

    text: str
    field: str
    kind: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What models are tried on: frozen messages, dangers of now, and corrected cases that are not learned."""

    frozen: Sequence[Told]
    dangers: Sequence[str]
    held: Sequence[Correction]

    @classmethod
    def packaged(cls, corrections: Sequence[Correction]) -> "Trial":
        """Return the one of every desk, with these corrections' part that is only measured by."""
        rows = map(json.loads, FROZEN.read_text("utf-8").splitlines())
        lines = (DANGERS / "near.tsv").read_text("utf-8").splitlines()
        return cls(
            [Told(**row) for row in rows],
            [text for label, _, text in (line.partition("\t") for line in lines) if label == "danger"],
            [one for one in corrections if one.held_out],
        )

    def scores(self, ear: Understanding, fields: Mapping[str, Field]) -> Scores:
        """Return how a desk's ear does; `fields`: the taxonomy's, by their codes."""
        right = dict(_right(ear, [one for one in self.frozen if one.field in fields], fields))
        right["danger"] = _count(_is_danger(ear.model, text) for text in self.dangers)
        right[_CORRECTED] = _count(ear.read(one.text).field in one.fields for one in self.held)
        return {name: score for name, score in right.items() if score[1]}


def worse(before: Scores, after: Scores) -> list[str]:
    """Return the names of what fell by more than it may: with any of them the old model stays."""
    fell = {name: right - after[name][0] for name, (right, _) in before.items()}
    return [name for name, by in fell.items() if by > (0 if name in _STRICT else SLACK)]


def _right(
    ear: Understanding, told: Sequence[Told], fields: Mapping[str, Field]
) -> Iterator[tuple[str, Score]]:
    """Yield by name how many are right: of topics, units, kinds, and of each kind with a clock of the law."""
    pairs = [(one, ear.read(one.text)) for one in told]
    yield "topic", _count(fields[one.field].topic == heard.topic for one, heard in pairs)
    yield "unit", _count(fields[one.field].xa == fields[heard.field].xa for one, heard in pairs)
    yield "kind", _count(one.kind == heard.kind for one, heard in pairs)
    for legal in sorted(LEGAL):
        yield legal, _count(heard.kind == legal for one, heard in pairs if one.kind == legal)


def _count(right: Iterable[bool]) -> Score:
    found = [*right]
    return sum(found), len(found)


def _is_danger(model: Linear, text: str) -> bool:
    """Say whether the model alone hears danger; its words of danger it shares with all it learned."""
    chances = model.read(of_text(text))["danger"]
    return model.labels["danger"][int(chances.argmax())] == "danger"
