"""The communes that a desk of many serves, by the names people call them: no other list knows those alone."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from domain.understand.fold import Token, fold, tokens
from domain.understand.hamlets import WHOLE, Called, kinds, spelled
from domain.understand.phrases import Hit, Phrases

_RANKS = Phrases(
    (rank, None)
    for rank in ("xã", "phường", "thị trấn", "đặc khu", "x", "p", "tt", "commune", "ward", "commune of")
)
_RANKS_BEHIND = Phrases((rank, None) for rank in ("commune", "ward"))
"""In English the rank may stand behind the name."""
_CUES = Phrases((cue, None) for cue in ("ở", "tại", "thuộc", "bên", "dưới", "địa bàn", "in", "at"))
_HAMLETS = Phrases((kind, None) for kind in ("thôn", "xóm", "ấp", "tổ", "khu phố", "bản", "hamlet"))
"""Behind a hamlet's name of one or two words its commune may stand without anything between."""
_PLACES = 1000
"""Places of which it is kept what they name."""
_SHORTEST = 2
"""Words of a name that is known without its rank."""
_FURTHEST = 3
"""Words of a hamlet's name and of what leads from it to its commune: “thôn 2 thuộc xã …”."""
_LIVES = re.compile(
    r"\b(?:toi|tui|em|minh|con|chau|bac|co|chu|nha|dinh|i|we)"
    r"(?: (?:dang|hien|von|cung|am|are))* (?:o|song|song o|ngu|cu tru|que|la (?:dan|nguoi)|live|from)"
    r"(?: (?:tai|o|in|from|ben))?$"
)
"""What stands before the commune in which the writer lives."""
_SERVES = re.compile(
    r"\b(?:chu tich|bi thu|truong phong|can bo(?: \w+){0,3}|cong an|ubnd|uy ban(?: nhan dan)?|hdnd"
    r"|dang uy|lanh dao|chairman|official|officer|head)(?: (?:cua|o|ben|of|in))?$"
)
"""What stands before the commune that an official serves."""


class Named(NamedTuple):
    """Where words name a commune with its rank, and the codes of those of that name.

    Not `whole`: a hamlet that one commune alone has stands for it.
    """

    start: int
    end: int
    codes: tuple[str, ...]
    whole: bool = True


@dataclass(frozen=True)
class Served:
    """Communes as (code, name), and hamlets as (name, code of their commune)."""

    communes: Sequence[tuple[str, str]] = ()
    hamlets: Sequence[tuple[str, str]] = field(default=(), repr=False)
    former: Sequence[tuple[str, str, str]] = ()
    """Communes merged into one of these, and that one: its code, their own, and the name they had."""
    twins: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict, repr=False)
    """Hamlets of one name, by their commune's code, the folded name and their old commune's code."""

    def find(self, said: Sequence[Token], here: str = "") -> str:
        """Return the code of the commune that words name, empty where none or several may be meant."""
        meant = self.meant(said, here)
        return meant[0] if len(meant) == 1 else ""

    def meant(self, said: Sequence[Token], here: str = "") -> list[str]:
        """Return the codes of the communes that may be meant: none is named, one is, or it is to be asked.

        It is named with its rank, or without where the words say that a place follows, or say nothing else.
        Of several, the matter is where its hamlet is said with it, or where neither the writer lives nor an
        official serves. Of communes of one name `here` is meant. Where none is named a hamlet that one
        commune alone has says which.
        """
        named = [one._replace(codes=(here,)) if here in one.codes else one for one in self.named(said)]
        codes = list(dict.fromkeys(code for one in named for code in one.codes))
        if len(codes) > 1:
            matter = [one for one in named if not besides(said, one.start)]
            there = [one for one in matter if hamlet_before(said, one.start) < one.start]
            for likely in (there, matter):
                if len(found := {code for one in likely for code in one.codes}) == 1:
                    return list(found)
        return codes or self._by_hamlet(said)

    def own(self, said: Sequence[Token], code: str) -> list[Token]:
        """Return the words without what names other communes, and the hamlets said with those."""
        others = [one for one in self.named(said) if code not in one.codes]
        left = {at for one in others for at in range(hamlet_before(said, one.start), one.end)}
        return [token for at, token in enumerate(said) if at not in left]

    def spoken(self, said: Sequence[Token]) -> list[tuple[int, int, str]]:
        """Return where communes are named, with their ranks or without, and which: of one name the first.

        For a few words that speak of nothing else; in a story a bare name may be anybody's.
        """
        ranked = {hit.end: hit.start for hit in _RANKS.find(said)}
        found = {one.start: (one.start, one.end, one.codes[0]) for one in self.named(said)}
        for hit in sorted(self._called(said), key=lambda one: one.start - one.end):
            start = ranked.get(hit.start, hit.start)
            within = any(at <= hit.start < end for at, end, _ in found.values())
            if hit.end - hit.start >= _SHORTEST and not within:
                found[start] = start, hit.end, hit.value
        return sorted(found.values())

    def speaks_of(self, text: str, code: str) -> bool:
        """Say whether a few words that speak of nothing else name a commune."""
        return code in self._spoken(text)

    def hamlets_of(self, code: str) -> tuple[str, ...]:
        """Return the names of the hamlets of a commune."""
        return self._hamlets_of.get(code, ())

    def is_of_another(self, name: str, code: str) -> bool:
        """Say whether a hamlet of this name is another commune's, and not this one's."""
        communes = self._having.get(fold(name), ())
        return bool(communes) and code not in communes

    def alike(self, text: str, most: int) -> list[str]:
        """Return the codes of the communes with most words of these in their names, the first or alone.

        They stand alone where the others would not all be there.
        """
        wanted = {word.fold for word in tokens(text)} - _RANK_WORDS
        by_name = sorted(self.communes, key=lambda one: fold(one[1]))
        shared = {code: len(wanted & set(fold(name).split())) for code, name in by_name}
        near = [code for code, _ in sorted(by_name, key=lambda one: -shared[one[0]]) if shared[code]]
        rest = [code for code, _ in by_name if not shared[code]]
        return (near + rest if not near or len(by_name) <= most else near)[:most]

    def by_label(self, label: str) -> str:
        """Return the code of the commune of this name and rank, empty for none of these."""
        return self._by_label.get(fold(label), "")

    def name(self, code: str) -> str:
        """Return the name of a commune. Raises KeyError."""
        return self._names[code]

    def named(
        self, said: Sequence[Token], led: Callable[[int, int], bool] = lambda _at, _end: False
    ) -> list[Named]:
        """Return where communes are named; of names within one another the longest.

        `led` says of a name's first word and its end whether it may be a commune's there without a rank.
        """
        if not self.communes and not self.former:
            return []
        found: dict[int, tuple[Hit[str], list[str]]] = {}
        before = {hit.end: hit.start for hit in _RANKS.find(said)}
        behind = {hit.start for hit in _RANKS_BEHIND.find(said)}
        cued = {hit.end for hit in _CUES.find(said)}
        cued |= {hit.end + words for hit in _HAMLETS.find(said) for words in (1, 2)}
        for hit in self._called(said):
            alone = hit.start == 0 and hit.end == len(said)
            ranked = hit.start in before or hit.end in behind
            if led(hit.start, hit.end):
                ranked = True
            if not (ranked or (hit.end - hit.start >= _SHORTEST and (alone or hit.start in cued))):
                continue
            known, codes = found.get(hit.start, (hit, []))
            if hit.end > known.end:
                found[hit.start] = hit, [hit.value]
            elif hit.end == known.end:
                found[hit.start] = hit, [*codes, hit.value]
        full = {(hit.start, hit.end): hit.value for hit in self._full.find(said)}
        named: list[Named] = []
        for hit, same in found.values():
            exact = [full[span] for span in full if span[1] == hit.end and span[0] < hit.start]
            start = before.get(hit.start, hit.start)
            named.append(Named(start, hit.end, tuple(dict.fromkeys(exact[:1] or same))))
        return named

    def shortened(self, said: Sequence[Token]) -> list[Named]:
        """Return where words are the first of the names of communes, the longest that are: two or more."""
        found: dict[int, Named] = {}
        for hit in self._beginnings.find(said):
            known = found.get(hit.start)
            if known is None or hit.end > known.end:
                found[hit.start] = Named(hit.start, hit.end, (hit.value,))
            elif hit.end == known.end:
                found[hit.start] = known._replace(codes=(*known.codes, hit.value))
        return list(found.values())

    def having(self, name: str) -> tuple[str, ...]:
        """Return the codes of the communes that have a hamlet of this name."""
        return tuple(sorted(self._having.get(fold(name), ())))

    def _called(self, said: Sequence[Token]) -> list[Hit[str]]:
        """Return where communes are called by their names, or by what alone has none after its last word.

        Where a name goes on it is another's: “Tân Lập Thượng”.
        """
        short = [hit for hit in self._short.find(said) if not _goes_on(said, hit.end)]
        return [*self._bare.find(said), *short]

    def _by_hamlet(self, said: Sequence[Token]) -> list[str]:
        called = (hit.value.name for hit in self.hamlet_names.find(said) if hit.value.how == WHOLE)
        codes = list(dict.fromkeys(self._of_one[name] for name in called if name in self._of_one))
        return codes if len(codes) == 1 else []

    @cached_property
    def _spoken(self) -> Callable[[str], frozenset[str]]:
        """What `spoken` finds in a text: of a place it is asked whenever its card is drawn."""
        return lru_cache(_PLACES)(lambda text: frozenset(one[2] for one in self.spoken(tokens(text))))

    @cached_property
    def _full(self) -> Phrases[str]:
        return Phrases((_pattern(name), code) for code, name in self._all)

    @cached_property
    def _bare(self) -> Phrases[str]:
        return Phrases((_pattern(bare(name)), code) for code, name in self._all)

    @cached_property
    def _short(self) -> Phrases[str]:
        """The names without their last word, where two are left and no other name begins so."""
        names = [(_pattern(bare(name)).split(), code) for code, name in self._all]
        borne = [(fold(" ".join(words)), code) for words, code in names]
        cut = [(" ".join(words[:-1]), code) for words, code in names if len(words) > _SHORTEST]
        return Phrases(
            (short, code)
            for short, code in cut
            if {other for name, other in borne if f"{name} ".startswith(f"{fold(short)} ")} == {code}
        )

    @cached_property
    def _all(self) -> list[tuple[str, str]]:
        """The communes by every name they have, or had before a merger."""
        return [*self.communes, *((code, name) for code, _, name in self.former)]

    def twins_of(self, name: str, code: str) -> Mapping[str, str]:
        """Return what hamlets of one name are called in a commune, by their old communes; else nothing."""
        return self.twins.get(code, {}).get(fold(name), {})

    def olds(self, said: Sequence[Token], code: str) -> set[str]:
        """Return the codes of the old communes that words name, of those that are one commune now.

        Its own name means all of it, unless the words say that the old one is meant.
        """
        found = set[str]()
        for hit in self._olds.find(said):
            said_so = hit.end < len(said) and said[hit.end].fold == _OLD
            if self._now[hit.value] == code and (hit.value != code or said_so):
                found.add(hit.value)
        return found

    @cached_property
    def _olds(self) -> Phrases[str]:
        return Phrases((_pattern(bare(name)), old) for _, old, name in self.former)

    @cached_property
    def _now(self) -> Mapping[str, str]:
        return {old: code for code, old, _ in self.former}

    @cached_property
    def _beginnings(self) -> Phrases[str]:
        """The first words of the communes' names, two at least, where more follow."""
        named = ((bare(name).split(), code) for code, name in self._all)
        return Phrases(
            (" ".join(words[:count]), code) for words, code in named for count in range(_SHORTEST, len(words))
        )

    @cached_property
    def hamlet_names(self) -> Phrases[Called]:
        """What the hamlets of all communes are called."""
        return spelled(name for name, _ in self.hamlets)

    @cached_property
    def _of_one(self) -> Mapping[str, str]:
        """The communes of the hamlets whose names no other hamlet bears."""
        borne = Counter(fold(name) for name, _ in self.hamlets)
        return {name: code for name, code in self.hamlets if borne[fold(name)] == 1}

    @cached_property
    def _having(self) -> Mapping[str, set[str]]:
        """The communes that have a hamlet of each folded name."""
        found: dict[str, set[str]] = {}
        for name, code in self.hamlets:
            found.setdefault(fold(name), set()).add(code)
        return found

    @cached_property
    def _hamlets_of(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for name, code in self.hamlets:
            found.setdefault(code, []).append(name)
        return {code: tuple(names) for code, names in found.items()}

    @cached_property
    def _by_label(self) -> Mapping[str, str]:
        return {fold(name): code for code, name in self.communes}

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return dict(self.communes)


_OLD = "cu"
_RANK_WORDS = frozenset(fold("xã phường thị trấn đặc khu ở tại").split())


def _pattern(name: str) -> str:
    return " ".join(token.raw for token in tokens(name))


def bare(name: str) -> str:
    """Return a commune's name without its rank."""
    said = tokens(name)
    ranks = [hit.end for hit in _RANKS.find(said) if hit.start == 0 and hit.end < len(said)]
    return " ".join(token.raw for token in said[max(ranks, default=0) :])


def _goes_on(said: Sequence[Token], at: int) -> bool:
    """Say whether a word with a capital follows directly, in a text that is not all capitals."""
    if at == 0 or at >= len(said) or said[at].start > said[at - 1].end + 1:
        return False
    return said[at].raw[:1].isupper() and not said[at - 1].raw.isupper()


def hamlet_before(said: Sequence[Token], at: int) -> int:
    """Return where a hamlet that is said with the commune at `at` begins, or the commune where none is."""
    near = (kind.start for kind in kinds(said) if kind.end < at <= kind.end + _FURTHEST)
    return max(near, default=at)


def besides(said: Sequence[Token], at: int) -> bool:
    """Say whether a commune is named at `at` only as where somebody lives, or serves as an official."""
    before = " ".join(token.fold for token in said[: hamlet_before(said, at)])
    return bool(_LIVES.search(before) or _SERVES.search(before))
