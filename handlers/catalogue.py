"""Every conversation there is, by the name a chat's state remembers it by."""

from handlers.citizen import cases as citizen
from handlers.citizen import report
from handlers.conversation import Conversation
from handlers.officer import cases as officer
from handlers.supervisor import cases as supervisor

CONVERSATIONS = (
    *report.CONVERSATIONS,
    *citizen.CONVERSATIONS,
    *officer.CONVERSATIONS,
    *supervisor.CONVERSATIONS,
)
_BY_NAME = {conversation.name: conversation for conversation in CONVERSATIONS}


def find(name: str) -> Conversation:
    """Return the conversation. Raises KeyError for a name no version of this program knows."""
    return _BY_NAME[name]
