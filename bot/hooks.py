"""Webhooks: one replica sees to it that each platform calls us, and says so when that goes wrong."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial

import structlog

from bot.alone import alone
from bot.channels.channel import Hook, Hooked, HookFailed
from storage.store.engine import Store

log = structlog.get_logger(__name__)

LOOK = 60.0
"""Seconds between two looks at a webhook."""
MANY = 100
"""Messages that wait with the platform for us, from which on we are too slow for it."""


@asynccontextmanager
async def kept(store: Store, channels: Iterable[object], base_url: str) -> AsyncIterator[None]:
    """Keep the webhooks of these channels pointed at us, as far as they are to be called."""
    hooked = [channel for channel in channels if isinstance(channel, Hooked) and channel.called]
    tasks = [
        asyncio.create_task(alone(store, f"hook:{channel.account}", partial(keep, channel, base_url)))
        for channel in hooked
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def keep(
    channel: Hooked, base_url: str, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
) -> None:
    """Set a webhook unless it is set, and again whenever it is not as it was; for ever, to be cancelled."""
    known: Hook | None = None
    while True:
        try:
            known = await _look(channel, base_url, known)
        except HookFailed as error:
            log.error("webhook_not_set", account=channel.account, reason=str(error))  # noqa: TRY400
        await sleep(LOOK)


async def _look(channel: Hooked, base_url: str, known: Hook | None) -> Hook:
    """Look at a webhook and say what is wrong with it. Raises HookFailed."""
    found = await channel.hook()
    if known is None or (found.url, found.failed_at) != (known.url, known.failed_at):
        if found.failed_at:
            log.warning("webhook_failing", account=channel.account, reason=found.last_error)
        await channel.set_hook(base_url)
    if found.waiting >= MANY:
        log.warning("webhook_behind", account=channel.account, waiting=found.waiting)
    return found
