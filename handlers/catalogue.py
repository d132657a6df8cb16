"""Every conversation there is, by the name a chat's state remembers it by."""

from handlers.citizen.cases import RATE, REOPEN, REPLY, WHICH, WITHDRAW
from handlers.citizen.report import REPORT
from handlers.conversation import Conversation
from handlers.officer.cases import ANSWER, ASK_CITIZEN, EXTEND
from handlers.supervisor.cases import REASSIGN

CONVERSATIONS = (REPORT, RATE, REOPEN, WITHDRAW, WHICH, REPLY, ASK_CITIZEN, ANSWER, EXTEND, REASSIGN)
_BY_NAME = {conversation.name: conversation for conversation in CONVERSATIONS}


def find(name: str) -> Conversation:
    """Return the conversation. Raises KeyError for a name no version of this program knows."""
    return _BY_NAME[name]
