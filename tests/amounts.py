"""How much is tried of what could go on for ever: little in `make test`, many times that in `make storm`."""

import pytest

_times = 1


def configure(config: pytest.Config) -> None:
    """Take over how many times as much is tried (`--storm`)."""
    global _times  # noqa: PLW0603 - told once, before any test is read
    _times = config.getoption("--storm")


def times(usual: int) -> int:
    """Return how much is to be tried now."""
    return usual * _times
