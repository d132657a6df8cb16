"""A made-up commune for conversations to happen in, and the option that writes the goldens anew."""

import asyncio
import random
import shutil
from collections.abc import AsyncIterator, MutableSequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from domain.codes import ALPHABET
from services.office import directory, linking
from storage.office.rulebook import Library
from storage.store.engine import Store, open_store
from tests.conftest import KEYS, StoppedClock
from tests.conversations.player import OFFICIALS, Player
from tests.conversations.wide import Wide
from tests.seeded import quick
from tests.storage import province

SEED = Path(__file__).parents[2] / "storage" / "seeds" / "demo.yaml"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let goldens be written anew instead of compared: read the difference before it is kept."""
    parser.addoption("--rewrite-goldens", action="store_true", help="write tests/conversations/*.chat anew")


class Dice(random.Random):
    """Dice of which the first case of every test has the same code, the second another, and so on.

    Each kind of number has throws of its own: one more secret changes no code, and no other secret.
    """

    def __init__(self) -> None:
        super().__init__(2)
        self._bytes, self._order = random.Random(4), random.Random(5)
        self._own = {len(ALPHABET): random.Random(1), 10**linking.DIGITS: random.Random(3)}

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        """Throw a number as any dice do."""
        own = self._own.get(start) if stop is None else None
        return own.randrange(start) if own else super().randrange(start, stop, step)

    def randbytes(self, n: int) -> bytes:
        """Throw bytes as any dice do."""
        return self._bytes.randbytes(n)

    def shuffle(self, x: MutableSequence[Any]) -> None:
        """Mix as any dice do."""
        self._order.shuffle(x)


@dataclass(frozen=True)
class Commune:
    """A database in which the demo's commune is seeded, and its rules, which take a second to read."""

    path: Path
    library: Library

    def open(self, folder: Path, clock: StoppedClock) -> Store:
        """Open a copy of it."""
        file = folder / "commune.sqlite3"
        shutil.copy(self.path, file)
        store = quick(open_store(f"sqlite+aiosqlite:///{file}", KEYS, folder, clock))
        store.library, store.dice = self.library, Dice()
        return store


@pytest.fixture(scope="session")
def commune(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Commune:
    """Seed the demo's commune once."""
    path = tmp_path_factory.mktemp("commune") / "desk.sqlite3"
    shutil.copy(migrated_sqlite, path)
    seeded = asyncio.run(_seed(path))
    return Commune(path, seeded.library)


async def _seed(path: Path) -> Store:
    store = open_store(f"sqlite+aiosqlite:///{path}", KEYS, path.parent, StoppedClock())
    async with store.work() as work:
        await directory.seed(work, SEED.read_bytes(), SEED.name)
    async with store.read():
        pass  # reads the rules
    await store.close()
    return store


@pytest.fixture
async def commune_store(commune: Commune, tmp_path: Path, clock: StoppedClock) -> AsyncIterator[Store]:
    """Open a fresh copy of the commune's desk."""
    store = commune.open(tmp_path, clock)
    yield store
    await store.close()


@pytest.fixture
def player(commune_store: Store, clock: StoppedClock) -> Player:
    """Play stories in the commune."""
    return Player(commune_store, clock)


@pytest.fixture
async def seated(player: Player) -> Player:
    """Seat all officials of the commune."""
    await player.seats(OFFICIALS)
    return player


@pytest.fixture
def sqlite_store(sqlite_store: Store) -> Store:
    """Open it without what only durability needs."""
    return quick(sqlite_store)


@pytest.fixture
async def wide(sqlite_store: Store, clock: StoppedClock) -> Wide:
    """Seed the province and its two communes."""
    await province.settle(sqlite_store)
    return Wide(sqlite_store, clock)
