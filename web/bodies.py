"""What a visitor sends, as it comes: so many bytes, so fast, and no more is read."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from aiohttp import StreamReader, web

T = TypeVar("T")

PATIENCE: Final = 20.0
"""Seconds a body may be waited for in all, and one more for each SLOWEST bytes of it that came."""
SLOWEST: Final = 1000
LONGEST: Final = 600.0
"""Seconds after which even a large file that comes steadily is given up; the page does so too."""


class Body:
    """A request's body, read with limits. What it raises is answered, and the connection closed.

    Only the time in which it is waited for counts: what the desk does meanwhile is not the visitor's delay.
    It stands in for the stream where aiohttp reads a form of many parts.
    """

    def __init__(self, content: StreamReader, most: int) -> None:
        self._content = content
        self._most = most
        self._came = 0
        self._waited = 0.0

    async def read(self, most: int = -1) -> bytes:
        """Return what comes next, at most so many bytes; nothing at the end. Raises 408 or 413."""
        return self._counted(await self._in_time(self._content.read(most)))

    async def readline(self, *, max_line_length: int | None = None) -> bytes:
        """Return the next line. Raises 408 or 413, and ValueError for a line that does not end."""
        return self._counted(await self._in_time(self._content.readline(max_line_length=max_line_length)))

    async def whole(self) -> bytes:
        """Return all of it. Raises 408 or 413."""
        found = bytearray()
        while chunk := await self._next():
            found += self._counted(chunk)
        return bytes(found)

    async def _next(self) -> bytes:
        if (
            self._content.is_eof()
        ):  # small ones have come whole before anybody asks: there is nothing to wait for
            return self._content.read_nowait()
        return await self._in_time(self._content.readany())

    def at_eof(self) -> bool:
        """Say whether all was read."""
        return self._content.at_eof()

    def unread_data(self, data: bytes) -> None:
        """Put back what was read too far."""
        self._content.unread_data(data)  # aiohttp still has it, though it would rather not

    def _counted(self, chunk: bytes) -> bytes:
        self._came += len(chunk)
        if self._came > self._most:
            raise web.HTTPRequestEntityTooLarge(self._most, self._came)
        return chunk

    async def _in_time(self, reading: Awaitable[T]) -> T:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        left = min(PATIENCE + self._came / SLOWEST, LONGEST) - self._waited
        try:
            async with asyncio.timeout(left):
                return await reading
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        finally:
            self._waited += loop.time() - begun


class InHand:
    """How many bytes of files the process holds at once, whoever sends or fetches them."""

    def __init__(self, most: int) -> None:
        self._most = self._free = most
        self._room = asyncio.Condition()

    def take(self, count: int) -> None:
        """Hold so many more. Raises 503: there is room again as soon as others' files are kept."""
        if count > self._free:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"})
        self._free -= count

    def let_go(self, count: int) -> None:
        """Hold them no longer."""
        self._free += count

    @asynccontextmanager
    async def hold(self, count: int) -> AsyncIterator[None]:
        """Hold so many meanwhile, as soon as there is room. Raises 503 when there is none for long."""
        count = min(count, self._most)
        try:
            async with asyncio.timeout(PATIENCE), self._room:
                await self._room.wait_for(lambda: self._free >= count)
                self.take(count)
        except TimeoutError:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"}) from None
        try:
            yield
        finally:
            self.let_go(count)
            async with self._room:
                self._room.notify_all()
