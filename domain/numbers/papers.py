"""Numbers with letters in them: cards of health insurance, passports, accounts of old."""

import re
from collections.abc import Iterator

from domain.numbers.kinds import Found, Kind, apart
from domain.numbers.reading import listed, named
from domain.numbers.rows import HIDDEN

_GAP = rf"[ .\-{HIDDEN}]"
_CARD = re.compile(
    rf"(?<![^\W_])(?P<holder>[A-Z]{{2}}){_GAP}{{0,2}}(?P<row>\d(?:{_GAP}{{0,2}}\d){{12}})(?![^\W_])",
    re.IGNORECASE,
)
_PASSPORT = re.compile(
    rf"(?<![^\W_])(?P<head>[A-Z]{{1,2}})(?P<gap>{_GAP}?)(?P<row>\d(?:{_GAP}?\d){{5,8}})(?![^\W_])",
    re.IGNORECASE,
)
_BARE_PASSPORT = re.compile(r"(?<![^\W_])[BCNPK]\d{7,8}(?![^\W_])")
_ACCOUNT = re.compile(r"(?<![^\W_])\d{3}[ .\-]?[A-Z](?:[ .\-]?\d){8}(?![^\W_])", re.IGNORECASE)
_BEFORE = 64
"""Signs before a number that are looked at."""


def papers(said: str) -> list[Found]:
    """Return every such number of a plain text, in order."""
    return apart([*_cards(said), *_accounts(said), *_passports(said)])


def _cards(said: str) -> Iterator[Found]:
    """Yield cards: two letters for who holds it, the part that is paid, a province, ten digits."""
    for hit in _CARD.finditer(said):
        known = hit["holder"].upper() in listed("health", "holders") and hit["row"][0] in "12345"
        account = named(hit["holder"]) == Kind.ACCOUNT  # “TK 3900…”
        if (known and not account) or _called(said, hit) == Kind.HEALTH:
            yield Found(Kind.HEALTH, hit.start(), hit.end(), _value(hit[0]))


def _accounts(said: str) -> Iterator[Found]:
    """Yield accounts with a letter among their digits, as one bank's once were."""
    for hit in _ACCOUNT.finditer(said):
        if _called(said, hit) == Kind.ACCOUNT:
            yield Found(Kind.ACCOUNT, hit.start(), hit.end(), _value(hit[0]))


def _passports(said: str) -> Iterator[Found]:
    """Yield passports: any letters where words say so, else a capital that this country's begin with."""
    for hit in _BARE_PASSPORT.finditer(said):
        yield Found(Kind.PASSPORT, hit.start(), hit.end(), hit[0])
    for hit in _PASSPORT.finditer(said):
        if _called(said, hit) == Kind.PASSPORT:
            yield Found(Kind.PASSPORT, hit.start(), hit.end(), _value(hit[0]))


def _called(said: str, hit: re.Match[str]) -> str:
    return named(said[max(0, hit.start() - _BEFORE) : hit.start()])


def _value(said: str) -> str:
    return re.sub(r"[\W_]", "", said).upper()
