"""Until somebody takes it, it rings: who is told of what cannot wait, at any hour, while nobody has it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from domain import law
from domain.law import reading


class Circle(StrEnum):
    """Whom a ring is for; each is a value of the deadlines document."""

    DUTY = "duty"
    UNIT = "unit"
    UNIT_HEAD = "unit_head"
    HEADS = "commune_chair_and_party_secretary"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Ring:
    """One ring (UTC): for whom, and after how many minutes in which nobody took the case."""

    at: datetime
    minutes: int
    circles: frozenset[Circle]


@dataclass(frozen=True, slots=True)
class Ladder:
    """When a case nobody has taken rings: at once, at each step after it was handed over, then for ever.

    What repeats the last step is for everybody that step is for.
    """

    at_once: frozenset[Circle]
    steps: tuple[tuple[timedelta, frozenset[Circle]], ...]
    every: timedelta

    def of(self, circle: Circle) -> "Ladder | None":
        """Return the steps that are for this circle; None where none is."""
        steps = tuple((wait, frozenset({circle})) for wait, circles in self.steps if circle in circles)
        return replace(self, at_once=self.at_once & {circle}, steps=steps) if steps else None

    def due(self, handed_at: datetime, after: datetime, until: datetime) -> Ring | None:
        """Return the ring for (after, until]: the latest, for everybody whom one of these was for."""
        passed = [step for step in self._from(handed_at, after) if step.at <= until]
        if not passed:
            return None
        latest = self._latest(handed_at, until) or passed[-1]
        return Ring(latest.at, latest.minutes, frozenset().union(*(ring.circles for ring in passed)))

    def next(self, handed_at: datetime, after: datetime) -> Ring:
        """Return the first ring later than an instant."""
        for ring in self._from(handed_at, after):
            return ring
        raise AssertionError("it rings for ever")

    def heard(self, minutes: int) -> frozenset[Circle]:
        """Return for whom it has rung, the first time included, once it rang after so many minutes."""
        rung = [circles for wait, circles in self.steps if wait <= timedelta(minutes=minutes)]
        return self.at_once.union(*rung)

    def _from(self, handed_at: datetime, after: datetime) -> Iterator[Ring]:
        """Yield the steps later than an instant, and the first repetition of the last that is."""
        for wait, circles in self.steps:
            if handed_at + wait > after:
                yield _ring(handed_at, wait, circles)
        last, circles = self.steps[-1]
        times = max(0, (after - handed_at - last) // self.every) + 1
        yield _ring(handed_at, last + times * self.every, circles)

    def _latest(self, handed_at: datetime, until: datetime) -> Ring | None:
        """Return the latest repetition of the last step, if that has been repeated by then."""
        last, circles = self.steps[-1]
        times = (until - handed_at - last) // self.every
        return _ring(handed_at, last + times * self.every, circles) if times >= 1 else None


def _ring(handed_at: datetime, wait: timedelta, circles: frozenset[Circle]) -> Ring:
    return Ring(handed_at + wait, wait // timedelta(minutes=1), circles)


def parse(document: Mapping[str, Any]) -> Mapping[str, Ladder]:
    """Read the ladders of the deadlines document, by urgency; the packaged ones where it is older than they.

    Raises BadDocument.
    """
    with reading("ringing"):
        rows = document.get("ringing") or law.seed("deadlines")["ringing"]
        return {str(urgency): _ladder(row) for urgency, row in rows["ladders"].items()}


def confirmed_within(office: Mapping[str, Any]) -> timedelta | None:
    """Return how long it counts that somebody goes to a danger until they say it again, or are there.

    None where the office document says nothing of it: then it is a step of the ladder. Raises BadDocument.
    """
    with reading("office"):
        told = office.get("rescue", {})
        return timedelta(minutes=int(told["confirm_minutes"])) if "confirm_minutes" in told else None


def _ladder(row: Mapping[str, Any]) -> Ladder:
    steps = sorted((_minutes(wait, "+"), _circles(names)) for wait, names in row["steps"].items())
    if not steps or len({wait for wait, _ in steps}) < len(steps):
        raise ValueError("ringing: each step has a wait of its own, and there is at least one")
    return Ladder(_circles(row["at_once"]), tuple(steps), _minutes(row["every"]))


def _circles(names: list[str]) -> frozenset[Circle]:
    if not names:
        raise ValueError("ringing: a step is for somebody")
    return frozenset(Circle(name) for name in names)


def _minutes(text: str, sign: str = "") -> timedelta:
    found = re.fullmatch(rf"{re.escape(sign)}([1-9]\d*) minute", text)
    if not found:
        raise ValueError(f"{text!r} is not like '{sign}5 minute'")
    return timedelta(minutes=int(found[1]))
