"""What one replica of many does at a time: it holds a lease in the database and renews it meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import structlog

from storage.store.engine import Store
from storage.time import leases

log = structlog.get_logger(__name__)

LASTS = timedelta(seconds=30)
"""How long the job of a replica that died is left alone."""
RENEW = 8.0
"""Seconds between two renewals; with WITHIN it stays well below the lease."""
WITHIN = 10.0
"""Seconds the database may take for one."""
LOOK = 5.0
"""Seconds after which a replica that waits looks whether the job has become free."""


async def alone(store: Store, name: str, job: Callable[[], Awaitable[None]]) -> None:
    """Do a job as the only replica, whenever it is free, for ever; to be cancelled.

    When the lease is lost, or the database cannot be asked, the job is cancelled at once.
    """
    holder = uuid4().hex
    while True:
        if await _holds(store, name, holder):
            await _do(store, name, holder, job)
        await asyncio.sleep(LOOK)


async def _do(store: Store, name: str, holder: str, job: Callable[[], Awaitable[None]]) -> None:
    working, keeping = asyncio.ensure_future(job()), asyncio.ensure_future(_keep(store, name, holder))
    try:
        await asyncio.wait([working, keeping], return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            log.warning("lease_lost", name=name)
    finally:
        working.cancel()
        keeping.cancel()
        results = await asyncio.gather(working, keeping, return_exceptions=True)
        await _let_go(store, name, holder)
    for failure in results:
        if isinstance(failure, Exception):
            raise failure


async def _keep(store: Store, name: str, holder: str) -> None:
    """Renew the lease; returns when it cannot be."""
    while True:
        await asyncio.sleep(RENEW)
        if not await _holds(store, name, holder):
            return


async def _holds(store: Store, name: str, holder: str) -> bool:
    try:
        async with asyncio.timeout(WITHIN), store.work() as work:
            return await leases.hold(work, name, holder, LASTS)
    except Exception as error:  # noqa: BLE001 - whatever the database has: then nobody knows whose it is
        log.warning("lease_not_renewed", name=name, error=type(error).__name__)
        return False


async def _let_go(store: Store, name: str, holder: str) -> None:
    """Let the next replica begin at once; if that fails, it begins when the lease ends."""
    try:
        async with asyncio.timeout(WITHIN), store.work() as work:
            await leases.let_go(work, name, holder)
    except Exception as error:  # noqa: BLE001 - as above
        log.warning("lease_not_given_back", name=name, error=type(error).__name__)
