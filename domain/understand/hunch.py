"""What a message sounds like as a whole, as dangers and what only sounds like them were learned."""

from collections.abc import Mapping, Sequence

from domain.understand.fold import Token
from domain.understand.linear import Linear

_CALLING = 2  # words that only call somebody or name them: “mẹ em”
_PART = 6  # words of a part of a message that may be a cry


class Hunch:
    """Asks where no pattern speaks, and doubts one where all the rest of a long message is calm.

    It never silences one: what it doubts becomes a question.
    """

    def __init__(self, model: Linear, limits: Mapping[str, float]) -> None:
        self._model, self._column = model, model.labels["danger"].index("danger")
        self._asks, self._long, self._told = limits["asks"], limits["long"], limits["told"]
        self._few, self._brief, self._amid = limits["few"], limits["brief"], limits["amid"]
        self._rings, self._close, self._cries = limits["rings"], limits["close"], limits["cries"]

    def asks(self, said: Sequence[Token]) -> bool:
        """Say whether words in which no pattern is sound like danger."""
        limit = self._brief if len(said) <= self._few else self._asks
        return len(said) > _CALLING and self._chance(said) >= limit

    def interrupts(self, said: Sequence[Token]) -> bool:
        """Say whether words that answer something else plainly sound like danger."""
        return self._chance(said) >= self._amid

    def suspects(self, said: Sequence[Token]) -> bool:
        """Say whether words in which a pattern is silenced sound like danger all the same."""
        return self._chance(said) >= self._told

    def is_calm(
        self, said: Sequence[Token], sentences: Sequence[Sequence[Token]], *, close: bool = False
    ) -> bool:
        """Say whether a long message, and each part of it, sounds calm: “máy bơm cháy tuần trước, …”.

        `close`: what a pattern tells is nobody else's to know; then it must sound calmer.
        """
        if len(said) < self._long or self._chance(said) >= (self._close if close else self._rings):
            return False
        parts = [*sentences, *(said[start : start + _PART] for start in range(0, len(said), _PART // 2))]
        return all(self._chance(part) < self._cries for part in parts)

    def _chance(self, said: Sequence[Token]) -> float:
        return float(self._model.hear(said)["danger"][self._column])
