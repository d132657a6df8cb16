"""Vietnam's communes since 1 July 2025, and which of them the earlier ones and the districts became."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from domain.understand.fold import SHORTHAND, Token, exact, fold
from domain.understand.phrases import Phrases

_FILE = Path(__file__).parent / "data" / "gazetteer.json"
_PROVINCE_MARKERS = Phrases((kind, None) for kind in ("tỉnh", "thành phố", "tp"))
_SHORT_PROVINCES = dict.fromkeys(("hcm", "tp.hcm", "tphcm", "sai gon", "saigon"), "ho chi minh") | {
    "hn": "ha noi",
    "hanoi": "ha noi",
}
_SHORT_DISTRICT = re.compile(r"\bq (?=\d)")
LONGEST = 6
"""Words in a commune's name."""
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?|\d+|[ab]"
)
"""A syllable of Vietnamese without its marks: names of other languages are written in many ways."""
_OTHER_LANGUAGES = frozenset({"ia", "ea", "ya", "dak"})
"""What their names begin with where every syllable may be Vietnamese."""
_UP_TO_JOINED = 0b11110
"""The numbers of words in which one of them may be written, as bits."""
_BEGUN = 4
_PARTS = re.compile(r"[\s\-]+")
_APOSTROPHES = str.maketrans("", "", "'’‘`")
_Y_FOR_I = re.compile(r"^([klmst]|qu)i(?=[\u0300-\u036f]*$)")
"""“Kì” is “Kỳ”, and “Mĩ” “Mỹ”."""


@dataclass(frozen=True)
class Commune:
    """A commune spoken of: known by its code; fictional or unclear without one, then perhaps with choices."""

    label: str
    code: str | None = None
    outside: bool = False
    certain: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    at: int | None = field(default=None, compare=False)
    """At which word its name begins."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A commune by one name, with the codes of those of today that have its ground."""

    name: str
    kind: str
    codes: tuple[str, ...]
    district: str
    """The folded name of the earlier district; empty for a commune of today."""


@dataclass(frozen=True, slots=True)
class Area:
    """An earlier district, with the codes of the communes of today on its ground."""

    name: str
    kind: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Where:
    """In which province a commune is sought, the one of home, and the codes of a district named with it.

    An earlier commune named as one of today elsewhere may be meant too where they are `alike`.
    """

    sought: str | None
    home: str | None
    ground: Collection[str] = ()
    alike: bool = False


def name_key(text: str) -> str:
    """Fold a place's name and drop its kind: "Tỉnh Hà Tĩnh" -> "ha tinh"."""
    folded = fold(text)
    for kind in ("tinh ", "thanh pho ", "tp ", "tp. ", "xa ", "phuong ", "thi tran ", "dac khu "):
        if folded.startswith(kind) and not folded.removeprefix(kind).isdigit():
            return folded.removeprefix(kind).strip()
    return folded


class Gazetteer:
    """Names of communes by their folded words, of today and of before."""

    def __init__(self, data: dict[str, list[list[Any]]]) -> None:
        self.provinces: dict[str, str] = {code: name for code, name in data["provinces"]}  # noqa: C416 - typed
        self._province_codes: dict[str, str] = {fold(name): code for code, name in data["old_provinces"]}
        self._province_codes |= {fold(name): code for code, name in data["provinces"]}
        self._province_codes |= {
            short: self._province_codes[name] for short, name in _SHORT_PROVINCES.items()
        }
        self._communes = {code: (province, kind, name) for code, province, kind, name in data["communes"]}
        self._by_name: dict[str, list[Entry]] = {}
        self._joined: dict[str, list[Entry]] = {}
        self._lengths: dict[str, int] = {}  # in words, as bits, of names by the first two
        self._areas: dict[str, list[Area]] = {}
        for code, _, kind, name in data["communes"]:
            self._add(Entry(name, kind, (code,), ""))
        districts = [fold(name) for _, _, name in data["old_districts"]]
        grounds: list[set[str]] = [set() for _ in districts]
        for district, kind, name, codes in data["old_communes"]:
            self._add(Entry(name, kind, tuple(codes), districts[district]))
            grounds[district].update(codes)
        for (_, kind, name), ground in zip(data["old_districts"], grounds, strict=True):
            own = name.removeprefix("Quận ")
            self._areas.setdefault(_key(own), []).append(Area(own, kind, frozenset(ground)))
        self._begins = {joined[:_BEGUN] for joined in self._joined}

    @classmethod
    @cache
    def load(cls) -> "Gazetteer":
        """Read the one packaged with the program, once."""
        return cls(json.loads(_FILE.read_text(encoding="utf-8")))

    def _add(self, entry: Entry) -> None:
        key = _key(entry.name)
        first, dash, _ = entry.name.partition(" - ")
        for name in (key, _key(first)) if dash else (key,):
            self._by_name.setdefault(name, []).append(entry)
            words = name.split()
            begins = " ".join(map(_with_y, words[:2]))
            self._lengths[begins] = self._lengths.get(begins, 0) | 1 << len(words)
        if is_of_another_language(entry.name):
            self._joined.setdefault(_together(key.split()), []).append(entry)

    def province(self, named: str | None) -> str | None:
        """Return a province's code from its code or a name, old or new; None when unknown."""
        if named is None or named in self.provinces:
            return named
        return self._province_codes.get(name_key(named))

    def province_at(self, span: Sequence[Token]) -> str | None:
        """Return the code of the province whose whole name these words are."""
        return self._province_codes.get(" ".join(token.fold for token in span))

    def told_province(self, said: Sequence[Token]) -> str | None:
        """Return the province said with its kind: "tỉnh Thái Nguyên", "TP Huế"."""
        for hit in _PROVINCE_MARKERS.find(said):
            for length in (2, 1, 3, 4):
                code = self.province_at(said[hit.end : hit.end + length])
                if code is not None:
                    return code
        return None

    def areas_at(self, span: Sequence[Token]) -> Sequence[Area]:
        """Return the earlier districts whose whole name these words are."""
        found = self._areas.get(" ".join(token.fold for token in span), ())
        return [area for area in found if same(span, area.name)]

    def label(self, code: str) -> str:
        """Kind and name: "xã Kỳ Xuân"."""
        _, kind, name = self._communes[code]
        return f"{kind} {name}"

    def full_label(self, code: str, home: str | None) -> str:
        """Return kind and name, with the province where that is not the one of home."""
        province = self._communes[code][0]
        return self.label(code) if province == home else f"{self.label(code)}, {self.provinces[province]}"

    def province_of(self, code: str) -> str:
        """Return the code of a commune's province."""
        return str(self._communes[code][0])

    def home(self, province: str | None, commune: str | None) -> Commune | None:
        """Return the installation's own commune, without a code when the gazetteer lacks it."""
        if commune is None:
            return None
        if commune in self._communes:
            return Commune(self.label(commune), commune)
        inside = self.province(province)
        today = [entry.codes[0] for entry in self._by_name.get(name_key(commune), ()) if not entry.district]
        found = [code for code in today if inside is not None and self._communes[code][0] == inside]
        return Commune(commune, found[0] if len(found) == 1 else None)

    def named_at(self, said: Sequence[Token], at: int) -> Iterator[tuple[int, Sequence[Entry]]]:
        """Yield after how many words from `at` a name ends, the longest first, and who bears it.

        Marks are left out or right. Names of other languages are known joined and parted too.
        """
        if at >= len(said):
            return
        begins = [_with_y(token.fold) for token in said[at : at + 2]]
        lengths = self._lengths.get(begins[0], 0) | self._lengths.get(" ".join(begins), 0)
        joined = _together([token.fold for token in said[at : at + 3]])[:_BEGUN] in self._begins
        lengths |= _UP_TO_JOINED if joined else 0
        if not lengths:
            return
        for length in range(min(LONGEST, len(said) - at), 0, -1):
            if not lengths >> length & 1:
                continue
            span = said[at : at + length]
            words = [token.fold for token in span]
            found = [one for one in self._by_name.get(" ".join(words), ()) if same(span, one.name)]
            if not found and (dashed := [_with_y(word) for word in words]) != words:
                found = [one for one in self._by_name.get(" ".join(dashed), ()) if same(span, one.name)]
            if not found and joined:
                found = self._joined.get(_together(words), [])
            if found:
                yield length, _as_spelled(span, found)

    def within(self, entry: Entry, province: str) -> bool:
        """Say whether any of its ground is in a province."""
        return any(self._communes[code][0] == province for code in entry.codes)

    def resolve(
        self, entries: Sequence[Entry], kind: str | None, said: Sequence[Token], where: Where
    ) -> Commune:
        """Return the commune of today that entries of one name mean, or what may be meant."""
        text = _SHORT_DISTRICT.sub("quan ", " ".join(token.fold for token in said))
        told = self._narrow(entries, kind, text, alike=where.alike)
        every = dict.fromkeys(code for entry in told for code in entry.codes)
        codes = [code for code in every if where.sought in {None, self._communes[code][0]}]
        codes = [code for code in codes if code in where.ground] or codes
        if len(codes) == 1:
            return Commune(self.full_label(codes[0], where.home), codes[0])
        return self.unclear(f"{kind or told[0].kind} {told[0].name}", codes, where.home)

    def unclear(self, label: str, codes: Iterable[str], home: str | None) -> Commune:
        """Return what may be any of these communes."""
        choices = tuple((code, self.full_label(code, home)) for code in codes)
        return Commune(label, certain=False, choices=choices)

    def _narrow(
        self, entries: Sequence[Entry], kind: str | None, text: str, *, alike: bool
    ) -> Sequence[Entry]:
        """Keep those whose province or earlier district is named too, whose kind fits, today's before old."""
        today = {entry.codes[0] for entry in entries if not entry.district}

        def says(name: str, entry: Entry) -> bool:
            return bool(name) and name != fold(entry.name) and f" {name} " in f" {text} "

        def in_district(entry: Entry) -> bool:
            city = entry.district in self._province_codes
            ranks = ("thanh pho ", "tp ", "thi xa ") if city else ("",)
            return any(says(f"{rank}{entry.district}".strip(), entry) for rank in ranks if entry.district)

        tests: tuple[Callable[[Entry], bool], ...] = (
            lambda entry: any(says(self._folded_province(code), entry) for code in entry.codes),
            lambda entry: kind is None or entry.kind == kind,
            in_district,
            lambda entry: not entry.district or (alike and today.isdisjoint(entry.codes)),
        )
        for test in tests:
            entries = [entry for entry in entries if test(entry)] or entries
        return entries

    def _folded_province(self, code: str) -> str:
        return fold(self.provinces[self._communes[code][0]])


@lru_cache(maxsize=4096)
def is_of_another_language(name: str) -> bool:
    """Say whether a name is no Vietnamese one: “Ea H'Leo”, “Krông Nô”."""
    words = _key(name).split()
    return words[0] in _OTHER_LANGUAGES or not all(map(_SYLLABLE.fullmatch, words)) or "'" in name


def _key(name: str) -> str:
    """Return the words of a name as a message has them: “Ia Ko” with what “ko” is short for."""
    parts = _PARTS.split(fold(name).translate(_APOSTROPHES))
    return " ".join(word for part in parts for word in SHORTHAND.get(part, (part,)))


@lru_cache(maxsize=4096)
def _exact(name: str) -> tuple[str, ...]:
    return tuple(exact(word) for word in _PARTS.split(name))


def _as_spelled(span: Sequence[Token], found: list[Entry]) -> list[Entry]:
    """Return those whose name is spelled so, of words with any mark: “Liên Hoa” is not Liên Hòa."""
    if all(token.bare for token in span):
        return found
    keys = tuple(token.key for token in span)
    return [one for one in found if _exact(one.name) == keys] or found


def _together(words: Iterable[str]) -> str:
    """Return a name of another language in one: “Đắk” is also “Đắc”."""
    return "".join(words).translate(_APOSTROPHES).replace("k", "c")


def _with_y(word: str) -> str:
    if "i" not in word:
        return word
    return _Y_FOR_I.sub(r"\1y", word)


def same(span: Sequence[Token], name: str) -> bool:
    """Whether the words are the name, diacritics left out or right."""
    keys = _exact(name)
    if len(keys) != len(span) or is_of_another_language(name):
        return True  # a name written in many ways: its folded form has been compared
    return all(
        token.bare or token.key == key or _with_y(token.key) == key
        for token, key in zip(span, keys, strict=True)
    )
