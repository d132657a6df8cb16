"""Every refusal of an act, each with the key of words that say what to do instead.

One that has none says that it is not allowed, or how the case stands (`handlers.door.refused`).
"""

from domain.cases import NotAllowed, NotNow


class StaleVersion(NotNow):
    """Somebody else was faster: the case is no longer what the button was drawn for."""


class TooManyTries(NotAllowed):
    """Too many wrong ones: what was asked for is not looked up any more for a while."""


class WholeNumber(NotAllowed):
    """So many tried the last digits of a number that only all of it is an answer today."""


class OwnRequest(NotAllowed):
    """Nobody approves what they asked for themselves."""

    words = "refused.own_request"


class CannotWait(NotNow):
    """What cannot wait has no date, so it is given no later one."""

    words = "refused.cannot_wait"


class OwnCase(NotAllowed):
    """Nobody gives themselves more time."""

    words = "refused.own_case"


class NoSecondKeeper(NotNow):
    """Opening an identity takes two keepers whom the case does not speak of, and there are not two here."""


class OwnMatter(NotAllowed):
    """Nobody settles what they brought themselves, or their own people did."""

    words = "refused.own_matter"


class StandsAbove(NotAllowed):
    """Nobody names somebody above them as their stand-in."""

    words = "away.stands_above"


class RingsElsewhere(NotNow):
    """A danger turned out to be in another commune: it rings there until somebody there takes it."""

    words = "refused.rings_elsewhere"


class NotForThem(NotNow):
    """The case cannot be given to this person: why is not said."""

    words = "refused.not_for_them"


class NobodyDecides(NotNow):
    """Nobody stands above whoever asks, so nobody could decide."""

    words = "refused.nobody_decides"


class DecidedAbove(NotAllowed):
    """What is asked for waits for somebody above this person."""

    words = "refused.decided_above"


class WrongUnit(NotAllowed):
    """This unit cannot have the case: it is complained about, has been dissolved, or has it already."""

    words = "refused.wrong_unit"


class NobodyLeft(NotAllowed):
    """Everybody here who could read it is spoken of in it: it is told outside, and nobody sees it here."""

    words = "walls.nobody_left"


class TooManyHops(NotNow):
    """The case has been handed on as often as officers may by themselves; now a chief decides."""

    words = "refused.too_many_hops"


class CrossingIsDecided(NotAllowed):
    """The case leaves its commune or level: whoever heads where it is decides on that."""

    words = "refused.crossing_is_decided"


class ComesBack(NotAllowed):
    """The case speaks of whoever would get it there, and would be here again at once."""

    words = "refused.comes_back"


class TooManyCrossings(NotAllowed):
    """The case has gone from commune to commune too often: only the province says where it goes now."""

    words = "refused.too_many_crossings"


class NotTakenOver(NotNow):
    """The case is in this person's hands already."""

    words = "refused.not_taken_over"


class OthersInDanger(NotNow):
    """More than one tell of this danger: who told of it first does not end it for the rest."""

    words = "refused.others_in_danger"


class StillDanger(NotNow):
    """What is told of is dangerous and kept close: it is over when an official has found it so."""

    words = "refused.still_danger"


class NotBarred(NotNow):
    """The sender is not barred (any more)."""

    words = "refused.not_barred"


class CannotBar(NotAllowed):
    """Nobody is barred for a case that is kept close, nor somebody whom no chat reaches."""

    words = "refused.cannot_bar"


class AwayAlready(NotNow):
    """These days were named before, or whoever is to stand in is away then."""

    words = "refused.away_already"


class NeedsApproval(NotAllowed):
    """Somebody in charge must approve the answer to this case first."""

    words = "refused.needs_approval"


class EmptyAnswer(NotNow):
    """The answer says nothing: no deed, no ground and no time, or it is too short or too long."""

    words = "refused.empty_answer"


class OwnBroadcast(NotAllowed):
    """Nobody lets their own message to a hamlet go."""

    words = "refused.own_broadcast"


class BroadcastDecided(NotNow):
    """Somebody has decided on this message to a hamlet already."""

    words = "refused.broadcast_decided"


class HotSpotDecided(NotNow):
    """Somebody has taken this hot spot in hand already, or it is over."""

    words = "refused.hotspot_decided"


class OwnKeyRequest(NotAllowed):
    """Nobody gives themselves, or agrees to what they asked for themselves, a role that opens everything."""

    words = "refused.own_key_request"


class KeyRequestOver(NotNow):
    """Somebody has decided on this request, its days are over, or who asked may ask no more."""

    words = "refused.key_request_over"


class KeyRequestChanged(NotNow):
    """What is asked for, or in how many chats it would be held, is not what this person was shown."""

    words = "second.changed"


class AskerSpokenOf(NotNow):
    """An open case kept close speaks of who asks or would gain; said to its readers alone."""

    words = "refused.asker_spoken_of"


class TooNewToEnd(NotAllowed):
    """Who has only just joined ends no older chat of theirs: it may be the one that is the stranger's."""

    words = "refused.too_new_to_end"


class NothingAsked(NotNow):
    """No request waits for a decision."""

    words = "refused.nothing_asked"


class AlreadyAsked(NotNow):
    """A request waits for a decision already."""

    words = "refused.already_asked"


class TooLate(NotNow):
    """The days within which a citizen may have a case reopened are over."""

    words = "refused.too_late"


class Follows(NotNow):
    """This chat follows the case already."""

    words = "refused.follows"


class NotTogether(NotNow):
    """These cases are not worked on together: not both open, ordinary and one unit's, or one is joined."""

    words = "refused.not_together"


class HasJoined(NotNow):
    """Others are joined to this case: they part from it before it is joined to another."""

    words = "refused.has_joined"


class TooManyTogether(NotNow):
    """As many are joined to that case as may be."""

    words = "refused.too_many_together"
