"""What the law gives to those who write, as far as a conversation must know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from domain import law
from domain.law import reading


@dataclass(frozen=True, slots=True)
class Rights:
    """Which kinds of case are withdrawn in writing only, and whom a lawyer helps for nothing.

    `aided` are the groups of the Legal Aid Act that are helped in any case, `aided_in_need` those helped when
    they are short of money; both are codes whose words lie in the locale files. The desk never decides who
    belongs to them. `confirmed` says whether the rule on withdrawing may be told without a warning.
    """

    withdrawn_in_writing: frozenset[str]
    confirmed: bool
    aided: tuple[str, ...]
    aided_in_need: tuple[str, ...]

    @classmethod
    def parse(cls, taxonomy: Mapping[str, Any]) -> Self:
        """Read `withdrawal` and `legal_aid` of the taxonomy; the packaged ones where a document has none."""
        packaged = law.seed("taxonomy")
        withdrawal = taxonomy.get("withdrawal") or packaged["withdrawal"]
        aid = taxonomy.get("legal_aid") or packaged["legal_aid"]
        with reading("taxonomy"):
            return cls(
                withdrawn_in_writing=frozenset(withdrawal["in_writing"]),
                confirmed=withdrawal["conf"] in {"sourced", "memory_high"},
                aided=tuple(aid["groups"]),
                aided_in_need=tuple(aid["groups_in_need"]),
            )
