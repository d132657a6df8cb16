"""Bring a database to the tables of this version. The same migrations run on SQLite and PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_LOCK = 7226071911
"""An advisory lock of our own, so that replicas starting together migrate one after the other."""


class DanglingReferences(Exception):
    """After the migrations rows would refer to rows that are not there; nothing was changed."""


async def upgrade(engine: AsyncEngine, to: str = "head") -> None:
    """Run the migrations that are missing. Raises DanglingReferences."""
    writer = engine.execution_options(desk_writes=True)
    async with writer.connect() as connection, _without_foreign_keys(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            await connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        await connection.run_sync(_upgrade, to)
        if connection.dialect.name == "sqlite":
            await _check_references(connection)


@asynccontextmanager
async def _without_foreign_keys(connection: AsyncConnection) -> AsyncIterator[None]:
    """Let SQLite's tables be rebuilt while others refer to them: it takes that only outside a transaction.

    PostgreSQL alters tables in place.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.execute("pragma foreign_keys = off")
    try:
        yield
    finally:
        await driver.execute("pragma foreign_keys = on")


async def _check_references(connection: AsyncConnection) -> None:
    found = (await connection.exec_driver_sql("pragma foreign_key_check")).fetchall()
    if found:
        tables = ", ".join(sorted({f"{row.table} -> {row.parent}" for row in found}))
        raise DanglingReferences(f"{len(found)} rows would refer to rows that are not there ({tables})")


async def versions(engine: AsyncEngine) -> tuple[str | None, str | None]:
    """Return which tables the database has, and which this version of the program wants."""
    async with engine.connect() as connection:
        has = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    return has, ScriptDirectory.from_config(config()).get_current_head()


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration for these migrations, on an open connection."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    settings.attributes["connection"] = connection
    return settings


def _upgrade(connection: Connection, to: str) -> None:
    command.upgrade(config(connection), to)
