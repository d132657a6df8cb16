"""A kind of matter as one value: its states, what is done to it, by whom, from when, and who is told.

What a case is stands in `services.standing.kinds`; this is for all that is no case. Whoever does something to
a matter goes through `services.matters.change`.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from domain.messages import Choice
from services.standing.parties import CLOCK, Actor
from services.standing.second import Refusals
from storage.ground.work import Work
from storage.people.matters import Matter

M = TypeVar("M", bound=Matter)
_PLAIN = Refusals()


@dataclass(frozen=True, slots=True)
class Intent(Generic[M]):
    """Somebody who means to do something to a matter: what a guard looks at."""

    work: Work
    kind: "MatterKind[M]"
    matter: M
    by: Actor


@dataclass(frozen=True, slots=True)
class Deed(Intent[M], Generic[M]):
    """What somebody does to a matter. `facts` go into its line of the history, and are told from there.

    They begin with what was asked for; the change adds what came of it. What it adds to `aside` is told to
    those it concerns and kept nowhere.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    aside: dict[str, Any] = field(default_factory=dict)


def by_the_clock(intent: Intent[Any]) -> bool:
    """Say whether it is the clock that does it."""
    return intent.by == CLOCK


def with_a_say(intent: Intent[Any]) -> bool:
    """Say whether somebody does it who has a say where the matter belongs."""
    by = intent.by.person_id
    return by is not None and intent.kind.has_say(intent.work, by, intent.matter)


def _nothing_else(intent: Intent[Any]) -> None:
    """Ask for nothing besides who may do it and when."""


async def _changes_nothing(deed: Deed[Any]) -> None:
    """Leave the matter as it is, but for its state and its history."""


def _no_buttons(matter: Any, language: str) -> tuple[Choice, ...]:  # noqa: ANN401, ARG001 - any matter
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class News(Generic[M]):
    """Who hears of an act, and in which words; nobody hears what they did themselves."""

    words: str
    """Their key: filled in with the kind's facts, those of the deed, and `by`, the name of who did it."""
    to: Callable[[Deed[M]], Iterable[UUID]]
    buttons: Callable[[M, str], tuple[Choice, ...]] = _no_buttons
    once: bool = False
    """Whether each chat hears it once of a matter, however often the act is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterAct(Generic[M]):
    """One thing that is done to a matter."""

    act: str
    """Its name in the history, of at most twenty letters."""
    states: AbstractSet[str] = frozenset()
    """From which states; by an act without any a matter begins."""
    to: str
    may: Callable[[Intent[M]], bool] = by_the_clock
    second: bool = False
    """Whether somebody above whoever began it decides by it; nobody decides on their own."""
    guard: Callable[[Intent[M]], None] = _nothing_else
    """Asks what else must hold before anything changes; raises one of `services.standing.refusals`."""
    change: Callable[[Deed[M]], Awaitable[None]] = _changes_nothing
    """Changes what there is besides the state, which it is in by then; it refuses nothing."""
    news: tuple[News[M], ...] = ()
    """Whoever is named twice hears the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterKind(Generic[M]):
    """One kind of matter: all that the desk knows of it. Its table names its timers and its history."""

    row: type[M]
    acts: tuple[MatterAct[M], ...]
    facts: Callable[[Work, M, str], Awaitable[Mapping[str, Any]]]
    """Returns what every word of it may name, in a language."""
    area: Callable[[M], str | None] = lambda _: None
    """Where it belongs, so by which rules it is handled; None: those of whoever acts."""
    has_say: Callable[[Work, UUID, M], bool] = lambda *_: True
    """Says whether somebody has a say where it belongs: whoever decides must."""
    refusals: Refusals = _PLAIN
    """What is raised where it is one's own to decide on, and where its state does not fit (any more)."""
    moment: Callable[[Work, M], datetime | None] = lambda *_: None
    """Returns its next moment, besides those at which the next above are asked."""
    ring: Mapping[str, Callable[[Work, M], Awaitable[None]]] = field(default_factory=dict)
    """What is done at its moment, by its state then."""

    @property
    def name(self) -> str:
        """What its timers and its lines are known by."""
        return self.row.__tablename__

    @property
    def awaits(self) -> frozenset[str]:
        """The states in which it waits for somebody's decision."""
        return frozenset().union(*(one.states for one in self.acts if one.second))

    def named(self, act: str) -> MatterAct[M]:
        """Return what the desk knows of an act. Raises KeyError."""
        return {one.act: one for one in self.acts}[act]
