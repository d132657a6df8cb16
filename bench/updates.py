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
from collections.abc import AsyncIterator, Sequence
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
SAID = ("cống thôn {n} tắc {days} hôm rồi, mưa là ngập đường", "1", "2")
"""Everybody says it in words of their own: what one wrote is not what another's was read as."""
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
    async with working(store) as port:
        await answered(store, port, _FIRST)
        begun = time.perf_counter()
        await answered(store, port, CITIZENS)
        took = time.perf_counter() - begun
    await check(store, _FIRST + CITIZENS)
    await store.close()
    return UPDATES / took


@asynccontextmanager
async def working(store: Store) -> AsyncIterator[int]:
    """Let a desk of this process work; yields the port of its web chat."""
    chat = WebChat(store, "http://127.0.0.1", 1_000_000)
    desk = Desk(store, [chat])
    app = create_app()
    app.add_routes(chat.routes(desk.ingest))
    stop = asyncio.Event()
    async with _served(app) as port:
        works = asyncio.ensure_future(desk.run("worker", stop))
        try:
            yield port
        finally:
            stop.set()
            await works


async def answered(store: Store, port: int, count: int, pages: Sequence[str] = ("/chat",)) -> None:
    """Return when so many citizens, each on the next of the pages, have written and all is answered."""
    await asyncio.to_thread(_drive, port, [f"{page}/send" for page in pages], count)
    while await _waiting(store):  # noqa: ASYNC110 - it is the database that is asked
        await asyncio.sleep(0.01)


async def _waiting(store: Store) -> int:
    async with store.read() as work:
        waiting = await work.session.scalar(select(func.count()).where(Inbox.state == OPEN))
    return waiting or 0


async def check(store: Store, citizens: int, others: int = 0) -> None:
    """Fail unless what was measured has happened: a case a citizen, a reply an update.

    `others` have only greeted: they were answered, and have no case.
    """
    async with store.read() as work:
        cases = await work.session.scalar(select(func.count()).select_from(Case))
        replies = await work.session.scalar(select(func.count()).where(Outbox.key.like("reply:%")))
    assert cases == citizens, cases
    assert replies == citizens * len(SAID) + others, replies


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
        await asyncio.to_thread(_drive, port, ["/bare"], CITIZENS)
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


def _drive(port: int, paths: Sequence[str], count: int) -> None:
    """Let a process of its own be the citizens, so that their work is not counted as the desk's."""
    client = multiprocessing.get_context("spawn").Process(target=citizens, args=(port, paths, count))
    client.start()
    client.join()
    assert client.exitcode == 0


def citizens(port: int, paths: Sequence[str], count: int) -> None:
    """Post so many citizens' messages over the connections."""
    asyncio.run(_citizens([f"http://127.0.0.1:{port}{path}" for path in paths], count))


async def _citizens(urls: Sequence[str], count: int) -> None:
    numbers = iter(range(count))
    async with ClientSession(connector=TCPConnector(limit=CONNECTIONS)) as session:
        await asyncio.gather(*(_connection(session, urls, numbers) for _ in range(CONNECTIONS)))


async def _connection(session: ClientSession, urls: Sequence[str], numbers: object) -> None:
    for number in numbers:  # type: ignore[attr-defined]
        headers = {
            "Cookie": f"chat={secrets.token_urlsafe(32)}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        days = secrets.randbelow(9_000) + 2
        for text in SAID:
            said = text.format(n=number % 4 + 1, days=days)
            body = json.dumps({"text": said, "client_id": secrets.token_hex(16)})
            url = urls[number % len(urls)]
            async with session.post(url, data=body, headers=headers) as answer:
                assert answer.status == 200, await answer.text()
