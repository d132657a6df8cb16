"""What in a text tells who wrote it: their numbers, their name, whose kin they are, where they live."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

from domain import numbers
from domain.understand.fold import clean, tokens
from domain.understand.introductions import without_introductions


class Trace(StrEnum):
    """What tells it; a number by its kind, as the one reader of numbers calls it."""

    PHONE = "phone"
    IDENTITY = "identity"
    ACCOUNT = "account"
    EMAIL = "email"
    NAME = "name"
    KIN = "kin"


@dataclass(frozen=True, slots=True)
class Told:
    """What a text tells of its writer, in the order of the kinds, and the text without exactly that."""

    traces: tuple[Trace, ...]
    without: str


_CLAUSE_END = re.compile(r"[,.;:!?\n“”\"()]|\s[-–]\s|$")
_LOOSE = re.compile(r"\s+([,.;:!?])|([,;:])(?:\s*[,;:])+")


def read(text: str) -> Told:
    """Return what the text tells of who wrote it; whether a number is another's is for them to say."""
    whole = clean(text)
    found = {Trace(one.kind) for one in numbers.find(whole)}
    spans = [_with_label(whole, one.start, one.end) for one in numbers.find(whole)]
    kin = _kin(whole)
    found |= {Trace.KIN} if kin else set()
    bare = _cut(whole, [*spans, *kin])
    nameless = without_introductions(bare)
    found |= {Trace.NAME} if nameless != bare else set()
    return Told(tuple(trace for trace in Trace if trace in found), _tidy(nameless) if found else text)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what is told of oneself, the words that end it, and those that stand before a number."""
    path = Path(__file__).parent / "data" / "traces.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    either = "|".join(told.format(me=data["me"], kin=data["kin"]) for told in data["told"])
    before = data["before"].format(me=data["me"])
    return (
        re.compile(rf"(?<!\S)(?:{either})(?!\S)"),
        re.compile(rf"(?<!\S){data['ends']}(?!\S)"),
        re.compile(rf"(?:(?<!\S){before}\s)+$"),
    )


def _folded(text: str) -> tuple[str, dict[int, int]]:
    """Return the words of a text, folded, and where each of them begins in the text."""
    said, starts = "", {}
    for word in tokens(text):
        starts[len(said)] = word.start
        said += f"{word.fold} "
    return said, starts


def _kin(text: str) -> list[tuple[int, int]]:
    """Return where kin, house, work or school are told, each with its clause to the end."""
    (told, ends, _), (said, starts) = _patterns(), _folded(text)
    found = []
    for hit in told.finditer(said):
        last = max(at for place, at in starts.items() if place < hit.end())
        stop = _CLAUSE_END.search(text, last)
        word = ends.search(said, hit.end())
        end = min(stop.start() if stop else len(text), starts[word.start()] if word else len(text))
        if hit.start() in starts:
            found.append((starts[hit.start()], end))
    return found


def _with_label(text: str, start: int, end: int) -> tuple[int, int]:
    """Let the words that only announce a number go with it: “số máy của tôi là …”."""
    said, starts = _folded(text[:start].rstrip(" :"))
    label = _patterns()[2].search(said)
    return (starts[label.start()] if label and label.start() in starts else start), end


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    kept, at = "", 0
    for start, end in sorted(spans):
        kept += text[at:start] if start > at else ""
        at = max(at, end)
    return kept + text[at:]


def _tidy(text: str) -> str:
    """Take away the signs and spaces that nothing is left between."""
    lines = (
        re.sub(r"[^\S\n]+", " ", _LOOSE.sub(r"\1\2", line)).strip(" ,;:-–").lstrip(".!? ")
        for line in text.split("\n")
    )
    return "\n".join(line for line in lines if line)
