"""Where nothing can be stored the health check says so, and why, without a word of anybody's."""

import asyncio
import json
import logging
import secrets
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.app import web_app
from bot.channels.webchat import WebChat
from bot.desk import Desk
from bot.logs import Seldom
from bot.storing import Storing
from storage.ground.tables import Inbox
from storage.mail import offsets
from storage.store.engine import Replaced, Store, open_store
from tests.conftest import KEYS, StoppedClock
from tests.storage import commune
from tests.storage.commune import said

WORDS = "nhà chị Hoa dột nát"


@asynccontextmanager
async def served(store: Store, holds: float = 0.0) -> AsyncIterator[tuple[Desk, ClientSession]]:
    """Run the web pages of a desk on this database; what is known of it holds so many seconds."""
    channel = WebChat(store, "http://127.0.0.1", 1_000_000)
    desk = Desk(store, [channel])
    desk.storing = Storing(store, holds)
    server = TestServer(web_app(desk, store))
    await server.start_server()
    headers = {"Accept": "application/json", "Cookie": f"chat={secrets.token_urlsafe(32)}"}
    try:
        async with ClientSession(server.make_url("/"), headers=headers) as session:
            yield desk, session
    finally:
        await server.close()
        await channel.close()


async def health(session: ClientSession) -> tuple[int, dict[str, Any]]:
    """Ask whether the desk is well."""
    async with session.get("/healthz") as answer:
        return answer.status, await answer.json()


async def set_as(store: Store, pragma: str) -> None:
    """Have every connection of the store from now on set so."""

    def do(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own class
        cursor = connection.cursor()
        cursor.execute(pragma)
        cursor.close()

    event.listen(store.engine.sync_engine, "connect", do)
    await store.engine.dispose()


@pytest.mark.parametrize(
    ("broken", "mended", "why"),
    [
        ("pragma max_page_count = 1", "pragma max_page_count = 1000000", "SQLITE_FULL"),
        ("pragma query_only = on", "pragma query_only = off", "SQLITE_READONLY"),
    ],
)
async def test_a_full_disk_and_a_database_that_is_read_only_are_told(
    sqlite_store: Store, broken: str, mended: str, why: str
) -> None:
    """Asked while nobody writes; as soon as the cause is gone all is well again."""
    async with served(sqlite_store) as (desk, session):
        assert (await health(session))[0] == 200
        await set_as(sqlite_store, broken)
        with pytest.raises(DBAPIError):  # noqa: PT012 - a message grows the file
            for n in range(2000):
                await desk.ingest(said(f"chat {n}", WORDS * 20))
        status, found = await health(session)
        assert (status, found["ok"], found["messages"]) == (503, False, "refused")
        assert why in found["because"]
        assert "Hoa" not in str(found)
        await set_as(sqlite_store, mended)
        assert (await health(session))[0] == 200


async def test_an_inbox_that_is_destroyed_is_told(
    sqlite_store: Store, clock: StoppedClock, tmp_path: Path
) -> None:
    """What can still be read and written beside it does not make the desk well."""
    async with sqlite_store.engine.connect() as connection:
        tables = "select rootpage from sqlite_master where tbl_name = 'inbox'"
        pages = list((await connection.exec_driver_sql(tables)).scalars())
        size = (await connection.exec_driver_sql("pragma page_size")).scalar_one()
    await sqlite_store.close()
    with (tmp_path / "desk.sqlite3").open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)
    spoilt = open_store(f"sqlite+aiosqlite:///{tmp_path / 'desk.sqlite3'}", KEYS, tmp_path, clock)
    async with served(spoilt) as (_, session):
        status, found = await health(session)
        assert (status, found["because"]) == (503, "DatabaseError (SQLITE_CORRUPT)")
    await spoilt.close()


async def test_a_server_that_takes_no_writes_is_told(postgres_store: Store) -> None:
    """PostgreSQL turned read-only, as a standby is, still answers every question."""
    url = make_url(postgres_store.engine.url)
    async with served(postgres_store) as (_, session):
        assert (await health(session))[0] == 200
        admin = create_async_engine(url, isolation_level="AUTOCOMMIT")
        async with admin.connect() as connection:
            only_read = f'alter database "{url.database}" set default_transaction_read_only = on'
            await connection.execute(text(only_read))
        await admin.dispose()
        await postgres_store.engine.dispose()
        status, found = await health(session)
        assert status == 503
        assert "ReadOnly" in found["because"]


async def test_it_is_asked_seldom_and_not_at_all_while_messages_come(store: Store) -> None:
    """Whoever asks again and again makes the desk write once; a message that was stored is proof enough."""
    async with served(store, holds=3600) as (desk, session):
        with commune.statements(store) as seen:
            for _ in range(5):
                assert (await health(session))[0] == 200
        assert len([one for one in seen if "INTO stamp" in one]) == 1
        desk.storing = Storing(store, 3600)
        await desk.ingest(said("an", WORDS))
        with commune.statements(store) as seen:
            assert (await health(session))[0] == 200
        assert [one for one in seen if "INTO" in one] == []
    assert await commune.counted(store, Inbox.external_id.is_not(None)) == 1


@pytest.mark.parametrize("another", [False, True])
async def test_nothing_is_acknowledged_into_a_file_that_is_gone(
    sqlite_store: Store, tmp_path: Path, *, another: bool
) -> None:
    """The database deleted or replaced under a running desk: refused kindly, told, and said loudly, once."""
    file, aside = tmp_path / "desk.sqlite3", tmp_path / "aside"
    body = {"text": WORDS, "client_id": "a" * 32}
    with structlog.testing.capture_logs() as lines:
        async with served(sqlite_store) as (desk, session):
            async with session.post("/chat/send", json=body) as answer:
                assert answer.status == 200
            file.rename(aside)
            if another:
                shutil.copy(aside, file)
            for _ in range(2):
                async with session.post("/chat/send", json=body | {"client_id": "b" * 32}) as answer:
                    assert answer.status == 503
                    assert "Tin chưa gửi được" in (await answer.json())["error"]
            status, found = await health(session)
            assert (status, found["because"]) == (503, "Replaced")
            with pytest.raises(Replaced):
                await desk.worker.step()
            file.unlink(missing_ok=True)
            aside.rename(file)
            assert (await health(session))[0] == 200
            assert await commune.counted(sqlite_store, Inbox.external_id.is_not(None)) == 1
    (loud,) = [line for line in lines if line["log_level"] == "critical"]
    assert loud["event"] == "database_replaced"


@pytest.mark.parametrize("another", [False, True])
async def test_nothing_is_acknowledged_into_a_log_that_is_gone(
    sqlite_store: Store, tmp_path: Path, *, another: bool
) -> None:
    """What is committed lies in the `-wal` first: without it the file alone would lose it."""
    log, aside = tmp_path / "desk.sqlite3-wal", tmp_path / "aside"
    body = {"text": WORDS, "client_id": "a" * 32}
    async with served(sqlite_store) as (desk, session):
        async with session.post("/chat/send", json=body) as answer:
            assert answer.status == 200
        log.rename(aside)
        if another:
            shutil.copy(aside, log)
        for _ in range(2):
            async with session.post("/chat/send", json=body | {"client_id": "b" * 32}) as answer:
                assert answer.status == 503
        status, found = await health(session)
        assert (status, found["because"]) == (503, "Replaced")
        with pytest.raises(Replaced):
            await desk.worker.step()
        aside.rename(log)
        assert (await health(session))[0] == 200
        assert await commune.counted(sqlite_store, Inbox.external_id.is_not(None)) == 1


@pytest.mark.parametrize("name", ["desk.sqlite3", "desk.sqlite3-wal"])
async def test_what_is_committed_as_the_file_goes_is_not_acknowledged(
    sqlite_store: Store, tmp_path: Path, name: str
) -> None:
    """It was there when the work began and is gone when it ends."""
    with pytest.raises(Replaced):
        async with sqlite_store.work():
            (tmp_path / name).unlink()


async def test_a_log_that_goes_with_the_last_connection_is_no_fault(
    sqlite_store: Store, tmp_path: Path, clock: StoppedClock
) -> None:
    """SQLite removes it then and makes another; nobody else's coming and going takes it from who is there."""
    file, log = tmp_path / "desk.sqlite3", tmp_path / "desk.sqlite3-wal"

    async def write(store: Store) -> None:
        async with store.work() as work:
            await offsets.save(work, "paper", 1)

    other = open_store(f"sqlite+aiosqlite:///{file}", KEYS, tmp_path, clock)
    await write(sqlite_store)
    await write(other)
    await other.close()
    use = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('select * from offset').fetchall()"
    command = await asyncio.create_subprocess_exec(sys.executable, "-c", use, str(file))
    assert await command.wait() == 0
    assert log.exists()
    await write(sqlite_store)
    await sqlite_store.close()
    assert not log.exists()
    await write(sqlite_store)
    await write(other)
    await sqlite_store.close()
    await write(other)
    await other.close()
    assert not log.exists()


async def test_a_new_database_is_opened_with_its_log(tmp_path: Path) -> None:
    """Known before anything is in it, whoever else is about to fill it."""
    store = open_store(f"sqlite+aiosqlite:///{tmp_path / 'desk.sqlite3'}", KEYS, tmp_path)
    async with store.engine.connect():
        (tmp_path / "desk.sqlite3-wal").unlink()
    with pytest.raises(Replaced):
        async with store.work():
            pass
    await store.close()


async def test_an_outage_fills_no_log(postgres_store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """Every loop fails again and again for one reason: it is named, once a minute."""
    structlog.configure(
        processors=[structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    try:
        now = 0.0
        caplog.handler.addFilter(Seldom(lambda: now))
        async with postgres_store.work() as work:
            await work.session.execute(text("drop table inbox cascade"))
        desk = Desk(postgres_store, [WebChat(postgres_store, "http://127.0.0.1", 1_000_000)])
        with caplog.at_level(logging.WARNING):
            for _ in range(20):
                with pytest.raises(DBAPIError):
                    await desk.worker.step()
            now = 100.0
            with pytest.raises(DBAPIError):
                await desk.worker.step()
        found = [record.msg for record in caplog.records]
    finally:
        structlog.reset_defaults()
    told = [line for line in found if isinstance(line, dict) and line["event"] == "batch_rolled_back"]
    assert [line.get("untold", 0) for line in told] == [0, 19]
    assert "UndefinedTable" in told[0]["reason"]
    assert WORDS not in json.dumps(told)
    await asyncio.gather(*(channel.close() for channel in desk.channels.values()))
