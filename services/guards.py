"""What must hold for an act besides its row in the table, asked before anything changes."""

from collections.abc import Callable

from domain.cases import Act, NotAllowed, NotNow, Relation
from domain.promises import KEPT
from services import superiors
from services.refusals import (
    AlreadyAsked,
    CannotBar,
    CannotWait,
    DecidedAbove,
    NeedsApproval,
    NobodyDecides,
    NotBarred,
    NothingAsked,
    NotTakenOver,
    OwnCase,
    OwnRequest,
    TooManyHops,
)
from services.who import URGENT, Actor, has_it, relations
from storage import people
from storage.cases import Case
from storage.work import Work

Guard = Callable[[Work, Case, Actor], None]


def nothing_else(work: Work, case: Case, by: Actor) -> None:
    """Ask for nothing besides the row in the table."""


def no_request_waits(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - every guard is called alike
    """Let one request wait at a time."""
    if case.request is not None:
        raise AlreadyAsked("request")


def can_be_asked(work: Work, case: Case, by: Actor) -> None:
    """Let something be asked where nothing waits yet and somebody above can decide."""
    no_request_waits(work, case, by)
    if not superiors.somebody_decides(work, case, by):
        raise NobodyDecides("request")


def _can_wait(what: Act, then: Guard) -> Guard:
    """Return a guard that gives no more time to what cannot wait, and then asks what else must hold."""

    def guard(work: Work, case: Case, by: Actor) -> None:
        if case.urgency in work.rules.ringing:
            raise CannotWait(what)
        then(work, case, by)

    return guard


def another_asked(*what: Act) -> Guard:
    """Return the guard of a decision: somebody else asked for one of these, or for anything at all.

    Nobody decides on what they asked for, nor on what is asked for a case that is in their own hands, nor on
    what waits for somebody above them.
    """

    def guard(work: Work, case: Case, by: Actor) -> None:
        if case.request is None or (what and requested(case) not in what):
            raise NothingAsked(*what)
        if str(by.person_id) in {case.request["by"], str(case.officer_id)}:
            raise OwnRequest(*what)
        if not superiors.may_decide(work, case, by):
            raise DecidedAbove(*what)

    return guard


def requested(case: Case) -> str:
    """Return the act that waits for a decision, empty where none does."""
    asked: str = case.request.get("what", Act.EXTEND) if case.request else ""
    return asked


def _may_hop(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - as above
    if case.hops >= work.rules.handling.transfers:
        raise TooManyHops(Act.TRANSFER)


def _must_ask_to_hop(work: Work, case: Case, by: Actor) -> None:
    can_be_asked(work, case, by)
    if case.hops < work.rules.handling.transfers:
        raise NotNow(Act.ASK_TRANSFER)


def _asked_by_another(work: Work, case: Case, by: Actor) -> None:
    """Hand a case on freely, but decide on a transfer only if somebody else asked for it."""
    if requested(case) == Act.ASK_TRANSFER:
        another_asked(Act.ASK_TRANSFER)(work, case, by)


def _of_another(work: Work, case: Case, by: Actor) -> None:
    """Give nobody more time for their own work, however they come by it."""
    if has_it(work, case, by.person_id) or (case.request or {}).get("by") == str(by.person_id):
        raise OwnCase(Act.LENGTHEN)
    if not superiors.may_decide(work, case, by):
        raise DecidedAbove(Act.LENGTHEN)


def _not_mine_yet(work: Work, case: Case, by: Actor) -> None:
    if has_it(work, case, by.person_id):
        raise NotTakenOver(Act.TAKE_OVER)


def _of_other_hands(work: Work, case: Case, by: Actor) -> None:
    """Let nobody go on with a withdrawn case that was in their hands: they may be why it was withdrawn.

    Whatever the reason was: that a case may be gone on with says nothing about it.
    """
    if has_it(work, case, by.person_id):
        raise NotAllowed(Act.RESUME)


def is_close(work: Work, case: Case) -> bool:
    """Say whether somebody in charge must read an answer to this case before it is given."""
    sensitive = work.rules.taxonomy.fields[case.field].sensitive
    kept = case.confidential or case.sealed
    return kept or sensitive or case.kind in work.rules.answering.approve


def needs_approval(work: Work, case: Case, by: Actor) -> bool:
    """Say whether this person's answer must be approved; those in charge answer for themselves."""
    return is_close(work, case) and Relation.SUPERVISOR not in relations(work, case, by)


def _approved(work: Work, case: Case, by: Actor) -> None:
    if needs_approval(work, case, by):
        raise NeedsApproval(Act.ANSWER)


def _no_answer_waits(work: Work, case: Case, by: Actor) -> None:
    """Let an answer take the place of a request for more time, but of nothing else that waits."""
    if requested(case) != Act.EXTEND:
        no_request_waits(work, case, by)
    if not superiors.somebody_decides(work, case, by):
        raise NobodyDecides(Act.SUBMIT)


def _urgent(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - as above
    if case.urgency != URGENT:
        raise NotNow(Act.CALM)


def is_others_too(case: Case) -> bool:
    """Say whether an alarm is not its sender's to call off: others stand with it, or it is kept close."""
    return case.urgency == URGENT and bool(case.followers or case.confidential)


def _open_sender(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - as above
    """Never bar a sender who is nobody here, nor one whose case is kept close: it may accuse somebody."""
    chat = work.chats.get(case.chat_key)
    unreachable = chat is not None and chat.account in {people.SEALED, people.COUNTER}
    if case.sealed or case.confidential or unreachable:
        raise CannotBar(Act.BAR)


def _call_promised(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - as above
    """Note a call only where one was promised."""
    if not KEPT[Act.CALLED] & set(case.promises):
        raise NotNow(Act.CALLED)


def _barred(work: Work, case: Case, by: Actor) -> None:  # noqa: ARG001 - as above
    chat = work.chats.get(case.chat_key)
    if chat is not None and (chat.barred_until is None or chat.barred_until <= work.now):
        raise NotBarred(Act.UNBAR)


DECISIONS: dict[str, Act] = {
    Act.EXTEND: Act.GRANT,
    Act.SUBMIT: Act.RELEASE,
    Act.DECLINE: Act.DISMISS,
    Act.ASK_TRANSFER: Act.REASSIGN,
}
"""The act that grants what each request asks for."""

GUARDS: dict[Act, Guard] = {
    Act.ANSWER: _approved,
    Act.SUBMIT: _no_answer_waits,
    Act.RELEASE: another_asked(Act.SUBMIT),
    Act.EXTEND: _can_wait(Act.EXTEND, can_be_asked),
    Act.GRANT: _can_wait(Act.GRANT, another_asked(Act.EXTEND)),
    Act.REFUSE: another_asked(),
    Act.TRANSFER: _may_hop,
    Act.ASK_TRANSFER: _must_ask_to_hop,
    Act.REASSIGN: _asked_by_another,
    Act.ASSIGN: _asked_by_another,
    Act.TAKE_OVER: _not_mine_yet,
    Act.RESUME: _of_other_hands,
    Act.DECLINE: can_be_asked,
    Act.DISMISS: another_asked(Act.DECLINE),
    Act.LENGTHEN: _can_wait(Act.LENGTHEN, _of_another),
    Act.CALLED: _call_promised,
    Act.CALM: _urgent,
    Act.BAR: _open_sender,
    Act.UNBAR: _barred,
}
