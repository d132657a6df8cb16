"""What an official wants done, said as to a colleague: with a case's code anywhere in it, or without."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import zip_longest

from domain import codes
from domain.understand.fold import clean, exact, fold, tokens
from domain.understand.shapes import Shapes

_LONGEST = 200
"""Letters of the longest order; an answer to a citizen may be longer."""
_THIS = "việc này"
"""What a code stands for in a sentence."""
_WORD = re.compile(r"[^\W_]+")
_JOINT = re.compile(r"[ .\-–—]{1,3}")
_WITHOUT_PREFIX = 7
_TELL = "nhan"
"""“Nhắn” without its marks, as which “nhận” is typed too."""
_FEW = 2
"""Words that are no story yet."""
_DONE = re.compile(r"(?<![^\W_])(?:đã|ĐÃ|Đã)(?![^\W_])")
_COURTESY = re.compile(
    r"^[\s,]*(?:(?:dạ|vâng|da(?=\s+(?:em|e|anh|chi|chị|sep|sếp|thua|thưa|vang|toi|tôi|chau|cháu)\b))[\s,]*)+",
    re.IGNORECASE,
)
"""“Dạ” opens; without its mark it is also how “đã” is typed, but for before a person."""


@dataclass(frozen=True, slots=True)
class Order:
    """The verb or list that is meant, the case by its code or its words, and what else is said."""

    name: str
    code: str = ""
    of: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """What a hamlet is told, behind its name.

    `mild` where it may as well be said to who sent a case, `bare` where “nhắn” may as well be “nhận”.
    """

    text: str
    mild: bool = False
    bare: bool = False


_SHAPES = Shapes("orders")


@cache
def _inward() -> re.Pattern[str]:
    return re.compile("|".join(rf"(?:(?<!\S)|^)(?:{_SHAPES.filled(one)})(?!\S)" for one in _SHAPES["inward"]))


def verb(text: str, prefixes: tuple[str, ...]) -> Order | None:
    """Return what is to be done with a case; `prefixes` are what codes may begin with, those here first."""
    code, said = without_code(text, prefixes)
    every = _read("verbs", said) if len(text) <= _LONGEST else iter(())
    # Of a code it is known which case is meant: what is said besides is no name of it.
    found = next((order for order in every if not (code and order.of)), None)
    if found is None or (not code and found.name in _SHAPES["coded"]) or asks(found.name, text):
        return None
    return Order(found.name, code, found.of, found.text)


def asks(verb: str, text: str) -> bool:
    """Say whether words ask about what nobody can take back, and do not order it: “nhận việc này chưa?”."""
    if verb not in _SHAPES["final"]:
        return False
    spelled = _spelled()
    said = " ".join(
        token.fold if token.bare or spelled.get(token.fold, token.key) == token.key else token.raw
        for token in tokens(text)
    )
    return text.rstrip().endswith("?") or _SHAPES.pattern("asks").fullmatch(said) is not None


@cache
def _spelled() -> dict[str, str]:
    """Return the keys of words that ask only as they are spelled, by their letters: not “xóm Chùa”."""
    return {fold(word): exact(word) for word in _SHAPES["asking"]}


def elsewhere(text: str, prefixes: tuple[str, ...]) -> Iterator[Order]:
    """Yield what words may say of a case that belongs elsewhere: its code, and where, as it is called.

    Whether such a place is served is for others to say; nothing is said of where it may be empty. `sent` is
    an order to hand it there even if nobody serves it; of `transfer` that is open.
    """
    code, said = without_code(text, prefixes)
    if len(text) <= _LONGEST:
        for order in _read("elsewhere", said):
            yield Order(order.name, code, text=order.text)


def broadcast(text: str) -> Broadcast | None:
    """Return what words tell a hamlet, with its name still before the message; None for other words."""
    told = _COURTESY.sub("", clean(text))
    said = tokens(told)
    folded = " ".join(token.fold for token in said)
    for kind in ("plain", "mild"):
        if hit := _SHAPES.pattern("broadcast", kind).match(f"{folded} "):
            rest = said[len(hit[0].split()) :]
            first = next((token for token in said if token.fold == _TELL), None)
            if rest and (first is None or first.bare or first.key == exact("nhắn")):
                bare = first is not None and first.bare
                takes = bare and _SHAPES.pattern("broadcast", "nhan").fullmatch(folded)
                return Broadcast(told[rest[0].start :], mild=kind == "mild", bare=bool(takes))
    return None


def to_whom(kind: str, folded: str) -> int:
    """Return how many of the first words name nowhere, the whole commune, or lead to a message: `kind`."""
    hit = re.match(rf"(?:{_SHAPES.pattern('broadcast', kind).pattern})(?!\S)", folded)
    return len(hit[0].split()) if hit else 0


def joined(text: str, prefixes: tuple[str, ...]) -> tuple[str, str] | None:
    """Return two codes of which words say that they are one matter; None for other words."""
    first, rest = without_code(text, prefixes)
    second, rest = without_code(rest, prefixes) if first else ("", text)
    if not second or second == first or len(text) > _LONGEST or asks("join", text):
        return None
    said = " ".join(token.fold for token in tokens(rest))
    fits = _SHAPES.pattern("joins").search(said) and not _SHAPES.pattern("nojoin").search(said)
    return (first, second) if fits else None


def answered(text: str, prefixes: tuple[str, ...]) -> Order | None:
    """Return the answer that words hold besides saying of which case it is; None where they do not say so."""
    code, said = without_code(text, prefixes)
    head, colon, rest = said.partition(":")
    folded = " ".join(token.fold for token in tokens(head))
    if colon and rest.strip() and (hit := _SHAPES.pattern("answers", "head").fullmatch(folded)):
        return Order("tell", code, of=hit["of"] or "", text=rest.strip())
    words = tokens(said)
    hit = (
        _SHAPES.pattern("answers", "end").fullmatch(" ".join(token.fold for token in words)) if code else None
    )
    count = len(hit[1].split()) if hit else 0
    return Order("tell", code, text=clean(said)[: words[count - 1].end]) if count else None


def entered(text: str) -> str:
    """Return what an official enters for somebody: “nhập hộ bà Tư thôn 4: …”; empty for other words."""
    said = tokens(text)
    hit = _SHAPES.pattern("enters").match(" ".join(token.fold for token in said))
    rest = said[len(hit[0].split()) :] if hit else []
    return clean(text)[rest[0].start :] if len(rest) > _FEW else ""


def asks_who_goes(text: str) -> bool:
    """Say whether words ask who goes to an alarm, or call others there."""
    said = " ".join(token.fold for token in tokens(clean(text)))
    return len(text) <= _LONGEST and _SHAPES.pattern("whogoes").fullmatch(said) is not None


def as_ours(text: str, names: tuple[str, ...]) -> str:
    """Put “bên em” for one's own unit where words say that it is not its job, or leave something to it.

    `names` are folded words; the longest are tried first.
    """
    told = clean(text)
    said = tokens(told)
    folded = [token.fold for token in said]
    for name in sorted(map(str.split, names), key=len, reverse=True):
        for at in range(1, len(folded) - len(name) + 1):
            end = at + len(name)
            of_another = end < len(folded) and folded[end] in _SHAPES["others"]
            before = " ".join(folded[:at])
            if folded[at:end] == name and not of_another and _SHAPES.pattern("own").search(before):
                return f"{told[: said[at].start]}bên em{told[said[end - 1].end :]}"
    return text


def bare_name(text: str) -> str:
    """Return a name without what leads to it and how somebody is addressed: “cho anh Tuân”."""
    said = fold(text).strip(" .,!:")
    before, behind = _SHAPES.pattern("names", "before"), _SHAPES.pattern("names", "behind")
    return behind.sub("", before.sub("", said, count=1))


def is_unnamed(text: str) -> bool:
    """Say whether words only say that it is some other place: “phường khác”."""
    return _SHAPES.pattern("names", "unnamed").fullmatch(bare_name(text)) is not None


def without_way(name: str) -> str:
    """Return a bare name without which way it lies: “lên tỉnh”."""
    return _SHAPES.pattern("names", "way").sub("", name)


def level(name: str) -> str:
    """Return the kind of area of which a bare name is only that, `province` or `commune`; empty for none."""
    said = (name, without_way(name))
    return next((kind for kind in _LEVELS if any(map(_SHAPES.pattern("names", kind).fullmatch, said))), "")


_LEVELS = ("province", "commune")


def wanted(text: str) -> Iterator[str]:
    """Yield the lists and pages that are asked for; who may see which is for others to say."""
    if len(text) <= _LONGEST:
        yield from (order.name for order in _read("lists", text))


def inward(text: str) -> bool:
    """Say whether words are meant for colleagues, and not for a citizen."""
    return (
        _inward().search(" ".join(token.fold for token in tokens(_COURTESY.sub("", clean(text))))) is not None
    )


def code_in(text: str, prefixes: tuple[str, ...]) -> str:
    """Return the code that stands in a text, with or without its prefix; empty for none."""
    return without_code(text, prefixes)[0]


def _read(kind: str, text: str) -> Iterator[Order]:
    told = _COURTESY.sub("", clean(text))
    if kind != "lists" and _DONE.match(told):
        return  # what was done is how an answer begins
    said, starts, ends = "", dict[int, int](), dict[int, int]()
    for token in tokens(told):
        starts.setdefault(len(said), token.start)
        said += f"{token.fold} "
        ends[len(said) - 1] = token.end
    for name, shape in _SHAPES.readings(kind):
        if hit := shape.fullmatch(said.rstrip()):
            parts = {
                part: told[starts[hit.start(part)] : ends[hit.end(part)]]
                for part, value in hit.groupdict().items()
                if value and hit.start(part) in starts and hit.end(part) in ends
            }
            rest = parts.get("unit") or parts.get("rest") or parts.get("why") or ""
            yield Order(name, of=parts.get("of", ""), text=rest)


@lru_cache(maxsize=16)
def without_code(text: str, prefixes: tuple[str, ...]) -> tuple[str, str]:
    """Return the first code of a text, and the text with “việc này” where it stood."""
    words = list(_WORD.finditer(text))
    for word, following in zip_longest(words, words[1:]):
        code = codes.completed(word[0], prefixes) if _is_bare(word[0]) else codes.parse(word[0])
        end = word.end()
        if code is None and following is not None and _JOINT.fullmatch(text[end : following.start()]):
            end = following.end()
            code = codes.parse(text[word.start() : end])
        if code:
            return code, f"{text[: word.start()]} {_THIS} {text[end:]}"
    return "", text


def _is_bare(word: str) -> bool:
    return len(word) == _WITHOUT_PREFIX and not word.isalpha() and not word.isdigit()
