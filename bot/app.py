"""Wiring: from the settings to a running desk, and to its graceful stop."""

import asyncio
import os
import resource
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace

import structlog
from aiohttp import web

from bot import hooks, logs, marks
from bot.channels.opening import channels, links
from bot.desk import Desk
from bot.opening import Away, CannotStart, opened
from bot.settings import Settings
from storage.store.engine import Store
from web.health import health_routes
from web.limits import Limits
from web.listening import Site
from web.server import LIMITS, NO_PROXY, create_app

log = structlog.get_logger(__name__)

ROLES = ("web", "worker", "sender", "clock", "all")
_MB = 1024 * 1024
OWN_DESCRIPTORS = 200
"""What the database, files and calls to platforms need of them."""


PATIENCE, RETRY = 60.0, 1.0
"""Seconds for which a start waits for a database that is away, and between two tries."""


async def run(settings: Settings, role: str) -> None:
    """Run a process of this role until SIGTERM or SIGINT; what it has in hand is finished.

    Raises CannotStart.
    """
    asyncio.get_running_loop().set_exception_handler(logs.LoopErrors())
    stop = _stop_on_signals()
    async with AsyncExitStack() as open_meanwhile:
        store = await _opened(settings, open_meanwhile, stop)
        if store is None:
            return
        running = await open_meanwhile.enter_async_context(desk(settings, store, role))
        if role in {"web", "all"}:
            more = found.routes() if (found := links(settings, store)) else ()
            async with serving(settings, web_app(running, store, more, settings.limits)):
                log.info("listening", address=settings.base_url, role=role)
                async with hooks.kept(store, running.channels.values(), settings.base_url):
                    await running.run(role, stop)
        else:
            log.info("running", role=role)
            await running.run(role, stop)


async def _opened(settings: Settings, stack: AsyncExitStack, stop: asyncio.Event) -> Store | None:
    """Open the desk, waiting a while for a database that is away; None where it is told to stop meanwhile."""
    clock = asyncio.get_running_loop().time
    until, told = clock() + PATIENCE, False
    while not stop.is_set():
        try:
            return await stack.enter_async_context(opened(settings))
        except Away as away:
            if clock() >= until:
                raise
            if not told:
                log.warning("database_away", error=str(away), note=f"tried again for {PATIENCE:.0f} seconds")
            told = True
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), RETRY)
    return None


@asynccontextmanager
async def desk(settings: Settings, store: Store, role: str) -> AsyncIterator[Desk]:
    """Make the desk of this process; a mark that one left which died tells the next one to be careful."""
    with marks.running(settings.data_dir, role, store.file) as unclean:
        to_files = links(settings, store)
        link = to_files.make if to_files else None
        made = Desk(store, channels(settings, store), settings.max_upload_mb * _MB, link)
        made.worker.careful = unclean
        if unclean:
            log.warning("unclean_stop", note="what comes first in line is tried message by message")
        try:
            with logs.hiding(lambda: [s for channel in made.channels.values() for s in channel.secrets]):
                yield made
        finally:
            await asyncio.gather(*(channel.close() for channel in made.channels.values()))


def web_app(
    running: Desk, store: Store, more: Sequence[web.AbstractRouteDef] = (), limits: Limits = NO_PROXY
) -> web.Application:
    """Return the web application: every channel's routes, the health check, and whatever else is given."""

    async def check() -> dict[str, object]:
        if trouble := await running.storing.trouble():
            return {"ok": False, "messages": "refused", "because": trouble}
        files = "taken" if await store.files.has_room() else "refused"
        async with store.read() as work:
            found = {"time": work.now.isoformat(), "channels": sorted(running.channels)}
            return {**found, "messages": "stored", "files": files}

    app = create_app(limits)
    app.add_routes(health_routes(check))
    app.add_routes(more)
    for channel in running.channels.values():
        app.add_routes(channel.routes(running.ingest))
    return app


@asynccontextmanager
async def serving(settings: Settings, app: web.Application) -> AsyncIterator[None]:
    """Serve the application on the LISTEN address. Raises CannotStart."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)
    await runner.setup()
    try:
        try:
            await Site(runner, *settings.address, within_descriptors(app[LIMITS])).start()
        except OSError as error:
            said = os.strerror(error.errno) if error.errno else str(error)
            raise CannotStart(f"LISTEN: {settings.listen} cannot be listened on: {said}") from error
        yield
    finally:
        await runner.cleanup()


def within_descriptors(limits: Limits) -> Limits:
    """Let in no more than this process may open: with none left nobody is answered, and nothing is stored."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed == resource.RLIM_INFINITY or limits.connections <= allowed - OWN_DESCRIPTORS:
        return limits
    most = max(10, allowed - OWN_DESCRIPTORS)
    log.warning("few_descriptors", allowed=allowed, connections=most)
    return replace(limits, connections=most)


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
