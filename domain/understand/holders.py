"""Whoever has a case, as the citizen calls them: "the one who handles my papers", later only "this man"."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.understand.amounts import amounts
from domain.understand.deeds import Mention
from domain.understand.loosely import Found, Names, Said, loosened
from domain.understand.phrases import Hit, Phrases

_PARTS = ("somebody", "between", "does")
_DID = ("did", "bearing")


class Holders:
    """The words of `conduct.yaml` for whoever has a case."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._does = Names((text, True) for text in data["does"])
        self._does_later = Names((text, True) for text in data["does_later"])
        self._before = Names((text, part) for part in _PARTS[:2] for text in data[part])
        later = dict.fromkeys(data["later"], True) | dict.fromkeys(data["not_later"], False)
        self._later = Names(later.items())
        self._did = Phrases((loosened(text), part == "bearing") for part in _DID for text in data[part])
        self._owed, self._selves, self._links, self._denials, self._denied = (
            frozenset(data[part])
            for part in ("owed", "selves", "between_selves", "denials", "between_denials")
        )

    def find(self, said: Said) -> list[Mention]:
        """Return where somebody is named by what they do with a case."""
        return self._named(said, self._does.find(said))

    def later(self, said: Said, taken: Sequence[Mention]) -> Iterator[Mention]:
        """Yield where somebody is only pointed at, or called or asked, outside of what is taken."""
        inside = {at for one in taken for at in range(one.start, one.end)}
        called = self._named(said, self._does_later.find(said, inside))
        called = [one for one in called if not any(one.overlaps(other) for other in taken)]
        yield from called
        inside |= {at for one in called for at in range(one.start, one.end)}
        found = (hit for hit in self._later.find(said, inside) if True in hit.values)
        yield from (Mention(hit.start, hit.end, person=True) for hit in found)

    def did(self, said: Said) -> list[Hit[bool]]:
        """Return what is told of nobody by name that only whoever has the case can have done.

        True of a hit: it only tells how they behave, which may be well.
        """
        return [hit for hit in self._did.find(said.words, amounts(said.words)) if self._is_theirs(hit, said)]

    def _is_theirs(self, hit: Hit[bool], said: Said) -> bool:
        """Say whether it is neither denied, nor owed, nor done by the sender."""
        before = said.folds[max(0, hit.start - 2) : hit.start]
        last = before[-1] if before else ""
        own = last in self._selves or (last in self._links and before[0] in self._selves)
        denied = last in self._denials or (last in self._denied and before[0] in self._denials)
        return not (own or denied or self._owed & set(said.folds[hit.end : hit.end + 1]))

    def _named(self, said: Said, does: Sequence[Found[bool]]) -> list[Mention]:
        if not does:
            return []
        before = {one.end: one for one in self._before.find(said)}
        found = ((_start(hit, before, said), hit) for hit in does)
        return [Mention(start, hit.end, person=True) for start, hit in found if start is not None]


def _start(hit: Found[bool], before: Mapping[int, Found[str]], said: Said) -> int | None:
    """Return where the words for somebody begin that stand before what they do."""
    link = before.get(hit.start)
    if link is not None and "somebody" not in link.values:
        link = before.get(link.start)
    if link is None or "somebody" not in link.values or not said.together(link.start, hit.start):
        return None
    return link.start
