"""What must hold for several acts besides who may do them and when, asked before anything changes."""

from domain.cases import Act, Relation
from services.standing import superiors
from services.standing.kinds import ACTS, Guard, Intent
from services.standing.parties import URGENT, Actor, relations
from services.standing.pending import Pending
from services.standing.refusals import (
    AlreadyAsked,
    CannotWait,
    DecidedAbove,
    NobodyDecides,
    NothingAsked,
    OwnRequest,
)
from storage.cases.cases import Case
from storage.ground.work import Work


def no_request_waits(intent: Intent) -> None:
    """Let one request wait at a time."""
    if intent.case.request is not None:
        raise AlreadyAsked("request")


def can_be_asked(intent: Intent) -> None:
    """Let something be asked where nothing waits yet and somebody above can decide."""
    no_request_waits(intent)
    somebody_decides(intent)


def somebody_decides(intent: Intent) -> None:
    """Let something be asked only where there is somebody above who could decide."""
    if not superiors.somebody_decides(intent.work, intent.case, intent.by):
        raise NobodyDecides("request")


def can_wait(then: Guard) -> Guard:
    """Return a guard that gives no more time to what cannot wait, and then asks what else must hold."""

    def guard(intent: Intent) -> None:
        if intent.case.urgency in intent.work.rules_of(intent.case).ringing:
            raise CannotWait("time")
        then(intent)

    return guard


def another_asked(*what: Act) -> Guard:
    """Return the guard of a decision: somebody else asked for one of these, or for anything at all.

    Nobody decides on what they asked for, nor on what is asked for a case that is in their own hands, nor on
    what waits for somebody above them.
    """

    def guard(intent: Intent) -> None:
        case, by, pending = intent.case, intent.by, Pending.of(intent.case)
        if pending is None or (what and pending.what not in what):
            raise NothingAsked(*what)
        if by.person_id in {pending.by, case.officer_id}:
            raise OwnRequest(*what)
        if not superiors.may_decide(intent.work, case, by):
            raise DecidedAbove(*what)

    return guard


def requested(case: Case) -> str:
    """Return the act that waits for a decision, empty where none does."""
    pending = Pending.of(case)
    return pending.what if pending is not None else ""


def what_waits(case: Case) -> Pending:
    """Return what waits for a decision. Raises NothingAsked."""
    pending = Pending.of(case)
    if pending is None:
        raise NothingAsked("decision")
    return pending


def decision(case: Case) -> Act | None:
    """Return the act that grants what waits for a decision, None where nothing does."""
    asked = requested(case)
    return ACTS[asked].granted_by if asked else None


def is_close(work: Work, case: Case) -> bool:
    """Say whether somebody in charge must read an answer to this case before it is given."""
    sensitive = work.rules_of(case).taxonomy.fields[case.field].sensitive
    kept = case.confidential or case.sealed
    return kept or sensitive or case.kind in work.rules_of(case).answering.approve


def needs_approval(work: Work, case: Case, by: Actor) -> bool:
    """Say whether this person's answer must be approved; those in charge answer for themselves."""
    return is_close(work, case) and Relation.SUPERVISOR not in relations(work, case, by)


def is_others_too(case: Case) -> bool:
    """Say whether an alarm is not its sender's to call off: others stand with it, or it is kept close."""
    return case.urgency == URGENT and bool(case.followers or case.confidential)
