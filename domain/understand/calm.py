"""Words that thank, praise or ask: whoever they name is not accused, unless they turn against them then."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from domain.understand.loosely import Found, Said, loosened
from domain.understand.phrases import Hit, Phrases

_OF = "cua"
_CALLS, _DESK = "oi", frozenset({"ad", "admin", "xa", "troi", "gioi"})
_SELVES = frozenset({"toi", "tui", "em", "e", "chau", "minh", "con", "nha"})


class Calm:
    """The words of `conduct.yaml` that are `harmless`, and those beside which a wrong may be told too."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        kinds = {"harmless": True, "neutral": False}
        self._words = Phrases((loosened(text), kind) for name, kind in kinds.items() for text in data[name])

    def find(self, said: Said) -> list[Hit[bool]]:
        """Return what thanks, praises or asks for somebody; `True` where it tells more than how it goes."""
        return [hit for hit in self._words.find(said.words) if not _is_own(hit, said)]


def turned(marks: Sequence[Found[str]], named: Collection[int]) -> int:
    """Return where words begin that turn against somebody named there: "cảm ơn, nhưng mà chị Nga …"."""
    they = {one.start for one in marks if _is_they(one)} | {*named}
    return max(
        (one.end for one in marks if "turns" in one.values and one.start and one.end in they), default=0
    )


def _is_they(mark: Found[str]) -> bool:
    return not {"pronouns", "titles"}.isdisjoint(mark.values) and "selves" not in mark.values


def _is_own(hit: Hit[bool], said: Said) -> bool:
    """Say whether what is asked for is the sender's own, or the desk is called: "số điện thoại của tôi"."""
    if said.folds[hit.start] == _CALLS:
        return hit.start > 0 and said.folds[hit.start - 1] in _DESK
    behind = said.folds[hit.end : hit.end + 2]
    return behind[:1] == [_OF] and not _SELVES.isdisjoint(behind)
