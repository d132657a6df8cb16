"""Whether messages can be stored: known from those that came lately, and else from a small write."""

import asyncio

import structlog

from storage.store import proof
from storage.store.engine import Replaced, Store

log = structlog.get_logger(__name__)

HOLDS = 10.0
"""Seconds for which it is known: nobody who asks makes the desk write more often."""
WITHIN = 5.0
"""Seconds the database may take."""
_REPLACED = (
    "Stop the desk and put the database's file back: nothing is stored or acknowledged until then. "
    "See docs/administering.md."
)


class Storing:
    """Knows whether messages can be stored."""

    def __init__(self, store: Store, holds: float = HOLDS) -> None:
        self._store = store
        self._holds = holds
        self._known_at: float | None = None
        self._trouble = ""
        self._asking = asyncio.Lock()
        self._told = False

    def stored(self) -> None:
        """Messages were stored."""
        self._known_at, self._trouble = asyncio.get_running_loop().time(), ""

    def failed(self, error: BaseException) -> None:
        """Something could not be done: it is no longer known."""
        if not self._trouble:
            self._known_at = None
        if isinstance(error, Replaced) and not self._told:
            self._told = True
            log.critical("database_replaced", error=str(error), note=_REPLACED)

    async def trouble(self) -> str:
        """Return why nothing can be stored; empty when it can be."""
        async with self._asking:
            now = asyncio.get_running_loop().time()
            if self._known_at is None or now - self._known_at >= self._holds:
                self._trouble = await self._try()
                self._known_at = asyncio.get_running_loop().time()
            return self._trouble

    async def _try(self) -> str:
        try:
            async with asyncio.timeout(WITHIN), self._store.work() as work:
                await proof.write(work)
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing can be stored
            self.failed(error)
            return proof.why(error)
        return ""
