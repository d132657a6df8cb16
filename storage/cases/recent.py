"""What was told lately, as far as it takes to tell whether somebody tells of the same matter again."""

from collections.abc import Iterable
from dataclasses import fields
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, bindparam, func, select

from domain.cases import OPEN_STATES
from storage.cases import cases
from storage.ground.bound import as_it_lies
from storage.ground.crypto import Keyring
from storage.ground.instant import Instant
from storage.ground.tables import Case
from storage.ground.work import Recent, Work

_MOST = 100
"""Open cases of a topic that are looked through, the newest."""
_CASE: Table = Case.__table__  # type: ignore[assignment]
_TOLD = (_CASE.c.story, _CASE.c.place)
_AS_THEY_LIE = [as_it_lies(column).label(column.key) for column in _TOLD]
_KEPT = tuple(name for field in fields(Recent) if (name := field.name) != "told")


async def load(work: Work, topics: Iterable[str]) -> None:
    """Read the open cases of these topics that anybody may know of, in one statement, and lock none.

    In a desk of many communes they are those of the commune that is handled.
    """
    wanted = [topic for topic in sorted(set(topics)) if _key(work, topic) not in work.recent]
    if not wanted:
        return
    work.recent.update({_key(work, topic): [] for topic in wanted})
    values: dict[str, Any] = {"topics": wanted, "since": work.now - work.rules.listening.alike_since}
    if work.area:
        values["areas"] = work.desk.directory.areas_of(work.area)
    for row in await work.session.execute(_NEWEST_HERE if work.area else _NEWEST, values):
        known = {name: getattr(row, name) for name in _KEPT}
        found = Recent(**known, told=partial(_told, work.keyring, row))
        work.recent[_key(work, row.topic)].append(found)


def _newest(*where: ColumnElement[bool]) -> Select[Any]:
    """Make one statement of it, once: it is part of the price of every message."""
    newest = func.row_number().over(partition_by=Case.topic, order_by=Case.opened_at.desc()).label("rank")
    ranked = (
        select(Case.id, newest)
        .where(
            Case.topic.in_(bindparam("topics", expanding=True)),
            Case.opened_at >= bindparam("since", type_=Instant),
            Case.state.in_([str(state) for state in OPEN_STATES]),
            Case.confidential.is_(False),
            Case.sealed.is_(False),
            *where,
        )
        .subquery()
    )
    statement = select(*(getattr(Case, name) for name in _KEPT), *_AS_THEY_LIE)
    statement = statement.join(ranked, ranked.c.id == Case.id).where(ranked.c.rank <= _MOST)
    return statement.order_by(Case.opened_at.desc(), Case.code)


_NEWEST, _NEWEST_HERE = _newest(), _newest(Case.area.in_(bindparam("areas", expanding=True)))
"""The second keeps the cases of other communes out: a busy one must not hide those of the rest."""


def _told(keyring: Keyring, row: Row[Any]) -> str:
    sealed: list[tuple[Any, str]] = [(column.type, column.key) for column in _TOLD]
    return "\n".join(kind.read(keyring, getattr(row, name)) for kind, name in sealed)


async def alarms(work: Work, urgency: str) -> list[str]:
    """Return the codes of the latest open cases of this urgency that anybody may know of, newest first.

    They are read in one statement a work, and with them the cases; those opened since then are among them.
    """
    if work.alarms is None:
        await work.session.flush()
        work.alarms = await _alarms(work, urgency)
        await cases.load(work, work.alarms)
    new = [
        case.code
        for case in work.cases.values()
        if case.urgency == urgency and case.opened_at == work.now and not (case.confidential or case.sealed)
    ]
    return list(dict.fromkeys([*reversed(new), *work.alarms]))


async def _alarms(work: Work, urgency: str) -> list[str]:
    statement = select(Case.code).where(
        Case.urgency == urgency,
        Case.opened_at >= work.now - work.rules.listening.alike_alarm,
        Case.state.in_([str(state) for state in OPEN_STATES]),
        Case.confidential.is_(False),
        Case.sealed.is_(False),
    )
    return list(await work.session.scalars(statement.order_by(Case.opened_at.desc()).limit(_MOST)))


async def of_topic(work: Work, topic: str) -> list[Recent]:
    """Return the open cases of a topic that anybody may know of, the newest first."""
    await load(work, [topic])
    return work.recent[_key(work, topic)]


def _key(work: Work, topic: str) -> str:
    return f"{work.area or ''}/{topic}"
