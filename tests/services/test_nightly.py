"""What the desk does by itself at night is wound for the next time it is that hour."""

from datetime import UTC, datetime

from scheduler.clock import begin, tick
from services.clock import histories, hotspots
from services.saying import groups
from storage.store.engine import Store
from storage.time import timers
from tests.conftest import StoppedClock

DUE = {
    groups.KIND: datetime(2026, 11, 16, 17, 10, tzinfo=UTC),  # ten past midnight in Hanoi
    histories.KIND: datetime(2026, 11, 16, 19, 30, tzinfo=UTC),
}


async def due(store: Store) -> dict[str, datetime | None]:
    """Return when each rings."""
    async with store.read() as work:
        return {kind: await timers.due_at(work, kind, "nightly") for kind in DUE}


async def test_each_rings_at_its_hour_of_the_coming_night_and_then_of_the_next(
    store: Store, clock: StoppedClock
) -> None:
    """A start does not put it off; on a day off too."""
    await begin(store)
    assert await due(store) == DUE
    clock.pass_(hours=3)
    await begin(store)
    assert await due(store) == DUE
    for passed in range(1, 7):
        clock.at = max(DUE.values()).replace(day=15 + passed)
        await tick(store)
        assert await due(store) == {kind: at.replace(day=16 + passed) for kind, at in DUE.items()}


async def test_what_rings_at_several_hours_rings_at_the_next_of_them(
    store: Store, clock: StoppedClock
) -> None:
    """Hot spots are looked for at seven and at three: at nine the next is three, then seven again."""
    await begin(store)
    wanted = [(16, 8), (17, 0), (17, 8)]
    for day, hour in wanted:
        async with store.read() as work:
            at = await timers.due_at(work, hotspots.KIND, "nightly")
        assert at == datetime(2026, 11, day, hour, tzinfo=UTC)
        clock.at = at
        await tick(store)
