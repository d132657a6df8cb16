"""Whether words tell of somebody that they did something: in doubt it is a wrong, unless it is plain work."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from domain.understand.deeds import Mention
from domain.understand.fold import exact
from domain.understand.loosely import Found, Names, Said, loosened

_PARTS = ("along", "plain", "ends")
_LINKS = 6  # "in the commune yesterday then also": so many phrases before what somebody does
_ASKS = frozenset({"khong", "ko", "hong", "hok", "chua"})  # at the end of a sentence they make it a question
_RATHER = frozenset({"thi", "ma", "con", "cung", "va"})  # not behind these


class Subjects:
    """The words of `conduct.yaml` by which somebody is heard to do something to somebody."""

    def __init__(self, data: Mapping[str, Any], selves: Sequence[str]) -> None:
        self._words = Names((text, part) for part in _PARTS for text in data[part])
        self._keys = {
            tuple(map(exact, text.split())) for part in _PARTS for text in map(loosened, data[part])
        }
        self._touched = Names((text, True) for part in ("touches", "then") for text in data[part])
        self._selves = Names((text, True) for text in selves)

    def do(self, said: Said, named: Sequence[Mention], people: Collection[Mention]) -> bool:
        """Say whether one of those named does what is no plain work of theirs, and touches somebody.

        Of those who are `people`, whatever they do. A question is none.
        """
        every = self._words.find(said) if named else []
        words = {one.start: one for one in every if said.bare or self._is_spelled(said, one)}
        for one in named:
            somebody = one in people
            at = self._deed(said, one, words, parted=somebody)
            if at is not None and (somebody or self._touches(said, one, at)):
                return True
        return False

    def _is_spelled(self, said: Said, found: Found[str]) -> bool:
        """Say whether whoever marks their words marked these: "cho" is not "chở"."""
        return tuple(word.key for word in said.words[found.start : found.end]) in self._keys

    def _deed(
        self, said: Said, named: Mention, words: Mapping[int, Found[str]], *, parted: bool = False
    ) -> int | None:
        """Return where the words begin for what somebody does, if they do anything but plain work."""
        at, count = named.end, len(said.words)
        for _ in range(_LINKS):
            if at >= count or not said.together(named.start, at):
                return None
            found = words.get(at)
            if found is None or "along" not in found.values:
                break
            at = found.end
        if at >= count or not said.together(named.start, at) or (said.is_parted(named.end) and not parted):
            return None
        found = words.get(at)
        if found is not None and not {"plain", "ends"}.isdisjoint(found.values):
            return None
        return None if self._asks(said, at) else at

    def _touches(self, said: Said, named: Mention, at: int) -> bool:
        behind = (*self._touched.find(said), *self._selves.find(said))
        return any(one.start >= at and said.together(named.start, one.start) for one in behind)

    def _asks(self, said: Said, at: int) -> bool:
        """Say whether something is asked from this word on: "… có lớp không", "… được không, cháu ốm"."""
        for one in range(at + 1, len(said.words)):
            if not said.together(at, one):
                return False
            closes = one + 1 == len(said.words) or said.is_parted(one + 1)
            if closes and said.folds[one] in _ASKS and said.folds[one - 1] not in _RATHER:
                return True
        return False
