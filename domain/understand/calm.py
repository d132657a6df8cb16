"""Words that thank, praise or ask: whoever they are said of is not accused, unless they turn against them.

They count for whom they are said of alone: thanks to the desk do not make calm what is told beside them.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from domain.understand.loosely import Found, Names, Said, loosened
from domain.understand.mentions import Mention
from domain.understand.phrases import Hit, Phrases

_OF = "cua"
_CALLS, _DESK = "oi", frozenset({"ad", "admin", "xa", "troi", "gioi"})
_SELVES = frozenset({"toi", "tui", "em", "e", "chau", "minh", "con", "nha"})


_THANKS = frozenset({"cam", "biet", "thank", "thanks"})
_REACHES = _THANKS | {"muon", "xin", "cho", "can", "hoi", "khen", "chuc", "gui", "goi", "hoan", "tuyen"}
"""First words of what is said to somebody, whom the words behind it tell."""
_ANYBODY = frozenset(
    {
        "xa",
        "uy",
        "ub",
        "ubnd",
        "ban",
        "chinh",
        "lanh",
        "can",
        "cb",
        "cac",
        "quy",
        "moi",
        "tat",
        "ad",
        "admin",
        "ca",
    }
    | {"nhieu", "nhe", "nha", "nghe", "a", "truoc", "lam", "the", "commune", "everybody", "all"}
)
"""With what goes on who thanks the desk, everybody, or nobody by name: “cảm ơn xã”, “muốn gặp cán bộ”."""
_FOR = frozenset(
    {
        "da",
        "vi",
        "cho",
        "cu",
        "co",
        "ten",
        "la",
        "ben",
        "phong",
        "o",
        "cua",
        "va",
        "hay",
        "hoac",
        "nho",
        "for",
    }
)
"""Behind those, what leads on to who is meant: “cảm ơn xã đã cử anh Tuân”."""
_BUT = frozenset({"nhung", "song", "but", "yet"})
_PAIRS = frozenset({"anh chi", "co chu", "ong ba", "cac anh", "cac chi", "anh em"})
_TITLES = frozenset({"anh", "chi", "co", "chu", "ong", "ba", "bac", "thay"})
_NAMED = 2  # words of a title and a name
_NEAR = 3  # words between what praises and whom it is said of
_DONE_GOOD = "duoc"  # before who did something good to somebody: “được anh Tuân chở về”


class Calm:
    """The words of `conduct.yaml` that are `harmless`, and those beside which a wrong may be told too."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        kinds = {"harmless": True, "neutral": False}
        self._words = Phrases((loosened(text), kind) for name, kind in kinds.items() for text in data[name])
        self._kindly = Names((text, True) for name in ("visits", "praise", "glad") for text in data[name])
        self._sours, self._glad = (Names((text, True) for text in data[name]) for name in ("sours", "glad"))
        self._polite = Names((text, True) for name in ("titles", "asks", "soft") for text in data[name])
        self._third = Names((text, True) for text in data["pronouns"])

    def find(self, said: Said) -> list[Hit[bool]]:
        """Return what thanks, praises or asks for somebody; `True` where it tells more than how it goes."""
        return [hit for hit in self._words.find(said.words) if not _is_own(hit, said)]

    def spares(
        self,
        said: Said,
        hits: Sequence[Hit[bool]],
        named: Sequence[Mention],
        titled: Callable[[Said, Mention], int],
    ) -> bool:
        """Say whether each of those named is spoken of calmly: the words are theirs, or all that is told.

        Thanks to the desk, or the wish to see somebody else, say nothing of whoever is named beside them.
        """
        if not named:
            return bool(hits)
        taken = {at for one in named for at in range(one.start, one.end)}
        polite = {at for one in self._polite.find(said, taken) for at in range(one.start, one.end)} | taken
        return all(self._is_spared(said, hits, one, titled(said, one), polite) for one in named)

    def is_soured(self, said: Said, named: Sequence[Mention]) -> bool:
        """Say whether it is told beside one of these that they are not trusted, or did badly."""
        sour = [one.start for one in self._sours.find(said)] if named else []
        return any(at in _clause(said, one.start) for one in named for at in sour)

    def _is_spared(
        self, said: Said, hits: Sequence[Hit[bool]], one: Mention, title: int, polite: Collection[int]
    ) -> bool:
        clause = _clause(said, title)
        if self.is_soured(said, [one]):
            return False
        kindly = any(found.start in clause for found in self._kindly.find(said))
        if kindly or said.folds[title - 1 : title] == [_DONE_GOOD]:
            return bool(hits)
        if all(at in polite for at in clause):  # no more than a name: what stands beside it is said of it
            clause = range(_clause(said, max(clause.start - 1, 0)).start, _after(said, clause.stop))
        glad = {found.start for found in self._glad.find(said)}
        again = self._again(said, one, title)
        for hit in hits:
            reaches = said.together(hit.start, title) and (not hit.value or hit.start in glad)
            if hit.start in clause or reaches:
                spared = not _is_elsewhere(said, hit, title)
            else:
                spared = said.folds[hit.start] not in _REACHES and _is_beside(said, hit, again)
            if spared:
                return True
        return False

    def _again(self, said: Said, one: Mention, title: int) -> set[int]:
        """Return the words that mean somebody again: their title, their name, and "they"."""
        words = {*said.folds[title : one.end]}
        again = {at for at, word in enumerate(said.folds) if word in words}
        again |= {found.start for found in self._third.find(said) if found.end - found.start > 1}
        pairs = (at for at in range(len(said.folds)) if " ".join(said.folds[at : at + 2]) in _PAIRS)
        return again - {side for at in pairs for side in (at, at + 1)}


def _is_beside(said: Said, hit: Hit[bool], again: Collection[int]) -> bool:
    """Say whether one of these words stands near what praises, in its clause."""
    clause = _clause(said, hit.start)
    near = (at for at in again if at in clause)
    return any(-_NEAR <= at - hit.start <= 0 or 0 <= at - hit.end < _NEAR for at in near)


def _is_elsewhere(said: Said, hit: Hit[bool], title: int) -> bool:
    """Say whether what thanks or asks beside a name is said to somebody else, or to nobody by name."""
    if said.folds[hit.start] not in _REACHES:
        return False
    end = _clause(said, hit.start).stop
    to = _anybody(said.folds[hit.end : end])
    if title < hit.start:
        return bool(to) or (hit.end == end and said.folds[hit.start] in _THANKS)
    between = said.folds[hit.end : title]
    if between and between[0] in _TITLES and said.folds[title] in _TITLES:
        to = max(to, _NAMED)
    return 0 < to < len(between) and between[to] not in _FOR


def _anybody(behind: Sequence[str]) -> int:
    """Return with how many words it goes on to the desk or to everybody: a title alone is somebody's."""
    count = 0
    while count < len(behind) and (
        behind[count] in _ANYBODY
        or " ".join(behind[count : count + 2]) in _PAIRS
        or (count and " ".join(behind[count - 1 : count + 1]) in _PAIRS)
    ):
        count += 1
    return count


def _clause(said: Said, at: int) -> range:
    """Return the words around one that no comma, full stop or "but" parts from it."""
    start, end = at, at + 1
    while start > 0 and not said.is_parted(start) and said.folds[start] not in _BUT:
        start -= 1
    return range(start, _after(said, end, once=True))


def _after(said: Said, at: int, *, once: bool = False) -> int:
    """Return where the clause ends that holds the word before this one; or, not `once`, the next."""
    end = at if once else at + 1
    while end < len(said.folds) and not said.is_parted(end) and said.folds[end] not in _BUT:
        end += 1
    return min(end, len(said.folds))


def turned(marks: Sequence[Found[str]], named: Collection[int]) -> int:
    """Return where words begin that turn against somebody named there: "cảm ơn, nhưng mà chị Nga …"."""
    they = {one.start for one in marks if _is_they(one)} | {*named}
    return max(
        (one.end for one in marks if "turns" in one.values and one.start and one.end in they), default=0
    )


def _is_they(mark: Found[str]) -> bool:
    return not {"pronouns", "titles"}.isdisjoint(mark.values) and "selves" not in mark.values


def _is_own(hit: Hit[bool], said: Said) -> bool:
    """Say whether what is asked for is the sender's own, or the desk is called: "số điện thoại của tôi"."""
    if said.folds[hit.start] == _CALLS:
        return hit.start > 0 and said.folds[hit.start - 1] in _DESK
    behind = said.folds[hit.end : hit.end + 2]
    return behind[:1] == [_OF] and not _SELVES.isdisjoint(behind)
