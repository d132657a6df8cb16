"""Whether a desk of a whole province is as light as one of a commune, measured in the same run, by turns.

The province is invented (see `bench.province`): 130 communes, 1,700 units, 6,500 officials, 2,600 hamlets.
Its citizens write on the pages of all communes, one after the other, and once all on one commune's, which is
what the desk of one commune does too. Before the clock begins one citizen of each commune has been answered.
"""

import asyncio
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import province
from bench.startup import DESK, ask, resident_mb, start
from bench.updates import SAID, answered, check, working
from storage.ground import crypto
from storage.office.rulebook import Library
from storage.store.engine import Store, open_store

_CITIZENS, _ROUNDS = 100, 3
_RELOADS = 3
_PAGES = [f"/chat/{province.code(number)}" for number in range(province.COMMUNES)]


@dataclass
class _Desk:
    """A seeded desk and the pages it is written on; `took` are CPU and real seconds of each round."""

    folder: Path
    pages: Sequence[str]
    seeded: float
    took: list[tuple[float, float]] = field(default_factory=list)
    reloads: list[float] = field(default_factory=list)
    memory: float = 0.0
    """MB held once a citizen of each commune was answered; the second holds only what is its own."""

    @property
    def cpu_ms(self) -> float:
        """The milliseconds of CPU that a message costs: the middle one of the rounds."""
        return statistics.median(cpu for cpu, _ in self.took) / (_CITIZENS * len(SAID)) * 1000

    @property
    def rate(self) -> float:
        """Updates a second: the middle one of the rounds."""
        return _CITIZENS * len(SAID) / statistics.median(real for _, real in self.took)

    @property
    def reload(self) -> float:
        """Seconds until a change of the directory is in force: the middle one of the tries."""
        return statistics.median(self.reloads)


def main() -> str:
    """Return what both cost. Fails if a single case or reply is missing."""
    with tempfile.TemporaryDirectory() as folder:
        one = _seeded(Path(folder) / "one", 1, ["/chat"])
        many = _seeded(Path(folder) / "many", province.COMMUNES, _PAGES)
        starts = [start(DESK, desk.folder, asks=ask) for desk in (one, many)]
        busy = _Desk(many.folder, _PAGES[:1], many.seeded)
        asyncio.run(_measured(one, many, busy))
    return (
        f"{len(_PAGES)} communes beside one: seeded in {many.seeded:.1f} s ({one.seeded:.1f}), "
        f"a change in force after {many.reload:.2f} s ({one.reload:.2f}), "
        f"{many.rate:.0f} updates/s ({one.rate:.0f}, {many.rate / one.rate:.2f}x; "
        f"all in one commune {busy.rate:.0f}, {busy.rate / one.rate:.2f}x), "
        f"{many.cpu_ms:.2f} and {busy.cpu_ms:.2f} ms of CPU each ({one.cpu_ms:.2f}), "
        f"{many.memory:+.0f} MB more ({starts[0][1]:.0f}; at the start {starts[1][1]:.0f}), "
        f"start {starts[1][0] - starts[0][0]:+.2f} s ({starts[0][0]:.2f})"
    )


def _seeded(folder: Path, communes: int, pages: Sequence[str]) -> _Desk:
    """Seed a new desk as whoever installs it does."""
    folder.mkdir()
    data, name = province.seed(communes)
    (folder / name).write_bytes(data)
    command = [sys.executable, "-m", "bot", "seed", str(folder / name)]
    own = {**os.environ, "DATA_DIR": str(folder), "LOG_LEVEL": "error"}  # noqa: TID251 - a child's environment
    begun = time.perf_counter()
    subprocess.run(command, env=own, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
    return _Desk(folder, pages, time.perf_counter() - begun)


async def _measured(one: _Desk, many: _Desk, busy: _Desk) -> None:
    stores = {desk.folder: _opened(desk) for desk in (one, many)}
    for desk in (one, many):
        store, before = stores[desk.folder], resident_mb(os.getpid())
        desk.reloads += [await _reload(store) for _ in range(_RELOADS)]
        async with working(store) as port:
            await answered(store, port, len(_PAGES), desk.pages)
        desk.memory = resident_mb(os.getpid()) - before
    gc.collect()
    gc.freeze()  # as a running desk does: see `bot.app`
    for _ in range(_ROUNDS):
        for desk in (one, many, busy):
            store = stores[desk.folder]
            async with working(store) as port:
                cpu, real = time.process_time(), time.perf_counter()
                await answered(store, port, _CITIZENS, desk.pages)
                desk.took.append((time.process_time() - cpu, time.perf_counter() - real))
    for folder, store in stores.items():
        rounds = sum(len(desk.took) for desk in (one, many, busy) if desk.folder == folder)
        await check(store, len(_PAGES) + rounds * _CITIZENS, others=1)
        await store.close()


def _opened(desk: _Desk) -> Store:
    keyring = crypto.load(desk.folder / "secret.key")
    return open_store(f"sqlite+aiosqlite:///{desk.folder / 'desk.sqlite3'}", keyring, desk.folder)


async def _reload(store: Store) -> float:
    """Return the seconds to read the rules anew, as after a change: what is learned of words is known."""
    store.library = Library()
    begun = time.perf_counter()
    async with store.read():
        pass
    return time.perf_counter() - begun
