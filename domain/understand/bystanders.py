"""Who plainly did nothing where danger is told: who helps, is hurt or called, or owns what burns."""

from collections.abc import Mapping, Sequence

from domain.understand.deeds import Mention, Wrong
from domain.understand.fold import fold
from domain.understand.loosely import Found, Names, Said
from domain.understand.phrases import Hit

_IS = "la"
_HURT = frozenset({"bi"})
_NEAR = 4  # words behind one's kin that tell whether they are hurt
_PARTS = ("called", "along", "helps", "hurt")
_LINKS = 6  # "with the neighbours is on the way": so many phrases before what somebody does


class Bystanders:
    """The words of `conduct.yaml` for the part somebody has in a danger."""

    def __init__(self, data: Mapping[str, Sequence[str]], titles: Sequence[str]) -> None:
        self._parts = Names((text, part) for part in _PARTS for text in data[part])
        self._before = Names((text, True) for text in data["before"])
        self._rude = frozenset(fold(text) for text in data["rude"])
        self._cries = frozenset(data["cries"])
        self._polite = frozenset(fold(text) for text in data["polite"])
        self._kin = frozenset(data["kin"])
        self._titles = Names((text, True) for text in titles)

    def find(self, said: Said, mentions: Sequence[Mention], hits: Sequence[Hit[Wrong]]) -> set[Mention]:
        """Return who of those mentioned is one beyond doubt; the words of one office and name go together."""
        taken = {at for mention in mentions for at in range(mention.start, mention.end)}
        parts = {one.start: (one.end, one.values) for one in self._parts.find(said, taken)}
        before = {one.end for one in self._before.find(said, taken) if not self._tells_kin(said, one)}
        titles = {one.end: one.start for one in self._titles.find(said, taken)}
        found: set[Mention] = set()
        for row in _rows(mentions, titles):
            first = titles.get(row[0].start, row[0].start)
            if self._only_answers(said, first, row[-1].end) or self._cries_at(said, first, row):
                continue
            if first in before or _is_object(said, hits, first) or self._acts(said, row[-1].end, parts):
                found.update(row)
        return found

    def _cries_at(self, said: Said, first: int, row: Sequence[Mention]) -> bool:
        """Say whether a cry stands behind whom nobody calls so for help: “thằng Dũng, cứu với”."""
        rude = " ".join(said.folds[first : row[0].start]) in self._rude
        return rude and " ".join(said.folds[row[-1].end : row[-1].end + 2]) in self._cries

    def _only_answers(self, said: Said, first: int, end: int) -> bool:
        """Say whether a sentence is a name and courtesy: “dạ anh Dũng ạ” tells who it was, calls nobody."""
        around = [at for at in range(len(said.folds)) if said.together(at, first) and not first <= at < end]
        said_so = bool(around) and all(said.folds[at] in self._polite for at in around)
        return said_so and any(at >= end for at in around)

    def _tells_kin(self, said: Said, words: Found[bool]) -> bool:
        """Say whether "em là" is of "chồng em là": who somebody is who is not told to be hurt."""
        first = words.start - 1
        if said.folds[words.end - 1] != _IS or first < 0 or said.folds[first] not in self._kin:
            return False
        same = [at for at, word in enumerate(said.folds) if word == said.folds[first] and at != first]
        return not any(_HURT & set(said.folds[at + 1 : at + _NEAR]) for at in same)

    def _acts(self, said: Said, at: int, parts: Mapping[int, tuple[int, tuple[str, ...]]]) -> bool:
        """Say whether what follows right behind tells of help or harm, or calls them."""
        start = at
        for _ in range(_LINKS):
            end, values = parts.get(at, (at, ()))
            if not values or not said.together(start - 1, at):
                return False
            if set(values) != {"along"}:
                return True
            at = end
        return False


def _rows(mentions: Sequence[Mention], titles: Mapping[int, int]) -> list[list[Mention]]:
    """Put together the mentions with nothing but a title between: a name and the post beside it."""
    rows: list[list[Mention]] = []
    for mention in mentions:
        start = titles.get(mention.start, mention.start)
        if rows and rows[-1][-1].end in {start, mention.start}:
            rows[-1].append(mention)
        else:
            rows.append([mention])
    return rows


def _is_object(said: Said, hits: Sequence[Hit[Wrong]], first: int) -> bool:
    """Say whether a deed is done to whoever is named from there on: "they beat Mr Dũng"."""
    return any(
        hit.start < first <= hit.end
        and not hit.value.softly
        and (hit.value.words or hit.end > first)
        and "bi" not in said.folds[max(0, hit.start - 1) : hit.start + 1]
        for hit in hits
    )
