"""One free message in, suggestions out: kind, topic, place, urgency. A suggestion is never a decision."""

import csv
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from domain.understand.cues import KINDS, Cues, Signs
from domain.understand.fold import Token, clean, fold, tokens, words
from domain.understand.gazetteer import Gazetteer
from domain.understand.headline import find_phone, headline
from domain.understand.place import Home, Place, find_in, find_place
from domain.understand.topics import Guess, Topics, WordModel
from domain.understand.understood import Understood

__all__ = ["KINDS", "Home", "Place", "Understanding", "Understood", "find_place", "fold", "words"]

_DATA = Path(__file__).parent / "data"
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LONGEST = 4000  # characters read closely; people and channels send less
_TOPIC_SURE = 8.0  # nineteen of twenty right above it, in cross-validation on the phrases
_KIND_SURE = 4.0
_HINT = 7.0  # a turn of phrase beside the words of the model


class Understanding:
    """Reads messages for one installation. Make it once with `load`."""

    def __init__(
        self, topics: Topics, cues: Cues, kinds: WordModel, home: Home, urgency: Mapping[str, str]
    ) -> None:
        self._topics = topics
        self._cues = cues
        self._kinds = kinds
        self._home = home
        self._gazetteer = Gazetteer.load()
        self._urgency = urgency
        self._last: Understood | None = None

    @classmethod
    def load(cls, taxonomy: Mapping[str, Any], home: Home) -> "Understanding":
        """Learn from the parsed taxonomy (keys topics, fields) and the packaged phrases; under a second."""
        topics, cues, kinds = _learn(json.dumps(taxonomy, default=str, sort_keys=True))
        urgency = {field["code"]: field["urgency"] for field in taxonomy["fields"]}
        return cls(topics, cues, kinds, home, urgency)

    def read(self, text: str) -> Understood:
        """Say what one message, of any length and content, seems to mean. Never raises.

        One message is asked about more than once while it is answered: the last reading is kept.
        """
        plain = storable(text)
        if self._last is None or self._last.text != plain:
            self._last = self._read(plain)
        return self._last

    def _read(self, plain: str) -> Understood:
        close = clean(plain[:_LONGEST])
        said = tokens(close)
        signs = self._cues.read(said)
        guess = self._topics.guess(said)
        kind, kind_sure = self._kind(said, signs)
        field = self._topics.field(said, guess.best)
        story = _is_story(said, signs, guess)
        return Understood(
            text=plain,
            story=story,
            small_talk=signs.greets and not story,
            kind=kind,
            kind_sure=kind_sure,
            topic=guess.best,
            field=field,
            topics=tuple(code for code, _ in guess.ranked[:3]),
            sure=story and guess.margin >= _TOPIC_SURE,
            place=find_in(said, self._home, self._gazetteer),
            urgency="khan" if signs.emergency or signs.urgent else self._urgency[field],
            emergency=signs.emergency,
            accuses=signs.accuses,
            phone=find_phone(close),
            summary=headline(close),
        )

    def _kind(self, said: Sequence[Token], signs: Signs) -> tuple[str, bool]:
        """By content: the word itself, then an official accused, then the sum of all signs."""
        if signs.kinds:
            return signs.kinds[0], len(signs.kinds) == 1 or signs.kinds[0] in {"to_cao", "khieu_nai"}
        if signs.emergency:
            return "phan_anh", True
        if signs.accuses:
            return "to_cao", False
        scores, _ = self._kinds.scores([token.fold for token in said])
        totals = {kind: max(-10.0, scores.get(kind, 0.0)) for kind in KINDS}
        for kind in signs.hints:
            totals[kind] += _HINT
        first, second = sorted(totals, key=lambda kind: -totals[kind])[:2]
        return first, totals[first] - totals[second] >= _KIND_SURE


@lru_cache(maxsize=4)
def _learn(taxonomy_json: str) -> tuple[Topics, Cues, WordModel]:
    """Learn what does not depend on where the desk stands; once for each taxonomy."""
    taxonomy = json.loads(taxonomy_json)
    with (_DATA / "phrases.csv").open(encoding="utf-8", newline="") as file:
        phrases = list(csv.DictReader(file))
    lexicon = json.loads((_DATA / "lexicon.json").read_text(encoding="utf-8"))
    cues = yaml.load((_DATA / "cues.yaml").read_text(encoding="utf-8"), Loader=_YAML)  # noqa: S506 - safe loaders only
    known = {str(topic["code"]) for topic in taxonomy["topics"]}
    topics = Topics(
        taxonomy,
        {topic: said for topic, said in lexicon.items() if topic in known},
        [(phrase["text"], phrase["topic"]) for phrase in phrases if phrase["topic"] in known],
    )
    kinds = WordModel((words(phrase["text"]), phrase["kind"]) for phrase in phrases)
    return topics, Cues(cues), kinds


def storable(text: str) -> str:
    """Return the text with what no database or JSON takes (lone surrogates, NUL) made U+FFFD."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _is_story(said: Sequence[Token], signs: Signs, guess: Guess) -> bool:
    if signs.emergency:
        return True
    telling = len(said) - signs.small
    return telling >= 3 or (telling == 2 and not signs.greets and guess.known > 1)
