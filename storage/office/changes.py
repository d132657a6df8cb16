"""Every change of the directory, with its rows before and after, so that it can be undone.

A line of a change is `[what, key, before, after]` in plain JSON: `what` as in `storage.office.directory`,
`before` None where the row was new, `after` None where it was taken away. Beside the lines stands under
`then` what is to follow on a later day, and under `moved` which cases followed.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, Table, Uuid, delete, func, select
from uuid_utils.compat import uuid7

from storage.ground.instant import Instant
from storage.ground.tables import Base, Invite, RoleRow
from storage.ground.tables import DirectoryChange as DirectoryChange
from storage.ground.work import Work
from storage.office import directory
from storage.office.directory import TABLES, Change, Row
from storage.office.rulebook import directory_changed, hold
from storage.people import people

Line = list[Any]
Values = dict[str, Any]
Rows = dict[tuple[str, str], Row | None]
_ENDED = "ended"
"""Under this name a change keeps which chat it has ended."""
_PAGE = 20


class NothingToUndo(Exception):
    """No change of the directory stands that could be undone."""


class InTheWay(Exception):
    """A later change (its number, None where something else uses what was made) must be dealt with first."""

    def __init__(self, later: int | None) -> None:
        super().__init__(later)
        self.later = later


async def make(
    work: Work, changes: Iterable[Change], note: str, person_id: UUID | None, then: Sequence[Any] = ()
) -> DirectoryChange:
    """Write the changes and record them; the rules of this work follow at once."""
    todo = [_named(change) for change in changes]
    lines = [_line(change) for change in todo]
    await directory.save(work, todo)
    made = await _record(work, note, person_id, {"rows": lines, "then": list(then)})
    await directory_changed(work, note)
    return made


async def _record(work: Work, note: str, person_id: UUID | None, body: Values) -> DirectoryChange:
    """Write a change down under the next number, which nobody else takes until the commit."""
    await hold(work)
    last = await work.session.scalar(select(func.max(DirectoryChange.number)))
    made = DirectoryChange(number=(last or 0) + 1, person_id=person_id, note=note, rows=body, at=work.now)
    work.session.add(made)
    await work.session.flush()
    return made


async def note_invite(
    work: Work, note: str, person_id: UUID | None, token: str, ends: Values | None = None
) -> DirectoryChange:
    """Record that an invitation was issued; undone, it is good for nothing any more.

    With `ends` whoever uses it leaves their other chats: what it was issued under is kept there.
    """
    body: Values = {"rows": [], "then": [], "invite": people.hashed(token), "ends": ends}
    return await _record(work, note, person_id, body)


async def of_invite(work: Work, token: str) -> DirectoryChange | None:
    """Return the change by which an invitation was issued that can be used still, or was just now."""
    recent = select(DirectoryChange).where(DirectoryChange.at >= work.now - people.INVITE_LASTS)
    rows = await work.session.scalars(recent.order_by(DirectoryChange.number.desc()))
    return next((made for made in rows if made.rows.get("invite") == people.hashed(token)), None)


async def note_end(work: Work, note: str, person_id: UUID | None, chat_key: str) -> DirectoryChange:
    """Record that a chat is an official's no more. There is no way back: only an invitation ties it again."""
    return await _record(work, note, person_id, {"rows": [], "then": [], _ENDED: chat_key})


async def restored(work: Work, made: DirectoryChange) -> list[Change]:
    """Return what the undoing of a change would make of its rows, the latest state of each."""
    found: dict[tuple[str, str], Change] = {}
    for what, key, before, after in reversed(made.rows["rows"]):
        row = await _row(work, what, key)
        values = _typed(TABLES[what].__table__, before or {})
        if after is None or row is not None:
            known = {**(found[what, key].values if (what, key) in found else {}), **values}
            found[what, key] = Change(what, row, known, gone=before is None)
    return list(found.values())


async def go_on(work: Work, made: DirectoryChange, changes: Iterable[Change]) -> None:
    """Write what follows from a change on its day, as part of it."""
    todo = [_named(change) for change in changes]
    if todo:
        lines = [_line(change) for change in todo]
        await directory.save(work, todo)
        made.rows = {**made.rows, "rows": [*made.rows["rows"], *lines]}
        await directory_changed(work, made.note)


async def listed(work: Work, limit: int = 20) -> list[DirectoryChange]:
    """Return the latest changes, the newest first."""
    newest = select(DirectoryChange).order_by(DirectoryChange.number.desc()).limit(limit)
    return list(await work.session.scalars(newest))


async def latest(work: Work, number: int | None = None) -> DirectoryChange:
    """Return the change of this number, or the latest, that has not been undone. Raises NothingToUndo."""
    standing = select(DirectoryChange).where(DirectoryChange.undone_at.is_(None))
    wanted = standing.where(DirectoryChange.number == number) if number is not None else standing
    newest = wanted.order_by(DirectoryChange.number.desc()).limit(_PAGE)
    for page in count():
        rows = list(await work.session.scalars(newest.offset(page * _PAGE)))
        found = next(filter(can_go_back, rows), None)
        if found is not None:
            return found
        if len(rows) < _PAGE:
            break
    raise NothingToUndo


def can_go_back(made: DirectoryChange) -> bool:
    """Say whether there is a way back from what was changed: a chat that was ended stays so."""
    return _ENDED not in made.rows


async def of_number(work: Work, number: int) -> DirectoryChange | None:
    """Return a change that stands, None where it was undone or never was."""
    made = await work.session.get(DirectoryChange, number)
    return made if made is not None and made.undone_at is None else None


async def people_of(work: Work, made: DirectoryChange) -> list[UUID]:
    """Return whose roles a change touched."""
    found = [await _row(work, what, key) for what, key, *_ in made.rows["rows"] if what == "role"]
    return list(dict.fromkeys(row.person_id for row in found if isinstance(row, RoleRow)))


async def check(work: Work, made: DirectoryChange) -> Rows:
    """Return the rows of a change that can be undone, by kind and key. Raises InTheWay."""
    rows = {(what, key): await _row(work, what, key) for what, key, *_ in made.rows["rows"]}
    await _nothing_later(work, made, rows)
    await _nothing_leans(work, _new(made, rows), set(rows))
    return rows


async def undo(work: Work, made: DirectoryChange) -> None:
    """Restore the rows as they were before. Raises InTheWay, and then nothing has changed."""
    rows = await check(work, made)
    new = _new(made, rows)
    new.reverse()  # what was made last goes first: a child before its parent
    new.sort(key=_latest_kind_first)
    await _delete(work, [row for row in new if isinstance(row, RoleRow)])  # a period cut for it grows again
    for what, key, before, after in reversed(made.rows["rows"]):
        for name, value in _typed(TABLES[what].__table__, before or {}).items() if after is not None else ():
            setattr(rows[what, key], name, value)
    await work.session.flush()
    await _drop_unused_invites(work, made)
    await _delete(work, [row for row in new if not isinstance(row, RoleRow)])
    gone = [(what, before) for what, _, before, after in made.rows["rows"] if after is None]
    work.session.add_all(TABLES[what](**_typed(TABLES[what].__table__, before)) for what, before in gone)
    await work.session.flush()
    if invited := made.rows.get("invite"):
        await people.void_hashed(work, invited)
    made.undone_at = work.now
    await directory_changed(work, f"undo: {made.note}")


async def _delete(work: Work, rows: Iterable[Row]) -> None:
    for row in rows:
        await work.session.delete(row)
        await work.session.flush()


def _new(made: DirectoryChange, rows: Rows) -> list[Row]:
    """Return the rows a change made, in the order in which they were made."""
    lines = [(what, key) for what, key, before, _ in made.rows["rows"] if before is None]
    return [row for at in lines if (row := rows[at]) is not None]


def _latest_kind_first(row: Row) -> int:
    return -list(TABLES).index(row.__tablename__)


# --- what stands in the way ---------------------------------------------------------------------


async def _nothing_later(work: Work, made: DirectoryChange, rows: Rows) -> None:
    wanted: dict[tuple[str, str], Values | None] = {}
    for what, key, _, after in made.rows["rows"]:
        wanted[what, key] = after if after is None else (wanted.get((what, key)) or {}) | after
    touched = {at for at, values in wanted.items() if not _is_so(rows[at], values)}
    if not touched:
        await _place_is_free(work, made)
        return
    later = select(DirectoryChange).where(
        DirectoryChange.number > made.number, DirectoryChange.undone_at.is_(None)
    )
    for other in await work.session.scalars(later.order_by(DirectoryChange.number)):
        if touched & {(what, key) for what, key, *_ in other.rows["rows"]}:
            raise InTheWay(other.number)
    raise InTheWay(None)


def _is_so(row: Row | None, values: Values | None) -> bool:
    if row is None or values is None:
        return row is None and values is None
    return _plain(row, values) == values


async def _place_is_free(work: Work, made: DirectoryChange) -> None:
    """Check that nobody was given again, from the same day, a role that would come back."""
    for what, _, before, after in made.rows["rows"]:
        if after is None and what == "role":
            back = _typed(RoleRow.__table__, before)
            key = {name: back[name] for name in ("person_id", "unit_id", "role", "valid_from")}
            taken = await work.session.scalar(select(RoleRow.id).filter_by(**key))
            own = {line[1] for line in made.rows["rows"]}
            if taken is not None and str(taken) not in own:
                raise InTheWay(None)


async def _nothing_leans(work: Work, new: Sequence[Row], own: Collection[tuple[str, str]]) -> None:
    """Check that nothing but the change's own rows names what would be taken away."""
    names = {table.__table__: what for what, table in TABLES.items()}
    for kind in TABLES.values():
        target: Table = kind.__table__  # type: ignore[assignment]
        keys = [_key_of(row) for row in new if isinstance(row, kind)]
        for column in _columns_naming(target) if keys else ():
            pks = list(column.table.primary_key.columns)
            leaning = select(*pks).where(column.in_(keys))
            if column.table.name == Invite.__tablename__:  # one that was not used yet goes with the person
                leaning = leaning.where(Invite.used_at.is_not(None))
            found = await work.session.execute(leaning)
            if any((names.get(column.table, ""), str(pk[0])) not in own for pk in found):
                raise InTheWay(None)


def _columns_naming(target: Table) -> list[Column[Any]]:
    keys = [key for table in Base.metadata.sorted_tables for key in table.foreign_keys]
    return [key.parent for key in keys if key.column.table is target]


async def _drop_unused_invites(work: Work, made: DirectoryChange) -> None:
    ids = [UUID(key) for what, key, before, _ in made.rows["rows"] if what == "person" and before is None]
    if ids:
        unused = Invite.person_id.in_(ids) & Invite.used_at.is_(None)
        await work.session.execute(delete(Invite).where(unused))


# --- rows in plain JSON -------------------------------------------------------------------------


def _named(change: Change) -> Change:
    """Give a new row its id now: the record must name it."""
    if change.row is not None or change.what == "area" or "id" in change.values:
        return change
    return Change(change.what, None, {"id": uuid7(), **change.values})


def _line(change: Change) -> Line:
    after = {name: _json(value) for name, value in change.values.items()}
    if change.gone and change.row is not None:
        columns = TABLES[change.what].__table__.columns.keys()
        return [change.what, str(_key_of(change.row)), _plain(change.row, columns), None]
    if change.row is None:
        return [change.what, after["code" if change.what == "area" else "id"], None, after]
    return [change.what, str(_key_of(change.row)), _plain(change.row, change.values), after]


def _key_of(row: Row) -> Any:  # noqa: ANN401 - a code or an id
    return row.code if row.__tablename__ == "area" else row.id  # type: ignore[union-attr]


async def _row(work: Work, what: str, key: str) -> Row | None:
    found: Row | None = await work.session.get(TABLES[what], key if what == "area" else UUID(key))
    return found


def _plain(row: Row, names: Iterable[str]) -> Values:
    return {name: _json(getattr(row, name)) for name in names}


def _json(value: Any) -> Any:  # noqa: ANN401 - any value of a column
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


_PLAINLY: Mapping[type, Callable[[str], Any]] = {
    Uuid: UUID,
    Date: date.fromisoformat,
    Instant: datetime.fromisoformat,
}
"""How what a column of a kind holds is read from what `_json` wrote."""


def _typed(table: Any, values: Values) -> Values:  # noqa: ANN401 - a table
    """Read plain values back into what their columns hold."""
    return {name: _read(type(table.c[name].type), value) for name, value in values.items()}


def _read(kind: type, value: Any) -> Any:  # noqa: ANN401 - any value of a column
    return _PLAINLY[kind](value) if value is not None and kind in _PLAINLY else value
