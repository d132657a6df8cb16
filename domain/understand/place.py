"""Where a message says it is: hamlet, house and commune. A place is found in the words or not at all."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from domain.understand import communes, hamlets
from domain.understand.fold import Token, clean, tokens
from domain.understand.gazetteer import Commune, Gazetteer
from domain.understand.hamlets import ENGLISH, OWN, Called, kinds
from domain.understand.namings import COUNTED
from domain.understand.phrases import Hit, Phrases
from domain.understand.proofs import MOST
from domain.understand.served import Served

_MAX_CHOICES = MOST  # a menu without the right answer misleads

_LOWER_CASE_NAMES = frozenset(
    ("thon", "xom")
)  # "cong xom dinh tac": after these a small letter may begin a name
_NUMBER = re.compile(r"\d{1,3}[a-h]?|[ivx]{1,5}")
_NOT_NAMES = frozenset((Path(__file__).parent / "data" / "not_names.txt").read_text(encoding="utf-8").split())

_ALLEYS = Phrases((word, "alley") for word in ("ngõ", "ngách", "hẻm", "kiệt"))
_STREETS = Phrases((word, "street") for word in ("đường", "phố", "số nhà", "nhà số", "số"))
_HOUSE_NUMBER = re.compile(r"\d{1,4}[a-zđ]?", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """Where something is, as far as it was said.

    `choices` are pairs of commune code and label to ask with; `outside`: not in the home commune.
    `area` is the code of the commune, where a desk of many serves it and it is named.
    """

    label: str
    commune_code: str | None = None
    commune: str | None = None
    hamlet: str | None = None
    house: str | None = None
    sure: bool = False
    outside: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    area: str = ""


@dataclass(frozen=True)
class Home:
    """The installation's own place, by names ("Hà Tĩnh", "xã Hòa Bình") or the gazetteer's codes."""

    province: str | None = None
    commune: str | None = None
    hamlets: Sequence[str] = field(default=())
    code: str = ""
    """What the desk itself calls the commune."""
    served: Served = field(default_factory=Served)
    """The communes of a desk of many, and those that were merged into them."""
    old: str = ""
    """The code of the old commune of whoever writes, where theirs was merged of several."""

    def at(self, code: str) -> "Home":
        """Return it with the hamlets of a commune of the desk, its own province's."""
        return self if code == self.code else replace(self, hamlets=self.served.hamlets_of(code), code=code)

    def called(self, said: Sequence[Token]) -> list[Hit[Called]]:
        """Return where its hamlets are named, the longest names first; in English only what can be no other.

        The names of all communes of a desk are learned once, and found at once.
        """
        known = self.served.hamlet_names if self.served.hamlets else self._names
        hits = [hit for hit in known.find(said) if hit.value.name in self._order]
        own = [hit for hit in hits if hit.value.how != ENGLISH or hit.value.name in self._alone]
        return sorted(
            own,
            key=lambda hit: (hit.start - hit.end, hit.start, hit.value.how, self._order[hit.value.name]),
        )

    def meant(self, name: str, said: Sequence[Token]) -> Mapping[str, str]:
        """Return what the hamlets are called that a name may mean here, by their old communes' codes.

        Of several it is the one whose old commune is named with it, else the one of where the writer is from.
        """
        twins = self.served.twins_of(name, self.code)
        if not twins:
            return {self.code: name}
        named = self.served.olds(said, self.code) & twins.keys()
        of = named or ({self.old} & twins.keys())
        return {old: label for old, label in twins.items() if old in of} or twins

    @cached_property
    def _names(self) -> Phrases[Called]:
        return hamlets.spelled(self.hamlets)

    @cached_property
    def _order(self) -> Mapping[str, int]:
        return {name: order for order, name in enumerate(self.hamlets)}

    @cached_property
    def _alone(self) -> frozenset[str]:
        return hamlets.alone(self.hamlets)


@dataclass(frozen=True)
class _Named:
    text: str
    sure: bool
    choices: tuple[tuple[str, str], ...] = ()
    """Hamlets of one name: the code of the old commune, and what each is called."""


def find_place(text: str, home: Home) -> Place | None:
    """Return the place a message names, or None when it names none."""
    return find_in(tokens(text), home, Gazetteer.load(), text=clean(text))


def find_in(
    said: Sequence[Token],
    home: Home,
    gazetteer: Gazetteer,
    posts: Collection[int] = (),
    text: str = "",
) -> Place | None:
    """Find the place in a clean text, already split; at `posts` words of officials and units end."""
    meant = home.served.meant(said, home.code)
    if meant and _is_told_elsewhere(said, home, gazetteer, text):
        meant = []
    if len(meant) > 1:
        return _several(said, home, meant)
    commune = _served(home, gazetteer, meant)
    if meant:
        said, home = home.served.own(said, meant[0]), home.at(meant[0])
    own = _home_hamlet(said, home)
    if commune is None:
        taken = {at for hit in home.called(said) for at in range(hit.start, hit.end)}
        near = communes.Near(home.province, home.commune, posts, taken, own is not None, text)
        commune = communes.find(gazetteer, said, near)
    named = commune.at if commune else None
    spoken = (
        one for one in _spoken_hamlets(said, named) if not home.served.is_of_another(one.text, home.code)
    )
    hamlet = own or next(spoken, None)
    house = _house(said)
    if own is not None and own.choices:
        return _one_of(own, house, gazetteer.home(home.province, home.commune), commune)
    if commune is None and hamlet is None and house is None:
        return None
    where = commune or gazetteer.home(home.province, home.commune)
    parts = [part for part in (house, hamlet and hamlet.text, where and where.label) if part]
    return Place(
        label=", ".join(parts),
        commune_code=where.code if where else None,
        commune=where.label if where else None,
        hamlet=hamlet.text if hamlet else None,
        house=house,
        sure=bool(where and where.certain and (hamlet is None or hamlet.sure)),
        outside=bool(where and where.outside),
        choices=_choices(where, home) if where else (),
        area=home.served.by_label(commune.label) if commune else "",
    )


def _one_of(hamlet: _Named, house: str | None, here: Commune | None, named: Commune | None) -> Place:
    """Return a hamlet of a name that others of the commune have too: nobody knows yet which is meant."""
    where = named or here
    behind = [where.label] if where else []
    before = [house] if house else []
    return Place(
        ", ".join([*before, hamlet.text, *behind]),
        commune_code=where.code if where else None,
        commune=where.label if where else None,
        house=house,
        outside=bool(where and where.outside),
        choices=tuple((old, ", ".join([*before, name, *behind])) for old, name in hamlet.choices),
    )


def _is_told_elsewhere(said: Sequence[Token], home: Home, gazetteer: Gazetteer, text: str) -> bool:
    """Say whether a commune is named with its province behind it, and that is another than home's."""
    here = gazetteer.province(home.province)
    return here is not None and communes.told_beside(gazetteer, said, text) not in {None, here}


def _choices(where: Commune, home: Home) -> tuple[tuple[str, str], ...]:
    """Return what to ask with, by the code that this desk has for a commune; nothing where it is too much."""
    if len(where.choices) > _MAX_CHOICES:
        return ()
    return tuple((home.served.by_label(label) or code, label) for code, label in where.choices)


def _served(home: Home, gazetteer: Gazetteer, meant: Sequence[str]) -> Commune | None:
    """Return the commune of this desk that is named: another than home is outside of it."""
    if not meant:
        return None
    if meant[0] == home.code:
        return gazetteer.home(home.province, home.commune)
    return Commune(home.served.name(meant[0]), outside=bool(home.code))


def _several(said: Sequence[Token], home: Home, meant: Sequence[str]) -> Place:
    """Return the communes of this desk that may be meant, each with the hamlet that is said of it."""
    choices = []
    for code in meant[:_MAX_CHOICES]:
        hamlet = _home_hamlet(home.served.own(said, code), home.at(code))
        parts = [*([hamlet.text] if hamlet else []), home.served.name(code)]
        choices.append((code, ", ".join(parts)))
    return Place(" / ".join(label for _, label in choices), choices=tuple(choices))


def _written(said: Sequence[Token]) -> str:
    """Join the words as typed; shorthand made several words of one, which is written once."""
    return " ".join({token.start: token.raw for token in said}.values())


def _home_hamlet(said: Sequence[Token], home: Home) -> _Named | None:
    """Find a hamlet of home by its full name, or with capitals by its own."""
    for hit in home.called(said):
        titled = all(_titled(token) for token in said[hit.start : hit.end])
        if titled or (hit.value.how != OWN and hit.end - hit.start > 1):
            meant = home.meant(hit.value.name, said)
            if len(meant) > 1:
                return _Named(hit.value.name, sure=False, choices=tuple(meant.items()))
            return _Named(next(iter(meant.values())), sure=True)
    return None


def _spoken_hamlets(said: Sequence[Token], commune: int | None = None) -> Iterator[_Named]:
    """Yield hamlets nobody listed; where the name of the commune begins theirs ends."""
    for kind in kinds(said):
        if commune in {kind.start, kind.end}:
            continue
        at = kind.end
        if at < len(said) - 1 and said[at].fold == "so" and _NUMBER.fullmatch(said[at + 1].fold):
            at += 1
        end = _name_end(said, at, kind)
        end = commune if commune is not None and at < commune < end else end
        if end > at:
            capital = _titled(said[at]) or bool(_NUMBER.fullmatch(said[at].fold))
            text = _written((*said[kind.start : kind.end], *said[at:end]))
            yield _Named(text, sure=capital)


def _name_end(said: Sequence[Token], at: int, kind: Hit[bool]) -> int:
    """Return where the name or number at `at` ends: at `at` itself when there is none."""
    if at >= len(said) or not _adjacent(said, at):
        return at
    if _NUMBER.fullmatch(said[at].fold):
        return at if at + 1 < len(said) and said[at + 1].fold in COUNTED else at + 1
    end = at
    while end < min(at + 3, len(said)) and _titled(said[end]) and _adjacent(said, end):
        end += 1
    if end > at:
        shouted = said[kind.start].raw.isupper()
        return at if shouted and said[at].fold in _NOT_NAMES else end
    told = said[kind.start].fold in _LOWER_CASE_NAMES or (
        said[kind.start].fold == "ap" and not said[kind.start].bare
    )
    could_be = said[at].fold.isalpha() and said[at].fold not in _NOT_NAMES
    return at + 1 if told and could_be else at


def _titled(token: Token) -> bool:
    return token.raw[:1].isupper()


def _adjacent(said: Sequence[Token], at: int) -> bool:
    return at > 0 and said[at].start <= said[at - 1].end + 1


def _house(said: Sequence[Token]) -> str | None:
    """House number, alley and street as said: "số 45 đường Trần Phú", "ngõ 12"."""
    alleys = [hit for hit in _ALLEYS.find(said) if _numbered(said, hit.end)]
    streets = [hit for hit in _STREETS.find(said) if _leads(said, hit)]
    opening = sorted(
        {(hit.start, hit.end) for hit in (*alleys, *streets)}, key=lambda span: (span[0], -span[1])
    )
    if not opening or not (alleys or any(_numbered(said, hit.end) for hit in streets)):
        return None
    start, end = opening[0][0], opening[0][0]
    for begin, stop in opening:
        if begin > end:
            break
        end = max(end, _run(said, stop))
    return _written(said[start:end])


def _numbered(said: Sequence[Token], at: int) -> bool:
    counted = at + 1 < len(said) and said[at + 1].fold in COUNTED
    return at < len(said) and bool(_HOUSE_NUMBER.fullmatch(said[at].raw)) and not counted


def _leads(said: Sequence[Token], hit: Hit[str]) -> bool:
    """Whether a word such as "số" or "đường" opens an address: "số 45 đường …", "đường Trần Phú"."""
    if hit.end >= len(said):
        return False
    if said[hit.start].fold in {"duong", "pho"}:
        return _titled(said[hit.end])
    after = {token.fold for token in said[hit.end + 1 : hit.end + 2]}
    housed = hit.end - hit.start == 2 or bool(after & {"duong", "pho", "ngo", "ngach", "hem", "kiet"})
    return housed and _numbered(said, hit.end)


def _run(said: Sequence[Token], at: int) -> int:
    """Return the end of a number or of up to four words with capitals."""
    if _numbered(said, at):
        return at + 1
    end = at
    while end < min(at + 4, len(said)) and _titled(said[end]) and (end == at or _adjacent(said, end)):
        end += 1
    return end
