"""The life of a case: which act may follow which state, and who may do it.

`services.cases.act` is the only caller that changes a case, so what this table says holds everywhere.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Self


class State(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    REOPENED = "reopened"
    ACCEPTED = "accepted"
    ASKED = "asked"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What can be done to a case."""

    OPEN = "open"
    ACCEPT = "accept"
    ASK = "ask"
    REPLY = "reply"
    SUPPLEMENT = "supplement"
    ANSWER = "answer"
    EXTEND = "extend"
    GRANT = "grant"
    REFUSE = "refuse"
    REASSIGN = "reassign"
    NUDGE = "nudge"
    RATE = "rate"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    REMIND = "remind"
    ESCALATE = "escalate"
    ASK_AGAIN = "ask_again"
    LAPSE = "lapse"
    INVITE_RATING = "invite_rating"
    CLOSE = "close"
    RECOMPUTE = "recompute"


class Relation(StrEnum):
    """What somebody is to a case."""

    CITIZEN = "citizen"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    CLOCK = "clock"


class NotAllowed(Exception):
    """This person may not do this to this case; whether the case exists is not said."""


class NotNow(Exception):
    """The act does not fit the state the case is in (any more)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: who may act, from which states, and the state it leads to (None: it stays)."""

    by: frozenset[Relation]
    states: frozenset[State]
    to: State | None = None


_RUNNING = frozenset({State.RECEIVED, State.REOPENED, State.ACCEPTED})
OPEN_STATES = _RUNNING | {State.ASKED}
"""States in which somebody still owes the citizen an answer."""

_CITIZEN, _OFFICER = frozenset({Relation.CITIZEN}), frozenset({Relation.OFFICER})
_SUPERVISOR, _CLOCK = frozenset({Relation.SUPERVISOR}), frozenset({Relation.CLOCK})


def _only(*states: State) -> frozenset[State]:
    return frozenset(states)


RULES: Mapping[Act, Rule] = {
    Act.OPEN: Rule(_CITIZEN, frozenset(), State.RECEIVED),
    Act.ACCEPT: Rule(_OFFICER, _only(State.RECEIVED, State.REOPENED), State.ACCEPTED),
    Act.ASK: Rule(_OFFICER, _only(State.ACCEPTED), State.ASKED),
    Act.REPLY: Rule(_CITIZEN, _only(State.ASKED), State.ACCEPTED),
    Act.SUPPLEMENT: Rule(_CITIZEN, OPEN_STATES),
    Act.ANSWER: Rule(_OFFICER, _only(State.ACCEPTED, State.ASKED), State.ANSWERED),
    Act.EXTEND: Rule(_OFFICER, _only(State.ACCEPTED)),
    Act.GRANT: Rule(_SUPERVISOR, OPEN_STATES),
    Act.REFUSE: Rule(_SUPERVISOR, OPEN_STATES),
    Act.REASSIGN: Rule(_SUPERVISOR, OPEN_STATES, State.RECEIVED),
    Act.NUDGE: Rule(_SUPERVISOR, OPEN_STATES),
    Act.RATE: Rule(_CITIZEN, _only(State.ANSWERED)),
    Act.REOPEN: Rule(_CITIZEN, _only(State.ANSWERED, State.CLOSED), State.REOPENED),
    Act.WITHDRAW: Rule(_CITIZEN, OPEN_STATES, State.WITHDRAWN),
    Act.REMIND: Rule(_CLOCK, _RUNNING),
    Act.ESCALATE: Rule(_CLOCK, _RUNNING),
    Act.ASK_AGAIN: Rule(_CLOCK, _only(State.ASKED)),
    Act.LAPSE: Rule(_CLOCK, _only(State.ASKED), State.ACCEPTED),
    Act.INVITE_RATING: Rule(_CLOCK, _only(State.ANSWERED)),
    Act.CLOSE: Rule(_CLOCK | _CITIZEN, _only(State.ANSWERED), State.CLOSED),
    Act.RECOMPUTE: Rule(_CLOCK, OPEN_STATES),
}


QUIET_ACTS = frozenset(
    {Act.SUPPLEMENT, Act.NUDGE, Act.REMIND, Act.ESCALATE, Act.ASK_AGAIN, Act.INVITE_RATING, Act.RECOMPUTE}
)
"""Acts that leave a case's version alone, so that the buttons people see stay good."""


def check(act: Act, state: State, relations: AbstractSet[Relation]) -> State:
    """Return the state the act leads to. Raises NotAllowed, then NotNow."""
    rule = RULES[act]
    if not rule.by & relations:
        raise NotAllowed(act)
    if state not in rule.states:
        raise NotNow(act)
    return rule.to or state


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the desk waits for a citizen; defaults of the office document."""

    ask_again: timedelta = timedelta(days=2)
    lapse: timedelta = timedelta(days=5)
    invite_rating: timedelta = timedelta(days=3)
    close: timedelta = timedelta(days=10)
    reopen_within: timedelta = timedelta(days=30)

    @classmethod
    def parse(cls, office: Mapping[str, Any]) -> Self:
        """Read the days named under `patience` of the office document."""
        days: Mapping[str, int] = office.get("patience", {})
        known = {name: timedelta(days=days[name]) for name in cls.__dataclass_fields__ if name in days}
        return cls(**known)
