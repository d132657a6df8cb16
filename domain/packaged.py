"""Documents that ship with the program, read fast: they are trusted, and big ones stand among them."""

from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def document(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    """Read a YAML file (what yaml.safe_load returns; dates are date objects)."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - safe loaders only
