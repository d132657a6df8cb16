"""What attacks at the door cost everybody else: memory of the desk, and how long /healthz takes meanwhile.

The attackers come from an address of their own, in a process of their own. The baseline is the same time
without any attack.
"""

import asyncio
import io
import json
import multiprocessing
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout, FormData, TCPConnector
from PIL import Image

from bench.startup import environment, free_port, resident_mb, wait_healthy
from services.intake.attachments import MAX_PIXELS

HOST, ATTACKER = "127.0.0.1", "127.0.0.2"
SENT_MB = 200
"""What an endless form sends, if nobody cuts the line."""
LINK = "http://a.vn/ "
BETWEEN = 0.05
"""Seconds between two questions for /healthz."""
QUIET = 5.0
"""Seconds of the baseline."""


@dataclass(frozen=True, slots=True)
class Suffered:
    """What one attack did: most memory in MB over what there was, the slowest answer in ms, failed ones."""

    attack: str
    memory: float
    slowest: float
    unanswered: int


def main() -> str:
    """Return, for each attack, the memory in MB it took and the slowest answer of /healthz in ms."""
    with tempfile.TemporaryDirectory() as folder, desk(Path(folder)) as (port, pid):
        found = asyncio.run(besiege(port, pid))
    base, *attacks = found
    told = ", ".join(f"{one.attack} {one.memory:+.0f} MB {one.slowest:.0f} ms" for one in attacks)
    failed = sum(one.unanswered for one in found)
    return f"{told} (quiet {base.memory:+.0f} MB {base.slowest:.0f} ms), {failed} of /healthz unanswered"


@contextmanager
def desk(folder: Path) -> Iterator[tuple[int, int]]:
    """Run a desk with a folder; gives its port and its process."""
    port = free_port()
    command = [sys.executable, "-m", "bot", "run"]
    with subprocess.Popen(command, env=environment(port, folder)) as process:  # noqa: S603 - our own program
        try:
            wait_healthy(port)
            yield port, process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


async def besiege(port: int, pid: int) -> list[Suffered]:
    """Let every attack run against a desk, one after another; the first of what is returned is none."""
    found = [await _suffered("quiet", port, pid, asyncio.sleep(QUIET))]
    loop, context = asyncio.get_running_loop(), multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context) as elsewhere:
        await loop.run_in_executor(elsewhere, int)  # it has started
        for attack in ATTACKS:
            running = loop.run_in_executor(elsewhere, _run, attack, port)
            found.append(await _suffered(attack.__name__, port, pid, running))
    return found


def _run(attack: Callable[[ClientSession, str], Awaitable[None]], port: int) -> None:
    asyncio.run(_attacking(attack, port))


async def _attacking(attack: Callable[[ClientSession, str], Awaitable[None]], port: int) -> None:
    line = TCPConnector(limit=0, local_addr=(ATTACKER, 0))
    async with ClientSession(connector=line, timeout=ClientTimeout(60)) as session:
        await attack(session, f"http://{HOST}:{port}")


async def _suffered(name: str, port: int, pid: int, attack: Awaitable[None]) -> Suffered:
    before, times, unanswered = resident_mb(pid), [0.0], 0
    most, running = before, asyncio.ensure_future(attack)
    async with ClientSession(timeout=ClientTimeout(30)) as session:
        while not running.done():
            begun = time.perf_counter()
            try:
                async with session.get(f"http://{HOST}:{port}/healthz") as answer:
                    unanswered += answer.status != 200
            except (ClientError, TimeoutError):
                unanswered += 1
            times.append(time.perf_counter() - begun)
            most = max(most, resident_mb(pid))
            await asyncio.sleep(BETWEEN)
    await running
    return Suffered(name, most - before, max(times) * 1000, unanswered)


# --- the attacks ---------------------------------------------------------------------------------


async def fields(session: ClientSession, address: str) -> None:
    """Send a form whose fields never end."""

    async def pieces() -> AsyncIterator[bytes]:
        for n in range(SENT_MB * 16):
            yield b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n' % n + b"x" * 65_000 + b"\r\n"

    await _post(session, address, pieces(), {"Content-Type": "multipart/form-data; boundary=x"})


async def field(session: ClientSession, address: str) -> None:
    """Send a form of one field that never ends."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
        for _ in range(SENT_MB * 16):
            yield b"x" * 65_536

    await _post(session, address, pieces(), {"Content-Type": "multipart/form-data; boundary=x"})


async def words(session: ClientSession, address: str) -> None:
    """Send the longest messages, too long ones first, and look at the page of them again and again."""
    visitor = _visitor()
    long = [("1 " * 450_000)] * 10 + [LINK * 600] * 20
    for text in long:
        said = json.dumps({"text": text, "client_id": secrets.token_hex(16)})
        await _post(session, address, said.encode(), {"Content-Type": "application/json", **visitor})
    for _ in range(20):
        with suppress(ClientError, TimeoutError):
            async with session.get(f"{address}/chat", headers=visitor) as page:
                await page.read()


async def pictures(session: ClientSession, address: str) -> None:
    """Send small pictures at once that are large when unpacked: half of the sixteen are just not refused."""

    async def send(side: int) -> None:
        flat = io.BytesIO()
        Image.new("RGBA", (side, side), (9, 9, 9, 255)).save(flat, "PNG")
        form = FormData({"client_id": secrets.token_hex(16), "text": "ảnh"})
        form.add_field("files", flat.getvalue(), filename="a.png", content_type="image/png")
        await _post(session, address, form, {})

    await asyncio.gather(*(send(side) for side in (7_900, int(MAX_PIXELS**0.5)) for _ in range(8)))


async def silence(session: ClientSession, address: str) -> None:
    """Open three hundred lines that say half a head, or nothing, and as many streams as one may."""
    port = int(address.rsplit(":", 1)[1])
    lines = []
    for n in range(300):
        with suppress(OSError):
            _, writer = await asyncio.open_connection(HOST, port, local_addr=(ATTACKER, 0))
            lines.append(writer)
            if n % 2:
                writer.write(b"POST /chat/send HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: ")

    async def stream() -> None:
        with suppress(ClientError, TimeoutError):
            async with session.get(f"{address}/chat/stream", headers=_visitor()) as bubbles:
                await bubbles.content.readline()

    await asyncio.gather(*(stream() for _ in range(200)))
    for writer in lines:
        writer.close()


ATTACKS = (fields, field, words, pictures, silence)


def _visitor() -> dict[str, str]:
    return {"Cookie": f"chat={secrets.token_urlsafe(32)}", "Accept": "application/json"}


async def _post(session: ClientSession, address: str, data: object, headers: dict[str, str]) -> None:
    """Post it, whatever becomes of it: the line may be cut while it is sent."""
    with suppress(ClientError, TimeoutError, OSError):
        async with session.post(f"{address}/chat/send", data=data, headers=_visitor() | headers) as answer:
            await answer.read()
