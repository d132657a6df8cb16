"""The whole program, killed while people write to it over HTTP: what was acknowledged is there, once."""

import asyncio
import os
import random
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession, ClientTimeout
from sqlalchemy import ColumnElement, func, select

from bot.opening import opened
from bot.settings import Settings
from storage.ground.tables import DONE, Bubble, Inbox, Outbox
from storage.store.engine import Store
from tests.amounts import times

ROOT = Path(__file__).parents[2]
PEOPLE, MESSAGES, KILLS = times(7), 9, times(3)
"""Nobody writes so much in a minute that the desk would answer it all at once."""


class House:
    """A desk's process, and the address it listens on."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.listen = f"127.0.0.1:{probe.getsockname()[1]}"
        self.folder = folder
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it as `make run` does, and wait until it is healthy."""
        environment = os.environ | {"LISTEN": self.listen, "DATA_DIR": str(self.folder), "LOG_LEVEL": "error"}  # noqa: TID251 - a child's environment
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=ROOT, env=environment
        )
        async with asyncio.timeout(30), ClientSession() as session:
            while not await self._healthy(session):  # noqa: ASYNC110 - a process is asked
                await asyncio.sleep(0.05)

    async def _healthy(self, session: ClientSession) -> bool:
        try:
            async with session.get(f"http://{self.listen}/healthz") as answer:
                return answer.status == 200
        except ClientError:
            return False

    async def end(self, by: signal.Signals) -> None:
        """End it, kindly or not."""
        assert self.process is not None
        self.process.send_signal(by)
        await self.process.wait()


@asynccontextmanager
async def citizen() -> AsyncIterator[ClientSession]:
    """Open a browser with its own cookie."""
    cookie = {"Cookie": f"chat={secrets.token_urlsafe(32)}", "Accept": "application/json"}
    async with ClientSession(headers=cookie, timeout=ClientTimeout(5)) as session:
        yield session


async def write(house: House, acknowledged: list[str]) -> None:
    """Write so many messages, each again with the same id until it is acknowledged, as the page does."""
    async with citizen() as session:
        for number in range(MESSAGES):
            client_id = secrets.token_hex(16)
            body = {"text": f"tra cuu {number}", "client_id": client_id}
            while not await _post(session, house, body):  # noqa: ASYNC110 - a server is asked
                await asyncio.sleep(0.05)
            acknowledged.append(client_id)


async def _post(session: ClientSession, house: House, body: dict[str, str]) -> bool:
    try:
        async with session.post(f"http://{house.listen}/chat/send", json=body) as answer:
            return answer.status == 200
    except (ClientError, TimeoutError):
        return False


@pytest.mark.crash
@pytest.mark.storm
@pytest.mark.timeout(600)
async def test_kills_of_the_whole_program_lose_and_double_nothing(tmp_path: Path) -> None:
    """Every acknowledged message is in the inbox, on the page and answered: once each."""
    house, acknowledged = House(tmp_path), list[str]()
    await house.start()
    writing = asyncio.gather(*(write(house, acknowledged) for _ in range(PEOPLE)))
    die = random.Random(5)
    for _ in range(KILLS):
        await asyncio.sleep(die.uniform(0.05, 0.4))
        await house.end(signal.SIGKILL)
        await house.start()
    await writing
    total = PEOPLE * MESSAGES
    settings = Settings(data_dir=tmp_path, _env_file=None)
    async with opened(settings) as store, asyncio.timeout(30):
        while await _count(store, Inbox.state == DONE) < total:  # noqa: ASYNC110 - the database is asked
            await asyncio.sleep(0.1)
    await house.end(signal.SIGTERM)
    async with opened(settings) as store:
        assert len(acknowledged) == total
        assert await _count(store, Inbox.state == DONE) == total
        assert await _count(store, Outbox.key.startswith("reply:")) == total
        assert await _count(store, Bubble.mine.is_(True)) == total
        # What a killed sender had in hand is shown when its lease runs out; nothing is shown twice meanwhile.
        waiting = await _count(store, Outbox.state != DONE)
        assert await _count(store, Bubble.mine.is_(False)) in range(total - waiting, total + 1)
    assert house.process is not None
    assert house.process.returncode == 0, "it stopped cleanly at last"


async def _count(store: Store, condition: ColumnElement[bool]) -> int:
    async with store.read() as work:
        counted = await work.session.scalar(select(func.count()).where(condition))
        return int(counted or 0)
