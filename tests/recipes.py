"""The recipes of CONTRIBUTING.md lead to what is there: what they show, and what their steps name."""

import re
from pathlib import Path

import locales

ROOT = Path(__file__).parents[1]


def recipe(title: str) -> str:
    """Return the section of the page that bears this title."""
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    return page.split(f"## {title}\n")[1].split("\n## ")[0]


def shown(text: str) -> str:
    """Return the one piece of code a recipe shows."""
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    return str(code).rstrip()


def steps(text: str) -> list[str]:
    """Return the numbered steps of a recipe."""
    return re.findall(r"^\d\. (.*?)(?=^\d\. |\n\n|\Z)", text, re.MULTILINE | re.DOTALL)


def leads_somewhere(step: str) -> None:
    """Check that each path of a step exists, each name stands in a file of it, and each key has words."""
    named = re.findall(r"`([\w./]+)`", step)
    paths = [ROOT / name for name in named if "/" in name]
    assert paths
    assert [path for path in paths if not path.exists()] == []
    there = "\n".join(path.read_text("utf-8") for path in paths if path.is_file())
    for name in (name for name in named if "/" not in name):
        if "." in name:
            assert all(locales.has(language, name) for language in ("vi", "en")), name
        else:
            assert re.search(rf"\b{name}\b", there), name
