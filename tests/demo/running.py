"""A demo running in the test's own process, its clock on an ordinary Monday morning, and a browser at it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, async_playwright, expect

from bot.demo import house
from bot.demo.server import HOST, Running, free_port
from bot.opening import opened
from bot.settings import Settings
from storage.store import demo

CHROMIUM = shutil.which("chromium")
ARGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
"""9 o'clock in Vietnam."""
PATIENCE = 30_000
"""Milliseconds a page may take to show what it should: a busy machine is slow, not wrong."""
expect.set_options(timeout=PATIENCE)


@asynccontextmanager
async def running_demo(folder: Path) -> AsyncIterator[str]:
    """Run a demo whose clock stands at MONDAY; gives its address, without a path."""
    own = house.house(Settings(_env_file=None, data_dir=folder))  # type: ignore[call-arg]
    own = own.model_copy(update={"listen": f"{HOST}:{free_port([0])}"})
    await house.look(own)
    async with opened(own, made_up=True) as store:
        await house.furnish(store)
        async with store.work() as work:
            await demo.keep_shift(work, MONDAY - work.now)
    running = Running(lambda _: None)
    task = asyncio.create_task(running.run(own))
    ready = asyncio.create_task(running.ready.wait())
    await asyncio.wait([task, ready], return_when=asyncio.FIRST_COMPLETED)
    try:
        yield f"http://{own.listen}"
    finally:
        running.stop.set()
        ready.cancel()
        await task


class Browsing:
    """A page of a browser, and what went wrong or abroad in it."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.context = context
        self.page = page
        self.complaints: list[str] = []
        self.abroad: list[str] = []
        context.on("request", self._asked)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob", "about"} and address.hostname != HOST:
            self.abroad.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


@asynccontextmanager
async def browsing(*, width: int = 1280, height: int = 900) -> AsyncIterator[Browsing]:
    """Open a browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        context = await browser.new_context(viewport={"width": width, "height": height})
        yield Browsing(context, await context.new_page())
        await browser.close()
