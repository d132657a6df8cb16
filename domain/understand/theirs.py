"""Words for whoever was spoken of before, without a name: "họ vừa tới đập cửa" is those told of last."""

from functools import cache

from domain.packaged import document
from domain.understand.conduct import DATA
from domain.understand.loosely import Names, Said


def points_back(text: str, *, by_people: bool) -> bool:
    """Say whether words tell of somebody who can only be known from what was told before.

    `by_people`: what they tell is done by people; else a word that may be a child's or a beast's is none.
    """
    hits = _known().find(Said(text))
    return any(by_people or "sure" in hit.values for hit in hits)


@cache
def _known() -> Names[str]:
    data = document(DATA)["theirs"]
    return Names((text, kind) for kind in ("sure", "perhaps") for text in data[kind])
