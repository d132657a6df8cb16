"""A task that is cancelled in the middle of its transaction leaves nothing behind, not even its lock."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import event

from storage.mail import offsets
from storage.store.engine import DatabaseClock, Store


@pytest.mark.parametrize("statement", range(3))
async def test_cut_off_in_mid_statement_it_lets_the_next_one_begin(
    sqlite_store: Store, statement: int
) -> None:
    """SQLite's lock would be held for seconds by a statement nobody finishes: the next would wait for it."""
    store = sqlite_store
    store.clock = DatabaseClock()
    begun: list[str] = []

    async def save(position: int) -> None:
        async with store.work() as work:
            await offsets.save(work, "paper", position)

    def cut(_connection: object, _cursor: object, sql: str, *_rest: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        begun.append(sql)
        if len(begun) == statement + 1:
            asyncio.get_running_loop().call_soon(writing.cancel)

    await save(1)
    event.listen(store.engine.sync_engine, "before_cursor_execute", cut)
    writing = asyncio.create_task(save(2))
    await asyncio.gather(writing, return_exceptions=True)
    assert writing.cancelled()
    event.remove(store.engine.sync_engine, "before_cursor_execute", cut)
    async with asyncio.timeout(5):
        await save(3)
    async with store.read() as work:
        assert await offsets.read(work, "paper") == 3
