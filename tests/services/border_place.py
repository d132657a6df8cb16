"""A made-up province in a database, seeded once and opened again for each play."""

import random
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.codes import mint
from services.intake import new_cases
from services.office import directory
from storage.office.rulebook import Library
from storage.store.engine import open_store
from tests.conftest import KEYS, MONDAY, StoppedClock
from tests.conversations.player import Player
from tests.seeded import quick
from tests.services.border_life import Life
from tests.services.border_steps import Dice
from tests.services.provinces import Chart


@dataclass(frozen=True)
class Place:
    """A province that was seeded, and the units that have groups."""

    chart: Chart
    path: Path
    library: Library
    grouped: tuple[str, ...]

    @asynccontextmanager
    async def life(self, patch: pytest.MonkeyPatch, folder: Path) -> AsyncIterator[Life]:
        """Open a fresh copy of its desk, at the same moment each time."""
        codes = Dice()
        patch.setattr(new_cases, "mint", lambda letters, _: mint(letters, codes.randbelow))
        file, clock = folder / "run.sqlite3", StoppedClock(MONDAY)
        shutil.copy(self.path, file)
        store = quick(open_store(f"sqlite+aiosqlite:///{file}", KEYS, folder, clock))
        store.library = self.library
        life = Life(self.chart, store, Player(store, clock), codes)
        await life.settle(self.grouped)
        try:
            yield life
        finally:
            await store.close()


async def settled(chart: Chart, dice: random.Random, migrated: Path, folder: Path) -> Place:
    """Seed a province."""
    path = folder / "province.sqlite3"
    shutil.copy(migrated, path)
    store = open_store(f"sqlite+aiosqlite:///{path}", KEYS, folder, StoppedClock(MONDAY))
    async with store.work() as work:
        await directory.seed(work, chart.seed(), "province.yaml")
    async with store.read():
        pass
    await store.close()
    grouped = tuple(code for code in sorted(chart.units) if dice.random() < 0.3)
    return Place(chart, path, store.library, grouped)
