"""A desk process that can be killed: at any moment from outside, and at chosen ones by what it is told."""

import asyncio
import os
import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog

import bot.worker
from bot import marks
from bot.channels.channel import Outcome, Part
from bot.desk import Desk
from domain.directory import Directory
from domain.messages import Incoming, Said, Text
from domain.rules import Rules
from handlers.door.receive import receive
from storage.ground.work import Work
from storage.mail.outbox import Delivery
from storage.store.engine import DatabaseClock, open_store
from tests.conftest import KEYS
from tests.conversations.paper import Paper

Rules.parse(
    {}, Directory()
)  # once, in the process that all these are forked from: they start ten times faster

POISON = "thuốc độc"
"""A message that kills every process that reads it."""
MOMENTS = ("read", "answered", "committed", "calling", "called")
"""The moments of a message at which `die_once` kills."""


def die_once(moment: str) -> str:
    """Return words that kill the first process which comes to this moment with them, and no other."""
    return f"chết {moment}"


class Deadly(Paper):
    """Paper that is kept in a file, one line a delivery, and that kills when it is told to."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def normalize(self, body: Any) -> Said | None:  # noqa: ANN401 - the protocol's
        said = super().normalize(body)
        text = said.text if isinstance(said, Text) else ""
        if text == POISON:
            _die()
        self.die(text, "read")
        return said

    async def send(self, delivery: Delivery, part: Part) -> Outcome:
        await asyncio.sleep(0)
        self.die(delivery.key, "calling")
        with told_file(self._folder).open("a") as file:
            file.write(f"{delivery.key}\n")
        self.die(delivery.key, "called")
        return await super().send(delivery, part)

    async def receive(self, work: Work, incoming: Incoming) -> None:
        """Answer a message as the desk does, and die after it if told to."""
        await receive(work, incoming)
        text = incoming.said.text if isinstance(incoming.said, Text) else ""
        self.die(text, "answered")
        work.after_commit.append(lambda: self.die(text, "committed"))

    def die(self, words: str, moment: str) -> None:
        """Kill this process if the words name the moment and it has killed nobody yet."""
        scar = self._folder / f"died-{moment}"
        if moment in words and "chết" in words and not scar.exists():
            scar.touch()
            _die()


def told_file(folder: Path) -> Path:
    """Return where deliveries are written down."""
    return folder / "told"


def ready_file(folder: Path, pid: int | None) -> Path:
    """Return where a process notes that it hears signals."""
    return folder / f"ready-{pid}"


def run(url: str, folder: Path, name: str, ahead: timedelta) -> None:
    """Run everything a desk runs, until SIGTERM; its clock is so far ahead of the database's."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))
    asyncio.run(_run(url, folder, name, ahead))


async def _run(url: str, folder: Path, name: str, ahead: timedelta) -> None:
    clock = DatabaseClock()
    clock.shift = ahead
    store = open_store(url, KEYS, folder, clock)
    paper = Deadly(folder)
    bot.worker.receive = paper.receive
    desk = Desk(store, [paper])
    with marks.running(folder, name) as desk.worker.careful:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        ready_file(folder, os.getpid()).touch()
        await desk.run("all", stop)
        await store.close()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
