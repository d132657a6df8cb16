"""The running desk: one store, its channels, and the loops that move messages between them."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from functools import partial

import structlog

from bot.channels.channel import Channel, Named
from bot.fetcher import Fetcher
from bot.group_commit import GroupCommit
from bot.sender import LinkUntil, Sender
from bot.storing import Storing
from bot.wakeup import Wakeup
from bot.worker import Worker
from scheduler.clock import Ticker
from storage.mail import inbox, webchat
from storage.mail.inbox import Arrived
from storage.store.engine import Store
from storage.store.proof import why

log = structlog.get_logger(__name__)

LOOK_EVERY = {"postgresql": 0.2, "sqlite": 1.0}
"""Seconds after which a loop looks for other replicas' work by itself: on SQLite there seldom are any."""
RESTART_AFTER = 1.0
"""Seconds a loop rests after an error of its surroundings (the database is away, the disk is full)."""

MOST_BYTES = 20 * 1024 * 1024
"""The largest file that is fetched, unless the settings say otherwise."""

Loop = Callable[[asyncio.Event], Awaitable[None]]


class Desk:
    """Everything one process runs, chosen by its role."""

    def __init__(
        self,
        store: Store,
        channels: Sequence[Channel],
        most_bytes: int = MOST_BYTES,
        link: LinkUntil | None = None,
    ) -> None:
        self.store = store
        self.channels: Mapping[str, Channel] = {channel.account: channel for channel in channels}
        every = LOOK_EVERY[store.engine.dialect.name]
        self._incoming = Wakeup(every)
        self._outgoing = {account: Wakeup(every) for account in self.channels}
        self.storing = Storing(store)
        self._ingest = GroupCommit(self._store_arrived)
        self.worker = Worker(store, self.channels, self._incoming, self.wake_senders)
        self._fetching = {account: Wakeup(every) for account in self.channels}
        self.fetchers = [
            Fetcher(store, c, most_bytes, self._fetching[a], self._incoming) for a, c in self.channels.items()
        ]
        self.senders = [Sender(store, c, self._outgoing[a], link) for a, c in self.channels.items()]
        self.ticker = Ticker(store, self.wake_senders)

    async def ingest(self, arrived: Arrived) -> None:
        """Store a raw message; returns when it is committed."""
        await self._ingest.put(arrived)

    async def _store_arrived(self, arrived: Sequence[Arrived]) -> None:
        try:
            async with self.store.work() as work:
                await webchat.record_own(work, await inbox.store(work, arrived))
        except Exception as error:
            self.storing.failed(error)
            raise
        self.storing.stored()
        self._incoming.set()
        for account in {message.account for message in arrived if message.files}:
            self._fetching[account].set()

    def wake_senders(self) -> None:
        """There is something to send."""
        for wakeup in self._outgoing.values():
            wakeup.set()

    def loops(self, role: str) -> list[Loop]:
        """Return what a process of this role runs beside its web pages."""
        parts: dict[str, list[Loop]] = {
            "web": [_beside(partial(c.listen, self.ingest)) for c in self.channels.values()],
            "worker": [self.worker.run, *self._introductions()],
            "fetcher": [fetcher.run for fetcher in self.fetchers],
            "sender": [sender.run for sender in self.senders],
            "clock": [self.ticker.run],
        }
        with_it = {"worker": {"worker", "fetcher"}}.get(role, {role})
        return [loop for name, found in parts.items() if role == "all" or name in with_it for loop in found]

    async def run(self, role: str, stop: asyncio.Event) -> None:
        """Run the role's loops until asked to stop; each finishes the step in hand."""
        async with asyncio.TaskGroup() as group:
            for loop in self.loops(role):
                group.create_task(self._kept_alive(loop, stop))
        await self._ingest.close()

    async def _kept_alive(self, loop: Loop, stop: asyncio.Event) -> None:
        """Run a loop again after an error: the database may come back, and nothing it held is lost."""
        while not stop.is_set():
            try:
                await loop(stop)
            except Exception as error:
                self.storing.failed(error)
                log.exception("loop_failed", reason=why(error))
                await asyncio.sleep(RESTART_AFTER)

    def _introductions(self) -> list[Loop]:
        return [_beside(c.learn_name) for c in self.channels.values() if isinstance(c, Named)]


def _beside(job: Callable[[], Coroutine[object, object, None]]) -> Loop:
    """Do a job until it is done or the desk stops, which cancels it."""

    async def loop(stop: asyncio.Event) -> None:
        working, stopping = asyncio.create_task(job()), asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                working.result()
                await stop.wait()
        finally:
            working.cancel()
            stopping.cancel()
            await asyncio.gather(working, stopping, return_exceptions=True)

    return loop
