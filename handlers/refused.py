"""What somebody hears who may not do what they asked for, or not now: each refusal has its words."""

from domain.cases import NotAllowed
from domain.messages import Message
from handlers import verbs
from handlers.conversation import Turn
from handlers.flow import Stale
from services.refusals import (
    AlreadyAsked,
    AskerSpokenOf,
    AwayAlready,
    BroadcastDecided,
    CannotBar,
    CannotWait,
    DecidedAbove,
    EmptyAnswer,
    Follows,
    KeyRequestChanged,
    KeyRequestOver,
    NeedsApproval,
    NobodyDecides,
    NobodyLeft,
    NotBarred,
    NotForThem,
    NothingAsked,
    NotTakenOver,
    OthersInDanger,
    OwnBroadcast,
    OwnCase,
    OwnKeyRequest,
    OwnMatter,
    OwnRequest,
    StandsAbove,
    StillDanger,
    TooLate,
    TooManyHops,
    TooNewToEnd,
    WrongUnit,
)

_REFUSALS: dict[type[Exception], str] = {
    OwnRequest: "refused.own_request",
    OwnMatter: "refused.own_matter",
    NotForThem: "refused.not_for_them",
    NobodyDecides: "refused.nobody_decides",
    DecidedAbove: "refused.decided_above",
    OwnCase: "refused.own_case",
    WrongUnit: "refused.wrong_unit",
    NobodyLeft: "walls.nobody_left",
    TooManyHops: "refused.too_many_hops",
    NotTakenOver: "refused.not_taken_over",
    CannotWait: "refused.cannot_wait",
    CannotBar: "refused.cannot_bar",
    NotBarred: "refused.not_barred",
    OthersInDanger: "refused.others_in_danger",
    StillDanger: "refused.still_danger",
    NotAllowed: "refused.not_allowed",
    AlreadyAsked: "refused.already_asked",
    Follows: "refused.follows",
    NothingAsked: "refused.nothing_asked",
    EmptyAnswer: "refused.empty_answer",
    NeedsApproval: "refused.needs_approval",
    TooLate: "refused.too_late",
    StandsAbove: "away.stands_above",
    AwayAlready: "refused.away_already",
    OwnBroadcast: "refused.own_broadcast",
    BroadcastDecided: "refused.broadcast_decided",
    OwnKeyRequest: "refused.own_key_request",
    KeyRequestChanged: "second.changed",
    KeyRequestOver: "refused.key_request_over",
    AskerSpokenOf: "refused.asker_spoken_of",
    TooNewToEnd: "refused.too_new_to_end",
    Stale: "common.stale_no_question",
}
KNOWN = tuple(_REFUSALS)


def said(turn: Turn, refusal: Exception) -> Message:
    """Say what to do instead."""
    days = turn.work.rules.patience.reopen_within.days
    return Message(turn.say(_REFUSALS[type(refusal)], code=verbs.code_spoken_of(turn), days=days))
