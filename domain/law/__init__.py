"""The documents of law and policy a desk starts with, and how any version of them is read.

The packaged files are the seed. At run time the same documents are rows that an admin edits, so they reach
the rules as plain dicts that may have been through JSON: a date may be a string, a year may be a string.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from domain.packaged import document

NAMES = ("holidays", "deadlines", "taxonomy", "office", "templates", "words", "sources")


class BadDocument(ValueError):
    """A document of law or policy does not have the shape its rules need; the message says which and why."""


def seed(name: str) -> dict[str, Any]:
    """Read a packaged document by name, one of NAMES (dates are date objects)."""
    if name not in NAMES:
        raise KeyError(name)
    return deepcopy(_packaged(name))


@cache
def _packaged(name: str) -> dict[str, Any]:
    packaged: dict[str, Any] = document(Path(__file__).parent / f"{name}.yaml")
    return packaged


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn any misfit met while a document is parsed into one BadDocument that names the document."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as misfit:
        raise BadDocument(f"{name}: {type(misfit).__name__}: {misfit}") from misfit


def as_day(value: date | str) -> date:
    """Read a date that is a date object or an ISO string."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(value)
