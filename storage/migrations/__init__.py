"""Bring a database to the tables of this version. The same migrations run on SQLite and PostgreSQL."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

_LOCK = 7226071911
"""An advisory lock of our own, so that replicas starting together migrate one after the other."""


async def upgrade(engine: AsyncEngine) -> None:
    """Run the migrations that are missing."""
    async with engine.execution_options(desk_writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        await connection.run_sync(_upgrade)


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


def _upgrade(connection: Connection) -> None:
    command.upgrade(config(connection), "head")
