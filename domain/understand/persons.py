"""Whether a text names a person or a house: then it is nobody else's to read."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from domain import numbers
from domain.packaged import document
from domain.understand.fold import Token, clean, exact, fold, tokens

_PLATE = re.compile(r"\b\d{2}[ -]?[A-ZĐ]{1,2}\d?[ -.]*\d{3}[ .]?\d{2}\b", re.IGNORECASE)
_PARCEL = re.compile(
    r"\b(?:th[ửu]a|t[ờo](?: b[ảa]n [đd][ồo])?|s[ổo] [đd][ỏo]|s[ốo])\s*(?:s[ốo]\s*)?\d+", re.IGNORECASE
)
_SPELLED = re.compile(r"(?<!\w)(?:[A-ZĐ]\.){2,}")
"""“N.V.T.”"""


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = document(Path(__file__).parent / "data" / "persons.yaml")
    return data


@cache
def _phrases(name: str, *, bare: bool = False) -> tuple[tuple[str, ...], ...]:
    listed = _data()["bare"][name] if bare else _data()[name]
    spell = fold if bare else exact
    return tuple(tuple(spell(word) for word in str(phrase).split()) for phrase in listed)


@cache
def listed(part: str, name: str) -> frozenset[str]:
    """Return the keys of the words of a list."""
    return frozenset(exact(word) for phrase in _data()[part][name] for word in str(phrase).split())


def names_somebody(text: str, places: Collection[str] = ()) -> bool:
    """Say whether a text names a person, a house, a business, or a number of theirs, or tells of an illness.

    `places` are the folded words of places' names. When in doubt it does.
    """
    surely, strange = _read(text)
    return surely or any(word not in places for word in strange)


@lru_cache(maxsize=64)  # what neighbours told is looked at anew with every neighbour, in whatever commune
def _read(text: str) -> tuple[bool, tuple[str, ...]]:
    """Return whether a text names somebody wherever it is told, and the folded words that may do so."""
    said = tokens(text)
    if _tells_surely(text, said):
        return True, ()
    return False, () if clean(text).isupper() else tuple(strange_names(text, said))


def _tells_surely(text: str, said: Sequence[Token]) -> bool:
    if numbers.find(text) or _PLATE.search(text) or _PARCEL.search(text) or _SPELLED.search(text):
        return True
    keys = [word.key for word in said]
    if _has(keys, _phrases("houses")) or _has(keys, _phrases("health")) or _titled(said):
        return True
    bare = all(word.bare for word in said)
    folded = [word.fold for word in said]
    return bare and (_has(folded, _phrases("houses", bare=True)) or _named_bare(folded))


def tells_of_health(text: str) -> bool:
    """Say whether a text tells of an illness, spelled out or not."""
    said = tokens(text)
    exactly = _has([word.key for word in said], _phrases("health"))
    bare = tuple(tuple(map(fold, phrase.split())) for phrase in _data()["health"] if " " in phrase)
    return exactly or _has([word.fold for word in said], bare)


def strange_names(text: str, said: Sequence[Token]) -> Iterator[str]:
    """Yield the words with a capital, folded, that begin no sentence and are no kind of place.

    What stands behind a word for a place (“cầu Chui”) is a place.
    """
    whole, place = clean(text), False
    kinds = {phrase[-1] for phrase in _phrases("places")}
    for at, word in enumerate(said):
        gap = whole[said[at - 1].end : word.start] if at else "."
        begins = re.search(r"[.!?:;\n“\"(…]", gap) is not None
        capital = word.raw[:1].isupper()
        behind_place = bool(at) and not begins and (said[at - 1].key in kinds or (place and capital))
        place = behind_place and capital
        known = word.raw.isupper() or word.key in kinds
        if capital and not begins and not behind_place and not known:
            yield word.fold


def _titled(said: Sequence[Token]) -> bool:
    """Say whether a title with its diacritics is followed by what it may name."""
    spared = {exact(title): set(map(exact, names)) for title, names in _data()["not_titles"].items()}
    titles = {phrase[0] for phrase in _phrases("titles")}
    for at, word in enumerate(said):
        if word.key in titles and not word.bare:
            following = said[at + 1].key if at + 1 < len(said) else ""
            if following and following not in spared.get(word.key, set()):
                return True
        if word.key in titles and word.bare and at + 1 < len(said) and _is_name(said[at + 1]):
            return True
    return False


def _is_name(word: Token) -> bool:
    return word.raw[:1].isupper() or (word.fold,) in _phrases("names", bare=True)


def _named_bare(folded: Sequence[str]) -> bool:
    titles = {phrase[0] for phrase in _phrases("titles", bare=True)}
    names = {phrase[0] for phrase in _phrases("names", bare=True)}
    return any(title in titles and name in names and title != name for title, name in pairwise(folded))


def _has(said: Sequence[str], phrases: Collection[tuple[str, ...]]) -> bool:
    return any(
        tuple(said[at : at + len(phrase)]) == phrase
        for phrase in phrases
        for at, word in enumerate(said)
        if word == phrase[0]
    )
