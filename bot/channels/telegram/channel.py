"""Telegram, with python-telegram-bot as the typed client only: updates are stored as they came, read later.

Each update is committed before it is acknowledged: before the webhook's 200, and before the next getUpdates,
whose offset is what confirms the ones before it.
"""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any, Literal
from urllib.parse import urlencode

import structlog
from aiohttp import web
from pydantic import SecretStr
from sqlalchemy.exc import DBAPIError
from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError

from bot.alone import alone
from bot.channels import raw
from bot.channels.channel import (
    Caps,
    Hook,
    HookFailed,
    Ingest,
    NotThere,
    Outcome,
    Part,
    Read,
    RemoteFile,
    TooBig,
)
from bot.channels.telegram import check, read
from bot.channels.telegram.http import AiohttpRequest, TooMany
from bot.channels.telegram.send import BAD_TOKEN_PAUSE, Sending
from bot.findings import Finding
from storage.mail import offsets
from storage.mail.inbox import Arrived
from storage.mail.outbox import Delivery, Limits
from storage.store.engine import Store
from storage.time import leases

log = structlog.get_logger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name

ANSWER_WITHIN = 20.0
"""Seconds Telegram may take to answer; with the time to connect it stays below the outbox's lease."""
LONG_POLL = 50
LONGEST_PAUSE = 60.0
TYPING = 5.0
"""Seconds for which Telegram shows that somebody types."""
HOOKED = "updates cannot be polled: run `python -m bot webhook delete`, or set TELEGRAM_MODE=webhook"

_MAX_TEXT = 4096


class Telegram:
    """One bot account. Raises ValueError when it cannot work as it is set up."""

    caps = Caps(
        max_text=_MAX_TEXT,
        buttons=99,  # and one that copies
        edit=True,
        # Telegram takes 30 a second from a bot, about one a second to a chat and 20 a minute to a group.
        limits=Limits(timedelta(milliseconds=40), 5, timedelta(seconds=1), timedelta(seconds=3)),
        album=10,
        upload=50_000_000,
        media=frozenset({"photo", "audio", "video", "pdf"}),
        wishes=frozenset({"contact", "location"}),
        reactions=True,
        commands=True,
    )

    def __init__(  # noqa: PLR0913, PLR0917 - each is a setting
        self,
        account: str,
        token: SecretStr,
        api_url: str,
        webhook_secret: SecretStr,
        mode: Literal["webhook", "polling"],
        store: Store,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        secret = webhook_secret.get_secret_value()
        if mode == "webhook" and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise ValueError("TELEGRAM_WEBHOOK_SECRET must be 1 to 256 letters, digits, _ or -")
        # At debug it writes down the token and what citizens say.
        logging.getLogger("telegram").setLevel(logging.WARNING)
        self.account = account
        self._secret = secret
        self.called = mode == "webhook"
        self._store = store
        self._sleep = sleep
        self._request = AiohttpRequest(token.get_secret_value(), ANSWER_WITHIN)
        self._bot = Bot(
            token.get_secret_value(),
            base_url=f"{api_url.rstrip('/')}/bot",
            base_file_url=f"{api_url.rstrip('/')}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )
        self.sending = Sending(account, self._bot, store)
        self.username = ""
        """The bot's own name, once `learn_name` was told."""
        self._asides: set[asyncio.Task[None]] = set()
        self._typing: set[str] = set()
        self._told_of_hook = False
        self.secrets = (token.get_secret_value(), secret)

    async def close(self) -> None:
        """Let the last taps be answered, then close the connections."""
        if self._asides:
            await asyncio.wait(self._asides, timeout=2)
        for task in self._asides:
            task.cancel()
        await self._request.shutdown()

    # --- what comes in ---------------------------------------------------------------------------

    def routes(self, ingest: Ingest) -> Sequence[web.AbstractRouteDef]:
        """Return the webhook's route; none where the updates are polled."""

        async def take(update: object) -> None:
            await self._take([update], ingest)

        path = f"/telegram/{self.account}"
        return [raw.webhook(path, SECRET_HEADER, self._secret, take)] if self.called else []

    async def hook(self) -> Hook:
        """Ask Telegram what it calls. Raises HookFailed."""
        try:
            info = await self._bot.get_webhook_info()
        except TelegramError as error:
            raise HookFailed(str(error)) from None
        failed = info.last_error_date
        why = info.last_error_message or "" if failed else ""
        return Hook(info.url, info.pending_update_count, why, int(failed.timestamp()) if failed else 0)

    async def set_hook(self, base_url: str) -> bool:
        """Point Telegram at our webhook, unless it points there already and is content. Raises HookFailed.

        To be called once in a deployment, not by every replica: Telegram limits it.
        """
        url = f"{base_url}/telegram/{self.account}"
        found = await self.hook()
        await self.sending.set_default_commands()
        if found.url == url and not found.failed_at:
            return False
        try:
            await self._bot.set_webhook(url, secret_token=self._secret, allowed_updates=read.WANTED)
        except TelegramError as error:
            raise HookFailed(str(error)) from None
        return True

    async def delete_hook(self) -> None:
        """Have Telegram call nobody; what waits is kept for whoever polls. Raises HookFailed."""
        try:
            await self._bot.delete_webhook()
        except TelegramError as error:
            raise HookFailed(str(error)) from None

    async def examine(self, base_url: str) -> Sequence[Finding]:
        """Look at the token, and at how what people write comes to us."""
        wanted = f"{base_url}/telegram/{self.account}" if self.called else ""
        try:
            async with self._store.read() as work:
                polled = await leases.is_held(work, f"poll:{self.account}")
        except DBAPIError:  # it has no tables yet, or is away
            polled = False
        return await check.examine(self.account, self._bot, wanted, self.hook, polled_here=polled)

    async def listen(self, ingest: Ingest) -> None:
        """Poll for ever, as the only replica that does. Returns at once in webhook mode."""
        if not self.called:
            await alone(self._store, f"poll:{self.account}", partial(self._poll_on, ingest))

    async def _poll_on(self, ingest: Ingest) -> None:
        """Poll; whatever fails is tried again."""
        failures = 0
        await self.sending.set_default_commands()
        while True:
            try:
                await self._poll(ingest)
                failures, self._told_of_hook = 0, False
            except Exception as error:  # noqa: BLE001 - the database or the network: neither may end it
                failures += 1
                await self._sleep(self._pause(error, failures))

    async def _poll(self, ingest: Ingest) -> None:
        async with self._store.read() as work:
            position = await offsets.read(work, self.account)
        wanted = json.dumps(read.WANTED)
        query = urlencode({"offset": position, "timeout": LONG_POLL, "allowed_updates": wanted})
        # Not Bot.get_updates: one update it cannot parse would hide all the others, for ever.
        url = f"{self._bot.base_url}/getUpdates?{query}"
        updates: Any = await self._request.post(url, read_timeout=LONG_POLL + ANSWER_WITHIN)
        if not updates:
            return
        await self._take([raw.storable(update) for update in updates], ingest)
        last = max(number for update in updates if (number := read.number_of(update)) is not None)
        async with self._store.work() as work:
            await offsets.save(work, self.account, last + 1)

    def _pause(self, error: Exception, failures: int) -> float:
        """Log a failed call; return how many seconds to wait."""
        seconds = min(2.0**failures, LONGEST_PAUSE)
        match error:
            case TooMany():
                seconds = error.after.total_seconds()
                log.warning("telegram_throttled", account=self.account, seconds=seconds)
            case InvalidToken():
                seconds = BAD_TOKEN_PAUSE.total_seconds()
                log.error("telegram_token_refused", account=self.account)
            case Conflict() if "webhook" in str(error).lower():
                if not self._told_of_hook:
                    log.error("telegram_has_a_webhook", account=self.account, reason=HOOKED)
                self._told_of_hook = True
            case Conflict():  # who polls without our lease is another installation
                log.error("telegram_polled_elsewhere", account=self.account, reason=str(error))
            case _:
                reason = f"{type(error).__name__}: {error}"
                log.warning("telegram_call_failed", account=self.account, reason=reason)
        return seconds

    async def _take(self, updates: Sequence[object], ingest: Ingest) -> None:
        arrived = [self._arrived(update) for update in updates]
        done = await asyncio.gather(*map(ingest, arrived), return_exceptions=True)
        for error in done:
            if error is not None:
                raise error
        for update, one in zip(updates, arrived, strict=True):
            self._show_it_came(update, one)

    def _arrived(self, update: object) -> Arrived:
        return Arrived(
            self.account,
            read.external_id(update),
            read.address(update),
            update,
            read.speaker(update),
            read.files(update),
            read.album(update),
        )

    def _show_it_came(self, update: object, arrived: Arrived) -> None:
        """Stop the wheel on a button, or type while files are fetched; it waits for nothing."""
        if query := read.query_id(update):
            self._aside(partial(self._bot.answer_callback_query, query))
        elif arrived.files and arrived.address not in self._typing:
            self._typing.add(arrived.address)
            asyncio.get_running_loop().call_later(TYPING, self._typing.discard, arrived.address)
            self._aside(partial(self._bot.send_chat_action, arrived.address, ChatAction.TYPING))

    def _aside(self, call: Callable[[], Awaitable[object]]) -> None:
        task = asyncio.create_task(self._try(call))
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _try(self, call: Callable[[], Awaitable[object]]) -> None:
        """Make a call that nothing depends on."""
        try:
            await call()
        except TelegramError as error:  # mostly "query is too old", after a pause
            log.info("telegram_not_shown", account=self.account, reason=str(error))

    def normalize(self, body: Any) -> Read | None:  # noqa: ANN401 - the Protocol's
        """Read a stored update; None for what asks for nothing. Raises Unparsable."""
        return read.said(body, self.username)

    def message_id(self, body: Any) -> str:  # noqa: ANN401 - the Protocol's
        """Return what Telegram calls the message of a stored update."""
        return read.message_id(body)

    async def learn_name(self) -> None:
        """Ask Telegram for the bot's own name until it is told."""
        for failures in count(1):
            try:
                self.username = (await self._bot.get_me()).username or ""
            except Exception as error:  # noqa: BLE001 - whatever was answered, it is asked again
                await self._sleep(self._pause(error, failures))
            else:
                return

    async def fetch(self, file: RemoteFile, most: int) -> bytes:
        """Return a file. Raises TooBig or NotThere; its address, which holds the token, is kept nowhere."""
        try:
            found = await self._bot.get_file(file.ref)
        except BadRequest as error:
            reason = str(error).lower()
            if "too big" in reason:
                raise TooBig from None
            if "temporarily unavailable" in reason:
                raise
            raise NotThere from None
        if not found.file_path:
            raise NotThere
        return await self._request.download(found.file_path, most)

    # --- what goes out ---------------------------------------------------------------------------

    async def send(self, delivery: Delivery, part: Part) -> Outcome:
        """Send one part of a message, or edit the card that stands there."""
        return await self.sending.send(delivery, part)
