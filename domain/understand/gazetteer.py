"""Vietnam's communes since 1 July 2025, and which of them the earlier ones became."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from domain.understand.fold import Token, exact, fold
from domain.understand.phrases import Phrases

_FILE = Path(__file__).parent / "data" / "gazetteer.json"
_MARKERS = Phrases((kind, kind) for kind in ("xã", "phường", "thị trấn", "đặc khu"))
_PROVINCE_MARKERS = Phrases((kind, None) for kind in ("tỉnh", "thành phố", "tp"))
_SHORT = {"p": "phường", "x": "xã", "tt": "thị trấn"}
_AT = Phrases((word, None) for word in ("ở", "tại"))
_SHORT_PROVINCES = dict.fromkeys(("hcm", "tp.hcm", "tphcm", "sai gon"), "ho chi minh") | {"hn": "ha noi"}
_SHORT_DISTRICT = re.compile(r"\bq (?=\d)")
_PLAIN = frozenset((_FILE.parent / "plain_names.txt").read_text(encoding="utf-8").split())
"""Names that are plain words without their diacritics: “an chan” is An Chấn, and “ăn chặn”."""
COUNTED = frozenset(
    ("nguoi", "cai", "con", "ho", "nha", "ngay", "thang", "nam", "tuan", "gio", "phut", "trieu", "lan")
)
"""What a number counts behind a word that may be a kind of place: “báo xã 3 lần” names no xã 3."""
_LONGEST = 6  # words in a commune's name
_OURS = frozenset({"minh", "ta", "nay"})  # "xã mình" without its marks, and no xã Minh An


@dataclass(frozen=True)
class Commune:
    """A commune spoken of: known by its code; fictional or unclear without one, then perhaps with choices."""

    label: str
    code: str | None = None
    outside: bool = False
    certain: bool = True
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: str
    codes: tuple[str, ...]
    district: str  # folded name of the earlier district; empty for a commune of today


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
        self._by_name: dict[str, list[_Entry]] = {}
        for code, _, kind, name in data["communes"]:
            self._add(_Entry(name, kind, (code,), ""))
        districts = [fold(name) for _, _, name in data["old_districts"]]
        for district, kind, name, codes in data["old_communes"]:
            self._add(_Entry(name, kind, tuple(codes), districts[district]))

    @classmethod
    @cache
    def load(cls) -> "Gazetteer":
        """Read the one packaged with the program, once."""
        return cls(json.loads(_FILE.read_text(encoding="utf-8")))

    def _add(self, entry: _Entry) -> None:
        self._by_name.setdefault(fold(entry.name), []).append(entry)

    def province(self, named: str | None) -> str | None:
        """Return a province's code from its code or a name, old or new; None when unknown."""
        if named is None or named in self.provinces:
            return named
        return self._province_codes.get(name_key(named))

    def label(self, code: str) -> str:
        """Kind and name: "xã Kỳ Xuân"."""
        _, kind, name = self._communes[code]
        return f"{kind} {name}"

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

    def find(
        self,
        said: Sequence[Token],
        province: str | None,
        commune: str | None,
        posts: Collection[int] = (),
        *,
        here: bool = False,
    ) -> Commune | None:
        """Find the commune a message names; home first, then those of its province, then any other.

        At `posts` those end that are named with "xã" behind: "cong an xa Dung" is somebody there. `here`: a
        hamlet of home is named too, so that a commune elsewhere, not written as a name, is not certain.
        """
        own = self.home(province, commune)
        home = self.province(province)
        told = self._told_province(said)
        for at, kind in _spoken(said):
            if own is not None and told in {None, home} and _starts(said, at, name_key(own.label), own.label):
                return own
            entries, sought = self._named(said, at, kind, told or home)
            named = bool(entries) and _is_written(said, at, entries[0])
            ours = at - 1 in posts or (kind is not None and at < len(said) and _is_ours(said[at]))
            if not entries or (ours and not named) or (told is None and _is_plain(said, at, entries[0])):
                continue
            found = self._beside(self._resolve(entries, kind, said, (sought, home)), own, home)
            return replace(found, certain=found.certain and not (here and found.outside and not named))
        return None

    def _told_province(self, said: Sequence[Token]) -> str | None:
        """Return the province said with its kind: "tỉnh Thái Nguyên", "TP Huế"."""
        for hit in _PROVINCE_MARKERS.find(said):
            for length in (2, 1, 3, 4):
                code = self._province_codes.get(
                    " ".join(token.fold for token in said[hit.end : hit.end + length])
                )
                if code is not None:
                    return code
        return None

    def _named(
        self, said: Sequence[Token], at: int, kind: str | None, sought: str | None
    ) -> tuple[Sequence[_Entry], str | None]:
        """Find the longest name at `at`, and the province it was found in when it is the one sought."""
        for length in range(min(_LONGEST, len(said) - at), 0, -1):
            span = said[at : at + length]
            entries = self._by_name.get(" ".join(token.fold for token in span), ())
            spelled = [entry for entry in entries if _same(span, entry.name)]
            near = [entry for entry in spelled if sought is not None and self._within(entry, sought)]
            known = bool(near) or sought is None
            if spelled and _trusted(said, at, length, known=known, marked=kind is not None):
                return near or spelled, sought if near else None
        return (), None

    def _within(self, entry: _Entry, province: str) -> bool:
        return any(self._communes[code][0] == province for code in entry.codes)

    def _resolve(
        self,
        entries: Sequence[_Entry],
        kind: str | None,
        said: Sequence[Token],
        provinces: tuple[str | None, str | None],
    ) -> Commune:
        sought, home = provinces
        told = self._narrow(
            entries, kind, _SHORT_DISTRICT.sub("quan ", " ".join(token.fold for token in said))
        )
        every = dict.fromkeys(code for entry in told for code in entry.codes)
        codes = [code for code in every if sought is None or self._communes[code][0] == sought]
        if len(codes) == 1:
            return Commune(self._full_label(codes[0], home), codes[0])
        choices = tuple((code, self._full_label(code, home)) for code in codes)
        return Commune(f"{kind or told[0].kind} {told[0].name}", certain=False, choices=choices)

    def _narrow(self, entries: Sequence[_Entry], kind: str | None, text: str) -> Sequence[_Entry]:
        """Keep those whose province or earlier district is named too, whose kind fits, today's before old."""

        def says(name: str, entry: _Entry) -> bool:
            return bool(name) and name != fold(entry.name) and f" {name} " in f" {text} "

        tests: tuple[Callable[[_Entry], bool], ...] = (
            lambda entry: any(says(self._province_of(code), entry) for code in entry.codes),
            lambda entry: kind is None or entry.kind == kind,
            lambda entry: says(entry.district, entry),
            lambda entry: not entry.district,
        )
        for test in tests:
            entries = [entry for entry in entries if test(entry)] or entries
        return entries

    def _province_of(self, code: str) -> str:
        return fold(self.provinces[self._communes[code][0]])

    def _full_label(self, code: str, home: str | None) -> str:
        province = self._communes[code][0]
        return self.label(code) if province == home else f"{self.label(code)}, {self.provinces[province]}"

    def _beside(self, found: Commune, own: Commune | None, home: str | None) -> Commune:
        """See the commune from home: any other than home, or than those of the home province, is outside."""
        codes = {found.code} if found.code else {code for code, _ in found.choices}
        if own is not None:
            return replace(found, outside=own.code not in codes)
        return replace(
            found, outside=home is not None and all(self._communes[code][0] != home for code in codes)
        )


def _spoken(said: Sequence[Token]) -> Iterator[tuple[int, str | None]]:
    """Tell where a name may begin, and the kind said before it; None after a mere "ở"."""
    marked: dict[int, str | None] = {hit.end: None for hit in _AT.find(said)}
    for at, token in enumerate(said[:-1], 1):
        if token.fold in _SHORT and (said[at].raw.isdigit() or said[at].raw[:1].isupper()):
            marked[at] = _SHORT[token.fold]
    marked |= {hit.end: hit.value for hit in _MARKERS.find(said)}
    yield from sorted(marked.items())


def _starts(said: Sequence[Token], at: int, folded: str, label: str) -> bool:
    length = len(folded.split())
    span = said[at : at + length]
    named = " ".join(label.split()[-length:])
    return len(span) == length and " ".join(token.fold for token in span) == folded and _same(span, named)


def _is_plain(said: Sequence[Token], at: int, entry: _Entry) -> bool:
    """Say whether the name, as typed, may as well be plain words: then it is no place elsewhere for sure."""
    span = said[at : at + len(entry.name.split())]
    typed = all(token.bare and token.raw.islower() for token in span)
    return typed and "_".join(token.fold for token in span) in _PLAIN


def _is_ours(word: Token) -> bool:
    return word.fold in _OURS and word.raw.islower()


def _is_written(said: Sequence[Token], at: int, entry: _Entry) -> bool:
    """Say whether the name has a capital for each of its words, and is none of one word."""
    span = said[at : at + len(entry.name.split())]
    return len(span) > 1 and all(token.raw[:1].isupper() and not token.raw.isupper() for token in span)


def _same(span: Sequence[Token], name: str) -> bool:
    """Whether the words are the name, diacritics left out or right."""
    keys = [exact(word) for word in name.split()]
    if len(keys) != len(span):
        return True  # a name with marks inside it: its folded form has been compared
    return all(token.bare or token.key == key for token, key in zip(span, keys, strict=True))


def _trusted(said: Sequence[Token], at: int, length: int, *, known: bool, marked: bool) -> bool:
    """Whether the words can only be meant as a name: enough of them, spelled out, or within the province."""
    span = said[at : at + length]
    titled = all(token.raw[:1].isupper() for token in span)
    if not marked:
        return known and length > 1 and titled
    number = span[0].raw.isdigit()
    if number and at + length < len(said) and said[at + length].fold in COUNTED:
        return False
    plain = not said[at - 1].bare or said[at - 1].raw[:1].isupper()
    return titled or (number and known) or (length > 1 and (known or plain))
