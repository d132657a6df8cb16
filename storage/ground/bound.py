"""Sealed columns, each value bound to its row: copied into another row, or another column, it does not open.

A row is known by its primary key, or by what its column's type names instead. Reading, the row comes along
from the database in one value with what is sealed, however the statement is made. Writing, a hook before
every INSERT and UPDATE takes the row from the same parameters: those of an UPDATE's WHERE are named as the
ORM names them (`this_row`, `key`). Where the row is not known there is an error, and nothing is written.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    Integer,
    Label,
    LargeBinary,
    Table,
    Uuid,
    and_,
    bindparam,
    event,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import Insert, ValuesBase
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.schema import CallableColumnDefault
from sqlalchemy.types import TypeDecorator

from storage.ground.crypto import CannotOpen, Keyring, lent

log = structlog.get_logger(__name__)

_ENCODER = json.JSONEncoder(ensure_ascii=False)
_DIGITS = 8
"""How long the sealed part is stands in front of it, in so many digits; behind it stands the row."""
LOST, EMPTY, NOTHING = '"\\ufffd"', '""', "null"
"""What is read where a value was lost: the sign for what cannot be read, no words, or nothing at all."""
UNKNOWN = "unknown"
LOST_STATE = f'{{"{UNKNOWN}": true}}'
"""What is read where a chat's state was lost: none that goes on, and nobody can say what it held."""
_BETWEEN = 0x1F
"""The sign between the parts of a row's name."""


class Unbound(Exception):
    """A sealed value was to be written, or read, without its row: the statement does not say which it is."""


class Bound(NamedTuple):
    """A value and the row it is written into."""

    value: Any
    row: bytes


def row_name(parts: Sequence[object]) -> bytes:
    """Return what a row is called by the values of its key, as the database writes them for reading."""
    return chr(_BETWEEN).join([one.hex if isinstance(one, UUID) else str(one) for one in parts]).encode()


class Sealed(TypeDecorator[Any]):
    """A column of JSON-able values (a string, a dict, ...) sealed at rest, and bound to its row.

    Each is filled up to a multiple of `step` bytes, so that its length tells little: JSON lets blanks follow.
    `row` names the columns a row is known by, where its primary key is made by the database. `lost` is the
    JSON that is read where a value was changed or put there from elsewhere, so that whoever reads many rows
    goes on with the others; without it there is an error. That the key is another is found at the start, and
    a key file of another desk is not taken while it runs.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(
        self, column: str, step: int = 1, row: tuple[str, ...] = (), lost: str | None = None
    ) -> None:
        self.column, self.step, self.row, self.lost = column, step, row, lost
        super().__init__()

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Let the row come along with what is selected. Raises Unbound."""
        return _WithRow(column, self)

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:  # noqa: ANN401 - SQLAlchemy's signature
        """Seal a value for its row. Raises Unbound where the hook has not found it."""
        if value is None:
            return None
        if not isinstance(value, Bound):
            raise Unbound(f"{self.column} is written without its row")
        return self.sealed(lent(dialect), value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:  # noqa: ANN401 - as above
        """Open what came with its row, or return what is read instead. Raises CannotOpen."""
        return None if value is None else self.read(lent(dialect), value)

    def read(self, keyring: Keyring, value: bytes) -> Any:  # noqa: ANN401 - whatever was sealed
        """Open what came with its row, or return what is read instead. Raises CannotOpen."""
        try:
            return self.opened(keyring, value)
        except CannotOpen:
            if self.lost is None:
                raise
        _say_lost(self.column, value[_DIGITS + int(value[:_DIGITS]) :])
        return json.loads(self.lost)

    def sealed(self, keyring: Keyring, bound: Bound) -> bytes:
        """Seal a value for its row."""
        plain = _ENCODER.encode(bound.value).encode()
        return keyring.seal(plain + b" " * (-len(plain) % self.step), self.column, bound.row)

    def opened(self, keyring: Keyring, with_row: bytes) -> Any:  # noqa: ANN401 - whatever was sealed
        """Open what came with its row (see `as_it_lies`). Raises CannotOpen."""
        try:
            end = _DIGITS + int(with_row[:_DIGITS])
        except ValueError:
            raise CannotOpen(f"{self.column} came without its row") from None
        return json.loads(keyring.unseal(with_row[_DIGITS:end], self.column, with_row[end:]).decode())


@lru_cache(maxsize=1000)
def _say_lost(column: str, row: bytes) -> None:
    """Log it once, not each time it is read."""
    log.error("does_not_open", column=column, row=row.decode(errors="replace"))


# --- reading -------------------------------------------------------------------------------------


class _WithRow(FunctionElement[Any]):
    """What is sealed in a row, and the row: `length, sealed, key` in one."""

    name = "with_row"
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], type_: Any) -> None:  # noqa: ANN401 - any type of SQLAlchemy
        self.type = type_
        super().__init__(*_with_key(column))


def _with_key(column: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """Return a sealed column and those that name its row where it is selected from. Raises Unbound."""
    found: Any = column.element if isinstance(column, Label) else column
    (base,) = found.base_columns
    source = getattr(found, "table", None)
    if source is None or not isinstance(base, Column):
        raise Unbound(f"{column} is read without its row")
    keys = [source.corresponding_column(one) for one in row_of(base.table)]
    if any(one is None for one in keys):
        raise Unbound(f"{column} is read without its row: let what it is selected from have its key too")
    return [found, *keys]


@lru_cache(maxsize=256)
def row_of(table: Table) -> tuple[Column[Any], ...]:
    """Return the columns by which a table's rows are known."""
    named: Sequence[str] = next((column.type.row for column in sealed_of(table)), ())
    return tuple(table.c[name] for name in named) or tuple(table.primary_key)


def sealed_of(table: Table) -> list[Any]:
    """Return a table's sealed columns."""
    return [column for column in table.columns if isinstance(column.type, Sealed)]


def as_it_lies(column: Column[Any]) -> ColumnElement[bytes]:
    """Select a sealed column unopened, with its row: `Sealed.opened` opens it."""
    return type_coerce(_WithRow(column, column.type), LargeBinary)


@compiles(_WithRow, "sqlite")
def _sqlite(element: _WithRow, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    kw.pop("add_to_result_map", None)
    sealed, *keys = (compiler.process(one, **kw) for one in element.clauses)
    row = f" || char({_BETWEEN}) || ".join(keys)
    return f"cast(printf('%0{_DIGITS}d', length(cast({sealed} as blob))) || {sealed} || {row} as blob)"


@compiles(_WithRow, "postgresql")
def _postgresql(element: _WithRow, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - as above
    kw.pop("add_to_result_map", None)
    sealed, *keys = element.clauses
    lies = compiler.process(sealed, **kw)
    row = f" || chr({_BETWEEN}) || ".join(_written(key, compiler.process(key, **kw)) for key in keys)
    size = f"convert_to(lpad(cast(octet_length({lies}) as text), {_DIGITS}, '0'), 'UTF8')"
    return f"({size} || {lies} || convert_to({row}, 'UTF8'))"


def _written(key: ColumnElement[Any], name: str) -> str:
    if isinstance(key.type, Uuid):
        return f"replace(cast({name} as text), '-', '')"
    return f"cast({name} as text)" if isinstance(key.type, Integer) else name


# --- writing -------------------------------------------------------------------------------------


class _Place(NamedTuple):
    """What a table seals, and where among the parameters stands which row it is."""

    sealed: tuple[str, ...]
    inserted: tuple[str, ...]
    updated: tuple[str, ...]
    made: Mapping[str, Callable[[Any], Any]]
    """What makes the ids that an INSERT does not name."""


@lru_cache(maxsize=256)
def _place_of(table: Table) -> _Place | None:
    """Return None for a table that seals nothing."""
    sealed, columns = tuple(column.key for column in sealed_of(table)), row_of(table)
    if not sealed:
        return None
    made = {c.key: c.default.arg for c in columns if isinstance(c.default, CallableColumnDefault)}
    return _Place(sealed, tuple(c.key for c in columns), _names(table), made)


@lru_cache(maxsize=256)
def _names(table: Table) -> tuple[str, ...]:
    return tuple(f"{table.name}_{column.key}" for column in row_of(table))


def this_row(table: Table) -> ColumnElement[bool]:
    """Say that it is the row whose `key` stands among the parameters."""
    named = zip(row_of(table), _names(table), strict=True)
    return and_(*(column == bindparam(name, type_=column.type) for column, name in named))


def key(table: Table, *values: object) -> dict[str, Any]:
    """Return the parameters that say which row of a table it is, by what it is known by, in its order."""
    return dict(zip(_names(table), values, strict=True))


async def rewrite(
    session: AsyncSession, table: Table, rows: Sequence[dict[str, Any]], *still: ColumnElement[bool]
) -> None:
    """Write each into its row (its `key` and new values), where it is `still` so, in one statement."""
    if rows:
        await (await session.connection()).execute(update(table).where(this_row(table), *still), rows)


def install(engine: Engine) -> None:
    """Let every INSERT and UPDATE of this engine bind what it seals to its row."""
    event.listen(engine, "before_execute", _bind, retval=True)


def _bind(
    _connection: Connection,
    statement: Any,  # noqa: ANN401 - whatever is executed
    many: Sequence[Mapping[str, Any]],
    one: Mapping[str, Any],
    _options: Mapping[str, Any],
) -> tuple[Any, Any, Any]:
    if not isinstance(statement, ValuesBase) or (place := _place_of(statement.table)) is None:
        return statement, many, one
    bind = _inserted if isinstance(statement, Insert) else _updated
    if many:
        return statement, [bind(place, row) for row in many], one
    return statement, many, bind(place, one)


def _inserted(place: _Place, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Bind what is sealed among the values of a new row, which is given its id here if it has none yet."""
    if place.made:
        row = {**{name: make(None) for name, make in place.made.items() if name not in row}, **row}
    return _bound(place, place.inserted, row)


def _updated(place: _Place, row: Mapping[str, Any]) -> Mapping[str, Any]:
    return _bound(place, place.updated, row)


def _bound(place: _Place, names: tuple[str, ...], row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Bind the sealed values among a row's parameters; where the row is not known the type refuses them."""
    sealed = [name for name in place.sealed if row.get(name) is not None]
    if not sealed:
        return row
    try:
        known = row_name([row[name] for name in names])
    except KeyError:
        return row
    return {**row, **{name: Bound(row[name], known) for name in sealed}}
