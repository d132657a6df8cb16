"""Of whom a sender says that they must not be told, and whom they call who did it, or say they fear."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from domain.understand.deeds import Mention
from domain.understand.fold import exact
from domain.understand.loosely import Found, Names, Said

_DO_NOT = exact("đừng")
_BLAMES = ("suspects", "guesses", "through", "theirs", "acts")
_DENIES = frozenset({"khong", "chua", "ko", "dau", "not"})
_FORBIDS = ("forbids", "lets", "wishes")
_WORDS = ("knows", "third", "says", "selves", "kin", "reports", "not_so", "hurt", "works", "tells", "there")
_STEPS = 5  # titles and the like between a word and whoever it is said of
_KNOWS = 5  # words behind somebody in which it stands that they must not know
_BACK = 5  # words before in which it stands that somebody else says so
_SELF = 2  # "my husband is": words before that tell whose


class Pointing:
    """The words of `conduct.yaml` by which a sender points at somebody."""

    def __init__(self, data: Mapping[str, Sequence[str]], titles: Sequence[str]) -> None:
        self._is, self._fears, self._did, self._relatives = (
            Names((text, True) for text in data[part]) for part in ("is", "fears", "did", "relatives")
        )
        parts = ((text, part) for part in _BLAMES for text in data[part])
        self._blames = Names(parts)
        self._forbids = Names((text, part) for part in _FORBIDS for text in data[part])
        over = dict.fromkeys((*titles, *data["over"]), "over") | dict.fromkeys(data["joins"], "joins")
        self._over = Names(over.items())
        self._words = {part: frozenset(data[part]) for part in _WORDS}

    def forbidden(self, said: Said, mentions: Sequence[Mention]) -> tuple[int, ...]:
        """Return who must not be told, by their positions: "đừng báo công an xã", "do not tell the chief"."""
        # “Các anh đừng nói với …” names no Dũng.
        every = (at for mention in mentions for at in range(mention.start, mention.end))
        taken = {at for at in every if said.words[at].key != _DO_NOT}
        found = self._forbids.find(said, taken)
        if not found:
            return ()
        ends, parts = {one.end: one.start for one in found}, {one.start: one.values[0] for one in found}
        shut = list[int]()
        over = self._over.find(said, taken)
        for row in _rows(said, mentions, over):
            start = _led(said, mentions[row[0]].start, ends, over)
            if start is None or not self._is_asked(said, start, parts[start]):
                continue
            if parts[start] == "forbids" or self._may_not_know(said, mentions[row[-1]].end):
                shut += row
        return tuple(shut)

    def identified(self, said: Said, mentions: Sequence[Mention]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return who is called the one who did it, and whom the sender fears, by their positions."""
        taken = {at for mention in mentions for at in range(mention.start, mention.end)}
        is_them = {one.end: one.start for one in self._is.find(said, taken)}
        feared = {one.end: one.start for one in self._fears.find(said, taken)}
        did = {one.start for one in self._did.find(said, taken)}
        called, fears = list[int](), list[int]()
        if not (is_them or feared or did):
            return (), ()
        over = self._over.find(said, taken)
        for row in _rows(said, mentions, over):
            first, end = mentions[row[0]].start, mentions[row[-1]].end
            if not self._words["not_so"].isdisjoint(said.folds[end : end + 1]) and said.together(
                end - 1, end
            ):
                continue
            if _led(said, first, feared, over) is not None:
                fears += row
            elif end in did or self._names(said, _led(said, first, is_them, over)):
                called += row
        return tuple(called), tuple(fears)

    def relatives(self, said: Said, mentions: Sequence[Mention]) -> tuple[int, ...]:
        """Return whose kin is called the one who did it, by their positions: "nó là con ông Cường công an".

        Whoever has to do with who did it is told of it no more than they are. Whose kin is hurt is another.
        """
        taken = {at for mention in mentions for at in range(mention.start, mention.end)}
        kin = {one.end: one.start for one in self._relatives.find(said, taken)}
        if not kin:
            return ()
        over = self._over.find(said, taken)
        told = list[int]()
        for row in _rows(said, mentions, over):
            start, end = _led(said, mentions[row[0]].start, kin, over), mentions[row[-1]].end
            if start is None:
                continue
            opens = start == 0 or not said.together(start - 1, start)
            led = said.folds[start - 1] in self._words["tells"] if not opens else self._closes(said, end)
            if led and "bi" not in said.folds[end : end + 2]:
                told += row
        return tuple(told)

    def _closes(self, said: Said, at: int) -> bool:
        """Say whether a sentence ends here, but for a word that points: "con ông Cường đó"."""
        return _ends_at(said, at) or (said.folds[at] in self._words["there"] and _ends_at(said, at + 1))

    def suspected(
        self, said: Said, mentions: Sequence[Mention], open_to: Collection[Mention]
    ) -> set[Mention]:
        """Return who is said to have done it, or suspected, or whose people did, whatever the danger is.

        `open_to` are those who neither help, are hurt nor are called; of others only whose people did it.
        """
        taken = {at for mention in mentions for at in range(mention.start, mention.end)}
        found = self._blames.find(said, taken)
        if not found:
            return set()
        ends = {part: {one.end: one.start for one in found if part in one.values} for part in _BLAMES}
        acts = {one.start: one.end for one in found if "acts" in one.values}
        over = self._over.find(said, taken)
        blamed: set[Mention] = set()
        for row in _rows(said, mentions, over):
            first, end = mentions[row[0]].start, mentions[row[-1]].end
            did = self._is_told_of(said, acts.get(end), end)
            led = {part: _led(said, first, ends[part], over) for part in _BLAMES[:-1]}
            if led["theirs"] is not None and did:
                blamed.update(mentions[at] for at in row)
                continue
            said_so = led["suspects"] is not None and not self._is_denied(said, led["suspects"])
            guessed = led["guesses"] is not None and (did or _ends_at(said, end))
            at = led["through"]  # “tại nhà ông Cường” is where
            through = at is not None and mentions[row[0]].person and "nha" not in said.folds[at:first]
            if did or said_so or guessed or through:
                blamed.update(mentions[at] for at in row if mentions[at] in open_to)
        return blamed

    def _is_told_of(self, said: Said, act: int | None, end: int) -> bool:
        """Say whether it follows right behind somebody that they did it: "ông Cường làm", and no more."""
        if act is None or not said.together(end - 1, end):
            return False
        return said.folds[act - 1] not in self._words["works"] or _ends_at(said, act)

    def _is_denied(self, said: Said, start: int) -> bool:
        return not _DENIES.isdisjoint(said.folds[max(0, start - 2) : start])

    def _is_asked(self, said: Said, start: int, part: str) -> bool:
        """Say whether the sender asks for it: not who threatens them ("nó dọa đừng báo công an")."""
        before = {said.folds[at] for at in range(max(0, start - _BACK), start) if said.together(at, start)}
        return self._words["third"].isdisjoint(before) or (
            part != "wishes" and self._words["says"].isdisjoint(before)
        )

    def _may_not_know(self, said: Said, end: int) -> bool:
        behind = range(end, min(end + _KNOWS, len(said.folds)))
        return any(said.folds[at] in self._words["knows"] and said.together(end - 1, at) for at in behind)

    def _names(self, said: Said, start: int | None) -> bool:
        """Say whether it is told of another: not of oneself, of whoever is hurt, nor of what is reported."""
        if start is None:
            return False
        before = [said.folds[at] for at in range(max(0, start - _BACK), start) if said.together(at, start)]
        if not before:
            return True
        if before[-1] in self._words["selves"]:
            return not self._words["kin"].isdisjoint(before[-_SELF - 1 : -1])
        is_hurt = any(" ".join(pair) in self._words["hurt"] for pair in pairwise(before))
        return before[-1] not in self._words["reports"] and not is_hurt


def _ends_at(said: Said, at: int) -> bool:
    """Say whether a sentence ends before this word."""
    return at >= len(said.folds) or not said.together(at - 1, at)


def _rows(said: Said, mentions: Sequence[Mention], over: Sequence[Found[str]]) -> Iterator[list[int]]:
    """Yield the positions of those who stand in a row: a name and the post beside it, or "and"."""
    between = {one.start: one.end for one in over}
    row: list[int] = []
    for at, mention in enumerate(mentions):
        if row:
            end = mentions[row[-1]].end
            while end < mention.start and end in between:
                end = between[end]
            if end != mention.start or not said.together(mention.start, mentions[row[-1]].start):
                yield row
                row = []
        row.append(at)
    if row:
        yield row


def _led(said: Said, at: int, by: Mapping[int, int], over: Sequence[Found[str]]) -> int | None:
    """Return where such words begin that stand before, with nothing but titles between."""
    titles, first = {one.end: one.start for one in over if "over" in one.values}, at
    for _ in range(_STEPS):
        if at in by and said.together(by[at], first):
            return by[at]
        if at not in titles:
            return None
        at = titles[at]
    return None
