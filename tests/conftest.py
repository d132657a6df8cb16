"""What every test may ask for: a migrated database of either kind, and a clock that only moves when told."""

import gc
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from storage import migrations
from storage.ground.crypto import Keyring
from storage.store.engine import Store, open_store
from tests import amounts
from tests.postgres import postgres_url

KEYS = Keyring.of(b"k" * 32)
MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
"""Monday 16 November 2026, 09:00 in Vietnam: an ordinary week, before the week with 24 November in it."""


class StoppedClock:
    """The desk's clock in a test: it stands still until it is moved."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    async def now(self, connection: AsyncConnection) -> datetime:
        return self.at

    def pass_(self, **by: float) -> None:
        """Let so much time pass (the arguments of timedelta)."""
        self.at += timedelta(**by)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let what is random try many times as much."""
    parser.addoption("--storm", type=int, default=1, help="how many times as much is tried")


def pytest_configure(config: pytest.Config) -> None:
    """Tell the tests before they are read. How long an example takes is the machine's affair, not a fault."""
    amounts.configure(config)
    settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("desk")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what is long by nature, and most rows of long tables, to `make storm`."""
    left = amounts.left_out(items) | {item for item in items if amounts.is_long(item)}
    if left:
        config.hook.pytest_deselected(items=list(left))
        items[:] = [item for item in items if item not in left]


def pytest_collection_finish() -> None:
    """Set aside what was read once, as a desk does: to look for garbage in it took a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


@pytest.fixture(autouse=True)
def _an_empty_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test depend on how full the machine is."""
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(total=2**40, used=0, free=2**40))


@pytest.fixture
def clock() -> StoppedClock:
    """Stand still on a Monday morning."""
    return StoppedClock()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One migrated SQLite file, to be copied."""
    path: Path = tmp_path_factory.mktemp("template") / "desk.sqlite3"
    _run(_migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Give the URL of a PostgreSQL server, with a migrated database `template_desk` on it."""
    with postgres_url() as url:
        name = f"template_{uuid4().hex}"
        _run(_sql(url, f'create database "{name}"'))
        _run(_migrate(_on(url, name)))
        yield _on(url, name)
        _run(_sql(url, f'drop database "{name}" with (force)'))


@pytest.fixture
async def sqlite_store(tmp_path: Path, migrated_sqlite: Path, clock: StoppedClock) -> AsyncIterator[Store]:
    """Open a fresh desk database on SQLite."""
    shutil.copy(migrated_sqlite, tmp_path / "desk.sqlite3")
    store = open_store(f"sqlite+aiosqlite:///{tmp_path / 'desk.sqlite3'}", KEYS, tmp_path, clock)
    yield store
    await store.close()


@pytest.fixture
async def postgres_store(tmp_path: Path, postgres: str, clock: StoppedClock) -> AsyncIterator[Store]:
    """Open a fresh desk database on PostgreSQL."""
    name = f"test_{uuid4().hex}"
    await _sql(postgres, f'create database "{name}" template "{make_url(postgres).database}"', "postgres")
    store = open_store(_on(postgres, name), KEYS, tmp_path, clock)
    yield store
    await store.close()
    await _sql(postgres, f'drop database "{name}" with (force)', "postgres")


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Store:
    """Open a fresh desk database, on each kind in turn."""
    opened: Store = request.getfixturevalue(f"{request.param}_store")
    return opened


def _on(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


async def _sql(url: str, statement: str, database: str | None = None) -> None:
    engine = create_async_engine(_on(url, database) if database else url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


async def _migrate(url: str) -> None:
    store = open_store(url, KEYS, Path())
    await migrations.upgrade(store.engine)
    await store.close()


def _run(coroutine: object) -> None:
    import asyncio  # noqa: PLC0415 - only here, outside any loop

    asyncio.run(coroutine)  # type: ignore[arg-type]
