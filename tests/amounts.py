"""How much is tried of what could go on for ever: little in `make test`, many times that in `make storm`."""

from collections.abc import Sequence
from typing import TypeVar

import pytest

T = TypeVar("T")

_times = 1


def configure(config: pytest.Config) -> None:
    """Take over how many times as much is tried (`--storm`)."""
    global _times  # noqa: PLW0603 - told once, before any test is read
    _times = config.getoption("--storm")


def times(usual: int) -> int:
    """Return how much is to be tried now."""
    return usual * _times


def some(of: Sequence[T], usual: int) -> Sequence[T]:
    """Return so many of these, taken evenly; all of them where many times as much is tried."""
    step = max(1, len(of) // usual)
    return of if _times > 1 else of[::step]


def is_long(item: pytest.Item) -> bool:
    """Tell whether a test is left to `make storm` alone, for it is long by nature."""
    return _times == 1 and item.get_closest_marker("long") is not None
