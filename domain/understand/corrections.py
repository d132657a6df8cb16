"""What an office's own work teaches of what messages are about, so that nobody's words can be read out of it.

Weights are kept by grams, hashed without a key: whoever has the file and the packaged phrases can build it
anew, take one from the other, and try words. So a gram counts only where several people used it, be it known
already or new. Of words that fewer used nothing is in the file but which of its unit's fields a case is of.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from domain import numbers
from domain.understand.fold import fold
from domain.understand.grams import Hashes
from domain.understand.introductions import without_introductions
from domain.understand.linear import Linear
from domain.understand.traces import only_says_who
from domain.understand.training import Lesson, of_text

PEOPLE = 3
"""People in whose corrected cases a gram must stand. Two may be of one house; three are a usage."""
WEIGHT = 4
"""So many phrases a correction counts as: phrases are the whole country's, it is this office's own. Much more
would let a few cases outweigh the hundreds of phrases that each field has."""
SURE = 0.8
"""How likely one of a unit's fields must be among them all for a case to be of that one."""
_HELD = 5
"""Of so many corrected cases one is never learned, and what was learned is tried on it."""
_CLAUSES = re.compile(r"[.!?;\n]+")


@dataclass(frozen=True, slots=True)
class Correction:
    """A case that another unit answered than the desk had sent it to, of one of that unit's fields.

    `person`: a blind key of whoever told it.
    """

    case: str
    person: str
    text: str
    fields: frozenset[str]

    @property
    def held_out(self) -> bool:
        """Whether it is only measured by: the same at every run."""
        return crc32(self.case.encode()) % _HELD == 0


def impersonal(text: str) -> str:
    """Return a story without numbers that belong to somebody and without who writes it."""
    told = without_introductions(numbers.mask(text, " "))
    return ". ".join(clause.strip() for clause in _CLAUSES.split(told) if not only_says_who(clause))


def fields_of(model: Linear, text: str, acts_on: Collection[str], open_: Collection[str]) -> frozenset[str]:
    """Return of which fields a case may be that a unit answered which `acts_on` these; one where it is sure.

    None where the model suggests one of them anyway, or one that is not `open_` to be learned of.
    """
    chances = dict(zip(model.labels["field"], map(float, model.read(of_text(text))["field"]), strict=True))
    first = max(chances, key=lambda field: chances[field])
    theirs = {field: chances[field] for field in sorted({*acts_on} & {*open_} & chances.keys())}
    if not theirs or first in acts_on or first not in open_:
        return frozenset()
    best = max(theirs, key=lambda field: theirs[field])
    return frozenset({best} if theirs[best] >= SURE * sum(theirs.values()) else theirs)


def lessons(told: Iterable[Correction]) -> list[Lesson]:
    """Return what may be learned of corrections: of each the grams that those of enough people hold."""
    rows = [(one, _rows(one.text)) for one in sorted(told, key=lambda one: one.case) if not one.held_out]
    people: defaultdict[int, set[str]] = defaultdict(set)
    for one, grams in rows:
        for gram in np.unique(np.concatenate(grams)):
            people[int(gram)].add(one.person)
    shared = np.array(sorted(gram for gram, who in people.items() if len(who) >= PEOPLE), np.uint32)
    kept = [(one.fields, [row[np.isin(row, shared)] for row in grams]) for one, grams in rows]
    return [Lesson(tuple(row for row in grams if len(row)) * WEIGHT, fields) for fields, grams in kept]


def _rows(text: str) -> Sequence[Hashes]:
    return [of_text(one) for one in dict.fromkeys((text, fold(text)))]
