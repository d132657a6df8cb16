"""When a platform lets the desk write first: for so long after somebody wrote, so often, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Self

from domain.law import reading


class Way(StrEnum):
    """Whether a message may go: free, out of a quota, kept back for news that must arrive, or not at all."""

    FREE = "free"
    PAID = "paid"
    KEPT = "kept"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """What one account's platform allows; none of it is ours to decide, so it is data of the office document.

    For `free_for` after somebody wrote, `free_messages` cost nothing; then each costs one of a quota, until
    `open_for` has passed, when nothing may be sent. `reserve` of the free ones, and `quota_reserve` of the
    quota, are kept for news that must arrive: a due date, an answer, a question.
    """

    free_for: timedelta
    free_messages: int
    open_for: timedelta
    reserve: int = 0
    quota_reserve: int = 0

    def way(self, silence: timedelta, told: int, left: int | None, *, must: bool) -> Way:
        """Say how a message goes to somebody who wrote `silence` ago and was told so many things since.

        `left` is what remains of the account's quota, None where the platform has not said.
        """
        if silence > self.open_for:
            return Way.CLOSED
        if silence <= self.free_for and told < self.free_messages:
            return Way.FREE if must or told < self.free_messages - self.reserve else Way.KEPT
        if left is not None and left <= 0:
            return Way.CLOSED
        return Way.PAID if must or left is None or left > self.quota_reserve else Way.KEPT


@dataclass(frozen=True, slots=True)
class Template:
    """A platform's own wording of a notice: its id, and which fact fills each of its parameters."""

    id: str
    params: Mapping[str, str]


FACTS = ("code", "day", "text")
"""What may fill a template: a case's code, today's date, the words as far as they fit."""
LETTERS = 90
"""Letters of the words that fit into a template, unless the office says otherwise."""


@dataclass(frozen=True, slots=True)
class Reaching:
    """Windows by account, and templates by the key of the notice they stand for ("" for any other).

    `letters` is how much of a notice's words a template takes.
    """

    windows: Mapping[str, Window]
    templates: Mapping[str, Template]
    letters: int

    @classmethod
    def parse(cls, office: Mapping[str, Any]) -> Self:
        """Read `windows` and `notices` of the office document. Raises BadDocument."""
        with reading("office"):
            accounts: Mapping[str, Any] = (office.get("windows") or {}).get("accounts") or {}
            windows = {str(name): _window(one) for name, one in accounts.items()}
            notices: Mapping[str, Any] = office.get("notices") or {}
            templates = {str(key): _template(one) for key, one in (notices.get("templates") or {}).items()}
            return cls(windows, templates, int(notices.get("letters", LETTERS)))

    def template(self, notice: str) -> Template | None:
        """Return the template for a notice, the one for any where it has none of its own."""
        return self.templates.get(notice) or self.templates.get("")


def _window(told: Mapping[str, Any]) -> Window:
    free, open_for = timedelta(hours=told["free_hours"]), timedelta(days=told["open_days"])
    numbers = [int(told[name]) for name in ("free_messages", "reserve", "quota_reserve")]
    if free > open_for or min(numbers) < 0 or numbers[1] > numbers[0]:
        raise ValueError("windows: free_hours within open_days, reserve within free_messages")
    return Window(free, numbers[0], open_for, *numbers[1:])


def _template(told: Mapping[str, Any]) -> Template:
    params = {str(name): str(fact) for name, fact in told["params"].items()}
    if unknown := set(params.values()) - set(FACTS):
        raise ValueError(f"notices: {sorted(unknown)} is none of {', '.join(FACTS)}")
    return Template(str(told["id"]), params)
