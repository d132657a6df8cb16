"""What a message sounds like as a whole, beside examples of danger and of calm: no list holds every word."""

from collections.abc import Iterable, Mapping, Sequence

from domain.understand.fold import Token
from domain.understand.grams import grams
from domain.understand.linear import Linear
from domain.understand.word_model import WordModel

_CALLING = 2  # words that only call somebody or name them: “mẹ em”
_PART = 6  # words of a part of a message that may be a cry
_LAST = 12  # words at the end of a message, read for themselves


class Hunch:
    """Asks where no pattern speaks, and doubts a pattern where all the rest of a long message is calm.

    It never silences one: what it doubts becomes a question.
    """

    def __init__(
        self, examples: Iterable[tuple[Sequence[str], bool]], model: Linear, limits: Mapping[str, float]
    ) -> None:
        self._words = WordModel(((said, "danger" if danger else "calm") for said, danger in examples), 0.5)
        self._model, self._column = model, model.labels["danger"].index("danger")
        self._asks, self._rings = limits["asks"], limits["rings"]
        self._long, self._cries = limits["long"], limits["cries"]

    def asks(self, said: Sequence[Token]) -> bool:
        """Say whether words in which no pattern is sound like danger."""
        scores, known = self._words.scores([token.fold for token in said])
        score = scores.get("danger", 0.0) / max(1, known) ** 0.5
        return known > 1 and len(said) > _CALLING and score > self._asks

    def is_calm(self, said: Sequence[Token]) -> bool:
        """Say whether a long message sounds calm: “máy bơm cháy tuần trước, …”.

        So do its last words, in which danger often comes out, and none of its parts may sound like a cry by
        itself: “cháy nhà tôi rồi, ông ấy nhận tiền mà …”.
        """
        if len(said) < self._long or max(map(self._chance, (said, said[-_LAST:]))) >= self._rings:
            return False
        starts = range(0, len(said), _PART // 2)
        return all(self._chance(said[start : start + _PART]) < self._cries for start in starts)

    def _chance(self, said: Sequence[Token]) -> float:
        return float(self._model.read(grams(said, asks=False))["danger"][self._column])
