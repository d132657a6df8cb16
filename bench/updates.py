"""Updates a second through the web chat: posted over HTTP, a case committed, the reply queued.

Each citizen posts three messages: a story, "1" (send), and "2" (a matter of my own, for all tell of four
drains and are asked whether it is the same). Three updates, one case. One citizen is answered before the
clock begins, so that what a desk reads once and for all is read (`bench.startup` times that); it stops when
all is answered.
The baseline, in the same run and driven by the same client, is a bare aiohttp handler that commits one INSERT
into SQLite with the same durability.
"""

import asyncio
import json
import multiprocessing
import secrets
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession, TCPConnector, web
from sqlalchemy import func, select

from bench.startup import free_port
from bot.channels.webchat import WebChat
from bot.desk import Desk
from services.office import directory
from storage import migrations
from storage.ground.crypto import Keyring
from storage.ground.tables import OPEN, Case, Inbox, Outbox
from storage.store.engine import Store, open_store
from web.server import create_app

CITIZENS, CONNECTIONS = 1000, 32
_FIRST = 1
"""Citizens before the clock begins."""
SAID = ("cống thôn {n} tắc mấy hôm rồi, mưa là ngập đường", "1", "2")
UPDATES = CITIZENS * len(SAID)
SEED = Path("storage/seeds/demo.yaml")
COMMUNE = (SEED.read_bytes(), SEED.name)


def main() -> str:
    """Return our updates a second beside the baseline's."""
    with tempfile.TemporaryDirectory() as folder:
        ours = asyncio.run(_ours(Path(folder)))
        base = asyncio.run(_baseline(Path(folder)))
    return (
        f"{ours:.0f} updates/s to committed case and queued reply "
        f"(bare aiohttp + one committed INSERT {base:.0f}/s, {base / ours:.1f}x), {CONNECTIONS} connections"
    )


async def _ours(folder: Path) -> float:
    store = open_store(f"sqlite+aiosqlite:///{folder / 'desk.sqlite3'}", Keyring.of(b"b" * 32), folder)
    await migrations.upgrade(store.engine)
    async with store.work() as work:
        await directory.seed(work, *COMMUNE)
    chat = WebChat(store, "http://127.0.0.1", 1_000_000)
    desk = Desk(store, [chat])
    app = create_app()
    app.add_routes(chat.routes(desk.ingest))
    stop = asyncio.Event()
    async with _served(app) as port:
        working = asyncio.ensure_future(desk.run("worker", stop))
        await _answered(store, port, _FIRST)
        begun = time.perf_counter()
        await _answered(store, port, CITIZENS)
        took = time.perf_counter() - begun
        stop.set()
        await working
    await _check(store)
    await store.close()
    return UPDATES / took


async def _answered(store: Store, port: int, count: int) -> None:
    """Return when so many citizens have written and all they wrote is answered."""
    await asyncio.to_thread(_drive, port, "/chat/send", count)
    while await _waiting(store):  # noqa: ASYNC110 - it is the database that is asked
        await asyncio.sleep(0.01)


async def _waiting(store: Store) -> int:
    async with store.read() as work:
        waiting = await work.session.scalar(select(func.count()).where(Inbox.state == OPEN))
    return waiting or 0


async def _check(store: Store) -> None:
    """Fail unless what was measured has happened: a case a citizen, a reply an update."""
    async with store.read() as work:
        cases = await work.session.scalar(select(func.count()).select_from(Case))
        replies = await work.session.scalar(select(func.count()).where(Outbox.key.like("reply:%")))
    assert cases == _FIRST + CITIZENS, cases
    assert replies == (_FIRST + CITIZENS) * len(SAID), replies


async def _baseline(folder: Path) -> float:
    database = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    for pragma in ("journal_mode = wal", "synchronous = full"):
        database.execute(f"pragma {pragma}")
    database.execute("create table message (id integer primary key, body text)")

    async def store(request: web.Request) -> web.Response:
        body = await request.text()
        database.execute("insert into message (body) values (?)", (body,))
        return web.json_response({"ok": True})

    app = web.Application()
    app.add_routes([web.post("/bare", store)])
    async with _served(app) as port:
        begun = time.perf_counter()
        await asyncio.to_thread(_drive, port, "/bare", CITIZENS)
        took = time.perf_counter() - begun
    assert database.execute("select count(*) from message").fetchone()[0] == UPDATES
    database.close()
    return UPDATES / took


@asynccontextmanager
async def _served(app: web.Application) -> AsyncIterator[int]:
    port = free_port()
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield port
    finally:
        await runner.cleanup()


def _drive(port: int, path: str, count: int) -> None:
    """Let a process of its own be the citizens, so that their work is not counted as the desk's."""
    client = multiprocessing.get_context("spawn").Process(target=citizens, args=(port, path, count))
    client.start()
    client.join()
    assert client.exitcode == 0


def citizens(port: int, path: str, count: int) -> None:
    """Post so many citizens' messages over the connections."""
    asyncio.run(_citizens(f"http://127.0.0.1:{port}{path}", count))


async def _citizens(url: str, count: int) -> None:
    numbers = iter(range(count))
    async with ClientSession(connector=TCPConnector(limit=CONNECTIONS)) as session:
        await asyncio.gather(*(_connection(session, url, numbers) for _ in range(CONNECTIONS)))


async def _connection(session: ClientSession, url: str, numbers: object) -> None:
    for number in numbers:  # type: ignore[attr-defined]
        headers = {
            "Cookie": f"chat={secrets.token_urlsafe(32)}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        for text in SAID:
            body = json.dumps({"text": text.format(n=number % 4 + 1), "client_id": secrets.token_hex(16)})
            async with session.post(url, data=body, headers=headers) as answer:
                assert answer.status == 200, await answer.text()
