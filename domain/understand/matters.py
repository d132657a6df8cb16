"""More than one matter in a message: told apart by what each side of a cut is about, and how it is joined."""

from collections.abc import Callable, Mapping, Sequence

from domain.understand.joints import Clause, Joint, clauses
from domain.understand.traces import Trace, only_says_who
from domain.understand.traces import read as traces
from domain.understand.understood import Understood

About = Callable[[str], Mapping[str, float]]
"""How likely each topic is that words are about."""

_MOST = 3
"""Matters told apart; whoever names more is heard as one."""
_CLEAR = {Joint.ANOTHER: 0.5, Joint.CONTRAST: 0.85, Joint.STOP: 0.992}
"""How clear two topics must be: words that say that another matter begins are half of the evidence."""
_LONG, _LONG_CLEAR = 12, 0.96
"""Words of a sentence that tells more than what came of something, and how clear it must be instead."""
_ELSEWHERE = 0.5
"""The same where each side has a place of its own, whatever joins them."""
_FEWEST, _FEW = 4, 8
"""Words of a clause that begins a matter; after a mere full stop fewer than the second mostly go on."""
_NO_TOPIC = frozenset({"khac", "can_bo", "tu_phap"})
"""Words about anything, and about officials and the law, which stay with the affair they are said of."""
_ONE_AFFAIR = frozenset({"to_cao", "khieu_nai", "tro_giup_phap_ly"})
"""A denunciation or a complaint tells one affair, however many things it touches."""


def matters(heard: Understood, about: About, read: Callable[[str], Understood]) -> tuple[str, ...]:
    """Return the two or three matters a message tells, each in its own words; nothing where it tells one.

    Cautious: each side of a cut is clearly about another topic, so are the clauses beside it, and neither
    topic is told on the other side. What goes on, wishes, says what came of it, who writes, of whom, or
    thanks, begins no matter.
    """
    if heard.accuses or heard.emergency or heard.kind in _ONE_AFFAIR:
        return ()
    said = clauses(heard.text)
    if len(said) < 2:
        return ()
    cutter = _Cutter(about, read)
    parts = cutter.parts(said)
    if not 2 <= len(parts) <= _MOST:
        return ()
    texts = [" ".join(clause.text for clause in part) for part in parts]
    if len({_first(cutter.told(text))[0] for text in texts}) < len(texts):
        return ()
    return tuple(text.rstrip(" ,;") for text in texts)


class _Cutter:
    """Cuts one message: first where it is clearest, then each side."""

    def __init__(self, about: About, read: Callable[[str], Understood]) -> None:
        self._about, self._read = about, read
        self._known: dict[str, Mapping[str, float]] = {}

    def parts(self, said: Sequence[Clause]) -> list[Sequence[Clause]]:
        """Return the clauses of each matter."""
        told = [self.told(clause.opened) for clause in said]
        margins = {at: self._margin(said, told, at) for at in range(1, len(said))}
        best = max(margins, key=lambda at: margins[at], default=0)
        if not best or margins[best] < 0:
            return [said]
        return [*self.parts(said[:best]), *self.parts(said[best:])]

    def told(self, text: str) -> Mapping[str, float]:
        """Return how likely each topic is of words, without those that are no matter of their own."""
        if text not in self._known:
            chances = self._about(text).items()
            self._known[text] = {topic: chance for topic, chance in chances if topic not in _NO_TOPIC}
        return self._known[text]

    def _margin(self, said: Sequence[Clause], told: Sequence[Mapping[str, float]], at: int) -> float:
        """Return by how much a cut before a clause is clear enough; less than zero where it is not."""
        head = said[at]
        bare = head.joint is Joint.STOP
        if head.words < _FEWEST or head.points_back or (bare and head.goes_on):
            return -1.0
        topic, chance = _first(told[at])
        # What the clauses alone rule out costs no reading of the whole sides.
        before = max(_first(one)[1] for one in told[:at])
        if min(chance, before, 1 - max(one[topic] for one in told[:at])) < _ELSEWHERE:
            return -1.0
        first, second = (" ".join(clause.opened for clause in side) for side in (said[:at], said[at:]))
        clear = min(chance, _two(self.told(first), self.told(second), told[:at], told[at:]))
        least = min(head.words, max(clause.words for clause in said[:at]))
        needed = _LONG_CLEAR if bare and least >= _LONG else _CLEAR[head.joint]
        needed = 1.0 if bare and head.words < _FEW else needed
        if _ELSEWHERE <= clear < needed and self._is_elsewhere(first, head.text):
            needed = _ELSEWHERE
        if clear < needed or (bare and _is_beside(head.text)):
            return -1.0
        if all(_is_beside(clause.text) for clause in said[:at]):
            return -1.0
        return clear - needed

    def _is_elsewhere(self, first: str, second: str) -> bool:
        places = [said.place.hamlet for said in map(self._read, (first, second)) if said.place]
        return len(places) == 2 and all(places) and places[0] != places[1]


def _two(
    first: Mapping[str, float],
    second: Mapping[str, float],
    before: Sequence[Mapping[str, float]],
    after: Sequence[Mapping[str, float]],
) -> float:
    """Say how clear it is that two sides are about two topics, as their clauses tell it too, from 0 to 1."""
    (one, one_chance), (other, other_chance) = _first(first), _first(second)
    if one == other:
        return 0.0
    same = sum(chance * second[topic] for topic, chance in first.items())
    return min(
        sum(first.values()) * sum(second.values()) - same,
        one_chance,
        other_chance,
        max(told[one] for told in before),
        after[0][other],
        1 - max(told[other] for told in before),
        1 - max(told[one] for told in after),
    )


def _first(told: Mapping[str, float]) -> tuple[str, float]:
    return max(told.items(), key=lambda pair: pair[1])


def _is_beside(text: str) -> bool:
    """Say whether words, or every clause of them, only say who writes, of whom, or thank."""
    pieces = [piece for piece in text.replace(";", ",").split(", ") if piece.strip()]
    return _says_who(text) or (len(pieces) > 1 and all(map(_says_who, pieces)))


def _says_who(text: str) -> bool:
    """Say whether words only say who writes, or thank; of whom alone may be whose matter it is."""
    return only_says_who(text) and traces(text).traces != (Trace.KIN,)
