"""An act of a case as one value: who may do it and when, what it takes, what it changes, who is told.

Each stands at the end of its family's module in `services/acts/`. What draws buttons asks the same value as
`services.acts.act`, so no button is offered that would be refused.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from domain.cases import Act, Rule, State
from domain.promises import Promise
from services.standing.parties import Actor
from storage.cases.cases import Case
from storage.ground.work import Work

if TYPE_CHECKING:  # what is told has buttons, and buttons ask for these values: only its name is needed here
    from services.saying.telling import Telling

ALWAYS: Mapping[str, bool] = {"kept": True}
"""Of a field that the history keeps even where it was left as it is."""
NEVER: Mapping[str, bool] = {"kept": False}
"""Of a field that must not stay: what can be deleted, or opens something."""


@dataclass(frozen=True, slots=True)
class Request:
    """What an act takes besides its name. An act that takes something has one of its own."""

    def to_json(self) -> dict[str, Any]:
        """Write it as plain JSON, without what was left as it is."""
        told = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if one.default is MISSING or one.metadata == ALWAYS or value != one.default:
                told[one.name] = list(value) if isinstance(value, tuple) else value
        return told

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read it back; keys of another version are passed over. Raises TypeError where one is missing."""
        return cls(**{one.name: data[one.name] for one in fields(cls) if one.name in data})

    def kept(self) -> dict[str, Any]:
        """Return what the line of the history keeps of it."""
        never = {one.name for one in fields(self) if one.metadata.get("kept") is False}
        return {name: value for name, value in self.to_json().items() if name not in never}


R = TypeVar("R", bound=Request)


@dataclass(frozen=True, slots=True)
class Intent:
    """Somebody who means to do something to a case: what a guard looks at."""

    work: Work
    case: Case
    by: Actor


@dataclass(frozen=True, slots=True)
class Deed(Intent, Generic[R]):
    """What somebody does to a case. `facts` go into its line of the history, and are told from there.

    They begin with what was asked for; the change adds what came of it.
    """

    request: R
    facts: dict[str, Any] = field(default_factory=dict)


def nothing_else(intent: Intent) -> None:
    """Ask for nothing besides who may do it and when."""


async def _changes_nothing(deed: Deed[Any]) -> State | None:
    """Leave the case as it is, but for its state and its history."""


async def _tells_nobody(to: "Telling") -> None:
    """Tell nobody."""


Guard = Callable[[Intent], None]
"""Asks what else must hold before anything changes; raises one of `services.standing.refusals`."""
News = Callable[["Telling"], Awaitable[None]]
"""Tells whom it concerns what its line of the history says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """How cards offer an act: by which verb, and in which place among the others (gaps are left)."""

    verb: str
    place: int
    on_card: bool = False
    """Whether it stands on the card itself, not behind “something else”."""
    of_officer: bool = False
    """Whether chiefs pass it over while somebody else has the case."""
    unless: str = ""
    """The verb that spares whoever has it this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActKind(Rule, Generic[R]):
    """One act: all that the desk knows of it."""

    takes: type[R] | None = None
    guard: Guard = nothing_else
    change: Callable[[Deed[R]], Awaitable[State | None]] = _changes_nothing
    """Changes the case; returns the state it leads to where that is not `to`."""
    news: News = _tells_nobody
    at_once: News = _tells_nobody
    """Tells what is said before its words are heard again, the same whomever they turn out to speak of."""
    quiet: bool = False
    """Whether it leaves the case's version alone, so that the buttons people see stay good."""
    redraws: bool | None = None
    """Whether the card in groups changes by it; None: unless it is quiet, or only asks for a decision."""
    heard: "str | Callable[[Telling], str]" = ""
    """What those who follow the case hear of it: a key of words, or what says which."""
    speaks: bool = False
    """Whether it brings words of whoever brought the case, has the same trouble or sees the same danger."""
    keeps: frozenset[Promise] = frozenset()
    """What was promised to the citizen and is kept by it: they hear of all of these."""
    granted_by: Act | None = None
    """The act that grants what this one asks for."""
    button: Button | None = None

    def of_json(self, detail: Mapping[str, Any]) -> Act | Request:
        """Return what this act takes, read from plain JSON; its name where that is nothing."""
        return self.takes.from_json(detail) if self.takes else self.act

    def changes_the_card(self) -> bool:
        """Say whether it changes what a group's card shows: the state or the date."""
        return self.redraws if self.redraws is not None else not (self.quiet or self.granted_by)


ACTS: dict[str, ActKind[Any]] = {}
"""Every act by its name; `services.acts` fills it."""


def compose(*families: Iterable[ActKind[Any]]) -> None:
    """Fill the table. Raises ValueError where an act is in no family, or twice."""
    kinds = [kind for family in families for kind in family]
    found = Counter(kind.act for kind in kinds)
    if wrong := [act for act in Act if found[act] != 1]:
        raise ValueError(f"in no family of services/acts/, or twice: {', '.join(wrong)}")
    ACTS.update({kind.act: kind for kind in kinds})
    forget()


def forget() -> None:
    """Read the table anew: what follows from it is worked out once, for each card asks it."""
    for known in (_taking, buttons, verbs):
        known.cache_clear()


def kind_of(what: Act | Request) -> ActKind[Any]:
    """Return what the desk knows of an act, by its name or by what it takes."""
    if isinstance(what, Request):
        return _taking()[type(what)]
    return ACTS[what]


@cache
def _taking() -> Mapping[type[Request], ActKind[Any]]:
    return {kind.takes: kind for kind in ACTS.values() if kind.takes is not None}


@cache
def buttons() -> Sequence[Button]:
    """Return how cards offer acts, in the order in which they do; some acts share a verb."""
    return sorted({kind.button for kind in ACTS.values() if kind.button}, key=lambda one: one.place)


@cache
def verbs() -> Mapping[str, list[ActKind[Any]]]:
    """Return what each verb of a card comes to, in the order in which verbs are offered."""
    found: dict[str, list[ActKind[Any]]] = {button.verb: [] for button in buttons()}
    for kind in ACTS.values():
        if kind.button is not None:
            found[kind.button.verb].append(kind)
    return found
