"""Words that only say beside what something is: “sau trường học” is about no school."""

import re

from domain.understand.fold import tokens

_BESIDE = frozenset(
    {"o", "sau", "truoc", "gan", "canh", "ke", "sat", "ben", "dien", "duoi", "tren", "trong", "ngoai"}
    | {"cuoi", "dau", "giua", "qua", "near", "behind", "opposite", "beside", "at"}
)
_FOLLOW = 3
"""Words behind one of these that say beside what."""
_ENDS = re.compile(r"[,.;:!?\n]")


def without_wheres(text: str) -> str:
    """Return the words of a composed text but for these words and what follows them in the same clause."""
    kept: list[str] = []
    skipped, last = 0, 0
    for token in tokens(text):
        if _ENDS.search(text, last, token.start):
            skipped = 0
        last = token.end
        if token.fold in _BESIDE:
            skipped = _FOLLOW
        elif skipped:
            skipped -= 1
        else:
            kept.append(token.raw)
    return " ".join(kept)
