"""The migrations make exactly the tables the program works with, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, delete, inspect, text, update
from sqlalchemy.exc import DBAPIError

from storage import migrations
from storage.engine import Store, open_store
from storage.tables import Base, CaseEvent
from tests.conftest import KEYS, _on, _sql
from tests.storage import commune


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Base.metadata))


def _shape(connection: Connection) -> dict[str, set[str]]:
    """Return what the models do not say by themselves either: columns, constraints' and indexes' names."""
    found = inspect(connection)
    return {
        table: {str(c["name"]) for c in found.get_columns(table)}
        | {str(index["name"]) for index in found.get_indexes(table)}
        | {str(check["name"]) for check in found.get_check_constraints(table)}
        for table in found.get_table_names()
    }


async def test_models_and_migrations_agree(store: Store) -> None:
    """Nothing is left for a new migration to do."""
    async with store.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []


async def test_the_comparison_sees_a_difference(store: Store) -> None:
    """A column that the models do not have is noticed: the test above means something."""
    async with store.engine.begin() as connection:
        await connection.execute(text("alter table stamp add column odd integer"))
        assert await connection.run_sync(_differences) != []


async def test_a_second_upgrade_changes_nothing(store: Store) -> None:
    """Every start upgrades; a database that is up to date stays as it is, with what is in it."""
    await commune.settle(store)
    async with store.engine.connect() as connection:
        before = await connection.run_sync(_shape)
    await migrations.upgrade(store.engine)
    async with store.engine.connect() as connection:
        assert await connection.run_sync(_shape) == before
    assert len(await commune.rows(store, commune.Chat)) == len(commune.OFFICIALS)


@pytest.fixture
async def empty(postgres: str) -> AsyncIterator[str]:
    """Make a database without tables on PostgreSQL."""
    name = f"empty_{uuid4().hex}"
    await _sql(postgres, f'create database "{name}"', "postgres")
    yield _on(postgres, name)
    await _sql(postgres, f'drop database "{name}" with (force)', "postgres")


async def test_replicas_that_start_together_migrate_once(empty: str, tmp_path: Path) -> None:
    """Three replicas upgrade one empty database at the same time: all succeed, one after the other."""
    stores = [open_store(empty, KEYS, tmp_path) for _ in range(3)]
    await asyncio.gather(*(migrations.upgrade(store.engine) for store in stores))
    async with stores[0].engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
        assert (await connection.execute(text("select count(*) from alembic_version"))).scalar_one() == 1
    for store in stores:
        await store.close()


async def test_processes_on_one_new_file_migrate_once(tmp_path: Path) -> None:
    """The same on one SQLite file."""
    stores = [open_store(f"sqlite+aiosqlite:///{tmp_path / 'new.sqlite3'}", KEYS, tmp_path) for _ in range(3)]
    await asyncio.gather(*(migrations.upgrade(store.engine) for store in stores))
    async with stores[0].engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
    for store in stores:
        await store.close()


@pytest.mark.parametrize("change", [update(CaseEvent).values(act="close"), delete(CaseEvent)])
async def test_history_is_only_added_to(store: Store, change: object) -> None:
    """The database itself refuses to change or delete a line of a case's history."""
    await commune.settle(store)
    await commune.open_cases(store, 1)
    with pytest.raises(DBAPIError, match="append-only"):
        async with store.work() as work:
            await work.session.execute(change)  # type: ignore[call-overload]
    assert [event.act for event in await commune.rows(store, CaseEvent)] == ["open"]
