"""The small commune on two channels, seeded once and copied: to read its rules takes longer than a test."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.office.rulebook import Library
from storage.store.engine import Store, open_store
from tests.conftest import KEYS, StoppedClock
from tests.services.two_channels import Two
from tests.storage import commune


@pytest.fixture(scope="session")
def settled(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Library]:
    """Seed the commune in a file of its own; its rules come with it."""
    path = tmp_path_factory.mktemp("settled") / "desk.sqlite3"
    shutil.copy(migrated_sqlite, path)
    return path, asyncio.run(_settle(path))


async def _settle(path: Path) -> Library:
    store = open_store(f"sqlite+aiosqlite:///{path}", KEYS, path.parent, StoppedClock())
    await commune.settle(store)
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
