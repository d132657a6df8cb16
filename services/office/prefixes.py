"""The two letters with which the case codes of each commune begin: no two communes of a desk share them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from string import ascii_uppercase

from domain.codes import prefix_of
from services.office.seed_file import quoted

KINDS = frozenset({"province", "commune"})
"""The kinds of area that have letters of their own."""
SHAPE = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Named:
    """An area as it is to be; its letters are the initials of its name where none are written."""

    code: str
    name: str
    kind: str
    prefix: str

    @property
    def letters(self) -> str:
        """The letters; empty where the name gives none."""
        try:
            return self.prefix or prefix_of(self.name)
        except ValueError:
            return ""


def clashes(areas: Iterable[Named]) -> Iterator[tuple[str, str]]:
    """Yield the code of each commune or province whose letters another has, and what to write instead.

    Where there is one commune only, its codes may well begin like its province's: none begin with those.
    """
    found = [area for area in areas if area.kind in KINDS]
    if sum(area.kind == "commune" for area in found) < 2:
        return
    taken: dict[str, Named] = {}
    all_letters = {area.letters for area in found}
    # Who wrote their letters down has them; of the others the first, and a commune before its province.
    for area in sorted(found, key=lambda area: (not area.prefix, area.kind)):
        first = taken.setdefault(area.letters, area)
        if area.letters and first is not area:
            free = _free(area.name, all_letters)
            all_letters.add(free)
            said = f"its case codes would begin with {area.letters}, as those of {quoted(first.name)}"
            yield area.code, f"{said}; write “prefix: {free}”, or two other letters"


def _free(name: str, taken: set[str]) -> str:
    """Return two letters that nobody has: of the name where it has such."""
    spelled = prefix_of(name)
    letters = "".join(prefix_of(word) for word in name.split() if word[:1].isalpha() and len(word) > 1)
    for one, other in (*product(spelled, letters), *product(ascii_uppercase, repeat=2)):
        if one + other not in taken:
            return one + other
    return spelled  # nobody has so many communes
