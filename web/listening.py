"""The socket the pages are behind: who does not ask in time, or is one too many, is let go again."""

import asyncio
import logging
from collections import Counter
from typing import Final, cast

import structlog
from aiohttp import web

from web.limits import Limits, Turnstile

log = structlog.get_logger(__name__)

HEAD: Final = 20.0
"""Seconds for the first request's head, from the moment somebody connects."""
IDLE: Final = 75.0
"""Seconds for each later head, from the answer before it; longer than proxies keep idle connections."""
LINGER: Final = 2.0
"""Seconds in which what a refused visitor still sends is read and thrown away, so that they see why."""
BACKLOG: Final = 128
TELL_EVERY: Final = 60.0
"""Seconds between two lines of the log about connections that were turned away."""
_NO_LOG: Final = cast("logging.Logger", None)
"""Who asked for what is written down nowhere."""
_FULL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
)


class Site(web.BaseSite):
    """Listens on an address, within limits."""

    def __init__(self, runner: web.AppRunner, host: str, port: int, limits: Limits) -> None:
        super().__init__(runner, backlog=BACKLOG)
        self._host = host
        self._port = port
        self.door = Door(limits)

    @property
    def name(self) -> str:
        """Where it listens."""
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Begin to listen. Raises OSError."""
        await super().start()
        loop = asyncio.get_running_loop()
        server = cast("web.Server", self._runner.server)
        self._server = await loop.create_server(
            lambda: _Connection(server, self.door, loop),
            self._host,
            self._port,
            backlog=self._backlog,
            reuse_address=True,
        )


class Door:
    """Counts connections, in all and from each address; those of our proxies are only counted in all."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._turnstile = Turnstile(limits.connections, limits.per_address)
        self._proxied = 0
        self._noted: Counter[str] = Counter()
        self._told_at = -TELL_EVERY

    def enter(self, address: str, now: float) -> str | None:
        """Let a connection in; None where there is no room. Returns by what it leaves."""
        proxy = self._limits.is_proxy(address)
        self._proxied += proxy
        # Each of a proxy's is somebody by itself here: its visitors are counted by their requests.
        who = f"proxied {self._proxied}" if proxy else self._limits.visitor(address, "")
        if self._turnstile.enter(who):
            return who
        self.note("turned_away", now)
        return None

    def leave(self, who: str) -> None:
        """Let one out."""
        self._turnstile.leave(who)

    def note(self, what: str, now: float) -> None:
        """Note what went wrong with a connection: counted, told once in a while, and never whose it was."""
        self._noted[what] += 1
        if now - self._told_at >= TELL_EVERY:
            log.warning("connections", open=self._turnstile.inside, **self._noted)
            self._noted.clear()
            self._told_at = now


class _Connection(web.RequestHandler):
    """One connection, which must say what it wants in time."""

    __slots__ = ("_door", "_late", "_who")

    def __init__(self, server: web.Server, door: Door, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(server, loop=loop, keepalive_timeout=IDLE, lingering_time=LINGER, access_log=_NO_LOG)
        self._door = door
        self._who: str | None = None
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let it in, or say that there is no room."""
        peer = transport.get_extra_info("peername")
        self._who = self._door.enter(str(peer[0]) if peer else "", self._loop.time())
        if self._who is None:
            door = cast("asyncio.Transport", transport)
            door.set_protocol(asyncio.Protocol())  # what it says is not read
            door.write(_FULL)
            door.close()
            return
        super().connection_made(transport)
        self._late = self._loop.call_later(HEAD, self._close_if_silent)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Make room."""
        if self._who is not None:
            self._door.leave(self._who)
        if self._late is not None:
            self._late.cancel()
        super().connection_lost(exc)

    def log_exception(self, *args: object, **kw: object) -> None:
        """Note that a request made no sense: the library would write down its address and some bytes."""
        del args
        self._door.note(f"broken: {type(kw.get('exc_info')).__name__}", self._loop.time())

    def _close_if_silent(self) -> None:
        if not self._request_count:  # no head has come whole
            self._door.note("silent", self._loop.time())
            self.force_close()
