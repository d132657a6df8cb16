"""Every word the desk says, by key and language. Vietnamese is the original; every language is complete.

A key names a table of the language's files (`report.place`); facts are filled in by name, as in
`Mã: {code}`. What a fact holds is shown as it is: no markup exists to be escaped. A language that counts in
one and many names both: `{count:file/files}` is “1 file”, “2 files”.
"""

import hashlib
import re
import string
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time

LANGUAGES = ("vi", "en")
Words = Callable[..., str]


class _Counting(string.Formatter):
    """Fills in facts; a format of two words, `one/many`, follows the number it is for."""

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - a fact is whatever is said
        one, slash, many = format_spec.partition("/")
        return f"{value} {one if str(value) == '1' else many}" if slash else format(value, format_spec)


FACTS = _Counting()
_IN_BRACKETS = "({unit})"
"""Where a unit named with its place would bring brackets of its own."""
_COUNTS = re.compile(r"\{\w+:[^}]*/")


class NoSuchWords(KeyError):
    """The language has no words under this key."""


@cache
def table(language: str) -> Mapping[str, str]:
    """Return a language's words, flattened to `dotted.key -> text`. Raises NoSuchWords."""
    files = sorted(Path(__file__).parent.glob(f"{language}*.toml"))
    if not files:
        raise NoSuchWords(language)
    flat: dict[str, str] = {}
    for file in files:
        _flatten("", tomllib.loads(file.read_text("utf-8")), flat)
    return flat


@cache
def heard(language: str) -> Mapping[str, Mapping[str, list[str]]]:
    """Return what people may type in a language: lists of phrases and patterns, by their kind and name."""
    return tomllib.loads((Path(__file__).parent / "heard" / f"{language}.toml").read_text("utf-8"))


def _flatten(prefix: str, value: Mapping[str, Any], into: dict[str, str]) -> None:
    for name, inner in value.items():
        if isinstance(inner, str):
            into[prefix + name] = inner
        else:
            _flatten(f"{prefix}{name}.", inner, into)


@cache
def words(language: str, to: str = "") -> Words:
    """Return the function that says things in a language: `say("report.place.text", name="...")`.

    `to`: whom it is said to, where some words have others for them: `common.left_official` for officials.
    """
    texts = table(language)
    counting = {key for key, text in texts.items() if _COUNTS.search(text)}
    bracketed = {key for key, text in texts.items() if _IN_BRACKETS in text}

    def say(key: str, /, **facts: object) -> str:
        key = f"{key}_{to}" if to and f"{key}_{to}" in texts else key
        try:
            text = texts[key]
        except KeyError:
            raise NoSuchWords(f"{language}: {key}") from None
        if key in bracketed:
            facts["unit"] = _without_brackets(str(facts["unit"]))
        # Few count; the others are filled in several times as quickly.
        return FACTS.format(text, **facts) if key in counting else text.format(**facts)

    return say


def _without_brackets(unit: str) -> str:
    """Write a unit with its place for where brackets are already: “Sở Xây dựng, tỉnh Mẫu”."""
    return unit.removesuffix(")").replace(" (", ", ") if unit.endswith(")") else unit


def version(language: str, key: str) -> str:
    """Return which words stand under a key now, as 16 hex digits: what somebody agreed to can be proved."""
    return hashlib.sha256(table(language)[key].encode()).hexdigest()[:16]


def has(language: str, key: str) -> bool:
    """Say whether the language has words under the key."""
    return key in table(language)


def day(language: str, on: date) -> str:
    """Write a day as people say it: “thứ Hai 30/11/2026”."""
    name = format_date(on, "EEEE", locale=language)
    if name.startswith("Thứ "):  # “thứ Hai” inside a sentence, but always “Chủ Nhật”
        name = "t" + name[1:]
    return f"{name} {on.day}/{on.month}/{on.year}"


def short_day(on: date) -> str:
    """Write a day briefly: “30/11”."""
    return f"{on.day}/{on.month}"


def clock(language: str, at: datetime) -> str:
    """Write the time of day of a local moment: “16:30”."""
    return format_time(at, "HH:mm", locale=language)
