"""How long the desk takes from nothing to its first healthy answer and its first message, and idle memory."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import URLError

DESK = [sys.executable, "-m", "bot", "run"]


def main() -> str:
    """Return seconds to /healthz on a fresh and on an existing database, and the idle memory in MB.

    On the existing one a message waits for the desk, and the time in which it is answered is told too.
    The baseline is an empty aiohttp server of the same Python, started the same way.
    """
    with tempfile.TemporaryDirectory() as folder:
        first, _, _, _ = start(DESK, Path(folder))
        again, memory, cpu, answered = start(DESK, Path(folder), idle=5.0, asks=ask)
        base, base_memory, _, _ = start(_bare(), Path(folder))
    return (
        f"{first:.2f} s to a fresh database, {again:.2f} s to an existing one (bare aiohttp {base:.2f} s), "
        f"{answered:.2f} s to the first message answered; "
        f"idle {memory:.0f} MB (bare {base_memory:.0f} MB), {cpu:.1f} % of a core"
    )


def _bare() -> list[str]:
    code = (
        "import os\nfrom aiohttp import web\n"
        "async def ok(request): return web.Response(text='ok')\n"
        "app = web.Application()\napp.add_routes([web.get('/healthz', ok)])\n"
        "web.run_app(app, host='127.0.0.1', port=int(os.environ['LISTEN'].split(':')[1]), print=None)\n"
    )
    return [sys.executable, "-c", code]


def start(
    command: list[str], folder: Path, idle: float = 0.0, asks: Callable[[int], None] | None = None
) -> tuple[float, float, float, float]:
    """Return seconds to the first healthy answer, memory in MB, and percent of a core while idle.

    The last are the seconds until what it `asks`, at the desk's port, was answered.
    """
    port = free_port()
    begun = time.perf_counter()
    with subprocess.Popen(command, env=environment(port, folder)) as process:  # noqa: S603 - our own program
        try:
            wait_healthy(port)
            took = time.perf_counter() - begun
            if asks is not None:
                asks(port)
            answered = time.perf_counter() - begun
            before = _cpu_seconds(process.pid)
            time.sleep(idle)
            cpu = (_cpu_seconds(process.pid) - before) / idle * 100 if idle else 0.0
            return took, resident_mb(process.pid), cpu, answered
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def ask(port: int) -> None:
    """Post a message and return when the chat's stream shows the desk's answer."""
    kinds = {"Content-Type": "application/json", "Accept": "application/json"}
    cookie = {"Cookie": f"chat={secrets.token_urlsafe(32)}"}
    said = json.dumps({"text": "xin chào", "client_id": secrets.token_hex(16)})
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as desk:
        desk.request("POST", "/chat/send", said, {**cookie, **kinds})
        desk.getresponse().read()
        desk.request("GET", "/chat/stream", headers=cookie)
        bubbles = desk.getresponse()
        while b'class="bubble desk"' not in bubbles.readline():
            pass


def environment(port: int, folder: Path) -> dict[str, str]:
    """Return what tells a desk where to listen and where to keep its data."""
    own = {"LISTEN": f"127.0.0.1:{port}", "DATA_DIR": str(folder), "LOG_LEVEL": "error"}
    return {**os.environ, **own}  # noqa: TID251 - a child's environment


def wait_healthy(port: int) -> None:
    """Return once /healthz answers. Raises TimeoutError after a minute."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.01)
    raise TimeoutError("the server never became healthy")


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def resident_mb(pid: int) -> float:
    """Return the memory in MB that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
