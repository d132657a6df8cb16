"""The desk's channels, opened against servers on loopback."""

import asyncio
from collections.abc import AsyncIterator
from typing import Literal, cast

import pytest
from aiohttp import ClientSession, web
from pydantic import SecretStr

from bot.channels.channel import Ingest
from bot.channels.telegram.channel import Telegram
from bot.channels.zalo_bot.channel import ZaloBot
from bot.channels.zalo_oa.channel import ZaloOa
from storage.store.engine import Store
from tests.channels import zalo_bot_desk
from tests.channels.telegram_desk import (
    SECRET,
    Naps,
    Open,
    Poll,
    Serve,
)
from tests.channels.zalo_oa_desk import OpenOa, keys
from tests.conftest import StoppedClock
from tests.emulators.telegram import TelegramServer
from tests.emulators.webdesk import WebDesk, browser, web_desk
from tests.emulators.zalo_bot import ZaloBotServer
from tests.emulators.zalo_oa import ZaloOaServer

Mode = Literal["webhook", "polling"]


@pytest.fixture
async def tg() -> AsyncIterator[TelegramServer]:
    """Open the emulator; at the end every call made to it must have kept the contract."""
    async with TelegramServer() as server:
        yield server
        assert server.refused == []


@pytest.fixture
async def open_telegram(tg: TelegramServer) -> AsyncIterator[Open]:
    """Open channels that talk to the emulator; they hurry where they would pause."""
    opened: list[Telegram] = []

    def opening(store: Store | None = None, mode: Mode = "webhook", sleep: Naps | None = None) -> Telegram:
        nowhere = cast("Store", store)  # only a poll reads it
        secrets = SecretStr(tg.token), SecretStr(SECRET)
        channel = Telegram("telegram", secrets[0], tg.url, secrets[1], mode, nowhere, sleep=sleep or Naps())
        opened.append(channel)
        return channel

    yield opening
    for channel in opened:
        await channel.close()


@pytest.fixture
async def oa(clock: StoppedClock) -> AsyncIterator[ZaloOaServer]:
    """Open the emulated Official Account, on the test's time; every call must have kept the contract."""

    def now() -> float:
        return clock.at.timestamp()

    async with ZaloOaServer(now) as server:
        yield server
        assert server.refused == []


@pytest.fixture
async def open_oa(oa: ZaloOaServer) -> AsyncIterator[OpenOa]:
    """Open channels that talk to the emulated Official Account, each as another process would."""
    opened: list[ZaloOa] = []

    def opening(store: Store, **settings: str) -> ZaloOa:
        opened.append(channel := ZaloOa(keys(oa, **settings), store))
        return channel

    yield opening
    for channel in opened:
        await channel.close()


@pytest.fixture
async def zb() -> AsyncIterator[ZaloBotServer]:
    """Open the emulated Bot Platform; at the end every call made to it must have kept the contract."""
    async with ZaloBotServer() as server:
        yield server
        assert server.refused == []


@pytest.fixture
async def open_bot(zb: ZaloBotServer) -> AsyncIterator[zalo_bot_desk.OpenBot]:
    """Open channels that talk to the emulated Bot Platform; they hurry where they would pause."""
    opened: list[ZaloBot] = []

    def opening(
        store: Store | None = None,
        mode: Mode = "webhook",
        link: zalo_bot_desk.Link | None = None,
        sleep: Naps | None = None,
    ) -> ZaloBot:
        nowhere = cast("Store", store)  # only a poll reads it
        secrets = SecretStr(zb.token), SecretStr(zalo_bot_desk.SECRET)
        channel = ZaloBot(secrets[0], zb.url, secrets[1], mode, nowhere, link, sleep=sleep or Naps())
        opened.append(channel)
        return channel

    yield opening
    for channel in opened:
        await channel.close()


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serve a channel's routes; gives the address."""
    runners: list[web.AppRunner] = []

    async def serving(channel: Telegram, ingest: Ingest) -> str:
        app = web.Application()
        app.add_routes(channel.routes(ingest))
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    yield serving
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
async def polling() -> AsyncIterator[Poll]:
    """Let a channel poll in the background; cancelling the task is how a process dies."""
    tasks: list[asyncio.Task[None]] = []

    def start(channel: Telegram, ingest: Ingest) -> asyncio.Task[None]:
        tasks.append(task := asyncio.create_task(channel.listen(ingest)))
        return task

    yield start
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def desk(sqlite_store: Store) -> AsyncIterator[WebDesk]:
    """Run a web chat."""
    async with web_desk(sqlite_store) as running:
        yield running


@pytest.fixture
async def person(desk: WebDesk) -> AsyncIterator[ClientSession]:
    """Open a browser that has been to the page."""
    async with browser(desk) as session:
        yield session
