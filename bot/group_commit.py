"""Group commit: whatever arrives while a transaction commits goes into the next one together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

Item = TypeVar("Item")

MOST = 256
"""Items in one transaction."""


class GroupCommit(Generic[Item]):
    """Gathers items for `commit`, which stores a batch in one transaction."""

    def __init__(self, commit: Callable[[Sequence[Item]], Awaitable[None]]) -> None:
        self._commit = commit
        self._waiting: list[tuple[Item, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def put(self, item: Item) -> None:
        """Return when the item is committed. Raises what the commit raised for it."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        await future

    async def close(self) -> None:
        """Wait for what is on its way."""
        if self._task is not None:
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                await self._commit([item for item, _ in batch])
            except Exception:  # noqa: BLE001 - one bad item must not refuse its neighbours
                await self._one_by_one(batch)
            else:
                for _, future in batch:
                    _settle(future, None)

    async def _one_by_one(self, batch: list[tuple[Item, asyncio.Future[None]]]) -> None:
        for item, future in batch:
            try:
                await self._commit([item])
            except Exception as error:  # noqa: BLE001 - handed to whoever waits for this item
                _settle(future, error)
            else:
                _settle(future, None)


def _settle(future: asyncio.Future[None], error: Exception | None) -> None:
    if future.done():  # who waited has gone away; what it sent is stored all the same
        return
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(error)
