"""What in a text tells who wrote it: their numbers, their name, whose kin they are, where they live."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from domain import codes, numbers
from domain.numbers import Kind
from domain.packaged import document
from domain.understand import introductions
from domain.understand.fold import clean, tokens


class Trace(StrEnum):
    """What tells it; a number by its kind, as the one reader of numbers calls it."""

    CODE = "code"
    PHONE = "phone"
    IDENTITY = "identity"
    ACCOUNT = "account"
    EMAIL = "email"
    PLATE = "plate"
    PAPER = "paper"
    NAME = "name"
    KIN = "kin"
    ONLINE = "online"


@dataclass(frozen=True, slots=True)
class Told:
    """What a text tells of its writer, in the order of the kinds, and the text without exactly that."""

    traces: tuple[Trace, ...]
    without: str


_CLAUSE_END = re.compile(r"[,.;:!?\n“”\"()]|\s[-–]\s|$")
_BEGINS = re.compile(r"(?:^|[,.;:!?\n“”\"()]|\s[-–])\s*$")
_GAP = re.compile(r"[\s,]*,\s*|\s+(?:va|và)\s+")
_FEW = 11
"""Words of a clause that only goes on."""
_LEFT = 2
"""Words that may be left of a clause that only says who writes."""
_LOOSE = re.compile(r"\s+(?=[,.;:!?])")
_ROW = re.compile(r"([,;:])[,;:]+")
_CODE = re.compile(
    r"(?<![^\W_])(?=([A-Za-z]{2}[\s.\-_–—]{0,3}(?:[A-Za-z0-9][\s.\-_–—]{0,3}){6}[A-Za-z0-9])(?![^\W_]))"
)
_LIKE_A_CODE = re.compile(r"[A-Z]{2}-(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{7}")
"""A code of ours in which a sign is wrong: officials may still guess it."""
_PAPERS = frozenset({Kind.HEALTH, Kind.SOCIAL, Kind.TAX, Kind.PASSPORT})
"""Numbers of papers that everybody has: the question names them as one."""
_KINDLY = re.compile(r"(?:\s+(?:nhé|nhe|nha|nghen|nghe|ạ))+(?![^\W_])", re.IGNORECASE)


def read(text: str) -> Told:
    """Return what the text tells of who wrote it; whether a number is another's is for them to say.

    Everything is looked for in the words as they stand, so that what one finding takes away is not what
    another would have been known by.
    """
    whole = clean(text)
    counted, named = numbers.find(whole), introductions.spans(whole)
    words = _Folded.of(whole)
    kin, online = _kin(whole, words), _online(whole, words)
    coded = _codes(whole)
    papers = _exactly(words, _patterns().paper)
    numbered = [*((one.start, one.end) for one in counted), *coded, *papers]
    spans = [*(_with_label(whole, start, end) for start, end in numbered), *kin, *online]
    alone = [name for name in named if not any(start <= name[0] < end for start, end in spans)]
    found = {Trace.IDENTITY if one.kind in _PAPERS else Trace(one.kind) for one in counted}
    told = {
        Trace.CODE: coded,
        Trace.PAPER: papers,
        Trace.NAME: alone,
        Trace.KIN: kin,
        Trace.ONLINE: online,
    }
    found |= {trace for trace, of in told.items() if of}
    spans += named
    spans += [more for span in spans if (more := _goes_on(whole, span[1])) is not None]
    return Told(
        tuple(trace for trace in Trace if trace in found),
        _tidy(introductions.cut(whole, spans, " ")) if found else text,
    )


def read_place(text: str) -> Told:
    """Return what the answer to “where” tells of who gave it: there a bare name is the house's, or theirs."""
    told, said = read(text), _Folded.of(clean(text)).said
    if Trace.NAME in told.traces or not _patterns().name.match(said):
        return told
    return Told((*told.traces, Trace.NAME), told.without)


def only_says_who(clause: str) -> bool:
    """Say whether a clause tells no matter: only who writes and how to reach them, of whom, or thanks."""
    told = read(clause)
    if told.traces and len(told.without.split()) <= _LEFT:
        return True
    said = _Folded.of(numbers.mask(clean(clause), " ")).said.rstrip()
    return _patterns().beside.fullmatch(said) is not None


@dataclass(frozen=True, slots=True)
class _Folded:
    """The words of a text, folded, with their capitals; where each begins and ends here and in the text."""

    said: str
    starts: dict[int, int]
    ends: dict[int, int]

    @classmethod
    def of(cls, text: str) -> "_Folded":
        said, starts, ends, shouted = "", dict[int, int](), dict[int, int](), text.isupper()
        for word in tokens(text):
            starts[len(said)] = word.start
            capital = word.raw[:1].isupper() and not shouted
            said += word.fold.capitalize() if capital else word.fold
            ends[len(said)] = word.end
            said += " "
        return cls(said, starts, ends)


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What is told of oneself, as a clause, by itself, on the net; what ends it, goes before or on."""

    told: re.Pattern[str]
    whole: re.Pattern[str]
    exact: re.Pattern[str]
    paper: re.Pattern[str]
    online: re.Pattern[str]
    link: re.Pattern[str]
    ends: re.Pattern[str]
    before: re.Pattern[str]
    more: re.Pattern[str]
    name: re.Pattern[str]
    beside: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    data = document(Path(__file__).parent / "data" / "traces.yaml")
    # Of the folded words a capital is kept: what begins with one may be a name.
    words = {part: data[part] for part in ("me", "kin", "trade", "where", "post", "look")}
    words["name"] = rf"(?:(?-i:[A-Z])\w*|{data['surnames']} \w+)"
    parts = ("told", "whole", "exact", "paper", "online", "more")
    goes_on = "(?:bi|o|di|nen|thi|moi|sinh|mat) "
    words["full"] = rf"(?:(?-i:[A-Z])\w* (?-i:[A-Z])|{data['surnames']} \w|{words['name']} {goes_on})"
    told, whole, exact, paper, online, more = (
        "|".join(one.format(**words) for one in data[part]) for part in parts
    )
    not_in_a_name = "".join(rf"(?<!\b{name} )" for name in data["surnames"].strip("()").split("|"))
    return _Patterns(
        re.compile(rf"(?<!\S)(?:{told})(?!\S)", re.IGNORECASE),
        re.compile(rf"(?:{whole})", re.IGNORECASE),
        re.compile(rf"(?<!\S)(?:{exact})(?!\S)", re.IGNORECASE),
        re.compile(rf"(?<!\S)(?:{paper})(?!\S)", re.IGNORECASE),
        re.compile(rf"(?<!\S)(?:{online})(?!\S)", re.IGNORECASE),
        re.compile(data["link"], re.IGNORECASE),
        re.compile(rf"(?<!\S){not_in_a_name}{data['ends']}(?!\S)"),
        re.compile(rf"(?:(?<!\S){data['before'].format(**words)}\s)+$", re.IGNORECASE),
        re.compile(rf"(?:{more})(?!\S)", re.IGNORECASE),
        re.compile(rf"(?:nha )?{data['surnames']} \w+", re.IGNORECASE),
        re.compile("|".join(one.format(**words) for one in data["beside"]), re.IGNORECASE),
    )


def _kin(text: str, words: _Folded) -> list[tuple[int, int]]:
    """Return where kin, house, work, school, birth or land are told."""
    told = _clauses(text, words, _patterns().told)
    return [*told, *_whole_clauses(text), *_exactly(words, _patterns().exact)]


def _whole_clauses(text: str) -> list[tuple[int, int]]:
    """Return the clauses that say this and nothing else: “nhà màu xanh đầu xóm Đình”."""
    found, at = list[tuple[int, int]](), 0
    for stop in _CLAUSE_END.finditer(text):
        clause = text[at : stop.start()]
        if _patterns().whole.fullmatch(_Folded.of(clause).said.rstrip()):
            found.append((at, stop.start()))
        at = stop.end()
    return found


def _codes(text: str) -> list[tuple[int, int]]:
    """Return where codes of cases stand: each opens, for who serves here, the case that names its sender."""
    hits = [(hit.start(1), hit.end(1)) for hit in _CODE.finditer(text) if codes.parse(hit[1]) is not None]
    return [*hits, *(hit.span() for hit in _LIKE_A_CODE.finditer(text))]


def _online(text: str, words: _Folded) -> list[tuple[int, int]]:
    """Return where it stands under which name they are found on the net."""
    links = (link.span() for link in _patterns().link.finditer(text))
    return [*links, *_clauses(text, words, _patterns().online)]


def _clauses(text: str, words: _Folded, told: re.Pattern[str]) -> list[tuple[int, int]]:
    """Return where this is told, each with its clause to the end."""
    said, starts, found = words.said, words.starts, list[tuple[int, int]]()
    for hit in told.finditer(said):
        anywhere = hit.groupdict().get("opens") is None
        part = next((name for name, value in hit.groupdict().items() if value), 0)
        begins, last = hit.start(part), max(at for place, at in starts.items() if place < hit.end())
        stop = _CLAUSE_END.search(text, last)
        word = _patterns().ends.search(said, hit.end())
        end = min(stop.start() if stop else len(text), starts[word.start()] if word else len(text))
        if begins in starts and (anywhere or _BEGINS.search(text[: starts[begins]])):
            found.append((starts[begins], end))
    return found


def _exactly(words: _Folded, told: re.Pattern[str]) -> list[tuple[int, int]]:
    """Return where something is told that ends with its own words."""
    spans = ((hit.start(hit.lastgroup or 0), hit.end()) for hit in told.finditer(words.said))
    return [
        (words.starts[start], words.ends[end])
        for start, end in spans
        if start in words.starts and end in words.ends
    ]


def _goes_on(text: str, at: int) -> tuple[int, int] | None:
    """Return the clauses that go on with what was told of oneself: “…, làm thợ hồ, nhà cạnh chợ”."""
    end = at
    while (gap := _GAP.match(text, end)) is not None:
        stop = _CLAUSE_END.search(text, gap.end())
        clause = text[gap.end() : stop.start() if stop else len(text)]
        if len(clause.split()) > _FEW or not _patterns().more.match(_Folded.of(clause).said.rstrip()):
            break
        end = gap.end() + len(clause)
    return (at, end) if end > at else None


def _with_label(text: str, start: int, end: int) -> tuple[int, int]:
    """Let the words that only announce a number go with it: “số máy của tôi là …”."""
    words = _Folded.of(text[:start].rstrip(" :"))
    label = _patterns().before.search(words.said)
    kindly = _KINDLY.match(text, end)
    begins = words.starts.get(label.start(), start) if label else start
    return begins, kindly.end() if kindly else end


def _tidy(text: str) -> str:
    """Take away the signs and spaces that nothing is left between."""
    lines = (
        re.sub(r"[^\S\n]+", " ", _ROW.sub(r"\1", _LOOSE.sub("", line))).strip(" ,;:-–").lstrip(".!? ")
        for line in text.split("\n")
    )
    return "\n".join(line for line in lines if line)
