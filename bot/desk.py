"""The running desk: one store, its channels, and the loops that move messages between them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from bot.channels.channel import Channel
from bot.group_commit import GroupCommit
from bot.sender import Sender
from bot.wakeup import Wakeup
from bot.worker import Worker
from scheduler.clock import Ticker
from storage import inbox, webchat
from storage.engine import Store
from storage.inbox import Arrived

log = structlog.get_logger(__name__)

LOOK_EVERY = {"postgresql": 0.2, "sqlite": 1.0}
"""Seconds after which a loop looks for other replicas' work by itself: on SQLite there seldom are any."""
RESTART_AFTER = 1.0
"""Seconds a loop rests after an error of its surroundings (the database is away, the disk is full)."""

Loop = Callable[[asyncio.Event], Awaitable[None]]


class Desk:
    """Everything one process runs, chosen by its role."""

    def __init__(self, store: Store, channels: Sequence[Channel]) -> None:
        self.store = store
        self.channels: Mapping[str, Channel] = {channel.account: channel for channel in channels}
        every = LOOK_EVERY[store.engine.dialect.name]
        self._incoming = Wakeup(every)
        self._outgoing = {account: Wakeup(every) for account in self.channels}
        self._ingest = GroupCommit(self._store_arrived)
        self.worker = Worker(store, self.channels, self._incoming, self.wake_senders)
        self.senders = [Sender(store, c, self._outgoing[a]) for a, c in self.channels.items()]
        self.ticker = Ticker(store, self.wake_senders)

    async def ingest(self, arrived: Arrived) -> None:
        """Store a raw message; returns when it is committed."""
        await self._ingest.put(arrived)

    async def _store_arrived(self, arrived: Sequence[Arrived]) -> None:
        async with self.store.work() as work:
            await inbox.store(work, arrived)
            await webchat.record_own(work, arrived)
        self._incoming.set()

    def wake_senders(self) -> None:
        """There is something to send."""
        for wakeup in self._outgoing.values():
            wakeup.set()

    def loops(self, role: str) -> list[Loop]:
        """Return what a process of this role runs beside its web pages."""
        parts: dict[str, list[Loop]] = {
            "web": [self._listen(channel) for channel in self.channels.values()],
            "worker": [self.worker.run],
            "sender": [sender.run for sender in self.senders],
            "clock": [self.ticker.run],
        }
        return [loop for name, found in parts.items() if role in {name, "all"} for loop in found]

    async def run(self, role: str, stop: asyncio.Event) -> None:
        """Run the role's loops until asked to stop; each finishes the step in hand."""
        async with asyncio.TaskGroup() as group:
            for loop in self.loops(role):
                group.create_task(_kept_alive(loop, stop))
        await self._ingest.close()

    def _listen(self, channel: Channel) -> Loop:
        async def listen(stop: asyncio.Event) -> None:
            listening = asyncio.ensure_future(channel.listen(self.ingest))
            stopping = asyncio.ensure_future(stop.wait())
            await asyncio.wait([listening, stopping], return_when=asyncio.FIRST_COMPLETED)
            if listening.done():
                listening.result()
                await stop.wait()
            listening.cancel()
            stopping.cancel()
            await asyncio.gather(listening, stopping, return_exceptions=True)

        return listen


async def _kept_alive(loop: Loop, stop: asyncio.Event) -> None:
    """Run a loop again after an error: the database may come back, and nothing it held is lost."""
    while not stop.is_set():
        try:
            await loop(stop)
        except Exception:
            log.exception("loop_failed")
            await asyncio.sleep(RESTART_AFTER)
