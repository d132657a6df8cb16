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

from domain.messages import Choice, Message
from services.standing.parties import CLOCK, Actor
from services.standing.second import Refusals
from storage.ground.work import Work
from storage.people.matters import Matter
from storage.people.people import Chat

M = TypeVar("M", bound=Matter)
_PLAIN = Refusals()
CALL = "call"
"""The act by which the clock asks the next above, where nobody has decided yet."""


@dataclass(frozen=True, slots=True)
class Intent(Generic[M]):
    """Somebody who means to do something to a matter: what a guard looks at."""

    work: Work
    kind: "MatterKind[M]"
    matter: M
    by: Actor
    basis: Any = None
    """What the kind's `basis` has just returned of the matter."""


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


async def _nothing_else(intent: Intent[Any]) -> None:
    """Ask for nothing besides who may do it and when."""


async def _changes_nothing(deed: Deed[Any]) -> None:
    """Leave the matter, or all else, as it is, but for its state and its history."""


async def _on_nothing(work: Work, matter: Any) -> None:  # noqa: ANN401 - any matter
    """Rest on nothing that could have changed since the matter began."""


def _no_buttons(matter: Any, language: str) -> tuple[Choice, ...]:  # noqa: ANN401, ARG001 - any matter
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class News(Generic[M]):
    """Who hears of an act, and in which words; nobody hears what they did themselves."""

    words: str
    """Their key: filled in with the kind's facts, those of the deed, and `by`, the name of who did it."""
    to: Callable[[Deed[M]], Iterable[UUID]]
    buttons: Callable[[M, str], tuple[Choice, ...]] = _no_buttons
    write: Callable[[Work, M, Chat], Awaitable[Message]] | None = None
    """Writes it for a chat, where more is to be said than the words alone."""
    once: bool = False
    """Whether each chat hears it once of a matter, however often the act is done."""
    wake: bool = False
    """Whether it comes in the quiet hours too."""


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
    guard: Callable[[Intent[M]], Awaitable[None]] = _nothing_else
    """Asks what else must hold before anything changes; raises one of `services.standing.refusals`."""
    carry_out: Callable[[Deed[M]], Awaitable[None]] = _changes_nothing
    """Does what was asked for, outside of the matter, while its state still stands; it may refuse."""
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
    reads: Callable[[Work, UUID, Mapping[str, Any]], bool]
    """Says whether somebody may read its history, by what its first line keeps: it may be gone itself."""
    told: Callable[[Work, Mapping[str, Any], str], Awaitable[Mapping[str, Any]]]
    """Returns what the words of its history may name, by what its first line keeps, in a language."""
    basis: Callable[[Work, M], Awaitable[Any]] = _on_nothing
    """Works out anew what the matter comes to, before anything is done to it: each `Intent` has it."""
    area: Callable[[M], str | None] = lambda _: None
    """Where it belongs, so by which rules it is handled; None: those of whoever acts."""
    has_say: Callable[[Work, UUID, M], bool] = lambda *_: True
    """Says whether somebody has a say where it belongs: whoever decides must, where those above do."""
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

    @property
    def climbs(self) -> bool:
        """Whether those above whoever began it decide, one step after another: else whoever its acts let."""
        return any(one.act == CALL for one in self.acts)

    def named(self, act: str) -> MatterAct[M]:
        """Return what the desk knows of an act. Raises KeyError."""
        return {one.act: one for one in self.acts}[act]
