"""What people write who are called to a danger: that they go there, are there, or cannot; and which hamlet.

Only whoever is called somewhere at that moment means it so: to all others these are words like any other.
"""

import unicodedata

from domain.rules import Rules
from domain.understand.fold import fold
from domain.understand.shapes import Shapes
from handlers.engine.commands import Command

_EDGES = " .,:;!?…"
_SHAPES = Shapes("officials")


def read(rules: Rules, text: str) -> Command | None:
    """Return what is said of going, and as its text the code of the hamlet that is named."""
    said, area = fold(text).strip(_EDGES), ""
    for hamlet in sorted(rules.directory.hamlets, key=lambda one: -len(one.name)):
        before, named, after = f" {said} ".replace(",", " ").partition(f" {fold(hamlet.name)} ")
        if named:
            rest = f"{_SHAPES.pattern('towards').sub('', before.strip())} {after}"
            said, area = " ".join(rest.split()).strip(_EDGES), hamlet.code
            break
    spelled = unicodedata.normalize("NFC", text).casefold().split()
    if (not area and " " not in said) or not set(spelled).isdisjoint(_SHAPES["others"]):
        return None
    name = next((name for name, shape in _SHAPES.readings("going") if shape.fullmatch(said)), "")
    return Command(name, text=area) if name else None


NAMES = frozenset(_SHAPES["going"])
