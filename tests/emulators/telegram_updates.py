"""How updates reach the bot: by its webhook or by polls, under the rules of tdlib/telegram-bot-api.

One update in flight per queue, retries until a 2xx, 409 for two pollers; what waits too long is dropped.
"""

import asyncio
import contextlib
import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

from aiogram.types import Update, WebhookInfo
from aiohttp import ClientError, ClientSession, ClientTimeout
from telegram.constants import PollingLimit, WebhookLimit

from tests.emulators.telegram_contract import Json, Refused, bad, check

RETRY, LONGEST_RETRY = 0.01, 0.08
"""Seconds before a webhook is called again; Telegram begins at 1 and ends at 60."""
SCALE = 0.01
"""How long a second of the webhook's Retry-After lasts here."""
LONGEST_POLL = 50
DAY = 86_400
TAP_LIVES = 150
ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}
"""Updates that come only to those who name them in allowed_updates."""


@dataclass(frozen=True)
class Waiting:
    """An update that nobody has confirmed, and when Telegram gives it up."""

    update: Json
    queue: int
    expires: int

    @property
    def number(self) -> int:
        """The update's id."""
        return int(self.update["update_id"])


class Updates:
    """The updates of one bot. `deliveries` are the calls of the webhook: queue and update id."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self.hook: Json | None = None
        self.deliveries: list[tuple[int, int]] = []
        self.next_number = 1
        self._keys = count()
        self._pending: dict[int, Waiting] = {}
        self._queues: dict[int, deque[int]] = defaultdict(deque)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._allowed: set[str] = set()
        self._error: tuple[int, str] | None = None
        self._poll: asyncio.Future[str] | None = None
        self._news = asyncio.Event()
        self._client: ClientSession | None = None
        self._open_calls = asyncio.Semaphore(40)

    async def close(self) -> None:
        """Call the webhook no more."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        if self._client is not None:
            await self._client.close()

    @property
    def numbers(self) -> list[int]:
        """The ids of updates nobody has confirmed."""
        return sorted(waiting.number for waiting in self._live())

    def add(self, content: Json, queue: int, *, poison: bool = False) -> int:
        """Hand out an update; `poison` skips the contract and what the bot asked for. Returns its id."""
        update = {"update_id": self.next_number} | content
        self.next_number += 1
        number = int(update["update_id"])
        kind = next(iter(content))
        if not poison:
            check(Update, update)
            if not (kind in self._allowed if self._allowed else kind not in ON_REQUEST):
                return number
        self._put(Waiting(update, queue, self._now() + (TAP_LIVES if kind == "callback_query" else DAY)))
        return number

    def _put(self, waiting: Waiting) -> None:
        key = next(self._keys)
        self._pending[key] = waiting
        self._queues[waiting.queue].append(key)
        self._news.set()
        self._start(waiting.queue)

    def _live(self) -> Iterator[Waiting]:
        """Give what waits, oldest first; forget what has waited too long."""
        for key in [key for key, waiting in self._pending.items() if waiting.expires <= self._now()]:
            del self._pending[key]
        yield from self._pending.values()

    def _forget(self, these: Callable[[Waiting], bool]) -> None:
        for key in [key for key, waiting in self._pending.items() if these(waiting)]:
            del self._pending[key]

    # --- the webhook ---------------------------------------------------------------------------------

    def set_webhook(self, given: Json) -> bool:
        """Deliver to an address from now on."""
        secret = given.get("secret_token", "")
        if secret and not re.fullmatch(rf"[A-Za-z0-9_-]{{1,{WebhookLimit.MAX_SECRET_TOKEN_LENGTH}}}", secret):
            raise bad("secret token contains unallowed characters")
        if not given["url"]:
            return self.delete_webhook(given)
        if not given["url"].startswith(("https://", "http://127.0.0.1:")):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        calls = given.get("max_connections", 40)
        if not WebhookLimit.MIN_CONNECTIONS_LIMIT <= calls <= WebhookLimit.MAX_CONNECTIONS_LIMIT:
            raise bad("max_connections must be from 1 to 100")
        self._open_calls = asyncio.Semaphore(calls)
        self.hook, self._error = given, None
        self._ask_for(given)
        self._end_poll("terminated by setWebhook request")
        if given.get("drop_pending_updates"):
            self._pending.clear()
        for queue in [*self._queues]:
            self._start(queue)
        return True

    def delete_webhook(self, given: Json) -> bool:
        """Keep updates for polls from now on."""
        self.hook = None
        if given.get("drop_pending_updates"):
            self._pending.clear()
        return True

    def webhook_info(self) -> Json:
        """Say where updates go, and what went wrong last."""
        info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(self.numbers)}
        if self.hook:
            info |= {"url": self.hook["url"], "max_connections": self.hook.get("max_connections", 40)}
        if self._allowed:
            info["allowed_updates"] = sorted(self._allowed)
        if self.hook and self._error:
            info |= {"last_error_date": self._error[0], "last_error_message": self._error[1]}
        return check(WebhookInfo, info)

    def _ask_for(self, given: Json) -> None:
        self._allowed = set(given.get("allowed_updates", self._allowed))

    def _start(self, queue: int) -> None:
        if self.hook is not None and (queue not in self._tasks or self._tasks[queue].done()):
            self._tasks[queue] = asyncio.create_task(self._drain(queue))

    async def _drain(self, queue: int) -> None:
        """One update at a time, until each is taken."""
        pause, keys = RETRY, self._queues[queue]
        while self.hook is not None and keys:
            waiting = self._pending.get(keys[0])
            wait = None
            if waiting is not None and waiting.expires > self._now():
                wait = await self._deliver(waiting)
            if wait is None:
                self._pending.pop(keys.popleft(), None)
                pause = RETRY
            else:
                await asyncio.sleep(wait or pause)
                pause = min(2 * pause, LONGEST_RETRY)

    async def _deliver(self, waiting: Waiting) -> float | None:
        """Call the webhook; None when it took the update, else how long to wait (0: as usual)."""
        assert self.hook is not None
        secret = self.hook.get("secret_token")
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        client = self._client = self._client or ClientSession(timeout=ClientTimeout(total=5))
        self.deliveries.append((waiting.queue, waiting.number))
        call = client.post(self.hook["url"], json=waiting.update, headers=headers)
        try:
            async with self._open_calls, call as response:
                if response.status < 300:
                    return None
                self._error = (self._now(), f"Wrong response from the webhook: {response.status}")
                return min(int(response.headers.get("Retry-After", 0)), 3600) * SCALE
        except (ClientError, TimeoutError):
            self._error = (self._now(), "Connection failed")
            return 0

    # --- polls ---------------------------------------------------------------------------------------

    async def poll(self, given: Json) -> list[Json]:
        """Answer getUpdates: what waits, or what comes within its timeout."""
        if self.hook is not None:
            raise _conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete it first"
            )
        self._end_poll(
            "terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        mine = self._poll = asyncio.get_running_loop().create_future()
        self._confirm(given.get("offset", 0))
        self._ask_for(given)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(given.get("timeout", 0), LONGEST_POLL)):
                await self._wait_for_news(mine)
        if mine.done():
            raise _conflict(mine.result())
        mine.set_result("answered")
        limit = max(PollingLimit.MIN_LIMIT, min(given.get("limit", 100), PollingLimit.MAX_LIMIT))
        return [waiting.update for waiting in islice(self._live(), limit)]

    def _end_poll(self, reason: str) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(reason)

    def _confirm(self, offset: int) -> None:
        """Forget what lies below the offset; one from far ahead (the numbers restarted) confirms nothing.

        A negative offset keeps that many from the end.
        """
        live = [waiting.number for waiting in self._live()]
        if offset < 0:
            kept = set(live[offset:])
            self._forget(lambda waiting: waiting.number not in kept)
        elif live and 0 < offset <= live[-1] + 10:
            self._forget(lambda waiting: waiting.number < offset)

    async def _wait_for_news(self, mine: asyncio.Future[Any]) -> None:
        while not any(True for _ in self._live()) and not mine.done():
            self._news.clear()
            news: asyncio.Future[Any] = asyncio.ensure_future(self._news.wait())
            try:
                await asyncio.wait({news, mine}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                news.cancel()


def _conflict(reason: str) -> Refused:
    return Refused(409, f"Conflict: {reason}")
