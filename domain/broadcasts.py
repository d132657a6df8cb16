"""Messages to everybody of a hamlet: how long, how many at a time, how many a month an account carries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from domain.law import reading


@dataclass(frozen=True, slots=True)
class Broadcasting:
    """What an admin may set of it; defaults of the office document.

    `letters` is how long such a message may be, `batch` how many chats get it in one transaction, `quotas`
    how many messages a month an account carries that answer nobody; one that is not named has no limit.
    """

    letters: int = 500
    batch: int = 100
    quotas: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def parse(cls, office: Mapping[str, Any]) -> Self:
        """Read what is named under `broadcast` of the office document. Raises BadDocument."""
        given: Mapping[str, Any] = office.get("broadcast", {})
        ours = cls()
        with reading("office"):
            quotas = {str(name): int(most) for name, most in dict(given.get("quotas") or {}).items()}
            letters, batch = int(given.get("letters", ours.letters)), int(given.get("batch", ours.batch))
            if min(letters, batch, *quotas.values()) < 1:
                raise ValueError("broadcast: every number is at least 1")
        return cls(letters, batch, quotas)

    def beyond(self, sent: Mapping[str, int], wanted: Mapping[str, int]) -> list[str]:
        """Return the accounts that cannot carry so many more this month."""
        return sorted(
            a for a, count in wanted.items() if a in self.quotas and sent.get(a, 0) + count > self.quotas[a]
        )
