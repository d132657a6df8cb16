"""The ticker: every second or so each replica looks what has come due. The timer table decides."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from services.clock import alarms, bursts, digests, histories, hotspots, orphans
from services.intake import doubts, drafts, envelopes, sealed
from services.matters.change import ring_all
from services.office import idle, joining, office, unread
from services.office.matters import KINDS
from services.saying import crowds, groups
from services.standing import rounds
from storage.ground.work import Work
from storage.mail import envelopes as stored
from storage.mail import outbox
from storage.store.engine import Store
from storage.time import timers
from storage.time.timers import Due

log = structlog.get_logger(__name__)

MOST = 200
"""Timers rung in one transaction."""


async def begin(store: Store) -> None:
    """Wind the timers that are the desk's own, unless a replica has done so."""
    async with store.work() as work:
        await rounds.begin(work)
        await histories.begin(work)
        await hotspots.begin(work)
        await idle.begin(work)
        await groups.begin(work)


async def tick(store: Store) -> int:
    """Ring what is due, a batch at a time, and let go of messages held until now. Returns how many rang.

    What waits in confidence is mixed: no row of it may stay as the message left it.
    """
    rung = 0
    while batch := await _batch(store):
        rung += batch
    async with store.work() as work:
        await outbox.release_held(work)
        await stored.mix(work)
    return rung


async def _batch(store: Store) -> int:
    """Ring one batch whole; if one timer of it fails, ring them one by one and put off those that fail."""
    try:
        async with store.work() as work:
            return await _ring(work, await timers.due(work, MOST))
    except Exception as error:  # noqa: BLE001 - whatever it was, it is found and logged one timer at a time
        log.warning("tick_rolled_back", error=type(error).__name__)
    async with store.work() as work:
        waiting = await timers.due(work, MOST)
    return sum([await _alone(store, item) for item in waiting])


async def _alone(store: Store, item: Due) -> int:
    try:
        async with store.work() as work:
            return await _ring(work, await timers.lock(work, item))
    except Exception as error:
        log.exception("timer_failed", kind=item.kind, subject=item.subject, error=type(error).__name__)
        async with store.work() as work:
            await timers.postpone(work, item)
        return 0


async def _ring(work: Work, due: list[Due]) -> int:
    """Ring these timers, each kind in its own way. Returns how many rang."""
    by_kind = {kind: [item.subject for item in due if item.kind == kind] for kind in RINGERS}
    return sum([await RINGERS[kind](work, subjects) for kind, subjects in by_kind.items() if subjects])


Ringer = Callable[[Work, list[str]], Awaitable[int]]
RINGERS: Mapping[str, Ringer] = {
    doubts.KIND: doubts.ring_all,
    drafts.KIND: drafts.ring_all,
    alarms.KIND: alarms.ring_all,
    bursts.KIND: bursts.ring_all,
    crowds.KIND: crowds.ring_all,
    office.KIND: office.ring_all,
    histories.KIND: histories.ring_all,
    hotspots.KIND: hotspots.ring_all,
    sealed.KIND: sealed.forget_all,
    envelopes.KIND: envelopes.ring_all,
    **{kind.name: partial(ring_all, kind) for kind in KINDS},
    joining.KIND: joining.ring_all,
    idle.KIND: joining.ring_idle,
    groups.KIND: groups.ring_all,
    unread.KIND: unread.ring_all,
    digests.SNOOZE: digests.ring_snoozed,
    digests.KIND: digests.ring_all,  # the last: it says what has rung
}
"""How each kind of timer rings: given the subjects that are due, it does what is due and winds them anew."""


SWEEP = 60 * 60.0
"""Seconds from one sweep of files to the next: beside the tick, which must not wait for a disk."""


class Ticker:
    """APScheduler as the in-process ticker: one interval job, no store of its own."""

    def __init__(self, store: Store, rang: Callable[[], None], every: float = 1.0) -> None:
        self._store = store
        self._rang = rang
        self._ticking, self._sweeping = asyncio.Lock(), asyncio.Lock()
        self._begun = False
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._scheduler.add_job(self._tick, "interval", seconds=every, max_instances=1, coalesce=True)
        self._scheduler.add_job(self._sweep, "interval", seconds=SWEEP, max_instances=1, coalesce=True)

    async def run(self, stop: asyncio.Event) -> None:
        """Tick until asked to stop; the tick in hand is finished."""
        self._scheduler.start()
        await stop.wait()
        self._scheduler.pause()
        async with self._ticking, self._sweeping:  # APScheduler itself would cancel it
            self._scheduler.shutdown(wait=False)

    async def _tick(self) -> None:
        async with self._ticking:
            if not self._begun:
                await begin(self._store)
                self._begun = True
            if await tick(self._store):
                self._rang()

    async def _sweep(self) -> None:
        async with self._sweeping:
            if swept := await orphans.sweep(self._store):
                log.info("files_swept", files=swept)
