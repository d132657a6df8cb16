"""Leases: one of many holds one, for as long as it says so."""

import asyncio
from datetime import timedelta

from storage.store.engine import Store
from storage.time import leases
from tests.conftest import StoppedClock

LASTS = timedelta(seconds=30)


async def hold(store: Store, holder: str, name: str = "job") -> bool:
    """Try to take or renew it, in a transaction of its own."""
    async with store.work() as work:
        return await leases.hold(work, name, holder, LASTS)


async def is_held(store: Store, name: str = "job") -> bool:
    """Ask whether anybody has it."""
    async with store.read() as work:
        return await leases.is_held(work, name)


async def test_of_many_who_ask_at_once_one_gets_it(store: Store) -> None:
    """It is that one's until its time is over, and each renewal begins the time anew."""
    names = [f"replica {number}" for number in range(6)]
    got = dict(zip(names, await asyncio.gather(*(hold(store, name) for name in names)), strict=True))
    (winner,) = [name for name, held in got.items() if held]
    assert await hold(store, winner)
    assert not await hold(store, "another")
    assert await hold(store, "another", name="another job")


async def test_it_ends_with_its_time_unless_it_is_renewed(store: Store, clock: StoppedClock) -> None:
    """The replica that does not come back is waited for, and no longer."""
    assert await hold(store, "one")
    clock.pass_(seconds=20)
    assert await hold(store, "one")
    clock.pass_(seconds=29)
    assert await is_held(store)
    assert not await hold(store, "two")
    clock.pass_(seconds=1)
    assert not await is_held(store)
    assert await hold(store, "two")
    assert not await hold(store, "one")


async def test_only_ones_own_is_given_back(store: Store) -> None:
    """Whoever lost it cannot take it from its new holder."""
    assert await hold(store, "one")
    async with store.work() as work:
        await leases.let_go(work, "job", "two")
    assert not await hold(store, "two")
    async with store.work() as work:
        await leases.let_go(work, "job", "one")
    assert await hold(store, "two")


async def test_a_clock_that_was_set_back_leaves_no_lease_for_days(store: Store, clock: StoppedClock) -> None:
    """What was taken in days to come is nobody's today."""
    clock.pass_(days=5)
    assert await hold(store, "one")
    clock.pass_(days=-5)
    assert await hold(store, "two")
    assert not await hold(store, "one")
