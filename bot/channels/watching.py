"""Whoever watches a chat of ours: woken when it has something to show, and not too many at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.wakeup import Wakeup
from web.limits import Limits, Turnstile


class Watchers:
    """Pages that wait for what is said in their chats, of one process."""

    def __init__(self, limits: Limits) -> None:
        self._streams = Turnstile(limits.streams, limits.per_visitor)
        self._waiting: dict[str, set[Wakeup]] = {}

    def __bool__(self) -> bool:
        """Say whether anybody watches."""
        return bool(self._waiting)

    def wake(self, chat_key: str) -> None:
        """There is something new in a chat."""
        for wakeup in self._waiting.get(chat_key, ()):
            wakeup.set()

    @contextmanager
    def stream(self, chat_key: str, every: float) -> Iterator[Wakeup]:
        """Watch a chat for as long as a page is open. Raises 429 for one page too many."""
        with self._streams.through(chat_key), self.watch(chat_key, every) as wakeup:
            yield wakeup

    @contextmanager
    def watch(self, chat_key: str, every: float) -> Iterator[Wakeup]:
        """Watch a chat for a moment; look by oneself every so many seconds."""
        wakeup = Wakeup(every)
        self._waiting.setdefault(chat_key, set()).add(wakeup)
        try:
            yield wakeup
        finally:
            watchers = self._waiting[chat_key]
            watchers.discard(wakeup)
            if not watchers:
                del self._waiting[chat_key]
