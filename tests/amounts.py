"""How much is tried of what could go on for ever: little in `make test`, many times that in `make storm`."""

from collections import Counter
from pathlib import Path

import pytest

_times = _every = 1
_DESK = Path(__file__).parent / "conversations"
_GOLDENS = "test_goldens.py"
_seen: Counter[tuple[Path, str]] = Counter()


def configure(config: pytest.Config) -> None:
    """Take over how many times as much is tried (`--storm`), and how few sentences of a rule (`--every`)."""
    global _times, _every
    _times, _every = config.getoption("--storm"), config.getoption("--every")
    _seen.clear()


def is_wide(item: pytest.Item) -> bool:
    """Say whether a test plays one more sentence of a rule through the desk, asked of each in its turn."""
    if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
        return False
    if _DESK not in item.path.parents or item.path.name == _GOLDENS:
        return False
    rule = (item.path, item.originalname)
    _seen[rule] += 1
    return (_seen[rule] - 1) % _every > 0


def times(usual: int) -> int:
    """Return how much is to be tried now."""
    return usual * _times
