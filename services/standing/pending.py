"""What waits for somebody's decision, read from what a case keeps of it (`Case.request`, sealed JSON)."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from domain.cases import Act
from storage.cases.cases import Case


@dataclass(frozen=True, slots=True)
class Pending:
    """Which act asks, in whose name, since when (milliseconds), and how many steps up it is known by now.

    The rest is what that act takes: days or a unit, a reason, the answer or the words of a refusal to act.
    """

    what: str
    by: UUID | None
    at: int | None
    level: int
    days: int = 0
    unit_id: str = ""
    reason: str = ""
    answer: str = ""
    text: str = ""
    files: tuple[str, ...] = ()

    @classmethod
    def of(cls, case: Case) -> Self | None:
        """Return what waits, None where nothing does. What was asked for before there was more is time."""
        kept = case.request
        if kept is None:
            return None
        by = UUID(kept["by"]) if kept["by"] else None
        what, at, level = kept.get("what", Act.EXTEND), kept.get("at"), kept.get("level", 0)
        told = {name: kept[name] for name in ("days", "unit_id", "reason", "answer", "text") if name in kept}
        return cls(what, by, at, level, files=tuple(kept.get("files", ())), **told)
