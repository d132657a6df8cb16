"""What somebody wants of the desk itself, in their own words: to stay unnamed, to withdraw, to be heard."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from domain import numbers
from domain.packaged import document
from domain.understand.fold import clean, exact, tokens

Answer = Literal["yes", "no", "leave"]
"""What a few words mean at a question that takes them: yes, no or wrong, and to leave it as it is."""

_LONGEST = 12
"""Words of what only says what is wanted."""
_CLAUSE = re.compile(r"[.,;:!?\n()“”\"]+")
_LOOSE_END = re.compile(r"^[\s.,;:!?]+|[\s,;:]+$")


@dataclass(frozen=True, slots=True)
class Unnamed:
    """Somebody wants to stay unnamed; `rest` is what they tell besides."""

    rest: str


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = document(Path(__file__).parent / "data" / "wishes.yaml")
    return data


_SHARED = ("case", "after", "before", "oneself", "office", "moment")


def _filled(pattern: str) -> str:
    """Write out the words that many patterns share."""
    data = _data()
    parts = {"me": data["me"], "want": data["want"]}
    parts |= {
        name: data[name].format(**parts)
        for name in ("case", "after", "before", "oneself", "office", "moment")
    }
    return pattern.format(**parts)


def _either(patterns: list[str]) -> str:
    return "|".join(_filled(pattern) for pattern in patterns)


@cache
def _whole(*path: str | int) -> re.Pattern[str]:
    """Compile a list of patterns that the whole of a message must fit, with the words of courtesy."""
    listed: Any = _data()
    for name in path:
        listed = listed[name]
    return re.compile(_filled("(?:{before} )*") + f"(?:{_either(listed)})" + _filled("(?: {after})*"))


@lru_cache(maxsize=16)
def _words(text: str) -> str:
    return " ".join(token.fold for token in tokens(text))


@lru_cache(maxsize=16)
def read(text: str) -> str:
    """Return what a message that says nothing else wants: a name of `whole`; empty where it wants nothing."""
    said = _short(text)
    return next((name for name in _data()["whole"] if said and _whole("whole", name).fullmatch(said)), "")


def at_review(text: str) -> Literal["more", "edit", "stay", ""]:
    """Return what a few words want at a draft that is shown: to add, to change, or nothing; else empty."""
    names: tuple[Literal["more", "edit", "stay"], ...] = ("more", "edit", "stay")
    said = _short(text)
    return next((name for name in names if said and _whole("at_review", name).fullmatch(said)), "")


def unknown(text: str) -> bool:
    """Say whether a few words say that somebody does not know."""
    said = _short(text)
    return bool(said) and _whole("unknown").fullmatch(said) is not None


def mark(text: str) -> int:
    """Return the mark of an answer that a message gives and nothing else; 0 where it gives none."""
    said = _short(text)
    found = (number for number in _data()["marks"] if said and _whole("marks", number).fullmatch(said))
    return next(found, 0)


@lru_cache(maxsize=16)
def answer(text: str) -> Answer | None:
    """Return what a few words mean as the answer to a question of yes and no; “nổ” and “nó” are no “no”."""
    if any(token.fold == "no" and not token.bare for token in tokens(text)):
        return None
    said = _short(text)
    names: tuple[Answer, ...] = ("yes", "no", "leave")
    return next((name for name in names if said and _whole(f"says_{name}").fullmatch(said)), None)


def disputes(text: str) -> bool:
    """Say whether somebody begins by saying that what they were answered is not true."""
    return _begins("untrue", "disputes").match(_words(text)) is not None


def past_untrue(text: str) -> str:
    """Return what somebody tells besides, who begins by saying that an answer is untrue; all of others'.

    So they do by saying, in a clause of its own, that nobody came.
    """
    whole = clean(text)
    hit = _begins("untrue").match(_words(whole))
    if hit is not None:
        told = tokens(whole)[len(hit[0].split()) :]
        return whole[told[0].start :] if told else ""
    first = _CLAUSE.search(whole)
    if first is not None and _begins("nobody").fullmatch(_words(whole[: first.start()])):
        return whole[first.end() :].strip()
    return text


@cache
def _begins(*lists: str) -> re.Pattern[str]:
    """Compile what a message may begin with, behind words of courtesy."""
    told = [pattern for name in lists for pattern in _data()[name]]
    return re.compile(f"(?:{_filled('(?:{before} )*')})(?:{_either(told)})(?!\\S)")


_SPELLED = (("đừng", "khong"), ("đúng", "phai"))


@lru_cache(maxsize=16)
def unsent(text: str) -> bool:
    """Say whether somebody does not want sent what they told: never take such words for a yes."""
    said = unicodedata.normalize("NFC", text).casefold()
    for spelled, plain in _SPELLED:
        said = said.replace(spelled, plain)
    said = _short(said)
    sends = _whole("not_unsent").fullmatch(said) is not None
    return bool(said) and not sends and _whole("unsent").fullmatch(said) is not None


@lru_cache(maxsize=16)
def drops(text: str) -> bool:
    """Say whether a message says nothing but that it is not wanted any more, whatever it was.

    “Khói” and “bố” are other words; without its marks a word alone may be one of them.
    """
    said, right = _short(text), _data()["spelled"]
    found = tokens(text) if said else []
    others = any(not one.bare and one.fold in right and one.key != exact(right[one.fold]) for one in found)
    unsure = len(found) == 1 and found[0].bare
    return bool(found) and not others and not unsure and _whole("drops").fullmatch(said) is not None


@lru_cache(maxsize=16)
def lets_be(text: str) -> bool:
    """Say whether a message says that it is not wanted any more, and besides only that it is over.

    The wish comes first; behind the reason only where it is one to withdraw.
    """
    parts, (wish, last, beside) = _parts(text), _letting_be()
    if len(parts) < 2:
        return False
    first, *rest = parts if wish.fullmatch(parts[0]) else reversed(parts)
    wanted = wish if first is parts[0] else last
    return wanted.fullmatch(first) is not None and all(
        beside.fullmatch(one) or last.fullmatch(one) for one in rest
    )


@cache
def _letting_be() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    data, before, after = _data(), _filled("(?:{before} )*"), _filled("(?: {after})*")
    last = [*data["drops"], *data["whole"]["withdraw"]]
    told = ([*data["let_be"]["wish"], *last], last, data["let_be"]["beside"])
    wish, last_, beside = (re.compile(f"{before}(?:{_either(one)}){after}") for one in told)
    return wish, last_, beside


_JOINS = re.compile(r"(?<!\S)(?:vi|nen|because)(?!\S)")


def _parts(text: str) -> list[str]:
    """Return the words of each clause, and of what gives its reason by itself: “rút đơn vì xã sửa rồi”."""
    clauses = (_words(part) for part in _CLAUSE.split(clean(text)))
    return [part.strip() for clause in clauses for part in _JOINS.split(clause) if part.strip()]


def corrects(text: str) -> bool:
    """Say whether somebody begins by saying that something they wrote was not right."""
    return _correcting().match(_words(text)) is not None


@cache
def _correcting() -> re.Pattern[str]:
    return re.compile(_filled("(?:{before} )*(?:") + _filled(_data()["corrects"]) + ")")


def likes(text: str) -> bool:
    """Say whether a message is nothing but signs that mean well: a thumb, a heart."""
    said = "".join(text.split()).translate(_DRESS)
    return bool(said) and set(said) <= _WELL


def without_signs(text: str) -> str:
    """Return the words of a message without the thumbs and hearts behind them: “ok 👍”."""
    return text.translate(_DRESS).rstrip("".join(_WELL - {"!", "."}) + " ") if text else text


_WELL = frozenset("👍👌🙏❤♥💖💗💓💕💜💙💚💛🧡😍🥰😘😊🙂😀😃😄😁😆☺😇🤗👏🤝💪✌🌹🌸💐🎉✅💯🫶!.")
_DRESS = dict.fromkeys([0xFE0F, 0x200D, *range(0x1F3FB, 0x1F400)])
"""What only changes how a sign looks: its colour of skin, say."""


def forced(text: str) -> bool:
    """Say whether somebody who withdraws tells that they are made to: pressed, threatened, afraid."""
    said, (anywhere, denied) = f"{_words(text)} ", _forced()
    return any(not denied.search(said[: hit.start()]) for hit in anywhere.finditer(said))


@cache
def _forced() -> tuple[re.Pattern[str], re.Pattern[str]]:
    told = _data()["forced"]
    return re.compile(rf"(?<!\S)(?:{_either(told['anywhere'])})(?!\w)"), re.compile(_filled(told["not"]))


@lru_cache(maxsize=16)
def coerced(text: str) -> bool:
    """Say whether one message both withdraws and tells that its sender is made to, in whichever order."""
    clause, opening = _giving_up()
    wanted = any(map(clause.fullmatch, _parts(text)))
    return (wanted or opening.match(_words(text)) is not None) and forced(text)


@cache
def _giving_up() -> tuple[re.Pattern[str], re.Pattern[str]]:
    data, before = _data(), _filled("(?:{before} )*")
    told = [*data["whole"]["withdraw"], *data["drops"], *data["forced"]["wish"]]
    clause = re.compile(f"{before}(?:{_either(told)})" + _filled("(?: {after})*"))
    return clause, re.compile(rf"{before}(?:{_either(data['forced']['opening'])})(?!\S)")


def to_be_called(text: str) -> str:
    """Return the number at which somebody asks to be called; nothing where they do not."""
    number = numbers.phone(text)
    said = _words(numbers.mask(text, " ")) if number is not None else ""
    return number if number and _calling("anywhere").search(said) else ""


def only_to_be_called(text: str) -> str:
    """Return the same where a message asks for that and tells nothing else."""
    number = numbers.phone(text)
    said = _short(numbers.mask(text, " ")) if number is not None else ""
    return number if number and _calling("whole").fullmatch(said) else ""


@cache
def _calling(part: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{_filled(_data()['called'][part])})(?!\S)")


def _short(text: str) -> str:
    """Return the folded words of a short message; nothing of a longer one."""
    return _words(text) if len(text.split()) <= _LONGEST else ""


# --- to stay unnamed -----------------------------------------------------------------------------


@lru_cache(maxsize=16)
def unnamed(text: str) -> Unnamed | None:
    """Find the wish to stay unnamed, and what is told besides it; None where there is no such wish."""
    whole = clean(text)
    spans = [(at + begin, at + end) for at, said in _clauses(whole) for begin, end in _hidden(said)]
    if not spans:
        return None
    rest = whole
    for start, end in reversed(spans):
        rest = f"{rest[:start]} {rest[end:]}"
    rest = _LOOSE_END.sub("", re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r"[^\S\n]+", " ", rest)))
    return Unnamed("" if _sends().fullmatch(_short(rest)) else rest)


@cache
def _sends() -> re.Pattern[str]:
    """Compile what only says that it is to be sent: it is no part of a story."""
    return re.compile(_filled("(?:{before} )*" + _data()["unnamed"]["sends"]))


def _clauses(text: str) -> Iterator[tuple[int, str]]:
    """Yield each clause and where it begins."""
    at = 0
    for stop in [*_CLAUSE.finditer(text), None]:
        yield at, text[at : stop.start() if stop else len(text)]
        at = stop.end() if stop else at


def _hidden(clause: str) -> Iterator[tuple[int, int]]:
    """Yield where a clause says it, with the courtesy around it and the words that only join it."""
    said, words = "", tokens(clause)
    starts = {}
    for word in words:
        starts[len(said)] = word.start
        said += f"{word.fold} "
    anywhere, opening, whole, denied, joined = _wish_patterns()
    hit = whole.search(said) or anywhere.search(said) or opening.match(said)
    if hit is None or denied.search(said[: hit.start()]):
        return
    start = hit.start() + len(hit["joins"] or "") if hit.re is whole else hit.start()
    before = joined.search(said[:start])
    last = max(at for at in starts if at < hit.end())
    end = next(word.end for word in words if word.start == starts[last])
    yield starts[before.start() if before else start], end


_Patterns = tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]


@cache
def _wish_patterns() -> _Patterns:
    wish = _data()["unnamed"]
    after = _filled("(?: {after}){{0,6}}(?!\\S)")
    around = {name: _filled(wish[name]) for name in ("joins", "sends", "pleads", "loose", "reason")}
    parts = {"me": _data()["me"], **around}
    whole = "|".join(one.format(**parts) for one in wish["clause"])
    joins, sends = around["joins"], around["sends"]
    return (
        re.compile(rf"(?<!\S)(?:{_either(wish['anywhere'])})(?!\S){after}"),
        re.compile(_filled("(?:{before} )*") + f"(?:{_either(wish['opening'])})(?!\\S){after}"),
        re.compile(rf"(?P<joins>^(?:{sends} )?|(?<!\S){joins} )(?:{whole})(?!\S){after} ?{around['reason']}"),
        re.compile(wish["not"]),
        re.compile(rf"(?:^{sends} )?(?:(?<!\S)(?:{joins}|xin|mong|nho|lam on) )+$"),
    )
