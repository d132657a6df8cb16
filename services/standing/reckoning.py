"""The clock of one case: always derived from its start, term, extensions and pauses, never counted down."""

from dataclasses import replace
from datetime import datetime

from domain import deadlines
from domain.deadlines import Due, Term
from storage.cases.cases import Case
from storage.ground.instant import from_ms, to_ms
from storage.ground.work import Work

KIND = "case"
"""The kind of timer whose subject is a case's id."""


def reckon(work: Work, case: Case) -> Due:
    """Derive the due date from the case's start, term, extensions and pauses; keep it with the case."""
    due = due_of(work, case)
    case.due_at, case.due_on, case.due_certain = due.at, due.day, not due.provisional
    case.alarmed_at = work.now
    return due


def go_on(work: Work, case: Case) -> None:
    """Let the clock of an asked case run again, and its question be over."""
    case.question = None
    end_pause(work, case)


def end_pause(work: Work, case: Case) -> None:
    """Let the clock run again: the time the citizen was waited for is not counted."""
    if case.pauses and not case.pauses[-1][1]:
        case.pauses = [*case.pauses[:-1], [case.pauses[-1][0], to_ms(work.now)]]
    reckon(work, case)


def due_of(work: Work, case: Case) -> Due:
    """Derive the due date; `why` tells how."""
    # A pause that still goes on counts for nothing yet: it is measured when it ends.
    pauses = [(from_ms(start), from_ms(end or start)) for start, end in case.pauses]
    return deadlines.due(
        term_of(work, case),
        case.clock_from,
        work.rules_of(case).calendar,
        extra_working_days=case.extended_days,
        pauses=pauses,
    )


def term_of(work: Work, case: Case) -> Term:
    """Return the term the case runs under: the rule's, or the shortened one of a reopened case."""
    term = work.rules_of(case).terms[case.term]
    return replace(term, duration=case.term_days) if case.term_days else term


def paused_since(case: Case) -> datetime | None:
    """Return since when the clock stands still, if it does."""
    if case.pauses and not case.pauses[-1][1]:
        return from_ms(case.pauses[-1][0])
    return None
