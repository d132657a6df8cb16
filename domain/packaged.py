"""Documents that ship with the program, read fast: they are trusted, and big ones stand among them."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@contextmanager
def built_at_once() -> Iterator[None]:
    """Collect nothing while much is built that stays: to walk it again and again is a third of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def document(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    """Read a YAML file (what yaml.safe_load returns; dates are date objects)."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - safe loaders only
