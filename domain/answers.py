"""What makes an answer one: it says something. Templates with blanks, and answers that may be given again."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from domain.impersonal import impersonal, without_digits, words_of
from domain.law import reading
from domain.understand.fold import Token, exact, fold, tokens

DEED, GROUND, TIME = "deed", "ground", "time"
"""What an answer may say: what was done or will be, on what ground, or when."""
_SINGLE, _HOLLOW, _RECEIPT = "single", "hollow", "receipt"
_KINDS = {
    "deeds": DEED,
    "grounds": GROUND,
    "times": TIME,
    "hollow": _HOLLOW,
    "receipt": _RECEIPT,
}
_DONE, _MARKERS = fold("đã"), frozenset(fold(word) for word in ("đã", "sẽ", "đang", "vừa"))
_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n+")
_NUMBER_OF_DOCUMENT = re.compile(
    r"\b\d+\s?/\s?(?:\d{4}\s?/\s?)?[a-z]{2}|\b\d+-[a-z]{2,}/|\b(?:dieu|khoan|article) \d"
    r"|\b\d[\d.,]* ?(?:dong|nghin|ngan|trieu|ty|vnd)\b"  # a sum of money is looked up in some budget
)
_DATE = re.compile(
    r"\b(?:0?[1-9]|[12]\d|3[01])\s?/\s?(?:0?[1-9]|1[0-2])(?:\s?/\s?\d{2,4})?\b"
    r"|\b(?:ngay|mung|thang|nam|tuan|quy) (?:\d|[ivx]+\b)"
    r"|\b\d+ (?:phut|gio|ngay|tuan|thang|quy|nam|hours?|days?|weeks?|months?)\b"
    r"|\b\d{1,2} ?[hg](?:\d{2})?\b|\b\d{1,2}:\d{2}\b"
)
_OLD_DATE = re.compile(r"\b\d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?\d{4})?\b")
_CODE = re.compile(r"[a-z0-9_]{1,30}")
_CAPITALS = "A-Z" + "".join(chr(at) for at in range(0xC0, 0x1EFA) if chr(at).isupper())
_OLD_PLACE = re.compile(
    r"(?i:\b(?:thôn|xóm|ấp|bản|buôn|làng|khu phố|tổ dân phố|tổ)) "
    rf"(?:\d+\w?|[{_CAPITALS}]\w*(?: [{_CAPITALS}]\w*)*)"
)
_BLANK = re.compile(r"\[([^\[\]\n]{2,60})\]")


class Phrases:
    """Lists of phrases by what they say, found in a text wherever the longest of them fits first.

    In a text without a single diacritic a phrase is found by its bare letters. There a phrase of one syllable
    (“thay” may be “thấy”) counts only behind a word for past or future.
    """

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._exact: dict[tuple[str, ...], str] = {}
        self._bare: dict[tuple[str, ...], str] = {}
        for kind, phrases in lists.items():
            for phrase in phrases:
                words = phrase.split()
                bare_kind = _SINGLE if kind == DEED and len(words) == 1 else kind
                self._exact[tuple(map(exact, words))] = kind
                self._bare.setdefault(tuple(map(fold, words)), bare_kind)
        self._longest = max(map(len, self._exact), default=0)

    def label(self, words: Sequence[Token]) -> list[str]:
        """Return for each word what the phrase it belongs to says; empty where it belongs to none."""
        bare = all(word.bare for word in words)
        known = self._bare if bare else self._exact
        keys = [word.fold if bare else word.key for word in words]
        labels: list[str] = []
        while (at := len(labels)) < len(keys):
            sizes = range(min(self._longest, len(keys) - at), 0, -1)
            size = next((size for size in sizes if tuple(keys[at : at + size]) in known), 1)
            kind = known.get(tuple(keys[at : at + size]), "")
            if kind == _SINGLE:
                kind = DEED if at and keys[at - 1] in _MARKERS else ""
            labels += [kind] * size
        return labels


@dataclass(frozen=True)
class Template:
    """An answer to be filled in: every “[what to write]” is a blank. For these fields or topics, or for all.

    Its code is part of a button.
    """

    code: str
    name: str
    text: str
    fields: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()

    def fits(self, field: str, topic: str) -> bool:
        """Say whether it is offered for a case of this field and topic."""
        return field in self.fields or topic in self.topics or not (self.fields or self.topics)


def blanks(text: str) -> tuple[str, ...]:
    """Return what a text leaves open, in order, each once."""
    return tuple(dict.fromkeys(_BLANK.findall(text)))


def fill(text: str, blank: str, words: str) -> str:
    """Put words into every blank of this name."""
    return text.replace(f"[{blank}]", words)


@dataclass(frozen=True)
class Answering:
    """The rules of an answer, as the document `templates` holds them.

    `least` and `most` are letters. `approve` are kinds of case whose answers a chief approves. `again_days`,
    `again_mark`, `again_letters` and `again_most` say which answers are offered once more: so young, rated so
    well, so short, and so many.
    """

    least: int
    most: int
    approve: frozenset[str]
    templates: tuple[Template, ...]
    again_days: int
    again_mark: int
    again_letters: int
    again_most: int
    blank_date: str
    blank_place: str
    blank_number: str
    says: Phrases
    auxiliaries: frozenset[str]

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> Self:
        """Read the document (seed: `templates`); raise BadDocument on a misfit."""
        with reading("templates"):
            gate, again = document["gate"], document["again"]
            return cls(
                least=int(gate["letters"]["least"]),
                most=int(gate["letters"]["most"]),
                approve=frozenset(map(str, document["approve"]["kinds"])),
                templates=tuple(_templates(document["templates"])),
                again_days=int(again["days"]),
                again_mark=int(again["mark"]),
                again_letters=int(again["letters"]),
                again_most=int(again["most"]),
                blank_date=str(again["blank_date"]),
                blank_place=str(again["blank_place"]),
                blank_number=str(again.get("blank_number", "số mấy")),
                says=Phrases({kind: map(str, gate[name]) for name, kind in _KINDS.items()}),
                auxiliaries=frozenset(fold(word) for word in gate["auxiliaries"]),
            )

    def templates_for(self, field: str, topic: str) -> tuple[Template, ...]:
        """Return what is offered for a case: what was written for its field first, then for its topic."""
        fitting = [template for template in self.templates if template.fits(field, topic)]
        return tuple(sorted(fitting, key=lambda t: (field not in t.fields, topic not in t.topics)))

    # --- what an answer says ---------------------------------------------------------------------

    def said(self, text: str) -> frozenset[str]:
        """Return which of deed, ground and time a text holds; empty when it says nothing."""
        return frozenset(what for sentence in _SENTENCE.split(text) for what in self._said(sentence))

    def _said(self, sentence: str) -> Iterator[str]:
        words = tokens(sentence)
        labels = self.says.label(words)
        yield from {DEED, GROUND} & set(labels)
        if self._something_done(words, labels):
            yield DEED
        if _NUMBER_OF_DOCUMENT.search(fold(sentence)):
            yield GROUND
        if self._some_time(sentence, words, labels):
            yield TIME

    def _something_done(self, words: Sequence[Token], labels: Sequence[str]) -> bool:
        """Say whether “đã” is followed by anything but what only sounds like a deed."""
        for at, word in enumerate(words):
            if word.fold != _DONE or labels[at] or not (word.bare or word.key == exact("đã")):
                continue
            after = at + 1
            while after < len(words) and not labels[after] and words[after].fold in self.auxiliaries:
                after += 1
            if after < len(words) and not labels[after] and not words[after].raw.isdecimal():
                return True
        return False

    def _some_time(self, sentence: str, words: Sequence[Token], labels: Sequence[str]) -> bool:
        """Say whether a time is named, but not just the one at which the message came."""
        received = [word.end for word, label in zip(words, labels, strict=True) if label == _RECEIPT]
        start = sentence.find(",", received[-1]) if received else 0
        if start < 0:
            return False
        named = any(label == TIME and word.start >= start for word, label in zip(words, labels, strict=True))
        return named or bool(_DATE.search(fold(sentence[start:])))

    # --- an answer that was given before ---------------------------------------------------------

    def again(self, text: str, known: frozenset[str] = frozenset()) -> str | None:
        """Return what of an earlier answer may be given again; None where nothing of it says anything.

        Only sentences stay whose every word is known from templates, from `known` (other answers, names of
        places and units) or from what people commonly write, and that name nobody. Dates, places and all
        other numbers are left open: the officer fills them in.
        """
        kept = impersonal(text, known | self._words, self._opened)
        short = _whole_sentences(kept, self.again_letters)
        return without_digits(short, self.blank_number) if short and self.said(short) else None

    def _opened(self, sentence: str) -> str:
        dated = _OLD_DATE.sub(f"[{self.blank_date}]", sentence)
        return _OLD_PLACE.sub(f"[{self.blank_place}]", dated)

    @cached_property
    def _words(self) -> frozenset[str]:
        return words_of([template.text for template in self.templates])


def _templates(rows: Iterable[Mapping[str, Any]]) -> Iterator[Template]:
    for row in rows:
        if not _CODE.fullmatch(row["code"]):
            raise ValueError(f"{row['code']!r} is no code: small letters, digits and _, at most 30")
        yield Template(
            code=row["code"],
            name=str(row["name"]),
            text=" ".join(str(row["text"]).split()),
            fields=tuple(map(str, row.get("fields", ()))),
            topics=tuple(map(str, row.get("topics", ()))),
        )


def _whole_sentences(text: str, most: int) -> str:
    """Return as many whole sentences from the beginning as have at most so many letters."""
    kept = ""
    for sentence in _SENTENCE.split(text.strip()):
        longer = f"{kept} {sentence}".strip()
        if len(longer) > most:
            break
        kept = longer
    return kept
