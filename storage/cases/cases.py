"""Cases, and the history that is only ever added to."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, delete, func, or_, select, union

from domain.cases import OPEN_STATES, Act, State
from storage.cases import chain, kept
from storage.ground.instant import from_ms
from storage.ground.tables import Attachment, Follower
from storage.ground.tables import Case as Case
from storage.ground.tables import CaseEvent as CaseEvent
from storage.ground.work import Work

_MOST_LISTED = 500
"""Cases that are read to be counted and listed; few desks have as many open."""


async def load(work: Work, codes: Iterable[str]) -> None:
    """Read the cases a batch names, in one statement, locked until the work is committed."""
    known = {case.code for case in work.cases.values()}
    wanted = sorted(set(codes) - known)
    if wanted:
        await _keep(work, _CODED, {"codes": wanted})


_CODES: BindParameter[str] = bindparam("codes", expanding=True)
_CODED = select(Case).where(Case.code.in_(_CODES)).order_by(Case.id).with_for_update()


async def load_due(work: Work, ids: Iterable[UUID]) -> None:
    """Read these cases, but pass over any that another transaction holds."""
    wanted = sorted(set(ids) - set(work.cases))
    if wanted:
        statement = select(Case).where(Case.id.in_(wanted)).order_by(Case.id)
        await _keep(work, statement.with_for_update(skip_locked=True))


async def _keep(work: Work, statement: Select[Case], values: Mapping[str, Any] | None = None) -> None:
    # What was read before without the lock may be old by now.
    for case in await work.session.scalars(statement, values, execution_options={"populate_existing": True}):
        work.cases[case.id] = case
    await _keep_followers(work)


async def _keep_followers(work: Work) -> None:
    """Read who follows the cases that have followers, in one statement."""
    followed = [case.id for case in work.cases.values() if case.followers or case.relatives]
    wanted = [case_id for case_id in followed if case_id not in work.followers]
    if wanted:
        work.followers.update({case_id: set() for case_id in wanted})
        for row in await work.session.scalars(select(Follower).where(Follower.case_id.in_(wanted))):
            work.followers[row.case_id].add(row.chat_key)


def followers(work: Work, case: Case) -> set[str]:
    """Return the keys of the chats that follow a case that has been read."""
    return work.followers.get(case.id, set())


async def follow(work: Work, case: Case, chat_key: str, *, relative: bool = False) -> None:
    """Let a chat follow the case: of one more who has the trouble, or of a `relative` of who brought it."""
    work.followers.setdefault(case.id, set()).add(chat_key)
    if work.chats.get(chat_key) in work.session.new:  # the chat is as new as this message
        await work.session.flush()
    work.session.add(Follower(case_id=case.id, chat_key=chat_key, relative=relative, at=work.now))
    case.followers += not relative
    case.relatives += relative


async def unfollow(work: Work, case: Case, chat_key: str) -> None:
    """Let a chat follow the case no longer."""
    work.followers.get(case.id, set()).discard(chat_key)
    await work.session.flush()
    gone = delete(Follower).where(Follower.case_id == case.id, Follower.chat_key == chat_key)
    relative = await work.session.scalar(gone.returning(Follower.relative))
    case.followers -= relative is False
    case.relatives -= relative is True


async def by_code(work: Work, code: str) -> Case | None:
    """Return the case with this code, locked until the work is committed."""
    await load(work, [code])
    return next((case for case in work.cases.values() if case.code == code), None)


async def by_id(work: Work, case_id: UUID) -> Case | None:
    """Return the case with this id, locked until the work is committed."""
    if case_id not in work.cases:
        await _keep(work, select(Case).where(Case.id == case_id).with_for_update())
    return work.cases.get(case_id)


async def look_at(work: Work, code: str) -> Case | None:
    """Return the case with this code as it stands, for who will not change it: nobody is kept from it."""
    case: Case | None = await work.session.scalar(select(Case).where(Case.code == code))
    return case


async def seen(work: Work, codes: Iterable[str]) -> list[Case]:
    """Return the cases with these codes as they stand, in that order; locked where they were."""
    wanted = sorted(set(codes))
    known = {case.code: case for case in work.cases.values() if case.code in wanted}
    missing = [code for code in wanted if code not in known]
    if missing:
        await work.session.flush()
        rows = await work.session.scalars(select(Case).where(Case.code.in_(missing)))
        known |= {case.code: case for case in rows}
    return [known[code] for code in wanted if code in known]


async def open_of(work: Work, chat_key: str) -> list[Case]:
    """Return the open cases that stand under this key, as they are, for who will not change them."""
    open_ones = Case.state.in_([str(state) for state in OPEN_STATES])
    statement = select(Case).where(Case.chat_key == chat_key, open_ones).order_by(Case.id)
    return list(await work.session.scalars(statement))


_LISTED = OPEN_STATES | {State.ANSWERED}
_AT_MOST = 5
_FOLLOWED = 4


async def load_of_chats(work: Work, chat_keys: Iterable[str]) -> None:
    """Read the cases that `of_chat` returns for these citizens, locked."""
    wanted = sorted(set(chat_keys) - work.listed)
    if not wanted:
        return
    work.listed.update(wanted)
    first = (Case.state.in_([str(state) for state in _LISTED]).desc(), Case.opened_at.desc())
    rank = func.row_number().over(partition_by=Case.chat_key, order_by=first).label("rank")
    ranked = select(Case.code, rank).where(Case.chat_key.in_(wanted)).subquery()
    own = select(ranked.c.code).where(ranked.c.rank <= _AT_MOST)
    joined = select(Case.code).join(Follower, Follower.case_id == Case.id)
    joined = joined.where(Follower.chat_key.in_(wanted)).order_by(Follower.at.desc())
    latest = joined.limit(_AT_MOST * len(wanted)).subquery()
    await load(work, await work.session.scalars(union(own, latest.select())))


async def followed_by(work: Work, chat_key: str) -> list[Case]:
    """Return the cases a chat follows, the newest first, open ones before the others."""
    await load_of_chats(work, [chat_key])
    found = [case for case in work.cases.values() if chat_key in followers(work, case)]
    newest = sorted(found, key=lambda case: case.opened_at, reverse=True)
    return sorted(newest, key=lambda case: case.state not in _LISTED)[:_FOLLOWED]


async def of_chat(work: Work, chat_key: str) -> list[Case]:
    """Return a citizen's own cases, the five that matter most: open ones first, then the newest."""
    await load_of_chats(work, [chat_key])
    newest = sorted(work.cases.values(), key=lambda case: case.opened_at, reverse=True)
    mine = [case for case in newest if case.chat_key == chat_key]
    return sorted(mine, key=lambda case: case.state not in _LISTED)[:_AT_MOST]


async def brought_by(work: Work, chat_key: str) -> list[Case]:
    """Return the cases that stand under this key, or were brought by its people; locked."""
    kin = select(Follower.case_id).where(Follower.chat_key == chat_key, Follower.relative.is_(True))
    statement = select(Case.code).where(or_(Case.chat_key == chat_key, Case.id.in_(kin)))
    codes = list(await work.session.scalars(statement))
    await load(work, codes)
    return [case for case in work.cases.values() if case.code in codes]


async def with_contact(work: Work, chat_key: str) -> list[Case]:
    """Return a citizen's cases, open or not, that hold a number to call; locked."""
    statement = select(Case.code).where(Case.chat_key == chat_key, Case.contact.is_not(None))
    await load(work, await work.session.scalars(statement))
    return [case for case in work.cases.values() if case.chat_key == chat_key and case.contact]


async def codes_of(work: Work, chat_key: str, most: int) -> list[str]:
    """Return the codes of a citizen's own cases, the newest first, at most so many."""
    statement = select(Case.code).where(Case.chat_key == chat_key).order_by(Case.opened_at.desc(), Case.id)
    return list(await work.session.scalars(statement.limit(most)))


def _asked() -> Select[Case]:
    """Make one statement of it, once: it is part of the price of every message."""
    chats: BindParameter[str] = bindparam("chats", expanding=True)
    spoken = Case.state.in_([str(State.ASKED), str(State.ANSWERED)])
    put = Case.question.is_not(None) & Case.state.in_([str(state) for state in OPEN_STATES])
    statement = select(Case).where(Case.chat_key.in_(chats), spoken | put).order_by(Case.id)
    return statement.with_for_update()


_ASKED = _asked()


async def load_asked(work: Work, chat_keys: Iterable[str]) -> None:
    """Read the cases in which one of these chats was asked something, or was answered, locked.

    One statement: what such a chat says is as likely about one of them as about anything new.
    """
    wanted = sorted(set(chat_keys))
    if wanted:
        await _keep(work, _ASKED, {"chats": wanted})


def answered_of(work: Work, chat_key: str) -> list[Case]:
    """Return the cases whose answer this chat has not rated, the latest answer first (see `load_asked`)."""
    found = [
        case
        for case in work.cases.values()
        if case.chat_key == chat_key and case.state == State.ANSWERED and case.rating is None
    ]
    found = [case for case in found if case.told_at is None or case.told_at <= work.now]
    return sorted(found, key=lambda case: case.answered_at or case.opened_at, reverse=True)


def asked_of(work: Work, chat_key: str) -> list[Case]:
    """Return the cases in which this chat's answer is waited for, oldest first (see `load_asked`)."""
    found = [c for c in work.cases.values() if c.chat_key == chat_key and is_asked(work, c)]
    return sorted(found, key=lambda case: case.opened_at)


def is_asked(work: Work, case: Case) -> bool:
    """Say whether the citizen's words are an answer: a question stands, though its officer may be gone.

    Once its officer is gone it stands as long as one who waits would have waited.
    """
    if case.state == State.ASKED:
        return True
    if case.question is None or not case.pauses or case.state not in OPEN_STATES:
        return False
    return work.now - from_ms(case.pauses[-1][0]) <= work.rules.patience.lapse


async def with_close(work: Work, chat_key: str) -> list[Case]:
    """Return what `of_chat` does, and every open case of theirs that is kept from somebody, however many."""
    mine = await of_chat(work, chat_key)
    if len(mine) < _AT_MOST:
        return mine
    states = [str(state) for state in OPEN_STATES]
    await work.session.flush()
    statement = select(Case.code).where(Case.chat_key == chat_key, Case.state.in_(states), kept.is_kept())
    codes = list(await work.session.scalars(statement))
    await load(work, codes)
    return [*mine, *(c for c in work.cases.values() if c.code in codes and c not in mine)]


async def open_close(work: Work) -> list[Case]:
    """Return the open cases that are kept close."""
    await work.session.flush()
    states = [str(state) for state in OPEN_STATES]
    return list(await work.session.scalars(select(Case).where(Case.confidential, Case.state.in_(states))))


async def open_urgent(work: Work, urgency: str) -> list[Case]:
    """Return the open cases of this urgency that are not kept close, the latest first."""
    await work.session.flush()
    states = [str(state) for state in OPEN_STATES]
    conditions = (Case.urgency == urgency, Case.confidential.is_(False), Case.state.in_(states))
    statement = select(Case).where(*conditions).order_by(Case.opened_at.desc())
    return list(await work.session.scalars(statement))


async def of_units(
    work: Work,
    unit_ids: Iterable[UUID],
    *,
    due_before: datetime | None = None,
    held_by: UUID | None = None,
    fields: Iterable[str] | None = None,
) -> list[Case]:
    """Return the open cases of these units, the nearest due first; and those of whom they are `held_by`.

    Of those that are kept from somebody all: whoever lists them leaves out what is not theirs, and only then
    is a list cut. `due_before` keeps those due by then, without those whose clock stands still while the
    citizen is asked; `fields` those of these alone.
    """
    await work.session.flush()
    theirs: ColumnElement[bool] = Case.unit_id.in_(list(unit_ids))
    conditions: list[ColumnElement[bool]] = [
        or_(theirs, Case.officer_id == held_by) if held_by is not None else theirs,
        Case.state.in_([str(state) for state in OPEN_STATES]),
    ]
    if due_before is not None:
        conditions += [Case.due_at <= due_before, Case.state != str(State.ASKED)]
    conditions += [Case.field.in_(sorted(fields))] if fields is not None else []
    listed = select(Case).where(*conditions).order_by(Case.due_at)
    found = list(await work.session.scalars(listed.where(kept.is_open()).limit(_MOST_LISTED)))
    found += await work.session.scalars(listed.where(kept.is_kept()))
    return sorted(found, key=lambda case: case.due_at)


async def open_ids(work: Work) -> list[UUID]:
    """Return the ids of every case whose clock still runs."""
    statement = select(Case.id).where(Case.state.in_([str(state) for state in OPEN_STATES]))
    return list(await work.session.scalars(statement))


def add(work: Work, case: Case) -> None:
    """Keep a new case."""
    work.session.add(case)
    work.cases[case.id] = case
    work.histories[case.id] = []


def append(work: Work, case: Case, act: str, actor: str, detail: Mapping[str, Any]) -> int:
    """Add a line to the case's history and to its chain of hashes. Returns the line's number."""
    number, hashed = chain.follow(work, chain.CASES, case, (act, actor), detail)
    event = CaseEvent(
        case_id=case.id,
        number=number,
        at=work.now,
        act=act,
        actor=actor,
        detail=dict(detail),
        hash=hashed,
    )
    work.session.add(event)
    if case.id in work.histories:
        work.histories[case.id].append(event)
    return number


async def history(work: Work, case: Case) -> list[CaseEvent]:
    """Return the case's history, oldest first."""
    await load_histories(work, [case])
    return list(work.histories[case.id])


async def last_of(work: Work, case: Case, acts: Collection[Act]) -> CaseEvent | None:
    """Return the newest line of a case's history about one of these acts, without reading the rest."""
    if case.id in work.histories:
        return next((line for line in reversed(work.histories[case.id]) if line.act in acts), None)
    await work.session.flush()
    lines = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.act.in_(acts))
    found: CaseEvent | None = await work.session.scalar(lines.order_by(CaseEvent.number.desc()).limit(1))
    return found


async def load_histories(work: Work, cases: Iterable[Case]) -> None:
    """Read the histories of cases that are not read yet, in one statement."""
    wanted = sorted({case.id for case in cases} - work.histories.keys())
    if wanted:
        await work.session.flush()
        work.histories.update({case_id: [] for case_id in wanted})
        lines = select(CaseEvent).where(CaseEvent.case_id.in_(wanted))
        for event in await work.session.scalars(lines.order_by(CaseEvent.case_id, CaseEvent.number)):
            work.histories[event.case_id].append(event)


async def first_broken_line(work: Work, case: Case) -> int | None:
    """Check the chain; returns the number of the first line that does not follow, None when all do."""
    return (await chain.of_case(work, case)).first_broken(work.keyring)


async def attach(work: Work, case: Case, file_ids: Iterable[str], chat_key: str = "") -> None:
    """Tie stored files of the case's own chat, or of another that sends them, to the case.

    A file belongs to the first case it is tied to.
    """
    ids = [UUID(file_id) for file_id in file_ids]
    if ids:
        owner = chat_key or case.chat_key
        mine = (Attachment.id.in_(ids), Attachment.chat_key == owner, Attachment.case_id.is_(None))
        found = list(await work.session.scalars(select(Attachment).where(*mine)))
        for attachment in found:
            attachment.case_id = case.id
        case.files += len(found)
