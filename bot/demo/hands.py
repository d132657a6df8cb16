"""The hands of the demo's clock. Whoever moves them goes through every moment at which something happens."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk import Desk
from scheduler.clock import tick
from services.office import idle
from storage.store import demo
from storage.store.engine import DatabaseClock

PATIENCE = 2000
"""Looks, a hundredth of a second apart, after which a desk that is not done never will be."""


class NeverDone(Exception):
    """The desk did not get through what it was told."""


class Stopped:
    """A clock that stands still where it is put: the terminal's stories do not wait for real time."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self.shift = timedelta(0)

    async def now(self, connection: AsyncConnection) -> datetime:  # noqa: ARG002 - a clock's signature
        """Return where it stands."""
        return self._at + self.shift


async def settle(desk: Desk) -> None:
    """Let the desk handle and send all it has, whether or not its loops run too. Raises NeverDone."""
    for _ in range(PATIENCE):
        for fetcher in desk.fetchers:
            await fetcher.step()
        while await desk.worker.step():
            pass
        for sender in desk.senders:
            while await sender.step():
                pass
        async with desk.store.read() as work:
            if not await demo.busy(work, desk.channels):
                return
        await asyncio.sleep(0.01)
    raise NeverDone("the desk did not get through what it was told")


class Hands:
    """Moves a desk's clock forward and lets the desk do at each moment what that moment asks for."""

    def __init__(
        self,
        desk: Desk,
        clock: DatabaseClock | Stopped,
        through: Callable[[Desk], Awaitable[None]] = settle,
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._through = through
        self._one_at_a_time = asyncio.Lock()
        self._goal: datetime | None = None

    async def now(self) -> datetime:
        """Return the desk's time."""
        async with self._desk.store.read() as work:
            return work.now

    async def goal(self) -> datetime:
        """Return where the hands will stand once what was asked for is done: later or the same as now."""
        now = await self.now()
        return max(now, self._goal or now)

    async def to(self, until: datetime, passed: Callable[[], Awaitable[None]] | None = None) -> None:
        """Move to a moment by way of every alarm and held message before it; `passed` is told of each.

        Raises NeverDone once it is there, where the desk did not get through something on the way.
        """
        done, self._goal = True, until
        async with self._one_at_a_time:
            while (moment := await self._next()) is not None and moment < until:
                done &= await self._stop_at(moment)
                if passed is not None:
                    await passed()
            done &= await self._stop_at(until)
        if not done:
            raise NeverDone("the desk did not get through what it was told")

    async def _next(self) -> datetime | None:
        async with self._desk.store.read() as work:
            return await demo.next_moment(work)

    async def _stop_at(self, moment: datetime) -> bool:
        """Stop at a moment. Returns whether the desk got through all it has then."""
        async with self._desk.store.work() as work:
            if moment > work.now:
                self._clock.shift += moment - work.now
                await demo.keep_shift(work, self._clock.shift)
            await idle.keep(work)  # whoever moves the clock has every seat's page open
        await tick(self._desk.store)
        try:
            await self._through(self._desk)
        except NeverDone:
            return False
        return True
