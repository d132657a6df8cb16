"""What was told lately, as far as it takes to tell whether somebody tells of the same matter again."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import cache, partial
from typing import Any

from sqlalchemy import Row, Select, Table, bindparam, func, literal, select

from domain.cases import OPEN_STATES
from domain.rules import Rules
from storage.cases import cases
from storage.ground.bound import as_it_lies
from storage.ground.crypto import Keyring
from storage.ground.dialect import pairs
from storage.ground.instant import Instant
from storage.ground.tables import Case
from storage.ground.work import Recent, Work

_MOST = 100
"""Open cases of a topic that are looked through, the newest."""
_CASE: Table = Case.__table__  # type: ignore[assignment]
_TOLD = (_CASE.c.story, _CASE.c.place)
_AS_THEY_LIE = [as_it_lies(column).label(column.key) for column in _TOLD]
_KEPT = tuple(name for field in fields(Recent) if (name := field.name) != "told")


async def load(work: Work, topics: Mapping[str | None, Iterable[str]]) -> None:
    """Read the open cases of these topics that anybody may know of, in one statement, and lock none.

    The topics are given by commune: of each the newest are read, for a busy one must not hide those of the
    rest. What is wanted of the whole desk (None) is a statement of its own.
    """
    missing = {
        _key(area, topic): area
        for area, wanted in topics.items()
        for topic in sorted({*wanted})
        if _key(area, topic) not in work.recent
    }
    work.recent.update({key: [] for key in missing})
    for apart in (False, True):
        keys = {key: area for key, area in missing.items() if (area is not None) is apart}
        if keys:
            await _read(work, keys, apart=apart)


async def _read(work: Work, keys: Mapping[str, str | None], *, apart: bool) -> None:
    since = {area: work.now - _rules(work, area).listening.alike_since for area in {*keys.values()}}
    values: dict[str, Any] = {"keys": [*keys], "since": min(since.values())}
    values["topics"] = sorted({key.rpartition("/")[2] for key in keys})
    if apart:
        within = work.desk.directory.areas_of
        values["areas"] = json.dumps({one: area for area in since if area for one in within(area)})
    statement = _newest(work.session.get_bind().dialect.name, apart=apart)
    for row in await work.session.execute(statement, values):
        if row.opened_at >= since[keys[row.wanted]]:
            known = {name: getattr(row, name) for name in _KEPT}
            found = Recent(**known, told=partial(_told, work.keyring, row))
            work.recent[row.wanted].append(found)


def _rules(work: Work, area: str | None) -> Rules:
    return work.desk if area is None else work.desk.part(area)


@cache
def _newest(dialect: str, *, apart: bool) -> Select[Any]:
    """Make one statement of it, once: it is part of the price of every message."""
    areas = pairs(dialect, "areas")
    wanted = (areas.c.value if apart else literal("")).concat("/").concat(Case.topic)
    newest = func.row_number().over(partition_by=wanted, order_by=Case.opened_at.desc()).label("rank")
    among = select(Case.id, wanted.label("wanted"), newest)
    ranked = (
        (among.join(areas, areas.c.key == Case.area) if apart else among)
        .where(
            Case.topic.in_(bindparam("topics", expanding=True)),
            wanted.in_(bindparam("keys", expanding=True)),
            Case.opened_at >= bindparam("since", type_=Instant),
            Case.state.in_([str(state) for state in OPEN_STATES]),
            Case.confidential.is_(False),
            Case.sealed.is_(False),
        )
        .subquery()
    )
    statement = select(*(getattr(Case, name) for name in _KEPT), *_AS_THEY_LIE, ranked.c.wanted)
    statement = statement.join(ranked, ranked.c.id == Case.id).where(ranked.c.rank <= _MOST)
    return statement.order_by(Case.opened_at.desc(), Case.code)


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
    await load(work, {work.area: [topic]})
    return work.recent[_key(work.area, topic)]


def _key(area: str | None, topic: str) -> str:
    return f"{area or ''}/{topic}"
