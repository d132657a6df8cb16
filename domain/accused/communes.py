"""Of which communes words tell a post: one, several side by side, another's, or the province's."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from domain.accused.offices import GENERIC, Office
from domain.packaged import document
from domain.understand.fold import exact, fold
from domain.understand.loosely import Found, Names, Said

RANKS = GENERIC | {"tinh", "commune", "communes", "province", "provincial", "ubnd", "uy", "ban"}
_OF_ALL = GENERIC | {"commune", "communes", "commune's", "communes'"}
_WHERE = frozenset({"o", "ben", "cua", "tai", "thuoc", "tren", "duoi", "ngoai", "of", "in", "at", "the"})
_FILLS = _WHERE | RANKS | _OF_ALL
_PEOPLE = frozenset({"ong", "ba", "anh", "chi", "co", "chu", "vi", "thi", "deu", "la", "ve", "hai", "2"})
_FAR = 4  # words between a post and the name of its commune: "ở bên ủy ban xã"
_ALONG = 8  # words between a commune and one that is meant as well: "nhận phong bì của chủ mỏ cùng với xã B"
_PROVINCE, _MARKED = "tinh", exact("tỉnh")
_IN_ENGLISH = frozenset({"province", "provincial", "province's"})
OF_PROVINCE = _IN_ENGLISH | {_PROVINCE}
"""The words, folded, that make a post one of the province."""

_DATA = Path(__file__).parents[1] / "understand" / "data" / "seats.yaml"


@dataclass(frozen=True, slots=True)
class Where:
    """Where some words say that something is, up to but not including `end`.

    `codes`: the communes named. `own`: the one whose desk hears it. `others`: all that are not; of no name.
    `many`: several without their names. `above`: the province.
    """

    end: int
    codes: frozenset[str] = frozenset()
    own: bool = False
    others: bool = False
    many: bool = False
    above: bool = False

    def __or__(self, other: "Where") -> "Where":
        return Where(
            max(self.end, other.end),
            self.codes | other.codes,
            self.own or other.own,
            self.others or other.others,
            self.many or other.many,
            self.above or other.above,
        )


class _Words:
    """The words of `seats.yaml`."""

    def __init__(self, rows: Mapping[str, Sequence[str]]) -> None:
        self.joins, self.beside, self.counts, self.but = (
            frozenset(word for text in rows[part] for word in fold(text).split())
            for part in ("joins", "beside", "counts", "but")
        )
        self.along = frozenset(tuple(fold(text).split()) for text in rows["along"])
        kinds = ("beyond", "beyond_marked", "unclear", "own", "none")
        self.behind = Names((text, kind) for kind in kinds for text in rows[kind])
        self.before = Names((text, True) for text in rows["beyond_before"])
        self.also = Names((text, True) for text in rows["also"])
        self.across = Names((text, True) for text in rows["across"])
        self.many = Names((text, True) for text in rows["many"])
        self.spots = Names((text, True) for text in rows["spots"])
        self.first = frozenset(fold(text) for text in (*rows["many"], *rows["beyond_before"]))


@lru_cache(maxsize=1)
def _words() -> _Words:
    return _Words(document(_DATA))


class Whereabouts:
    """Where the communes of a desk stand in some words, and what stands between and behind them."""

    def __init__(
        self, said: Said, communes: Sequence[Found[str]], provinces: Collection[tuple[str, ...]]
    ) -> None:
        self._said, self._provinces, self._words = said, provinces, _words()
        self._folds, self._size = said.folds, len(said.folds)
        self._communes = {hit.start: hit for hit in communes}
        self.spans = communes
        told = bool(communes) or not (RANKS | _OF_ALL).isdisjoint(said.folds)
        self.may_tell = told or bool(self._words.across.find(said))

    def behind(self, start: int, end: int, stops: Collection[int] = ()) -> Where | None:
        """Return where what stands from `start` to `end` is by the words behind it; not beyond `stops`."""
        self_above = self._folds[end - 1] == _PROVINCE and self._is_marked(end - 1)
        ranked = self._folds[end - 1] in GENERIC
        if self_above:
            found: Where | None = Where(end, above=True)
        else:
            found = self._one(start, end, stops, ranked=ranked)
        if found is None and ranked and end - 1 > start and self._is_many(end - 2):
            found = Where(end, many=True)
        if found is None:
            found = Where(end, own=True) if self._next(start, end, stops) is not None else None
        while found is not None and (then := self._next(start, found.end, stops)) is not None:
            found |= then
        return found

    def before(self, start: int, end: int) -> Where | None:
        """Return where it is by the words before: a commune right there, or several side by side."""
        at = start
        while at and self._folds[at - 1] in _OF_ALL and not self._said.is_parted(at):
            at -= 1
        if at < start and (hit := self._told_before(at)) and self._said.together(hit.start, start):
            return Where(end, others=True)
        for first, last, codes in reversed(self._rows):
            if last <= start and self._said.together(first, start):
                if last == at and not self._said.is_parted(start):
                    return Where(end, codes)
                between = self._folds[last:start]
                if len(codes) > 1 and all(word in _PEOPLE | RANKS | self._words.joins for word in between):
                    return Where(end, codes, own=True)
                return None
        return None

    def of_name(self, at: int) -> frozenset[str]:
        """Return the communes named right behind somebody's name that ends here, or before it."""
        behind = self.behind(at, at + 1)
        if behind is not None and behind.codes:
            return behind.codes
        first, last, codes = next((row for row in reversed(self._rows) if row[1] <= at), (0, 0, frozenset()))
        if not codes or at - last >= _FAR or not self._said.together(first, at):
            return frozenset()
        parted = any(self._said.is_parted(one) for one in range(last, at + 1))
        return frozenset() if parted or _PEOPLE.isdisjoint(self._folds[last:at]) else codes

    def is_joined(self, end: int, start: int) -> bool:
        """Say whether two words go together: "chủ tịch và bí thư xã A" is both of A."""
        between = self._folds[end:start]
        if not self._said.together(end - 1, start) or not all(
            word in self._words.joins | _PEOPLE for word in between
        ):
            return False
        return any(word in self._words.joins for word in between) or self._said.is_parted(start)

    def fills(self, office: Office) -> bool:
        """Say whether words that may be any official's only tell where: "bên xã"."""
        return all(word in _FILLS for word in self._folds[office.start : office.end])

    def is_linked(self, end: int, start: int) -> bool:
        """Say whether a word joins them, and no comma alone."""
        return any(word in self._words.joins for word in self._folds[end:start])

    def is_ranked(self, end: int) -> bool:
        """Say whether the words before end with "xã": it may be the one of here."""
        return self._folds[end - 1] in GENERIC

    @property
    def is_bare(self) -> bool:
        """Whether the words were typed without marks."""
        return self._said.bare

    def also(self, posts: Collection[int], bodies: Collection[int]) -> Iterator[tuple[int, Where]]:
        """Yield, with where they stand, communes of which words say that it is there as told before.

        Not where they belong to a post. A body may stand there for the post: "ủy ban xã B cũng vậy".
        """
        taken = {*posts, *bodies}
        for hit in self.spans:
            along = hit.start not in taken and self._goes_along(hit.start, taken)
            along = along or (hit.start in bodies and self._may_be_both(hit.start))
            if along or (hit.start not in posts and self._is_also(hit.end)):
                yield hit.start, Where(hit.end, frozenset(hit.values[:1]))
        for at, word in enumerate(self._folds[:-1], start=1):
            told = (
                self._told(at) if word in GENERIC and at not in posts and at not in self._communes else None
            )
            if told is not None and (self._is_also(told.end) or self._goes_along(at - 1, taken)):
                yield at - 1, told

    @cached_property
    def _rows(self) -> list[tuple[int, int, frozenset[str]]]:
        """Communes side by side, from the first word to the last."""
        rows: list[tuple[int, int, frozenset[str]]] = []
        for hit in self.spans:
            codes = frozenset(hit.values[:1])
            if rows and self._is_row(rows[-1][1], hit.start):
                first, _, known = rows[-1]
                rows[-1] = (first, hit.end, known | codes)
            else:
                rows.append((hit.start, hit.end, codes))
        return rows

    def _is_row(self, end: int, start: int) -> bool:
        between = self._folds[end:start]
        fills = self._words.joins | RANKS | _WHERE
        near = self._said.together(end - 1, start) and len(between) <= _FAR
        return near and all(word in fills for word in between)

    def _next(self, start: int, end: int, stops: Collection[int]) -> Where | None:
        """Return what is joined to the words before `end`: by a word, a comma, or nothing."""
        at = end
        while self._goes(start, at, stops) and self._folds[at] in _OF_ALL and at - end < 1:
            at += 1
        first = at
        while self._goes(start, at, stops) and self._folds[at] in self._words.joins and at - first < _FAR:
            at += 1
        if at > first:
            return self._one(start, at, stops, ranked=False, joined=True)
        if at in self._communes or (self._goes(start, at, stops) and self._folds[at] in GENERIC | {"ben"}):
            found = self._one(start, at, stops, ranked=False)
            return found if found is not None and found.codes else None
        return None

    def _goes(self, start: int, at: int, stops: Collection[int]) -> bool:
        return at < self._size and at not in stops and self._said.together(start, at)

    def _one(
        self, start: int, at: int, stops: Collection[int], *, ranked: bool, joined: bool = False
    ) -> Where | None:
        """Return the one place that the words from `at` on tell, behind words such as "ở bên ủy ban xã"."""
        first, many, was = at, False, False
        while self._goes(start, at, stops) and at - first < _FAR:
            if at in self._communes:
                hit = self._communes[at]
                return Where(hit.end, frozenset(hit.values[:1]))
            if self._is_province(at):
                return Where(self._behind_province(at + 1), above=True)
            if ranked and (told := self._told(at)) is not None:
                return told
            if (beyond := self._beyond(at)) is not None:
                return beyond
            several = self._is_many(at)
            if self._folds[at] not in _FILLS and not several:
                break
            many = many or several
            ranked = self._folds[at] in _OF_ALL
            was = was or ranked
            at += 1
        if many and was:
            return Where(at, many=True)
        return Where(at, own=True) if joined and was else None

    def _told(self, at: int) -> Where | None:
        """Return whose commune a word behind "xã" says it is."""
        hit = self._words.behind.at(self._said, at)
        kinds = frozenset(hit.values) if hit is not None else frozenset[str]()
        if hit is None or "none" in kinds or (hit.end in self._communes and self._folds[at] in _WHERE):
            return None
        if "own" in kinds:
            return Where(hit.end, own=True)
        if kinds == {"beyond_marked"} and self._said.words[at].bare:
            return None
        after = hit.end + (self._folds[hit.end : hit.end + 1] == ["la"])
        after += self._folds[after : after + 1] == ["xa"]
        if after in self._communes:
            named = self._communes[after]
            return Where(named.end, frozenset(named.values[:1]))
        in_doubt = "unclear" in kinds or (hit.end < self._size and self._words.spots.at(self._said, hit.end))
        return Where(hit.end, own=bool(in_doubt), others=True)

    def _told_before(self, end: int) -> Found[bool] | None:
        found = (self._words.before.at(self._said, at) for at in range(max(0, end - 1), end))
        return next((hit for hit in found if hit is not None and hit.end == end), None)

    def _beyond(self, at: int) -> Where | None:
        """Return whichever lies beside: "neighbouring commune", or what may be here too: "bên kia sông"."""
        if (across := self._words.across.at(self._said, at)) is not None:
            return Where(across.end, own=True, others=True)
        end = self._before_rank(at)
        return None if end is None else Where(end, others=True)

    def _before_rank(self, at: int) -> int | None:
        """Return where "neighbouring commune" ends that begins here."""
        hit = self._words.before.at(self._said, at) if self._folds[at] in self._words.first else None
        if hit is None or self._folds[hit.end : hit.end + 1] == [] or self._folds[hit.end] not in _OF_ALL:
            return None
        return hit.end + 1

    def _is_many(self, at: int) -> bool:
        return self._folds[at] in self._words.first and self._words.many.at(self._said, at) is not None

    def _is_also(self, end: int) -> bool:
        at = end
        while at < self._size and self._folds[at] in _OF_ALL | {"thi", "does"}:
            at += 1
        hit = self._words.also.at(self._said, at) if at < self._size else None
        if hit is None or not self._said.together(end - 1, at):
            return False
        return not (self._folds[hit.end : hit.end + 1] and self._folds[hit.end] in self._words.but)

    def _may_be_both(self, start: int) -> bool:
        """Say whether "ca xa B", typed without marks, may be "cả xã B" behind a post of another."""
        at = start - 2
        is_both = self._folds[max(0, at) : start] == ["ca", "xa"] and self._said.words[at].bare
        return is_both and at > 0 and self._folds[at - 1] in self._words.joins

    def _goes_along(self, start: int, taken: Collection[int]) -> bool:
        """Say whether "cùng với" stands before, in the sentence of one that is told of."""
        at = start
        while at and self._folds[at - 1] in RANKS | _WHERE and start - at < _FAR:
            at -= 1
        before = (n for n in (3, 2, 1) if tuple(self._folds[max(0, at - n) : at]) in self._words.along)
        words = next(before, 0)
        if not words or (at > words and self._folds[at - words - 1] in self._words.beside):
            return False
        near = (one for one in taken if one < start <= one + _ALONG + _FAR)
        return any(self._said.together(one, start) for one in near)

    def _is_province(self, at: int) -> bool:
        if self._folds[at] in _IN_ENGLISH:
            return True
        if self._folds[at] != _PROVINCE or not self._is_marked(at):
            return False
        return not (self._said.words[at].bare and self._folds[at + 1 : at + 2] and self._counts(at + 1))

    def _counts(self, at: int) -> bool:
        return self._folds[at] in self._words.counts

    def _is_marked(self, at: int) -> bool:
        word = self._said.words[at]
        return word.bare or word.key == _MARKED

    def _behind_province(self, at: int) -> int:
        lengths = (len(name) for name in self._provinces if tuple(self._folds[at : at + len(name)]) == name)
        return at + max(lengths, default=0)
