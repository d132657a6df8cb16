"""Officials are citizens too: what they brought, or their own people did, others settle."""

from domain.cases import OPEN_STATES, State
from services.standing import hands, parties
from services.standing.pending import Pending
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import people
from storage.people.people import Chat


def of(work: Work, chat: Chat) -> list[str]:
    """Return the officials who write in a chat or another of its person, as a case keeps whose own it is."""
    every = dict.fromkeys([chat.person_id, *(one.person_id for one in people.ways(work, chat))])
    return [str(person) for person in every if person is not None]


def add(work: Work, case: Case, officials: list[str]) -> State | None:
    """Note whose own the case is too, and take it out of their hands. Returns the state that leads to."""
    case.senders = list(dict.fromkeys([*case.senders, *officials]))
    pending = Pending.of(case)
    if pending is not None and parties.is_senders(case, pending.by):
        case.request = None
    if not parties.is_senders(case, case.officer_id) or case.state not in OPEN_STATES:
        return None
    return hands.let_go(work, case)
