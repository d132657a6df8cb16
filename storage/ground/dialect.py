"""What two databases spell apart: an INSERT that knows ON CONFLICT, and a parameter that is a table."""

from functools import cache
from typing import Any

from sqlalchemy import JSON, Column, Table, TableValuedAlias, Text, bindparam, cast, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return the dialect's INSERT, the one that knows ON CONFLICT."""
    return insert_of(connection.dialect.name, table)


def insert_of(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return it for a statement that is made once: making one costs more than running it."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def insert_new(
    connection: AsyncConnection, table: Table, *returning: Column[Any]
) -> sqlite.Insert | postgresql.Insert:
    """Return what inserts rows, leaves alone those that are there, and returns these columns of the new."""
    return _insert_new(connection.dialect.name, table, returning)


@cache
def _insert_new(
    dialect: str, table: Table, returning: tuple[Column[Any], ...]
) -> sqlite.Insert | postgresql.Insert:
    statement: Any = insert_of(dialect, table).on_conflict_do_nothing()
    return statement.returning(*returning) if returning else statement  # type: ignore[no-any-return]


def pairs(dialect: str, name: str) -> TableValuedAlias:
    """Return a table of the pairs of a JSON object, the parameter of this name: key and value."""
    given = bindparam(name, type_=Text)
    found = func.json_each(given) if dialect == "sqlite" else func.json_each_text(cast(given, JSON))
    return found.table_valued("key", "value")
