"""The demo as a running desk: every role in one process on this machine, until Ctrl+C."""

import asyncio
import signal
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

from bot.app import desk, serving, web_app
from bot.demo import house
from bot.demo.hands import Hands
from bot.demo.pages import Demo
from bot.opening import opened
from bot.settings import Settings
from storage.store.engine import DatabaseClock

HOST = "127.0.0.1"
PORTS = range(8080, 8100)

Tell = Callable[[str], None]


@dataclass
class Running:
    """A demo that was asked to run: told where it is reached, told when to stop."""

    tell: Tell
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    address: str = ""

    async def run(self, settings: Settings, *, fresh: bool = False) -> None:
        """Run until the stop; “begin anew” starts over in the same process. Raises house.Refused."""
        while not self.stop.is_set():
            await house.look(settings, fresh=fresh)
            fresh = await self._once(settings)

    async def _once(self, settings: Settings) -> bool:
        """Run one demo. Returns whether to begin anew."""
        async with opened(settings, made_up=True) as store, desk(settings, store, "all") as running:
            await house.furnish(store)
            clock = cast("DatabaseClock", store.clock)
            await house.set_the_clock(store, clock)
            await house.seat_everyone(running)
            demo = Demo(running, Hands(running, clock), can_begin_anew=not settings.database_url)
            end = asyncio.Event()
            async with serving(settings, web_app(running, store, demo.routes())):
                self._say_where(settings)
                ending = asyncio.create_task(self._end(demo, end))
                await running.run("all", end)
                ending.cancel()
                await asyncio.gather(ending, return_exceptions=True)
            await demo.close()
        return demo.begin_anew.is_set()

    def _say_where(self, settings: Settings) -> None:
        address = f"http://{settings.listen}/demo"
        if address != self.address:
            self.address = address
            self.tell(f"{address}   (made-up data in {settings.data_dir}; Ctrl+C ends it)")
        self.ready.set()

    async def _end(self, demo: Demo, end: asyncio.Event) -> None:
        """Stop the desk when asked to, or when the demo is to begin anew."""
        waits = [asyncio.ensure_future(event.wait()) for event in (self.stop, demo.begin_anew)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        await demo.close()
        end.set()


async def serve(settings: Settings, tell: Tell, *, port: int | None = None, fresh: bool = False) -> None:
    """Run the demo until SIGINT or SIGTERM. Raises house.Refused."""
    own = house.house(settings)
    with house.moved_in(own):
        found = free_port([port] if port is not None else PORTS)
        if port is None and found != PORTS[0]:
            tell(f"port {PORTS[0]} is taken; using {found}")
        running = Running(tell)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, running.stop.set)
        await running.run(own.model_copy(update={"listen": f"{HOST}:{found}"}), fresh=fresh)


def free_port(ports: Sequence[int]) -> int:
    """Return the first of the ports that is free. Raises house.Refused."""
    for port in ports:
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            return int(probe.getsockname()[1])
    raise house.Refused(f"port {ports[0]} is taken; write --port with another, or end what uses it")
