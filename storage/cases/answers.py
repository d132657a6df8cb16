"""Answers that were given, and cases that could have the same one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from domain.cases import State
from storage.cases import kept
from storage.ground.tables import Case
from storage.ground.work import Work

_AT_MOST = 60


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given: what the case was about, and what was said."""

    summary: str
    answer: str


async def rated_well(
    work: Work, case: Case, since: datetime, mark: int, but_kinds: frozenset[str]
) -> list[Given]:
    """Return the answers of the case's unit to its field, given since then and rated so well, newest first.

    Cases that are kept from somebody or that nothing was done for are none of them.
    """
    statement = (
        select(Case.summary, Case.answer)
        .where(
            Case.unit_id == case.unit_id,
            Case.state.in_([str(State.ANSWERED), str(State.CLOSED)]),
            Case.field == case.field,
            Case.rating >= mark,
            Case.answered_at >= since,
            kept.is_open(),
            Case.declined.is_(None),
            Case.kind.not_in(sorted(but_kinds)),
            Case.id != case.id,
        )
        .order_by(Case.answered_at.desc())
        .limit(_AT_MOST)
    )
    return [Given(summary, answer or "") for summary, answer in await work.session.execute(statement)]


async def held_with(work: Work, case: Case, officer_id: UUID, but_kinds: frozenset[str]) -> list[Case]:
    """Return the other cases of the same field and unit that this officer works on, the oldest first.

    None that is kept close; whoever asks reads of those kept from somebody only what is theirs.
    """
    await work.session.flush()
    statement = (
        select(Case)
        .where(
            Case.unit_id == case.unit_id,
            Case.state == State.ACCEPTED,
            Case.field == case.field,
            Case.officer_id == officer_id,
            Case.confidential.is_(False),
            Case.sealed.is_(False),
            Case.kind.not_in(sorted(but_kinds)),
            Case.id != case.id,
        )
        .order_by(Case.opened_at, Case.id)
    )
    return list(await work.session.scalars(statement))
