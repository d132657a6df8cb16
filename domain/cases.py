"""The life of a case: which act may follow which state, and who may do it.

`services.cases.act` is the only caller that changes a case, so what this table says holds everywhere.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from domain.calendar import ONE_DAY, WorkCalendar


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
    # the citizen, and others who have the same trouble
    REPLY = "reply"
    SUPPLEMENT = "supplement"
    COMMENT = "comment"
    CONTACT = "contact"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    CLAIM = "claim"
    LOOK = "look"
    RATE = "rate"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    WITNESS = "witness"
    LOCATE = "locate"
    CRY = "cry"
    ALL_CLEAR = "all_clear"
    # the officer
    ACCEPT = "accept"
    ASK = "ask"
    ANSWER = "answer"
    SUBMIT = "submit"
    EXTEND = "extend"
    TRANSFER = "transfer"
    ASK_TRANSFER = "ask_transfer"
    DECLINE = "decline"
    CALM = "calm"
    CALLED = "called"
    GO = "go"
    STAY = "stay"
    NOTE = "note"
    # whoever answers for the officer
    GRANT = "grant"
    RELEASE = "release"
    DISMISS = "dismiss"
    REFUSE = "refuse"
    REASSIGN = "reassign"
    ASSIGN = "assign"
    TAKE_OVER = "take_over"
    RESUME = "resume"
    LENGTHEN = "lengthen"
    NUDGE = "nudge"
    BAR = "bar"
    UNBAR = "unbar"
    ASK_IDENTITY = "ask_identity"
    AGREE_IDENTITY = "agree_identity"
    IDENTIFY = "identify"
    MOVE = "move"
    # the clock
    REMIND = "remind"
    ESCALATE = "escalate"
    CALL_UP = "call_up"
    RING = "ring"
    CALL_OUT = "call_out"
    ASK_AGAIN = "ask_again"
    LAPSE = "lapse"
    INVITE_RATING = "invite_rating"
    CHECK_BACK = "check_back"
    CLOSE = "close"
    RECOMPUTE = "recompute"


class Relation(StrEnum):
    """What somebody is to a case."""

    CITIZEN = "citizen"
    SCRIBE = "scribe"
    """Writes down what the citizen of a case without a chat says by phone."""
    FOLLOWER = "follower"
    LEFT = "left"
    """Could look it up until words closed it: for them it is a case that was handed on, as any."""
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    KEEPER = "keeper"
    """May open, with a second one, who brought a sealed case, and nothing else."""
    RESCUER = "rescuer"
    """Can go where a danger is that is kept close, and knows nothing else of the case."""
    ADMIN = "admin"
    """Moves cases when units change, and sees none."""
    CLOCK = "clock"
    ANYBODY = "anybody"
    """Whoever writes to the desk, where the case is not kept close."""


KNOWING = frozenset({Relation.CITIZEN, Relation.FOLLOWER, Relation.OFFICER, Relation.SUPERVISOR})
"""Who may know what became of a case."""


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
_SCRIBE = frozenset({Relation.SCRIBE})
_SUPERVISOR, _CLOCK = frozenset({Relation.SUPERVISOR}), frozenset({Relation.CLOCK})
_ANYBODY, _FOLLOWER = frozenset({Relation.ANYBODY}), frozenset({Relation.FOLLOWER})
_LEFT = frozenset({Relation.LEFT})
_KEEPER = frozenset({Relation.KEEPER})
_RESCUER = frozenset({Relation.RESCUER})
_DONE = frozenset({State.ANSWERED, State.CLOSED})
_ALL = frozenset(State)


def _only(*states: State) -> frozenset[State]:
    return frozenset(states)


_HELD = _only(State.ACCEPTED, State.ASKED)

RULES: Mapping[Act, Rule] = {
    Act.OPEN: Rule(_CITIZEN, frozenset(), State.RECEIVED),
    Act.REPLY: Rule(_CITIZEN | _SCRIBE, OPEN_STATES, State.ACCEPTED),
    Act.SUPPLEMENT: Rule(_CITIZEN | _SCRIBE, OPEN_STATES),
    Act.COMMENT: Rule(_CITIZEN, _DONE),
    Act.CONTACT: Rule(_CITIZEN, _ALL),
    Act.FOLLOW: Rule(_ANYBODY | _LEFT, OPEN_STATES),
    Act.UNFOLLOW: Rule(_FOLLOWER, _ALL),
    Act.CLAIM: Rule(_ANYBODY, _ALL),
    Act.LOOK: Rule(_CITIZEN, _DONE),
    Act.RATE: Rule(_CITIZEN, _only(State.ANSWERED)),
    Act.REOPEN: Rule(_CITIZEN, _DONE, State.REOPENED),
    Act.WITHDRAW: Rule(_CITIZEN, OPEN_STATES, State.WITHDRAWN),
    Act.WITNESS: Rule(_ANYBODY, OPEN_STATES),
    Act.LOCATE: Rule(_CITIZEN, OPEN_STATES),
    Act.CRY: Rule(_CITIZEN, _ALL),
    Act.ALL_CLEAR: Rule(_CITIZEN, OPEN_STATES),
    Act.ACCEPT: Rule(_OFFICER, _only(State.RECEIVED, State.REOPENED), State.ACCEPTED),
    Act.ASK: Rule(_OFFICER, _only(State.ACCEPTED), State.ASKED),
    Act.ANSWER: Rule(_OFFICER, _HELD, State.ANSWERED),
    Act.SUBMIT: Rule(_OFFICER, _HELD),
    Act.EXTEND: Rule(_OFFICER, _only(State.ACCEPTED)),
    Act.TRANSFER: Rule(_OFFICER, _RUNNING, State.RECEIVED),
    Act.ASK_TRANSFER: Rule(_OFFICER, _RUNNING),
    Act.DECLINE: Rule(_OFFICER, _only(State.ACCEPTED)),
    Act.CALLED: Rule(_OFFICER, _HELD),
    Act.GO: Rule(_RESCUER, OPEN_STATES),
    Act.STAY: Rule(_RESCUER, OPEN_STATES),
    Act.CALM: Rule(_OFFICER, OPEN_STATES),
    Act.NOTE: Rule(_OFFICER | _SUPERVISOR, _ALL),
    Act.GRANT: Rule(_SUPERVISOR, OPEN_STATES),
    Act.RELEASE: Rule(_SUPERVISOR, _HELD, State.ANSWERED),
    Act.DISMISS: Rule(_SUPERVISOR, _HELD, State.ANSWERED),
    Act.REFUSE: Rule(_SUPERVISOR, OPEN_STATES),
    Act.REASSIGN: Rule(_SUPERVISOR, OPEN_STATES, State.RECEIVED),
    Act.ASSIGN: Rule(_SUPERVISOR, OPEN_STATES, State.ACCEPTED),
    Act.TAKE_OVER: Rule(_SUPERVISOR, OPEN_STATES, State.ACCEPTED),
    Act.RESUME: Rule(_SUPERVISOR, _only(State.WITHDRAWN), State.ACCEPTED),
    Act.LENGTHEN: Rule(_SUPERVISOR, _RUNNING),
    Act.NUDGE: Rule(_SUPERVISOR, OPEN_STATES),
    Act.BAR: Rule(_SUPERVISOR, _ALL),
    Act.UNBAR: Rule(_SUPERVISOR, _ALL),
    Act.ASK_IDENTITY: Rule(_KEEPER, _ALL),
    Act.AGREE_IDENTITY: Rule(_KEEPER, _ALL),
    Act.IDENTIFY: Rule(_KEEPER, _ALL),
    Act.MOVE: Rule(frozenset({Relation.ADMIN}) | _CLOCK, _ALL),
    Act.REMIND: Rule(_CLOCK, OPEN_STATES),
    Act.ESCALATE: Rule(_CLOCK, OPEN_STATES),
    Act.CALL_UP: Rule(_CLOCK, OPEN_STATES),
    Act.RING: Rule(_CLOCK, _only(State.RECEIVED, State.REOPENED)),
    Act.CALL_OUT: Rule(_CLOCK, OPEN_STATES),
    Act.ASK_AGAIN: Rule(_CLOCK, _only(State.ASKED)),
    Act.LAPSE: Rule(_CLOCK, _only(State.ASKED), State.ACCEPTED),
    Act.INVITE_RATING: Rule(_CLOCK, _only(State.ANSWERED)),
    Act.CHECK_BACK: Rule(_CLOCK, _only(State.CLOSED)),
    Act.CLOSE: Rule(_CLOCK | _CITIZEN, _only(State.ANSWERED), State.CLOSED),
    Act.RECOMPUTE: Rule(_CLOCK, OPEN_STATES),
}
"""DECLINE, SUBMIT, EXTEND and ASK_TRANSFER ask; DISMISS, RELEASE, GRANT and REASSIGN decide."""


QUIET_ACTS = frozenset(
    {
        Act.SUPPLEMENT,
        Act.COMMENT,
        Act.CONTACT,
        Act.FOLLOW,
        Act.UNFOLLOW,
        Act.CLAIM,
        Act.LOOK,
        Act.WITNESS,
        Act.LOCATE,
        Act.NOTE,
        Act.NUDGE,
        Act.BAR,
        Act.UNBAR,
        Act.ASK_IDENTITY,
        Act.AGREE_IDENTITY,
        Act.IDENTIFY,
        Act.REMIND,
        Act.ESCALATE,
        Act.CALL_UP,
        Act.RING,
        Act.CALL_OUT,
        Act.GO,
        Act.STAY,
        Act.ASK_AGAIN,
        Act.INVITE_RATING,
        Act.CHECK_BACK,
        Act.RECOMPUTE,
    }
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

    def after_question(self, told_at: datetime, calendar: WorkCalendar) -> tuple[datetime, datetime]:
        """Return when a question is put again, and when the desk goes on without an answer."""
        return _spaced(told_at + self.ask_again, told_at + self.lapse, calendar)

    def after_answer(self, told_at: datetime, calendar: WorkCalendar) -> tuple[datetime, datetime]:
        """Return when a mark is asked for, and when the case is closed without one."""
        return _spaced(told_at + self.invite_rating, told_at + self.close, calendar)

    @classmethod
    def parse(cls, office: Mapping[str, Any]) -> Self:
        """Read the days named under `patience` of the office document."""
        days: Mapping[str, int] = office.get("patience", {})
        known = {name: timedelta(days=days[name]) for name in cls.__dataclass_fields__ if name in days}
        return cls(**known)


def _spaced(first: datetime, last: datetime, calendar: WorkCalendar) -> tuple[datetime, datetime]:
    """Move both out of quiet hours and days off; between them there is a day at least."""
    asked = calendar.quiet_until(first) or first
    after = max(last, asked + ONE_DAY)
    return asked, calendar.quiet_until(after) or after
