"""Every refusal of an act, each told to the person in words that say what to do instead."""

from domain.cases import NotAllowed, NotNow


class StaleVersion(NotNow):
    """Somebody else was faster: the case is no longer what the button was drawn for."""


class OwnRequest(NotAllowed):
    """Nobody approves what they asked for themselves."""


class NothingAsked(NotNow):
    """No request waits for a decision."""


class AlreadyAsked(NotNow):
    """A request waits for a decision already."""


class TooLate(NotNow):
    """The days within which a citizen may have a case reopened are over."""
