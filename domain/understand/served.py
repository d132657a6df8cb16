"""The communes that a desk of many serves, by the names people call them: no other list knows those alone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from domain.understand.fold import Token, fold, tokens
from domain.understand.hamlets import WHOLE, Called, spelled
from domain.understand.phrases import Hit, Phrases

_RANKS = Phrases((rank, None) for rank in ("xã", "phường", "thị trấn", "đặc khu", "x", "p", "tt"))
_CUES = Phrases((cue, None) for cue in ("ở", "tại", "thuộc", "bên", "dưới", "địa bàn", "in", "at"))
_HAMLETS = Phrases((kind, None) for kind in ("thôn", "xóm", "ấp", "tổ", "khu phố", "bản", "hamlet"))
"""Behind a hamlet's name of one or two words its commune may stand without anything between."""
_SHORTEST = 2
"""Words of a name that is known without its rank."""


@dataclass(frozen=True)
class Served:
    """Communes as (code, name), and hamlets as (name, code of their commune)."""

    communes: Sequence[tuple[str, str]] = ()
    hamlets: Sequence[tuple[str, str]] = field(default=(), repr=False)

    def find(self, said: Sequence[Token], here: str = "") -> str:
        """Return the code of the commune that words name, empty where none or several may be meant.

        It is named with its rank, or without where the words say that a place follows, or say nothing else.
        Whoever names `here` means it. Where that is not known a hamlet of one commune alone says which.
        """
        named = self._named(said)
        if here in named:
            return here
        if len(named) == 1:
            return named[0]
        return "" if here or named else self._by_hamlet(said)

    def alike(self, text: str, most: int) -> list[str]:
        """Return the codes of the communes with most words of these in their names, else the first."""
        wanted = {word.fold for word in tokens(text)} - _RANK_WORDS
        by_name = sorted(self.communes, key=lambda one: fold(one[1]))
        shared = {code: len(wanted & set(fold(name).split())) for code, name in by_name}
        near = [code for code, _ in sorted(by_name, key=lambda one: -shared[one[0]]) if shared[code]]
        return (near or [code for code, _ in by_name])[:most]

    def by_label(self, label: str) -> str:
        """Return the code of the commune of this name and rank, empty for none of these."""
        return self._by_label.get(fold(label), "")

    def name(self, code: str) -> str:
        """Return the name of a commune. Raises KeyError."""
        return self._names[code]

    def _named(self, said: Sequence[Token]) -> list[str]:
        """Return the communes named, each once; of names within one another the longest."""
        if not self.communes:
            return []
        found: dict[int, tuple[Hit[str], list[str]]] = {}
        ranked = {hit.end for hit in _RANKS.find(said)}
        cued = {hit.end for hit in _CUES.find(said)}
        cued |= {hit.end + words for hit in _HAMLETS.find(said) for words in (1, 2)}
        for hit in self._bare.find(said):
            alone = hit.start == 0 and hit.end == len(said)
            if not (
                hit.start in ranked or (hit.end - hit.start >= _SHORTEST and (alone or hit.start in cued))
            ):
                continue
            known, codes = found.get(hit.start, (hit, []))
            if hit.end > known.end:
                found[hit.start] = hit, [hit.value]
            elif hit.end == known.end:
                found[hit.start] = hit, [*codes, hit.value]
        full = {(hit.start, hit.end): hit.value for hit in self._full.find(said)}
        named: list[str] = []
        for hit, same in found.values():
            exact = [full[span] for span in full if span[1] == hit.end and span[0] < hit.start]
            named += exact[:1] or same
        return list(dict.fromkeys(named))

    def _by_hamlet(self, said: Sequence[Token]) -> str:
        called = (hit.value.name for hit in self.hamlet_names.find(said) if hit.value.how == WHOLE)
        codes = list(dict.fromkeys(self._of_one[name] for name in called if name in self._of_one))
        return codes[0] if len(codes) == 1 else ""

    @cached_property
    def _full(self) -> Phrases[str]:
        return Phrases((_pattern(name), code) for code, name in self.communes)

    @cached_property
    def _bare(self) -> Phrases[str]:
        return Phrases((_pattern(_bare(name)), code) for code, name in self.communes)

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
    def _by_label(self) -> Mapping[str, str]:
        return {fold(name): code for code, name in self.communes}

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return dict(self.communes)


_RANK_WORDS = frozenset(fold("xã phường thị trấn đặc khu ở tại").split())


def _pattern(name: str) -> str:
    return " ".join(token.raw for token in tokens(name))


def _bare(name: str) -> str:
    """Return a name without its rank."""
    said = tokens(name)
    ranks = [hit.end for hit in _RANKS.find(said) if hit.start == 0 and hit.end < len(said)]
    return " ".join(token.raw for token in said[max(ranks, default=0) :])
