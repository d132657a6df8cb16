"""Every conversation there is, by the name a chat's state remembers it by."""

from collections.abc import Mapping

from handlers.admin import office
from handlers.citizen import (
    belonging,
    check_back,
    commune_first,
    contact,
    cries,
    legal_aid,
    linking,
    own_commune,
    procedures,
    report,
    stranger,
    unclear,
    visit,
)
from handlers.citizen import cases as citizen
from handlers.engine.conversation import Conversation
from handlers.officer import (
    answer,
    away,
    counter,
    decline,
    extend,
    identity,
    joining,
    notes,
    transfer,
    unasked,
)
from handlers.officer import cases as officer
from handlers.supervisor import approvals, bars, broadcasts, hotspots
from handlers.supervisor import cases as supervisor

_ALL = (
    *office.CONVERSATIONS,
    *report.CONVERSATIONS,
    *belonging.CONVERSATIONS,
    *citizen.CONVERSATIONS,
    *visit.CONVERSATIONS,
    *cries.CONVERSATIONS,
    *stranger.CONVERSATIONS,
    *unclear.CONVERSATIONS,
    *identity.CONVERSATIONS,
    *check_back.CONVERSATIONS,
    *contact.CONVERSATIONS,
    *linking.CONVERSATIONS,
    *legal_aid.CONVERSATIONS,
    *commune_first.CONVERSATIONS,
    *own_commune.CONVERSATIONS,
    *procedures.CONVERSATIONS,
    *officer.CONVERSATIONS,
    *answer.CONVERSATIONS,
    *counter.CONVERSATIONS,
    *away.CONVERSATIONS,
    *supervisor.CONVERSATIONS,
    *extend.CONVERSATIONS,
    *transfer.CONVERSATIONS,
    *decline.CONVERSATIONS,
    *notes.CONVERSATIONS,
    *joining.CONVERSATIONS,
    *unasked.CONVERSATIONS,
    *approvals.CONVERSATIONS,
    *bars.CONVERSATIONS,
    *broadcasts.CONVERSATIONS,
    *hotspots.CONVERSATIONS,
)
CONVERSATIONS: Mapping[str, Conversation] = {conversation.name: conversation for conversation in _ALL}
