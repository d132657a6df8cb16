"""The migrations make exactly the tables the program works with, on both databases."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, delete, insert, inspect, select, text, update
from sqlalchemy.exc import DBAPIError

from services.clock import histories
from storage import migrations
from storage.cases import chain
from storage.ground import append_only
from storage.ground.tables import Attachment, Base, CaseEvent, Chat
from storage.mail import unopenable
from storage.store import rotation
from storage.store.engine import Store, open_store
from tests.conftest import KEYS, _on, _sql
from tests.storage import commune, old_desk


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


@pytest.fixture
async def old_sqlite(tmp_path: Path) -> AsyncIterator[Store]:
    """Open a file without tables."""
    store = open_store(f"sqlite+aiosqlite:///{tmp_path / 'old.sqlite3'}", KEYS, tmp_path)
    yield store
    await store.close()


@pytest.fixture
async def old_postgres(empty: str, tmp_path: Path) -> AsyncIterator[Store]:
    """Open a database without tables."""
    store = open_store(empty, KEYS, tmp_path)
    yield store
    await store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def old(request: pytest.FixtureRequest) -> Store:
    """Open a database without tables, of each kind in turn."""
    opened: Store = request.getfixturevalue(f"old_{request.param}")
    return opened


def _as_it_was(before: str, line: Mapping[str, object], detail: Mapping[str, object]) -> str:
    """Chain a line as it was chained before the chain had a key."""
    told = json.dumps([before, line, detail], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


@pytest.mark.parametrize("revision", ["0002", "0003", "0004"])
async def test_a_database_that_holds_people_and_cases_can_be_upgraded(old: Store, revision: str) -> None:
    """Tables that others refer to are rebuilt with what is in them, and references hold afterwards."""
    await old_desk.stand(old, revision, _as_it_was)
    await migrations.upgrade(old.engine)
    await rotation.bind_all(old)
    async with old.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
    cases = await commune.rows(old, commune.Case)
    assert len(cases) == old_desk.CASES
    assert {case.story for case in cases} == {old_desk.STORY}
    assert {case.chat_key for case in cases} == {old_desk.CHAT}
    with pytest.raises(DBAPIError):  # references are kept again, on the connection that migrated too
        async with old.work() as work:
            await work.session.execute(delete(commune.Chat))


async def test_an_upgrade_that_would_tear_rows_apart_is_undone(old_sqlite: Store) -> None:
    """What foreign keys would have refused is found before the commit: the database stays as it was."""
    await old_desk.stand(old_sqlite, "0003", _as_it_was)
    async with old_sqlite.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        await driver.execute("pragma foreign_keys = off")
        await driver.execute("delete from chat where key = ?", (old_desk.CHAT,))
        await driver.execute("pragma foreign_keys = on")
    with pytest.raises(migrations.DanglingReferences, match="case -> chat"):
        await migrations.upgrade(old_sqlite.engine)
    assert (await migrations.versions(old_sqlite.engine))[0] == "0003"


@pytest.mark.parametrize("revision", ["0002", "0004"])
async def test_what_was_sealed_before_is_bound_to_its_row(
    old: Store, revision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off anywhere, the next start goes on; then all opens, and nothing is left of before."""
    await old_desk.stand(old, revision, _as_it_was)
    await migrations.upgrade(old.engine)
    monkeypatch.setattr(rotation, "BATCH", 2)
    unbound = await _unbound(old)
    assert unbound > 6 * old_desk.CASES
    step, steps = rotation._seal_some, [0]

    class CutOffError(Exception):
        """The process ends here."""

    async def until(*args: object, **more: object) -> object:
        if steps[0] == 0:
            raise CutOffError
        steps[0] -= 1
        return await step(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(rotation, "_seal_some", until)
    for most in range(1, 100):
        steps[0] = most
        try:
            await rotation.bind_all(old)
        except CutOffError:
            left, unbound = unbound, await _unbound(old)
            assert unbound <= left
            continue
        break
    steps[0] = 1000
    assert await _unbound(old) == 0
    assert await rotation.bind_all(old) == 0
    async with old.read() as work:
        assert await unopenable.found(work, 1000) == {}
        assert await append_only.missing(work) == []
    assert {case.story for case in await commune.rows(old, commune.Case)} == {old_desk.STORY}
    assert {one.address for one in await commune.rows(old, commune.Chat)} == {"1", "2"}


async def _unbound(store: Store) -> int:
    """Count the values that lie there as they were sealed before they were bound."""
    count = 0
    async with store.engine.connect() as connection:
        for raw in rotation.TABLES:
            for row in await connection.execute(select(*(raw.table.c[name] for name in raw.sealed))):
                count += sum(value is not None and value[:4] in KEYS.unbound for value in row)
    return count


async def test_a_value_that_was_broken_before_keeps_no_other_from_its_row(old: Store) -> None:
    """It stays as it is; the others of its row are bound."""
    await old_desk.stand(old, "0004", _as_it_was)
    await migrations.upgrade(old.engine)
    async with old.writing() as session:
        broken = "summary = place"  # sealed for another column
        await session.execute(text(f'update "case" set {broken} where code = :code'), {"code": old_desk.CODE})  # noqa: S608 - our own
    await rotation.bind_all(old)
    assert await _unbound(old) == 1
    cases = {case.code: case for case in await commune.rows(old, commune.Case)}
    assert (cases[old_desk.CODE].summary, cases[old_desk.CODE].story) == ("\ufffd", old_desk.STORY)


async def test_histories_of_before_are_chained_under_the_key(old: Store) -> None:
    """Each is checked the old way first; cut off, the next start goes on; a broken one stays marked."""
    await old_desk.stand(old, "0004", _as_it_was)
    await migrations.upgrade(old.engine)
    await rotation.bind_all(old)
    async with old.work() as work, append_only.open_to_change(work.session, "case_event"):
        spoilt = (await chain.batch(work, None))[1]
        event = await work.session.get(CaseEvent, (spoilt.id, 2))
        assert event is not None
        event.actor = "clock"
        await work.session.flush()
    async with old.work() as work:
        assert await chain.rechain(work, most=2) == 2  # a start that was cut off
    done = [count for _ in range(3) if (count := await histories.key_some(old))]
    assert done == [1, old_desk.CASES]
    async with old.read() as work:
        assert [one.first_broken(work.keyring) for one in await chain.batch(work, None)] == [None] * 3
        assert [(code, line) for code, line, _ in await chain.faults(work)] == [(spoilt.name, 2)]
        assert await append_only.missing(work) == []
        digests = await work.session.scalars(select(Attachment.sha256))
        assert set(digests) == {chain.file_digest(KEYS, "0" * 64)}


@pytest.mark.parametrize("known", [True, False])
async def test_a_bar_of_before_is_of_the_commune_of_its_case(old: Store, known: bool) -> None:
    """With its last day; where nobody knows for which case it was set, it is the province's."""
    await old_desk.stand(old, "0004", _as_it_was)
    await migrations.upgrade(old.engine, "0017")
    async with old.engine.begin() as connection:
        await connection.run_sync(_bar, known)
    await migrations.upgrade(old.engine)
    bars = {chat.key: chat.bars for chat in await commune.rows(old, Chat)}
    assert bars == {old_desk.CHAT: {"xa" if known else "tinh": "2026-11-23"}, "chat-of-lan": {}}


def _bar(connection: Connection, known: bool) -> None:
    """Bar the citizen to the end of a day, and let there be a province of two communes."""
    tables = MetaData()
    tables.reflect(connection)
    area, chat, event = (tables.tables[name] for name in ("area", "chat", "case_event"))
    xa = dict(connection.execute(select(area)).mappings().one())
    connection.execute(insert(area), [{**xa, "code": "tinh", "kind": "province", "prefix": ""}])
    connection.execute(insert(area), [{**xa, "code": "xa2", "parent": "tinh", "prefix": ""}])
    connection.execute(area.update().where(area.c.code == "xa").values(parent="tinh"))
    until = 1_795_453_200_000  # midnight there after 23 November 2026
    connection.execute(chat.update().where(chat.c.key == old_desk.CHAT).values(barred_until=until))
    if known:
        line = dict(connection.execute(select(event).limit(1)).mappings().one())
        number = {"id": uuid4().hex} if "id" in line else {}
        connection.execute(insert(event), [{**line, **number, "number": 99, "act": "bar"}])
