"""Starts that cannot be: one line says why; a database that is only away is waited for."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import structlog
from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot import app
from bot.opening import Away, CannotStart, opened
from bot.settings import Settings
from storage.store import engine
from storage.store.engine import Store

ROOT = Path(__file__).parents[2]


def desk_at(folder: Path, url: str = "", listen: str = "127.0.0.1:8080") -> Settings:
    """Return the settings of a desk whose folder this is, on a database at this address."""
    more = {"database_url": url} if url else {}
    return Settings(data_dir=folder, listen=listen, _env_file=None, **more)


async def refusal(settings: Settings, role: str = "worker") -> str:
    """Return the one line a start ends with."""
    with pytest.raises(CannotStart) as refused:
        await app.run(settings, role)
    (line,) = str(refused.value).splitlines()
    return line


async def test_a_file_that_takes_no_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was a desk before; the line names the setting and what the database says."""
    async with opened(desk_at(tmp_path)):
        pass
    monkeypatch.setattr(engine, "_SQLITE_PRAGMAS", (*engine._SQLITE_PRAGMAS, "query_only = on"))
    line = await refusal(desk_at(tmp_path))
    assert line == "DATABASE_URL: the database cannot be used: attempt to write a readonly database"


async def test_a_server_that_takes_no_writes(tmp_path: Path, postgres_store: Store) -> None:
    """A standby, say."""
    url = make_url(postgres_store.engine.url)
    written = url.render_as_string(hide_password=False)
    async with opened(desk_at(tmp_path, written)):
        pass
    admin = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with admin.connect() as connection:
        await connection.execute(
            text(f'alter database "{url.database}" set default_transaction_read_only = on')
        )
    await admin.dispose()
    assert "read-only transaction" in await refusal(desk_at(tmp_path, written))


async def test_a_port_that_is_taken_and_a_folder_that_is_none(tmp_path: Path) -> None:
    """Neither start leaves a mark as if it had died."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        line = await refusal(desk_at(tmp_path, listen=address), "web")
    assert line == f"LISTEN: {address} cannot be listened on: Address already in use"
    assert not any(name.startswith("running-") for name in os.listdir(tmp_path))  # noqa: PTH208 - at once
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStart, match=r"^DATA_DIR: .* cannot be used: Not a directory$"):
        app.marks.running(tmp_path / "file" / "within", "web").__enter__()


async def test_a_key_file_that_is_none(tmp_path: Path) -> None:
    """The line says what one looks like, and nothing of what stands there."""
    (tmp_path / "secret.key").write_text(f"index {'5e' * 32} more\n")
    assert await refusal(desk_at(tmp_path)) == (
        f"SECRET_KEY_FILE: {tmp_path / 'secret.key'} is not a usable secret key: it must be one line "
        "of 64 hex digits, or the lines index, digest and seal with 64 hex digits each"
    )


@pytest.fixture
def away(postgres_store: Store) -> tuple[URL, int]:
    """Give the address of a database at a port where nobody listens, and that port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return make_url(postgres_store.engine.url).set(host="127.0.0.1", port=port, query={}), port


async def through(postgres_store: Store, port: int) -> asyncio.Server:
    """Let what comes to a port through to PostgreSQL."""
    url = make_url(postgres_store.engine.url)
    folder = url.normalized_query.get("host", ("",))[0]

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = (
            await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{url.port or 5432}")
            if folder
            else await asyncio.open_connection(url.host, url.port or 5432)
        )
        await asyncio.gather(pipe(reader, there[1]), pipe(there[0], writer))

    return await asyncio.start_server(come, "127.0.0.1", port)


async def test_a_server_that_is_away_is_waited_for(
    tmp_path: Path, postgres_store: Store, away: tuple[URL, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line says that it waits; when the server is there the desk starts."""
    monkeypatch.setattr(app, "RETRY", 0.05)
    url, port = away
    settings = desk_at(tmp_path, url.render_as_string(hide_password=False))
    with structlog.testing.capture_logs() as lines:
        async with asyncio.timeout(30):
            started = asyncio.create_task(app.run(settings, "clock"))
            while not lines:  # noqa: ASYNC110 - the log is asked
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.2)
            server = await through(postgres_store, port)
            while lines[-1]["event"] != "running":  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)
            os.kill(os.getpid(), signal.SIGTERM)
            await started
            server.close()
    assert [line["event"] for line in lines if line["event"] == "database_away"] == ["database_away"]


async def test_nobody_waits_for_ever_nor_where_it_is_told_to_stop(
    tmp_path: Path, away: tuple[URL, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while the start ends with its one line; at SIGTERM at once, and cleanly."""
    settings = desk_at(tmp_path, away[0].render_as_string(hide_password=False))
    with structlog.testing.capture_logs() as lines:
        started = asyncio.create_task(app.run(settings, "clock"))
        while not lines:  # noqa: ASYNC110 - the log is asked
            await asyncio.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)
        await started
        monkeypatch.setattr(app, "PATIENCE", 0.0)
        with pytest.raises(Away, match="DATABASE_URL"):
            await app.run(settings, "clock")


@pytest.mark.storm
@pytest.mark.long
@pytest.mark.crash
def test_told_to_stop_while_it_starts_it_ends_cleanly(tmp_path: Path) -> None:
    """As soon as it has made its key it hears signals: its end is clean, and leaves no mark."""
    environment = os.environ | {"DATA_DIR": str(tmp_path)}  # noqa: TID251 - a child's environment
    command = [sys.executable, "-m", "bot", "run", "--role", "worker"]
    with subprocess.Popen(  # noqa: S603 - our own
        command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    ) as process:
        while not (tmp_path / "secret.key").exists():
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert list(tmp_path.glob("running-*")) == []
