"""Shapes of words kept as data: patterns in which {name} stands for another one of the same document."""

import re
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from domain.packaged import document

_NAMED = re.compile(r"\{([a-z]+)\}")
"""A name within a pattern; counted repeats are numbers, and keep their braces."""


class Shapes:
    """The document `data/<name>.yaml`, read when it is first asked for; whatever is compiled is kept."""

    def __init__(self, name: str) -> None:
        self._path = Path(__file__).parent / "data" / f"{name}.yaml"
        self.pattern = cache(self._pattern)
        self.readings = cache(self._readings)

    @cached_property
    def _data(self) -> dict[str, Any]:
        data: dict[str, Any] = document(self._path)
        return data

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - whatever the document holds there
        """Return what stands there as it is. Raises KeyError."""
        return self._data[name]

    def filled(self, pattern: str) -> str:
        """Write out the names within a pattern."""
        while found := _NAMED.search(pattern):
            pattern = f"{pattern[: found.start()]}{self[found[1]]}{pattern[found.end() :]}"
        return pattern

    def _pattern(self, *path: str) -> re.Pattern[str]:
        """Return the pattern that stands there, or any of those that do. Raises KeyError."""
        listed: Any = self._data
        for name in path:
            listed = listed[name]
        several = listed if isinstance(listed, list) else [listed]
        return re.compile(self.filled("|".join(several)))

    def _readings(self, *path: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """Return each pattern of the lists that stand there, with the name of its list. Raises KeyError."""
        listed: Any = self._data
        for name in path:
            listed = listed[name]
        return tuple(
            (name, re.compile(self.filled(shape))) for name, shapes in listed.items() for shape in shapes
        )
