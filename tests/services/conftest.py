"""The small commune on two channels, and the province of two communes."""

import pytest

from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.seeded import quick
from tests.services.levels import Province
from tests.services.two_channels import Two
from tests.storage import commune, province


@pytest.fixture
def sqlite_store(sqlite_store: Store) -> Store:
    """Open it without what only durability needs."""
    return quick(sqlite_store)


@pytest.fixture
async def two(sqlite_store: Store, clock: StoppedClock) -> Two:
    """Open both channels in the commune."""
    await commune.settle(sqlite_store)
    return Two(sqlite_store, clock)


@pytest.fixture
async def on_each(store: Store, clock: StoppedClock) -> Two:
    """Open both channels on each kind of database."""
    await commune.settle(store)
    return Two(store, clock)


@pytest.fixture
async def wide(sqlite_store: Store, clock: StoppedClock) -> Province:
    """Open the province's desk."""
    await province.settle(sqlite_store)
    return Province(sqlite_store, clock)
