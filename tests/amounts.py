"""How much is tried of what could go on for ever: little in `make test`, many times that in `make storm`."""

from collections import defaultdict
from collections.abc import Iterable

import pytest

_FEW = 5
_ONE_IN = 20
"""Of a long table this part is tried besides the few."""

_times = 1
_whole = False


def configure(config: pytest.Config) -> None:
    """Take over how many times as much is tried (`--storm`), and whether some tests alone are asked for."""
    global _times, _whole  # noqa: PLW0603 - told once, before any test is read
    _times = config.getoption("--storm")
    _whole = _times > 1 or bool(config.option.keyword) or config.args != config.getini("testpaths")


def times(usual: int) -> int:
    """Return how much is to be tried now."""
    return usual * _times


def left_out(items: Iterable[pytest.Item]) -> set[pytest.Item]:
    """Return the rows of long tables that `make test` does not try, and mark all of these for `make storm`.

    It takes the rows evenly, of each database as many; whoever asks for one file or one name has them all.
    """
    tables = defaultdict(list)
    for item in items:
        if isinstance(item, pytest.Function) and hasattr(item, "callspec"):
            tables[item.nodeid.partition("[")[0], item.callspec.params.get("store")].append(item)
    out: set[pytest.Item] = set()
    for rows in tables.values():
        usual = _FEW + len(rows) // _ONE_IN
        if len(rows) > usual and rows[0].get_closest_marker("whole") is None:
            for row in rows:
                row.add_marker("storm")
            kept = {at * len(rows) // usual for at in range(usual)}
            out.update(row for at, row in enumerate(rows) if at not in kept)
    return set() if _whole else out


def is_long(item: pytest.Item) -> bool:
    """Tell whether a test is left to `make storm` alone, for it is long by nature."""
    return _times == 1 and item.get_closest_marker("long") is not None
