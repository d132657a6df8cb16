"""The life of a case: its states, what can be done to it, and what people are to it.

Who may do which act in which state stands with the act (`services/acts/`); docs/permissions.md shows whose
it is.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Self

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
    JOIN = "join"
    PART = "part"
    GATHER = "gather"
    CARRY = "carry"
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


class Refused(Exception):
    """What was asked for cannot be; whatever refuses does so before it changes anything."""

    words: ClassVar[str] = ""
    """The key of what is said instead, where there is something."""


class NotAllowed(Refused):
    """This person may not do this to this case; whether the case exists is not said."""


class NotNow(Refused):
    """The act does not fit the state the case is in (any more)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who may do an act, from which states, and the state it leads to (None: it stays)."""

    act: Act
    by: AbstractSet[Relation]
    states: AbstractSet[State]
    to: State | None = None


UNTAKEN = frozenset({State.RECEIVED, State.REOPENED})
"""States in which somebody may take a case."""
RUNNING = UNTAKEN | {State.ACCEPTED}
OPEN_STATES = RUNNING | {State.ASKED}
"""States in which somebody still owes the citizen an answer."""
HELD = frozenset({State.ACCEPTED, State.ASKED})
DONE = frozenset({State.ANSWERED, State.CLOSED})
ANY_STATE = frozenset(State)


def check(rule: Rule, state: State, relations: AbstractSet[Relation]) -> State:
    """Return the state the act leads to. Raises NotAllowed, then NotNow."""
    if not rule.by & relations:
        raise NotAllowed(rule.act)
    if state not in rule.states:
        raise NotNow(rule.act)
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
