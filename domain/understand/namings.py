"""Where words name a commune: with its rank, or without where something else shows that a place is meant.

What shows it: a word such as “ở” before the name, the old district or the province behind it, a hamlet
before it, or that nothing else stands in the clause. A street, a school, a shop or a person may bear a
commune's name: behind such a word it proves nothing. `proofs.py` weighs all this.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from domain.understand.fold import Token, exact, fold
from domain.understand.gazetteer import Area, Entry, Gazetteer, is_of_another_language
from domain.understand.hamlets import kinds
from domain.understand.phrases import Phrases
from domain.understand.surroundings import WORDS, Surroundings

_DATA = Path(__file__).parent / "data"
_RANKS = Phrases((kind, kind) for kind in ("xã", "phường", "thị trấn", "đặc khu"))
_OTHERWISE = frozenset({("thi", "xa"), ("tac", "xa"), ("lang", "xa"), ("khu", "pho")})
"""“Thị xã” is a district's rank and “hợp tác xã” a company's."""
RANKS_BEHIND = {"commune": None, "ward": "phường", "township": "thị trấn"}
"""In English the rank stands behind the name."""
SHORT = {"p": "phường", "x": "xã", "tt": "thị trấn"}
PLAIN = frozenset((_DATA / "plain_names.txt").read_text(encoding="utf-8").split())
"""Names that are plain words without their diacritics: “an chan” is An Chấn, and “ăn chặn”."""
_COMMON = frozenset(
    tuple(map(exact, name.split("_")))
    for name in (_DATA / "common_names.txt").read_text(encoding="utf-8").split()
)
_COMMON_BARE = frozenset(tuple(fold(word) for word in name) for name in _COMMON) | {
    tuple(name.split("_")) for name in PLAIN
}
"""Names that are words of the language too, as spelled and without their marks: “bình minh”, “hung vuong”."""
COUNTED = frozenset(
    ("nguoi", "cai", "con", "ho", "nha", "ngay", "thang", "nam", "tuan", "gio", "phut", "trieu", "lan")
)
"""What a number counts behind a word that may be a kind of place: “báo xã 3 lần” names no xã 3."""

STRONG, WEAK, PEOPLE = range(3)
_WEAK_CUES = (
    *("trên", "dưới", "trong", "ngoài", "bên", "về", "đảo"),
    *("phía", "mạn", "miệt", "lên", "xuống"),
)
_CUES = Phrases(
    [(cue, STRONG) for cue in ("ở", "tại", "thuộc", "địa bàn", "khu vực", "địa phận", "in", "at")]
    + [(cue, WEAK) for cue in _WEAK_CUES]
    + [(cue, PEOPLE) for cue in ("người dân", "nhân dân", "bà con", "dân", "ubnd", "ủy ban", "people of")]
)
_NO_CUES = {
    word: frozenset(before.split())
    for word, before in {
        "ve": "anh cao nai kien noi hoi hieu tin bao ke lien biet gop to xe",
        "tai": "loi do xe tien nhan thien bi",
        "thuoc": "hieu tiem nha uong ban mua quay don phun tru cap tien lay",
    }.items()
}
"""Behind these such a word is none: before “về” and a name they say about whom."""
_UNLIKELY = frozenset({"thuoc", "dao"})
"""Without their marks these are rather other words: “thuốc”, “đào”."""
_WORDS = {key: words.split() for key, words in WORDS.items() if isinstance(words, str)}
_CARRIERS = {
    folded: {exact(word) for word in _WORDS["carriers"] if fold(word) == folded}
    for folded in map(fold, _WORDS["carriers"])
}
"""What bears names that are communes' too, as spelled: “cho” is “chợ” only without its mark."""
_GENERIC = frozenset(map(exact, _WORDS["generic"]))
_GENERIC_BARE = frozenset(map(fold, _WORDS["generic"]))
_SURNAMES = frozenset(map(exact, _WORDS["surnames"]))
_SURNAMES_BARE = frozenset(map(fold, _WORDS["surnames"]))
_FAMILIES = frozenset(map(exact, _WORDS["families"]))
_FAMILIES_BARE = frozenset(map(fold, _WORDS["families"]))
_PERSONS = frozenset(_WORDS["persons"])
_GIVEN = frozenset(_WORDS["given"])
_UPLANDS = frozenset(map(exact, _WORDS["uplands"]))
_MIDDLES = frozenset(map(exact, _WORDS["middles"]))
_MIDDLES_BARE = frozenset(map(fold, _WORDS["middles"]))
FILLERS = frozenset(_WORDS["fillers"])
_KINDS_OF_AREA = {
    "tinh": "tỉnh",
    "thanh pho": "thành phố",
    "tp": "thành phố",
    "huyen": "huyện",
    "h": "huyện",
    "quan": "quận",
    "q": "quận",
    "thi xa": "thị xã",
    "tx": "thị xã",
    "province": "tỉnh",
    "city": "thành phố",
}
_AREAS_BEGIN = frozenset(kind.split()[0] for kind in _KINDS_OF_AREA)
_LINKS = frozenset({"thuoc", "cua", "o", "of", "in"})
_STOPS_NO_CLAUSE = frozenset({"p", "x", "tt", "tx", "tp", "q", "h", "t"})
NONE, SOFT, HARD = range(3)
_SMALL_HAMLETS = frozenset({"thon", "xom", "ap"})
"""Behind these a name may stand in small letters."""
_FURTHEST = 2
"""Words of a hamlet's name before the name of its commune."""


def breaks(said: Sequence[Token], text: str = "") -> list[int]:
    """Return what stands before each word, and behind the last: nothing, a comma or a line, a full stop.

    Without the text the width of a gap tells.
    """
    found = [HARD]
    for one, two in pairwise(said):
        gap = text[one.end : two.start] if text else (", " if two.start > one.end + 1 else " ")
        marks = gap.strip(" '’\"“”")
        hard = any(mark in ".!?;" for mark in marks) and one.fold not in _STOPS_NO_CLAUSE
        soft = marks not in {"", "."} or "\n" in gap
        found.append(HARD if hard else SOFT if soft and not (marks == "-" and gap == "-") else NONE)
    return [*found, HARD] if said else [HARD]


@dataclass(frozen=True, slots=True)
class Told:
    """The old districts and the province that stand behind a name, and where they end."""

    end: int
    province: str | None = None
    areas: tuple[Area, ...] = ()
    kinded: bool = False


@dataclass(frozen=True, slots=True)
class Naming:
    """Words that name a commune, or perhaps do: from `start` to `end`, what is told with it up to `stop`.

    Without `entries` it is only a district, whose communes are `told.areas`.
    """

    start: int
    end: int
    stop: int
    entries: Sequence[Entry] = ()
    kind: str | None = None
    ranked: bool = False
    sure: bool = True
    told: Told = field(default=Told(0))
    borne: bool = False
    """Whether it is the name of a spot or a body, and the commune's only perhaps."""


@dataclass(frozen=True)
class Message:
    """The words of a message with what is asked of them again and again."""

    said: Sequence[Token]
    gazetteer: Gazetteer
    sought: str | None
    breaks: Sequence[int]
    taken: Collection[int] = ()
    """Words that name a hamlet of home."""
    settled: bool = False
    """Whether they are written to the desk of one commune."""

    @cached_property
    def around(self) -> Surroundings:
        """What stands around names."""
        return Surroundings(self.said, self.breaks)

    def opens(self, at: int) -> bool:
        """Say whether a clause begins at a word: behind a sign, a word of time or a cry."""
        return self.breaks[at] > NONE or at in self.around.opened

    @cached_property
    def cues(self) -> Mapping[int, int]:
        """Where a name may begin, by what kind of word stands before."""
        found: dict[int, int] = {}
        for hit in _CUES.find(self.said):
            if self.breaks[hit.end] or self._is_no_cue(hit.start):
                continue
            word = self.said[hit.start]
            likely = WEAK if word.bare and word.fold in _UNLIKELY else hit.value
            found[hit.end] = min(likely, found.get(hit.end, likely))
        return found

    def _is_no_cue(self, at: int) -> bool:
        """Say whether a word is part of another: “phản ánh về”, “xe tải”, “hiệu thuốc”."""
        before = self.said[at - 1].fold if at else ""
        return before in _NO_CUES.get(self.said[at].fold, ())

    @cached_property
    def ranks(self) -> Mapping[int, str]:
        """Where a name may begin behind its rank."""
        found = {at: SHORT[token.fold] for at, token in enumerate(self.said[:-1], 1) if token.fold in SHORT}
        for hit in _RANKS.find(self.said):
            before = self.said[hit.start - 1].fold if hit.start else ""
            if hit.end < len(self.said) and (before, self.said[hit.start].fold) not in _OTHERWISE:
                found[hit.end] = hit.value
        return found

    @cached_property
    def hamlets(self) -> Mapping[int, bool]:
        """Where a name may begin behind a hamlet; True where that is a number, or a comma stands between."""
        found: dict[int, bool] = {}
        for kind in kinds(self.said):
            for end in range(kind.end + 1, min(kind.end + _FURTHEST, len(self.said) - 1) + 1):
                if any(self.breaks[kind.end : end]):
                    break
                if not self._ends_a_hamlet(kind.start, end - 1):
                    continue
                alone = end == kind.end + 1 and self.said[kind.end].raw[:1].isdigit()
                found[end] = found.get(end, False) or alone or self.breaks[end] == SOFT
        return found

    def _ends_a_hamlet(self, kind: int, at: int) -> bool:
        """Say whether a word may be the last of a hamlet's name: a number, or with its capital."""
        word = self.said[at]
        small = self.said[kind].fold in _SMALL_HAMLETS and word.fold not in _CARRIERS
        return word.raw[:1].isdigit() or self.titled(at) or small

    @cached_property
    def shouted(self) -> bool:
        """Whether all is in capitals, which then say nothing."""
        long = [token.raw for token in self.said if len(token.raw) > 1 and token.raw.isalpha()]
        return bool(long) and all(raw.isupper() for raw in long)

    def titled(self, at: int) -> bool:
        """Say whether a word has a capital that says something."""
        return 0 <= at < len(self.said) and self.said[at].raw[:1].isupper() and not self.shouted

    def is_number(self, at: int) -> bool:
        """Say whether a word is a number that counts nothing."""
        counts = at + 1 < len(self.said) and self.said[at + 1].fold in COUNTED
        return self.said[at].raw.isdigit() and not counts

    def small(self, at: int) -> bool:
        """Say whether a word is in small letters, or all words in capitals."""
        return self.shouted or self.said[at].raw.islower()

    def ends(self, at: int) -> bool:
        """Say whether a clause ends before this word."""
        return at >= len(self.said) or self.breaks[at] > NONE

    def carried(self, at: int) -> bool:
        """Say whether the word before is of what may bear such a name and is no commune."""
        if at == 0 or self.breaks[at] > NONE:
            return False
        before = self.said[at - 1]
        spelled = _CARRIERS.get(before.fold)
        if self._is_no_cue(at - 1):
            return True
        counted = before.raw.isdigit() and (at - 1) not in self.hamlets and at not in self.hamlets
        return counted or (spelled is not None and (before.bare or before.key in spelled))

    def runs_on(self, at: int) -> bool:
        """Say whether a name begins before what follows a word: it has a capital, and no sentence ends."""
        apart = self.breaks[at] > NONE or (self.said[at].raw.isupper() and len(self.said[at].raw) > 1)
        begins = apart and (at + 1 in self.around.opened or at + 1 in self.around.bearers)
        return self.titled(at) and self.breaks[at + 1] == NONE and at not in self.cues and not begins

    def is_common(self, start: int, end: int) -> bool:
        """Say whether words are also words of the language."""
        span = self.said[start:end]
        if all(token.bare for token in span):
            return tuple(token.fold for token in span) in _COMMON_BARE
        return tuple(token.key for token in span) in _COMMON

    def told_behind(self, at: int) -> Told:
        """Return the old districts and the province that stand behind a name."""
        told = Told(at)
        for _ in range(3):
            more = self._area(told)
            if more is None:
                break
            told = more
        return told

    def _area(self, told: Told) -> Told | None:
        at = told.end
        if at >= len(self.said) or self.breaks[at] == HARD:
            return None
        if self.said[at].fold in _LINKS:
            at += 1
        kind, begin = self.kind_of_area(at)
        for length in (4, 3, 2, 1):
            span = self.said[begin : begin + length]
            if len(span) < length or any(self.breaks[begin + 1 : begin + length]):
                continue
            if length == 1 and kind is None and not self.titled(begin):
                continue
            province = None if told.province else self.gazetteer.province_at(span)
            areas = () if told.areas or kind == "tỉnh" else tuple(self.gazetteer.areas_at(span))
            areas = tuple(area for area in areas if area.kind == kind or (kind is None and not province))
            if areas or province:
                both = province if kind in {None, "tỉnh", "thành phố"} else None
                return Told(begin + length, told.province or both, told.areas or areas, kind is not None)
        return None

    def begins_area(self, at: int) -> bool:
        """Say whether the rank of a district or province may begin at a word."""
        return self.said[at].fold in _AREAS_BEGIN

    def kind_of_area(self, at: int) -> tuple[str | None, int]:
        """Return the rank of a district or province at a word, and where its name begins."""
        for length in (2, 1) if at < len(self.said) and self.said[at].fold in _AREAS_BEGIN else ():
            words = " ".join(token.fold for token in self.said[at : at + length])
            if words in _KINDS_OF_AREA and at + length < len(self.said):
                return _KINDS_OF_AREA[words], at + length
        return None, at

    def is_plain(self, start: int, end: int) -> bool:
        """Say whether words without marks are known to be said as plain words."""
        return "_".join(token.fold for token in self.said[start:end]) in PLAIN

    def is_generic(self, at: int) -> bool:
        """Say whether a name begins with what may be a market, a bridge, a field."""
        word = self.said[at]
        return word.fold in _GENERIC_BARE if word.bare else word.key in _GENERIC


def may_be_a_street(span: Sequence[Token]) -> bool:
    """Say whether a name is one that streets and schools bear, or begins as a person's does."""
    return _is_surname(span[0]) or "_".join(token.fold for token in span) in _PERSONS


def is_of_the_uplands(entries: Collection[Entry]) -> bool:
    """Say whether names are of the uplands, which hardly anything else bears."""
    firsts = {entry.name.split()[0] for entry in entries}
    return all(exact(first) in _UPLANDS for first in firsts) or any(
        is_of_another_language(entry.name) for entry in entries
    )


def is_famous(span: Sequence[Token]) -> bool:
    """Say whether a name is one that streets and schools bear, by a surname that is no other word."""
    first = span[0]
    family = first.fold in _FAMILIES_BARE if first.bare else first.key in _FAMILIES
    return family or "_".join(token.fold for token in span) in _PERSONS


def may_be_a_person(span: Sequence[Token]) -> bool:
    """Say whether a name ends as people's of two words do, or begins as those with a surname."""
    return (len(span) < 3 and span[-1].fold in _GIVEN) or _is_surname(span[0])


def is_likely_a_person(span: Sequence[Token]) -> bool:
    """Say whether a name begins and ends as people's do."""
    first = span[0]
    begins = first.fold in _MIDDLES_BARE if first.bare else first.key in _MIDDLES
    return span[-1].fold in _GIVEN and ((begins and len(span) < 3) or _is_surname(first))


def _is_surname(word: Token) -> bool:
    return word.fold in _SURNAMES_BARE if word.bare else word.key in _SURNAMES
