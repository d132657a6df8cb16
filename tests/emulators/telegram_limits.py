"""The server's own limits on how fast a bot may send, for tests that switch them on."""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from telegram.constants import FloodLimit

from tests.emulators.telegram_contract import too_many

BURST = 3
"""How many messages in one go a private chat takes."""


@dataclass
class Limiter:
    """Sliding windows: 30 a second from a bot, 20 a minute to a group, one a second to a person.

    `clock` gives seconds; a test puts its own there.
    """

    clock: Callable[[], float] = time.monotonic
    _sent: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def admit(self, chat: int, messages: int = 1) -> None:
        """Count messages to a chat. Raises a 429 with the seconds to wait, and then counts none."""
        windows = [(0, int(FloodLimit.MESSAGES_PER_SECOND), 1.0)]
        if chat < 0:
            windows.append((chat, int(FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP), 60.0))
        else:
            windows.append((chat, BURST, float(BURST)))
        wait = max(self._wait(key, most, within, messages) for key, most, within in windows)
        if wait > 0:
            raise too_many(max(1, math.ceil(wait)))
        for key, _, _ in windows:
            self._sent[key].extend([self.clock()] * messages)

    def _wait(self, key: int, most: int, within: float, messages: int) -> float:
        now, sent = self.clock(), self._sent[key]
        while sent and sent[0] <= now - within:
            sent.popleft()
        # An album longer than a window holds goes when the window is empty.
        over = min(len(sent), len(sent) + messages - most)
        return sent[over - 1] + within - now if over > 0 else 0.0
