"""What the emulators of Zalo share: a server on loopback, faults by script, files, a called webhook."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Annotated, Any, Self

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from PIL import Image
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from tests.emulators.telegram_contract import Drop, DropAfter, Json, Page, Slow

START = 1_794_800_000
"""When an emulator's own clock starts, in seconds since 1970: 16 November 2026, 10:33 in Vietnam."""
RETRY = 0.01
"""Seconds before a webhook is called again; the real ones take minutes."""


def photo(kind: str = "JPEG", side: int = 32) -> bytes:
    """Draw a photo a person can send."""
    out = BytesIO()
    Image.new("RGB", (side, side), "grey").save(out, kind)
    return out.getvalue()


class Strict(BaseModel):
    """A body in which nothing may stand that the platform does not know."""

    model_config = ConfigDict(extra="forbid", strict=True)


def units(text: str) -> int:
    """Count a text's UTF-16 code units, the strictest way a limit of characters can be meant."""
    return len(text.encode("utf-16-le")) // 2


def _public(address: str) -> str:
    if not address.startswith(("https://", "http://127.0.0.1:")):
        raise ValueError("not a public HTTPS address")
    return address


Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Address = Annotated[str, AfterValidator(_public)]


@dataclass(frozen=True)
class Huge:
    """A fault of a file: so many bytes come, and no header says how many."""

    size: int


@dataclass
class Delivery:
    """An event on its way to the webhook; `statuses` has one per try, 0 where no answer came in time."""

    raw: bytes
    headers: dict[str, str]
    statuses: list[int] = field(default_factory=list)

    @property
    def taken(self) -> bool:
        """Whether the webhook has acknowledged it."""
        return bool(self.statuses) and 200 <= self.statuses[-1] < 300


@dataclass
class Shown:
    """A message as a chat shows it. `buttons` as they were sent; `images` and `files` (by name) as bytes."""

    id: str
    mine: bool
    text: str = ""
    buttons: list[Json] = field(default_factory=list)
    images: list[bytes] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    asks_info: bool = False

    @property
    def labels(self) -> list[str]:
        """The buttons' titles."""
        return [button["title"] for button in self.buttons]


class Loopback:
    """The server; `faults[name]` is what happens to its next calls, `calls` what was asked in order.

    Its clock stands still but for a millisecond each message takes; `pass_time` moves it. `clock` (seconds
    since 1970) may be another's instead; `routes` are served beside the platform's own.
    """

    def __init__(
        self, clock: Callable[[], float] = lambda: START, routes: Sequence[web.AbstractRouteDef] = ()
    ) -> None:
        self.clock = clock
        self._routes = routes
        self.calls: list[tuple[str, Json]] = []
        self.faults: dict[str, deque[Any]] = defaultdict(deque)
        self.refused: list[str] = []
        self.files: dict[str, tuple[bytes, str]] = {}
        self.hook = ""
        self.patience, self.tries = 2.0, 3
        self.deliveries: list[Delivery] = []
        self.lost: list[Delivery] = []
        self._passed = 0.0
        self._ids = 0
        self._queues: dict[str, deque[Delivery]] = defaultdict(deque)
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, port: int = 0) -> None:
        """Listen on loopback, on a free port unless one is named."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/cdn/{name}", self._file)
        app.add_routes(self._routes)
        self.add_routes(app.router)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.client = ClientSession()

    async def stop(self) -> None:
        """Close everything."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        await self.client.close()
        await self._runner.cleanup()

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Add the platform's own addresses."""
        raise NotImplementedError

    # --- what tests do -----------------------------------------------------------------------------

    @property
    def now(self) -> float:
        """The emulator's time, in seconds since 1970."""
        return self.clock() + self._passed

    def pass_time(self, span: timedelta) -> None:
        """Let time pass."""
        self._passed += span.total_seconds()

    def called(self, name: str) -> list[Json]:
        """Return the bodies of every call of an endpoint or method, refused ones too."""
        return [body for called, body in self.calls if called == name]

    def keep(self, content: bytes, kind: str, name: str) -> str:
        """Keep a file where anybody can fetch it; returns its address."""
        name = f"{self.new_id()}-{name}"
        self.files[name] = (content, kind)
        return f"{self.url}/cdn/{name}"

    async def settled(self) -> None:
        """Wait until every event was taken or given up."""
        while running := [task for task in self._tasks.values() if not task.done()]:
            await asyncio.wait(running)

    def again(self, delivery: Delivery) -> Delivery:
        """Deliver an event once more, byte for byte, as after a lost acknowledgement."""
        return self.enqueue(Delivery(delivery.raw, delivery.headers), "again")

    # --- the webhook --------------------------------------------------------------------------------

    def tick(self) -> int:
        """Return the time in milliseconds; one passes."""
        self._passed += 0.001
        return round(self.now * 1000)

    def new_id(self) -> str:
        """Return an id nobody has had."""
        self._ids += 1
        return f"{self._ids:020x}"

    def enqueue(self, delivery: Delivery, queue: str) -> Delivery:
        """Bring an event to the webhook, after those of the same queue."""
        if not self.hook:
            self.lost.append(delivery)
            return delivery
        self.deliveries.append(delivery)
        self._queues[queue].append(delivery)
        if queue not in self._tasks or self._tasks[queue].done():
            self._tasks[queue] = asyncio.create_task(self._drain(queue))
        return delivery

    async def _drain(self, queue: str) -> None:
        while self._queues[queue]:
            delivery = self._queues[queue][0]
            while not delivery.taken and len(delivery.statuses) < self.tries and self.hook:
                await asyncio.sleep(RETRY if delivery.statuses else 0)
                await self.bring(delivery)
            if not delivery.taken:
                self.lost.append(delivery)
            self.brought(delivery)
            self._queues[queue].popleft()

    def brought(self, delivery: Delivery) -> None:
        """Take note of an event that was taken or given up."""

    async def bring(self, delivery: Delivery) -> int:
        """Call the webhook once; returns its status, 0 for none."""
        headers = {"Content-Type": "application/json"} | delivery.headers
        patience = ClientTimeout(total=self.patience)
        try:
            async with self.client.post(
                self.hook, data=delivery.raw, headers=headers, timeout=patience
            ) as response:
                delivery.statuses.append(response.status)
        except (ClientError, TimeoutError):
            delivery.statuses.append(0)
        return delivery.statuses[-1]

    # --- the server ---------------------------------------------------------------------------------

    async def serve(
        self, request: web.Request, name: str, answer: Callable[[object], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Answer a call, or let happen what was put down for its name or its path."""
        planned = self.faults[name] or self.faults[request.path]
        fault = planned.popleft() if planned else None
        if isinstance(fault, Page):
            head = {"Content-Type": "text/html"} | ({"Location": fault.location} if fault.location else {})
            return web.Response(status=fault.status, text=fault.html, headers=head)
        if isinstance(fault, Slow):
            await asyncio.sleep(fault.seconds)
        response = web.Response() if fault is Drop else await answer(fault)
        if fault is Drop or fault is DropAfter:
            assert request.transport is not None
            request.transport.abort()
        return response

    async def _file(self, request: web.Request) -> web.StreamResponse:
        async def answer(fault: object) -> web.StreamResponse:
            if isinstance(fault, Huge):
                return web.Response(body=_zeros(fault.size), content_type="image/jpeg")
            if request.match_info["name"] not in self.files:
                raise web.HTTPNotFound
            content, kind = self.files[request.match_info["name"]]
            return web.Response(body=content, content_type=kind)

        return await self.serve(request, "cdn", answer)


async def _zeros(size: int) -> AsyncIterator[bytes]:
    for _ in range(0, size, 65_536):
        yield bytes(65_536)
