"""Sentences of an earlier answer that belong to nobody: only what is known word by word is given again."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from functools import cache

from domain import codes, numbers
from domain.understand.fold import exact, fold, tokens
from domain.understand.persons import listed, names_somebody, tells_of_health
from domain.understand.vocabulary import common_words

_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n+")
_LINK = re.compile(r"https?:|www\.|@|[\w-]+\.(?:com|vn|net|org)\b", re.IGNORECASE)
_DIGITS = re.compile(r"(?<!\[)\d[\d.,/:-]*\d|\d")
_SURE_SURNAMES = frozenset(map(exact, ("nguyễn", "huỳnh", "nguyen", "huynh")))
_MIDDLE = frozenset(map(exact, ("văn", "thị")))


def impersonal(text: str, known: Collection[str], opened: Callable[[str], str]) -> str:
    """Return the sentences of a text that name nobody, in order, each with what is `opened` left blank.

    A sentence with a name, a title, a number of somebody's, a plate, a parcel, an address or an illness is
    left out whole, and so is one with a word that nobody else has used: it may be a name. `known` are the
    keys of words known besides.
    """
    seen = "".join(sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign) != "Cf")
    said = [one for one in map(str.strip, _SENTENCE.split(seen)) if one and not _has_numbers(one)]
    return " ".join(blank for one in said if is_impersonal(blank := opened(one), known))


def _has_numbers(sentence: str) -> bool:
    return bool(numbers.find(sentence) or _LINK.search(sentence) or codes.find(sentence))


def is_impersonal(sentence: str, known: Collection[str]) -> bool:
    """Say whether a sentence can be anybody's answer."""
    if tells_of_health(sentence) or names_somebody(sentence, _places(known)):
        return False
    return not any(True for _ in _strange(sentence, known))


def without_digits(text: str, blank: str) -> str:
    """Leave open what numbers are still in a text."""
    return _DIGITS.sub(f"[{blank}]", text)


def words_of(texts: Collection[str]) -> frozenset[str]:
    """Return the keys of the words of texts."""
    return frozenset(word.key for text in texts for word in tokens(text))


def _places(known: Collection[str]) -> frozenset[str]:
    return frozenset(map(fold, known))


def _strange(sentence: str, known: Collection[str]) -> Iterator[str]:
    """Yield words that nobody else has used, capitals of no known name, and names in small letters."""
    said, usual = tokens(sentence), common_words() | set(known)
    starters, capitals = listed("sentences", "starters"), listed("sentences", "capitals")
    bodies = listed("sentences", "names_of_bodies")
    for at, word in enumerate(said):
        if word.raw.isdigit():
            continue
        capital = word.raw[:1].isupper()
        if at == 0:
            fine = word.key in starters | capitals
        elif capital and word.raw.isupper():
            fine = word.key in capitals
        elif capital:
            fine = word.key in bodies or word.key in known
        else:
            fine = word.key in usual
        after = said[at + 1].key if at + 1 < len(said) else ""
        if not fine or word.key in _SURE_SURNAMES or (word.key in _surnames() and after in _MIDDLE):
            yield word.raw


@cache
def _surnames() -> frozenset[str]:
    named = "trần|lê|phạm|hoàng|phan|vũ|võ|đặng|bùi|đỗ|hồ|ngô|lò|giàng"
    return frozenset(map(exact, named.split("|")))
