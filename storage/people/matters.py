"""Matters that are no case, and their histories: read locked, changed once, each line only ever added.

A kind of matter is a table of its own; its name is the `kind` of its lines and of its timers.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import select, update

from storage.cases import cases, chain
from storage.ground.tables import Case, MatterHistory
from storage.ground.tables import Decided as Decided
from storage.ground.tables import Matter as Matter
from storage.ground.tables import MatterEvent as MatterEvent
from storage.ground.work import Work

WAITING = "waiting"
"""The state of what one person has asked for and another is to decide."""
M = TypeVar("M", bound=Matter)


class Line(Protocol):
    """A line of a history, whatever it is of."""

    number: Any
    at: Any
    act: Any
    actor: Any
    detail: Any


async def add(work: Work, matter: Matter) -> None:
    """Keep a matter that begins."""
    work.session.add(matter)
    await work.session.flush()


async def by_id(work: Work, row: type[M], matter_id: UUID) -> M | None:
    """Return a matter, locked until the work is committed."""
    statement = select(row).where(row.id == matter_id).with_for_update()
    return await work.session.scalar(statement.execution_options(populate_existing=True))


async def in_states(work: Work, row: type[M], states: Collection[str]) -> list[M]:
    """Return the matters of a kind in some states, the oldest first."""
    there = select(row).where(row.state.in_(sorted(states))).order_by(row.at, row.id)
    return list(await work.session.scalars(there))


async def move(work: Work, matter: Matter, states: Collection[str], to: str, **values: object) -> bool:
    """Bring a matter from one of these states into another. False when somebody was there first."""
    row = type(matter)
    moved = (
        update(row)
        .where(row.id == matter.id, row.state.in_(sorted(states)))
        .values(state=to, **values)
        .returning(row.id)
    )
    return await work.session.scalar(moved, execution_options={"synchronize_session": "fetch"}) is not None


async def append(work: Work, matter: Matter, act: str, actor: str, detail: Mapping[str, Any]) -> int:
    """Add a line to a matter's history and to its chain. Returns its number."""
    await work.session.flush()
    head = await _head(work, matter)
    number, hashed = chain.follow(work, chain.MATTERS, head, (act, actor), detail)
    line = {"number": number, "at": work.now, "act": act, "actor": actor, "detail": dict(detail)}
    work.session.add(MatterEvent(kind=head.kind, matter_id=matter.id, hash=hashed, **line))
    return number


async def _head(work: Work, matter: Matter) -> MatterHistory:
    """Return the row with the head of a matter's history, locked; made with its first line."""
    theirs = select(MatterHistory).where(MatterHistory.id == matter.id).with_for_update()
    found = await work.session.scalar(theirs.execution_options(populate_existing=True))
    if found is None:
        kind = matter.__tablename__
        found = MatterHistory(id=matter.id, kind=kind, history_length=0, history_hash="")
        work.session.add(found)
    return found


async def history(work: Work, of: Matter | Case) -> Sequence[Line]:
    """Return the history of a matter, or of a case, oldest first."""
    if isinstance(of, Case):
        return await cases.history(work, of)
    await work.session.flush()
    lines = select(MatterEvent).where(*_of(of)).order_by(MatterEvent.number)
    return list(await work.session.scalars(lines))


async def first_lines(
    work: Work, kinds: Collection[str], before: UUID | None, most: int
) -> list[MatterEvent]:
    """Return the first lines of the latest histories of these kinds, of those begun before one of them."""
    latest = select(MatterHistory.id).where(MatterHistory.kind.in_(kinds)).limit(most)
    if before is not None:
        latest = latest.where(MatterHistory.id < before)
    ids = list(await work.session.scalars(latest.order_by(MatterHistory.id.desc())))
    of_kinds = select(MatterEvent).where(MatterEvent.kind.in_(kinds), MatterEvent.matter_id.in_(ids))
    lines = of_kinds.where(MatterEvent.number == 1).order_by(MatterEvent.matter_id.desc())
    return list(await work.session.scalars(lines))


async def lines_of(work: Work, kinds: Collection[str], matter_id: UUID) -> list[MatterEvent]:
    """Return the history of a matter of one of these kinds, oldest first; the matter itself may be gone."""
    lines = select(MatterEvent).where(MatterEvent.kind.in_(kinds), MatterEvent.matter_id == matter_id)
    return list(await work.session.scalars(lines.order_by(MatterEvent.number)))


def _of(matter: Matter) -> tuple[Any, ...]:
    return (MatterEvent.kind == matter.__tablename__, MatterEvent.matter_id == matter.id)
