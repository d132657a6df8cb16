"""The worker: takes stored messages by chat, lets the conversation answer, commits the whole batch at once.

Optimistic: a batch is tried whole. When one message of it fails, the batch is rolled back and its chats are
handled one message at a time, so that only the chat with the bad message waits.
"""

import asyncio
import traceback
from collections.abc import Callable, Mapping

import structlog

from bot.channels.channel import Channel, Unparsable
from bot.wakeup import Wakeup
from domain.messages import Incoming
from handlers.receive import prefetch, receive
from storage import inbox
from storage.engine import Store
from storage.inbox import Stored
from storage.work import Work

log = structlog.get_logger(__name__)

LANES, EACH = 64, 4
"""Chats in one batch, and messages of each: up to 256 messages are one unit of work."""

Lanes = dict[tuple[str, str], list[Stored]]


class Worker:
    """Handles what is in the inbox of every account it has a channel for."""

    def __init__(
        self, store: Store, channels: Mapping[str, Channel], wakeup: Wakeup, posted: Callable[[], None]
    ) -> None:
        self._store = store
        self._channels = channels
        self._wakeup = wakeup
        self._posted = posted
        self.careful = False
        """After an unclean stop: one message at a time, its attempt counted before it is tried, so that a
        message that kills the process ends as a dead letter too."""

    async def run(self, stop: asyncio.Event) -> None:
        """Work until asked to stop; the batch in hand is finished."""
        while not stop.is_set():
            if not await self.step():
                self.careful = False
                await self._wakeup.wait(stop)

    async def step(self) -> int:
        """Handle one batch. Returns how many messages were dealt with (0: nothing is ready)."""
        if self.careful:
            return await self._alone()
        try:
            return await self._batch(LANES, EACH)
        except Exception:  # noqa: BLE001 - whatever it was, it is found and logged one message at a time
            log.warning("batch_rolled_back")
            handled = 0
            while one := await self._alone():
                handled += one
                if handled >= LANES:
                    break
            return handled

    async def _batch(self, limit: int, each: int) -> int:
        async with self._store.work() as work:
            taken = await inbox.take(work, limit, each)
            unreadable = await self._handle(work, taken)
            await inbox.done(work, _without(taken, unreadable))
            for message, reason in unreadable:
                await inbox.failed(work, message, reason, hopeless=True)
            posts = len(work.posts)
        if posts:
            self._posted()
        return sum(map(len, taken.values()))

    async def _alone(self) -> int:
        """Handle one message of one chat; if it fails, count the attempt and let the chat wait."""
        if self.careful:
            await self._count_first()
        tried: list[Stored] = []
        try:
            async with self._store.work() as work:
                taken = await inbox.take(work, 1, 1)
                tried = [message for lane in taken.values() for message in lane]
                unreadable = await self._handle(work, taken)
                await inbox.done(work, _without(taken, unreadable))
                for message, reason in unreadable:
                    await inbox.failed(work, message, reason, hopeless=True)
        except Exception as error:
            if not tried:
                raise
            await self._failed(tried[0], error)
        self._posted()
        return len(tried)

    async def _count_first(self) -> None:
        async with self._store.work() as work:
            for lane in (await inbox.take(work, 1, 1)).values():
                for message in lane:
                    await inbox.count_attempt(work, message)

    async def _failed(self, message: Stored, error: Exception) -> None:
        async with self._store.work() as work:
            dead = await inbox.failed(work, message, type(error).__name__)
        # The traceback names code, never what the message said: its text is sealed and stays so.
        where = traceback.format_tb(error.__traceback__)[-3:]
        error_name = type(error).__name__
        log.warning("message_failed", account=message.account, error=error_name, dead=dead, at=where)

    async def _handle(self, work: Work, taken: Lanes) -> list[tuple[Stored, str]]:
        unreadable: list[tuple[Stored, str]] = []
        incoming: list[Incoming] = []
        for message in (m for lane in taken.values() for m in lane):
            try:
                if (read := self._read(work, message)) is not None:
                    incoming.append(read)
            except Unparsable as error:
                log.warning("dead_letter", account=message.account, reason=str(error))
                unreadable.append((message, str(error)))
        await prefetch(work, incoming)
        for one in incoming:
            await receive(work, one)
        return unreadable

    def _read(self, work: Work, message: Stored) -> Incoming | None:
        channel = self._channels.get(message.account)
        if channel is None:
            raise Unparsable(f"no channel for the account {message.account}")
        said = channel.normalize(message.body["raw"])
        if said is None:
            return None
        return Incoming(
            message.account, message.lane, message.body["address"], message.external_id, work.now, said
        )


def _without(taken: Lanes, unreadable: list[tuple[Stored, str]]) -> Lanes:
    dropped = {(m.account, m.external_id) for m, _ in unreadable}
    return {
        key: [m for m in lane if (m.account, m.external_id) not in dropped] for key, lane in taken.items()
    }
