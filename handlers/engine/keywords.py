"""The words that can be typed at any moment, of every language, as its file in `locales/heard/` has them."""

import re
from collections.abc import Iterable

import locales
from domain.understand.fold import exact, fold


def _named(kind: str) -> dict[str, str]:
    """Return what each phrase begins, by its words without diacritics."""
    return {fold(phrase): name for name, phrases in _each(kind) for phrase in phrases}


def _each(kind: str) -> Iterable[tuple[str, list[str]]]:
    for language in locales.LANGUAGES:
        yield from locales.heard(language).get(kind, {}).items()


def _all(kind: str, name: str) -> list[str]:
    return [one for called, told in _each(kind) if called == name for one in told]


def phrases(name: str) -> list[str]:
    """Return all phrases of a list, as they are spelled and without their diacritics, the longest first."""
    spelled = dict.fromkeys(word for one in _all("phrases", name) for word in (one, fold(one)))
    return sorted(spelled, key=len, reverse=True)


def patterns(name: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of this name, one or more a language; a group holds what is said besides."""
    return tuple(re.compile(one) for one in _all("patterns", name))


def either(name: str) -> str:
    """Return a pattern that fits any phrase of a list."""
    return "|".join(map(re.escape, phrases(name)))


WORDS = _named("words")
VERBS = _named("verbs")
"""A verb stands before a code: “tl HB-7K3M2R9 đã thông cống”."""
SPELLED = {phrase: name for name, told in _each("spelled") for phrase in told}
"""What begins something only as it is spelled: “thôi”, for “thối” is typed alike without diacritics."""
KEYS = {
    fold(phrase): [exact(word) for word in phrase.split()]
    for _, told in _each("words")
    for phrase in told
    if not phrase.isascii()
}
"""The words of those with diacritics: one typed with some is a command only if it has these."""
