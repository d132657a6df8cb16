"""Units and posts in words: by their own names, by what the taxonomy says people call them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, reduce
from typing import NamedTuple
from uuid import UUID

from domain.directory import Directory
from domain.people import Area
from domain.routing import GOVERNING, Unit
from domain.understand.fold import fold
from domain.understand.loosely import Found, Layered, Names, Said
from domain.understand.offices import AREA, Offices, Post

GENERIC = frozenset({"xa", "phuong"})
_GENERIC = [[word] for word in GENERIC]
_WHERE = (["o"], ["tren"], ["cua"], ["tai"])
_CHIEF = ("truong", "don")
_FETCHED = frozenset({"cong", "truoc", "ngoai", "o", "den", "toi", "ve", "con", "chau", "em", "be", "hoc"})
_KEPT = 2  # words people keep besides


@dataclass(frozen=True, slots=True)
class Office:
    """A unit or a post named in words: the units meant (none: any), and whether those in charge of them.

    `place`: a body that has a house, not a person. `elsewhere`: what is meant is no unit of this directory.
    `general`: units of several kinds, as "the leaders of the commune". `holder`: whoever has the case.
    `of`: the types of unit it is a name for, whether or not there are some here.
    """

    start: int
    end: int
    units: frozenset[UUID]
    in_charge: bool
    place: bool
    elsewhere: bool = False
    general: bool = False
    holder: bool = False
    of: frozenset[str] = frozenset()


class _Meant(NamedTuple):
    """What a name means here; `own` is a unit's own name or its area's, which outranks those of its kind.

    `called`: it is what the unit is called, which whoever keeps the directory chooses.
    """

    units: tuple[UUID, ...]
    in_charge: bool
    place: bool
    own: bool
    elsewhere: bool = False
    general: bool = False
    called: bool = False
    of: tuple[str, ...] = ()


class OfficeNames:
    """All names of the units of one directory and of their posts."""

    def __init__(self, directory: Directory, offices: Offices) -> None:
        of_type = _of_type(directory)

        @cache
        def meant(post: Post) -> _Meant:
            return _meant(tuple(unit for code in post.of for unit in of_type.get(code, ())), post, own=False)

        words = _OwnWords(directory.areas)
        units = [(unit, words.of(unit.name)) for unit in directory.units]
        of_areas = [*_posts(directory, offices)]
        self._names = Layered((*of_areas, *_called(units, offices.heads)), offices.spelled, meant)
        self._posts = Layered(of_areas, offices.spelled, meant)
        self._short = Names(_short_names(units, offices, meant))
        self._ranks = offices.spelled_ranks

    def find(self, said: Said) -> list[Office]:
        """Return the units and posts, in the order of their words, each with a rank before it.

        A unit that is called like a post, or by words that hold one, takes nothing from whoever has the post.
        """
        found = [hit for hit in self._names.find(said) if not _is_school(said, hit.start, hit.end)]
        offices = self._ranked(said, found)
        if not any(meant.called for hit in found for meant in hit.values):
            return offices
        posts = [one for one in self._ranked(said, self._posts.find(said)) if one.in_charge and one.units]
        for post in posts:
            over = [one for one in offices if one.start < post.end and post.start < one.end]
            if over and not any(_holds(one, post) for one in over):
                both = reduce(_both, over, post)
                offices = sorted([*(one for one in offices if one not in over), both], key=_first)
        return offices

    def _ranked(self, said: Said, found: Sequence[Found[_Meant]]) -> list[Office]:
        ranks = {hit.end: hit.start for hit in self._ranks.find(said)} if found else {}
        starts = {hit.start for hit in found}
        offices: list[Office] = []
        for one in found:
            hit = self._also_unit(said, one)
            if offices and hit.start < offices[-1].end:
                continue
            start = ranks.get(hit.start)
            ranked = start is not None and said.together(start, hit.start) and not said.is_parted(hit.start)
            # Of any official "chủ tịch" makes no other than whoever has that post: "chủ tịch | bên xã".
            if ranked and offices and offices[-1].of and _is_anybodys(hit) and offices[-1].start == start:
                start, ranked = None, False
            office = _office(hit, hit.start if start is None else start, ranked=ranked)
            offices = [one for one in offices if one.end <= office.start]
            offices.append(office if hit.end in starts and not office.units else with_commune(office, said))
        return offices

    def _also_unit(self, said: Said, hit: Found[_Meant]) -> Found[_Meant]:
        """Let words for all heads be those of a unit that begins with their last: "mấy ông xã" of "xã đội".

        So are those for any official there. Typed without marks they may be either.
        """
        anybody = all(meant.general or not (meant.units or meant.elsewhere) for meant in hit.values)
        if said.folds[hit.end - 1] not in GENERIC or not anybody:
            return hit
        other = self._names.at(said, hit.end - 1)
        if other is None or other.end <= hit.end or not any(meant.units for meant in other.values):
            return hit
        marked = any(not word.bare for word in said.words[other.start : other.end])
        return other if marked else hit._replace(values=(*hit.values, *other.values))

    def first_words(self) -> set[str]:
        """Return the folded words with which begins whatever means one of the units."""
        tables = (self._names, self._short)
        return {word for names in tables for word in names.first_words(lambda meant: meant.units)}

    def may_name(self, said: Said) -> bool:
        """Say whether any of the words could mean one of the units, whatever stands over them."""
        return any(meant.units for names in (self._names, self._short) for meant in names.among(said))

    def shortened(self, said: Said) -> list[Office]:
        """Return what may be a unit without the first word of its name, as in "Tuân kinh tế"."""
        return [with_commune(_office(hit, hit.start, ranked=False), said) for hit in self._short.find(said)]


def _is_school(said: Said, start: int, end: int) -> bool:
    """Say whether "truong don", typed without marks, is a school where somebody is fetched, and no police."""
    if tuple(said.folds[start:end]) != _CHIEF or not all(word.bare for word in said.words[start:end]):
        return False
    around = {*said.folds[max(0, start - 1) : start], *said.folds[end : end + 1]}
    return not _FETCHED.isdisjoint(around)


def _first(office: Office) -> int:
    return office.start


def _is_anybodys(hit: Found[_Meant]) -> bool:
    """Say whether words mean any official, of no unit."""
    return not any(meant.units or meant.elsewhere for meant in hit.values)


def _holds(office: Office, post: Office) -> bool:
    """Say whether an office is the post already."""
    return office.units >= post.units and office.in_charge


def _both(post: Office, office: Office) -> Office:
    """Return a post together with a unit whose name stands over its words."""
    start, end = min(post.start, office.start), max(post.end, office.end)
    return replace(post, start=start, end=end, units=post.units | office.units, of=post.of | office.of)


def _office(hit: Found[_Meant], start: int, *, ranked: bool) -> Office:
    own, others = _outranking(hit.values)
    units = frozenset(unit for meant in (*own, *others) for unit in meant.units)
    in_charge = ranked or any(meant.in_charge for meant in hit.values)
    # What a unit is called says nothing of what people mean by a post of that name.
    telling = others or own
    place = not in_charge and any(meant.place for meant in telling)
    elsewhere = all(meant.elsewhere for meant in (*own, *others))
    general = all(meant.general for meant in telling)
    first = start if ranked else hit.start
    of = frozenset(kind for meant in (*own, *others) for kind in meant.of)
    return Office(first, hit.end, units, in_charge, place, elsewhere=elsewhere, general=general, of=of)


def _outranking(values: Sequence[_Meant]) -> tuple[Sequence[_Meant], Sequence[_Meant]]:
    """Return what a name means as somebody's own, and what it means besides.

    One's own name says which of several units of a kind is meant; it takes it from no unit of another kind,
    nor from whoever has a post.
    """
    own = [meant for meant in values if meant.own]
    if not own:
        return (), values
    units, called = {unit for meant in own for unit in meant.units}, any(meant.called for meant in own)
    others = [meant for meant in values if not meant.own]
    return own, [one for one in others if (called and one.in_charge) or not units.issubset(one.units)]


def with_commune(office: Office, said: Said) -> Office:
    """Let "xã" after a unit's name, or "ở xã", go with it: what follows is not told of the commune."""
    at = office.end + (said.folds[office.end : office.end + 1] in _WHERE)
    return replace(office, end=at + 1) if said.folds[at : at + 1] in _GENERIC else office


def _of_type(directory: Directory) -> Mapping[str, Sequence[UUID]]:
    found: dict[str, list[UUID]] = {}
    for unit in directory.units:
        found.setdefault(unit.type, []).append(unit.id)
    return found


def _posts(directory: Directory, offices: Offices) -> Iterator[tuple[str, _Meant]]:
    """Yield what people call units and posts by the names of their areas."""
    areas = {area.code: area.name for area in directory.areas}
    for unit in directory.units:
        for name, post in offices.of_areas:
            if unit.type in post.of and (area := areas.get(unit.area)):
                yield name.replace(AREA, area.replace("/", " ")), _meant((unit.id,), post, own=True)


def _called(
    units: Iterable[tuple[Unit, Sequence[str]]], heads: Sequence[str]
) -> Iterator[tuple[str, _Meant]]:
    """Yield what these units are called."""
    for unit, words in units:
        for name in _own_names(words, heads):
            yield name, _meant((unit.id,), Post((unit.type,)), own=True)._replace(called=True)


def _short_names(
    units: Iterable[tuple[Unit, Sequence[str]]], offices: Offices, meant: Callable[[Post], _Meant]
) -> Iterator[tuple[str, _Meant]]:
    """Yield units' names without their first word, and letters that mean one behind a name: "Dũng ca"."""
    for name, post in offices.of_commune:
        if meant(post).units:
            yield name, meant(post)
    for unit, words in units:
        for kept in _kept(words, offices.heads):
            yield " ".join(kept), _meant((unit.id,), Post((unit.type,)), own=True)


def _meant(units: tuple[UUID, ...], post: Post, *, own: bool) -> _Meant:
    return _Meant(
        units,
        post.in_charge,
        post.is_body,
        own,
        elsewhere=bool(post.of) and not units,
        general=len(post.of) > 1 and set(post.of) <= set(GOVERNING),
        of=post.of,
    )


def _own_names(words: Sequence[str], heads: Sequence[str]) -> Iterator[str]:
    """Yield a unit's name, and what people keep of it: "hội phụ nữ" of the whole."""
    if words:
        yield " ".join(words)
    for kept in _kept(words, heads):
        yield " ".join([*words[: _head(words, heads)], *kept])


def _kept(words: Sequence[str], heads: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield what may be kept of a unit's name besides its head: two words or more that stand together."""
    for first in range(_head(words, heads), len(words)):
        for last in range(first + _KEPT, len(words) + 1):
            yield words[first:last]


def _head(words: Sequence[str], heads: Sequence[str]) -> int:
    """Count the words at the beginning that nobody leaves out."""
    name = fold(" ".join(words))
    begins = _folded(tuple(heads))
    return max((len(head.split()) for head in begins if f"{name} ".startswith(f"{head} ")), default=1)


@lru_cache(maxsize=4)
def _folded(heads: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(fold, heads))


class _OwnWords:
    """The words of units' names without their commune's; none where a name is but that of an area."""

    def __init__(self, areas: Sequence[Area]) -> None:
        named = [(tuple(Said(area.name).folds), area.kind) for area in areas]
        self._names = {folds for folds, _ in named}
        self._tails: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        for order, (folds, kind) in enumerate(named):
            if kind != "hamlet" and folds:
                self._tails.setdefault(folds[-1], []).append((order, folds))
        self._known: dict[str, list[str]] = {}

    def of(self, name: str) -> list[str]:
        """Return the words of a unit's name; many bear the same."""
        if name not in self._known:
            self._known[name] = self._read(name)
        return self._known[name]

    def _read(self, name: str) -> list[str]:
        whole = Said(name)
        folds = tuple(whole.folds)
        if folds in self._names:
            return []
        for _, tail in sorted(one for word in {*folds} for one in self._tails.get(word, ())):
            if len(folds) > len(tail) and folds[-len(tail) :] == tail:
                folds = folds[: -len(tail)]
        if len(folds) > 1 and folds[-1] in GENERIC:
            folds = folds[:-1]
        return [word.raw for word in whole.words[: len(folds)]]
