"""A nudge between the loops of one process; other replicas' work is found by looking every so often."""

import asyncio


class Wakeup:
    """Set by whoever made work, waited for by whoever does it; waits no longer than `every` seconds."""

    def __init__(self, every: float) -> None:
        self._event = asyncio.Event()
        self._every = every

    def set(self) -> None:
        """There is work."""
        self._event.set()

    async def wait(self, stop: asyncio.Event) -> None:
        """Wait for work, for the interval to pass or for the stop."""
        waits = [asyncio.ensure_future(self._event.wait()), asyncio.ensure_future(stop.wait())]
        try:
            await asyncio.wait(waits, timeout=self._every, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        self._event.clear()
