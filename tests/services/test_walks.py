"""To learn what an act of a case does one opens few files: its own, and what its own functions speak of."""

from collections.abc import Callable, Iterator
from statistics import median
from types import CodeType, FunctionType, ModuleType

import pytest

from services.acts import act
from services.standing import kinds, refusals
from services.standing.kinds import ACTS, ActKind

_KNOWN = {kinds.__name__, refusals.__name__}
"""What every act is written in: known after the first."""
_WIDE = frozenset(
    [
        "answer",
        "ask_transfer",
        "call_up",
        "decline",
        "dismiss",
        "escalate",
        "move",
        "release",
        "all_clear",
        "remind",
    ]
)
"""What asks a chief, takes words out, or rings."""
_WIDEST = {"transfer", "reassign"}
"""Handing on touches the clock, the wall, the border and the hands at once."""


def spoken_of(function: FunctionType) -> Iterator[object]:
    """Yield what a function's code names of its module: other modules, functions, classes."""
    codes = [function.__code__]
    while codes:
        code = codes.pop()
        codes += [one for one in code.co_consts if isinstance(one, CodeType)]
        yield from (function.__globals__[name] for name in code.co_names if name in function.__globals__)


def modules_of(kind: ActKind[object]) -> set[str]:
    """Return the modules of services that somebody opens who follows an act from `act` down."""
    parts = (kind.guard, kind.change, kind.news, kind.at_once, kind.heard)
    open_ = [one for one in parts if isinstance(one, FunctionType)]
    own = [one.__module__ for one in open_ if one.__module__.startswith("services.acts.")]
    home = max(set(own), key=own.count) if own else act.__name__
    found, seen = {act.__name__}, set[Callable[..., object]]()
    while open_:
        function = open_.pop()
        if function in seen:
            continue
        seen.add(function)
        found.add(function.__module__)
        for one in spoken_of(function) if function.__module__ == home else ():
            if isinstance(one, ModuleType):
                found.add(one.__name__)
            elif isinstance(one, FunctionType):
                open_.append(one)
            elif isinstance(one, type):
                found.add(one.__module__)
    return {name for name in found if name.startswith("services.")} - _KNOWN


@pytest.mark.parametrize("name", sorted(ACTS))
def test_an_act_is_learnt_from_few_files(name: str) -> None:
    """Six, but for what asks a chief, takes words out or hands on."""
    most = 13 if name in _WIDEST else 9 if name in _WIDE else 6
    assert len(modules_of(ACTS[name])) <= most, sorted(modules_of(ACTS[name]))


def test_most_acts_are_learnt_from_four() -> None:
    """Its own module, `act`, and two more."""
    assert median(len(modules_of(kind)) for kind in ACTS.values()) <= 4
