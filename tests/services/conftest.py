"""The small commune on two channels, seeded once and copied: to read its rules takes longer than a test."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from storage.office.rulebook import Library
from storage.store.engine import Store, open_store
from tests.conftest import KEYS, StoppedClock
from tests.services.levels import Province
from tests.services.two_channels import Two
from tests.storage import commune, province


@pytest.fixture(scope="session")
def settled(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Library]:
    """Seed the commune in a file of its own; its rules come with it."""
    path = tmp_path_factory.mktemp("settled") / "desk.sqlite3"
    shutil.copy(migrated_sqlite, path)
    return path, asyncio.run(_settle(path, commune.settle))


async def _settle(path: Path, settle: Callable[[Store], Awaitable[None]]) -> Library:
    store = open_store(f"sqlite+aiosqlite:///{path}", KEYS, path.parent, StoppedClock())
    await settle(store)
    async with store.read():
        pass  # reads the rules
    await store.close()
    return store.library


@pytest.fixture
async def two(settled: tuple[Path, Library], tmp_path: Path, clock: StoppedClock) -> AsyncIterator[Two]:
    """Open both channels on a copy."""
    path, library = settled
    shutil.copy(path, tmp_path / "two.sqlite3")
    store = open_store(f"sqlite+aiosqlite:///{tmp_path / 'two.sqlite3'}", KEYS, tmp_path, clock)
    store.library = library
    yield Two(store, clock)
    await store.close()


@pytest.fixture
async def on_each(store: Store, clock: StoppedClock) -> Two:
    """Open both channels on each kind of database."""
    await commune.settle(store)
    return Two(store, clock)


@pytest.fixture(scope="session")
def province_settled(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Library]:
    """Seed the province in a file of its own; its rules come with it."""
    path = tmp_path_factory.mktemp("province") / "desk.sqlite3"
    shutil.copy(migrated_sqlite, path)
    return path, asyncio.run(_settle(path, province.settle))


@pytest.fixture
async def wide(
    province_settled: tuple[Path, Library], tmp_path: Path, clock: StoppedClock
) -> AsyncIterator[Province]:
    """Open the province's desk on a copy."""
    path, library = province_settled
    shutil.copy(path, tmp_path / "wide.sqlite3")
    store = open_store(f"sqlite+aiosqlite:///{tmp_path / 'wide.sqlite3'}", KEYS, tmp_path, clock)
    store.library = library
    yield Province(store, clock)
    await store.close()
