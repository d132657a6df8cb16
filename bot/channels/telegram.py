"""Telegram, with python-telegram-bot as the typed client only: updates are stored as they came, read later.

Each update is committed before it is acknowledged: before the webhook's 200, and before the next getUpdates,
whose offset is what confirms the ones before it.
"""

import asyncio
import hmac
import json
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import urlencode

import structlog
from aiohttp import web
from pydantic import SecretStr
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, TelegramError

from bot.channels import telegram_read as read
from bot.channels.channel import (
    Ambiguous,
    Caps,
    Gone,
    Ingest,
    Outcome,
    Permanent,
    Retry,
    Sent,
)
from bot.channels.telegram_http import AiohttpRequest, NotSent, TooMany
from bot.channels.telegram_write import keyboard, split
from domain.messages import Said
from storage import offsets
from storage.engine import Store
from storage.inbox import Arrived
from storage.outbox import Delivery, Limits

log = structlog.get_logger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
MOST_BYTES = 1024 * 1024
WANTED = ("message", "edited_message", "callback_query", "my_chat_member")

ANSWER_WITHIN = 20.0
"""Seconds Telegram may take to answer; with the time to connect it stays below the outbox's lease."""
SEND_WITHIN = 28.0
"""Seconds for all parts of one message, below the outbox's lease of 30."""
LONG_POLL = 50
BAD_TOKEN_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = 60.0

_MAX_TEXT = 4096
_CANNOT_EDIT = ("message to edit not found", "message can't be edited", "message_id_invalid")


class Telegram:
    """One bot account. Raises ValueError when it cannot work as it is set up."""

    caps = Caps(
        max_text=_MAX_TEXT,
        buttons=True,
        edit=True,
        files_in=False,
        # Telegram takes 30 a second from a bot and about one a second to a chat.
        limits=Limits(timedelta(milliseconds=40), 5, timedelta(seconds=1)),
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
        self._mode = mode
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
        self._answers: set[asyncio.Task[None]] = set()
        self._parts_sent: dict[str, int] = {}

    async def close(self) -> None:
        """Let the last taps be answered, then close the connections."""
        if self._answers:
            await asyncio.wait(self._answers, timeout=2)
        for task in self._answers:
            task.cancel()
        await self._request.shutdown()

    # --- what comes in ---------------------------------------------------------------------------

    def routes(self, ingest: Ingest) -> Sequence[web.AbstractRouteDef]:
        """Return the webhook's route; none where the updates are polled."""
        if self._mode != "webhook":
            return []

        async def hook(request: web.Request) -> web.Response:
            given = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
            if not hmac.compare_digest(given, self._secret.encode()):
                log.warning("telegram_webhook_refused", account=self.account)
                raise web.HTTPForbidden
            await self._take([read.parse(await _body(request))], ingest)
            return web.Response()

        return [web.post(f"/telegram/{self.account}", hook)]

    async def register(self, base_url: str) -> None:
        """Point Telegram at our webhook, unless it points there already and is content. Raises TelegramError.

        To be called once in a deployment, not by every replica: Telegram limits it.
        """
        url = f"{base_url}/telegram/{self.account}"
        info = await self._bot.get_webhook_info()
        if info.url != url or info.last_error_date is not None:
            await self._bot.set_webhook(url, secret_token=self._secret, allowed_updates=WANTED)

    async def listen(self, ingest: Ingest) -> None:
        """Poll for ever; whatever fails is tried again. Returns at once in webhook mode."""
        failures = 0
        while self._mode == "polling":
            try:
                await self._poll(ingest)
                failures = 0
            except Exception as error:  # noqa: BLE001 - the database or the network: neither may end it
                failures += 1
                await self._sleep(self._pause(error, failures))

    async def _poll(self, ingest: Ingest) -> None:
        async with self._store.read() as work:
            position = await offsets.read(work, self.account)
        query = urlencode({"offset": position, "timeout": LONG_POLL, "allowed_updates": json.dumps(WANTED)})
        # Not Bot.get_updates: one update it cannot parse would hide all the others, for ever.
        url = f"{self._bot.base_url}/getUpdates?{query}"
        updates: Any = await self._request.post(url, read_timeout=LONG_POLL + ANSWER_WITHIN)
        if not updates:
            return
        await self._take(updates, ingest)
        last = max(number for update in updates if (number := read.number_of(update)) is not None)
        async with self._store.work() as work:
            await offsets.save(work, self.account, last + 1)

    def _pause(self, error: Exception, failures: int) -> float:
        """Log a failed poll; return how many seconds to wait."""
        seconds = min(2.0**failures, LONGEST_PAUSE)
        match error:
            case TooMany():
                seconds = error.after.total_seconds()
                log.warning("telegram_throttled", account=self.account, seconds=seconds)
            case InvalidToken():
                seconds = BAD_TOKEN_PAUSE.total_seconds()
                log.error("telegram_token_refused", account=self.account)
            case Conflict():  # another process polls, or a webhook is set
                log.error("telegram_polled_elsewhere", account=self.account, reason=str(error))
            case _:
                reason = f"{type(error).__name__}: {error}"
                log.warning("telegram_poll_failed", account=self.account, reason=reason)
        return seconds

    async def _take(self, updates: Sequence[object], ingest: Ingest) -> None:
        arrived = [
            Arrived(self.account, read.external_id(update), read.address(update), read.storable(update))
            for update in updates
        ]
        done = await asyncio.gather(*map(ingest, arrived), return_exceptions=True)
        for error in done:
            if error is not None:
                raise error
        for update in updates:
            self._stop_spinner(update)

    def _stop_spinner(self, update: object) -> None:
        """Answer a tap, and wait for nothing: what the tap asks for is stored already."""
        query = update.get("callback_query") if isinstance(update, dict) else None
        if isinstance(query, dict) and isinstance(query.get("id"), str):
            task = asyncio.create_task(self._answer(query["id"]))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)

    async def _answer(self, query_id: str) -> None:
        try:
            await self._bot.answer_callback_query(query_id)
        except TelegramError as error:  # mostly "query is too old", after a pause
            log.info("telegram_tap_unanswered", account=self.account, reason=str(error))

    def normalize(self, body: Any) -> Said | None:  # noqa: ANN401 - the Protocol's
        """Read a stored update; None for what is not said to the desk in private. Raises Unparsable."""
        return read.said(body)

    # --- what goes out ---------------------------------------------------------------------------

    async def send(self, delivery: Delivery) -> Outcome:
        """Send or edit one message; a long one in parts, the buttons on the last."""
        try:
            async with asyncio.timeout(SEND_WITHIN):
                outcome = await self._deliver(delivery)
        except TimeoutError:
            return Ambiguous("no answer in time")
        except TelegramError as error:
            outcome = self._outcome(error, delivery)
        if not isinstance(outcome, Retry | Ambiguous):
            self._parts_sent.pop(delivery.key, None)
        return outcome

    async def _deliver(self, delivery: Delivery) -> Outcome:
        message = delivery.message
        for choice in message.choices:
            if not 1 <= (size := len(choice.action.encode())) <= 64:
                return Permanent(f"a button carries {size} bytes, and 1 to 64 is what Telegram takes")
        if message.files:
            log.warning("telegram_files_not_sent", account=self.account, key=delivery.key)
        buttons = keyboard(message.choices)
        parts = split(message.text, _MAX_TEXT)
        if delivery.edits and len(parts) == 1 and await self._edited(delivery, parts[0], buttons):
            return Sent(delivery.edits)
        return await self._send_parts(delivery, parts, buttons)

    async def _send_parts(
        self, delivery: Delivery, parts: list[str], buttons: InlineKeyboardMarkup | None
    ) -> Outcome:
        sent_id = 0
        # After a 429 in the middle only what is missing is sent.
        for number in range(self._parts_sent.get(delivery.key, 0), len(parts)):
            sent = await self._bot.send_message(
                delivery.address,
                parts[number],
                reply_markup=buttons if number == len(parts) - 1 else None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
            self._parts_sent[delivery.key] = number + 1
            sent_id = sent.message_id
        return Sent(str(sent_id))

    async def _edited(self, delivery: Delivery, text: str, buttons: InlineKeyboardMarkup | None) -> bool:
        """Edit the card where it stands; say whether it now reads as it should."""
        try:
            await self._bot.edit_message_text(
                text,
                delivery.address,
                int(delivery.edits or 0),
                reply_markup=buttons,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except BadRequest as error:
            reason = str(error).lower()
            if any(words in reason for words in _CANNOT_EDIT):
                return False
            if "message is not modified" not in reason:
                raise
        return True

    def _outcome(self, error: TelegramError, delivery: Delivery) -> Outcome:
        match error:
            case TooMany():
                return Retry(error.after, whole_account=True)
            case NotSent():
                return Retry(timedelta(seconds=min(5 * 2**delivery.attempts, 600)))
            case InvalidToken():
                log.error("telegram_token_refused", account=self.account)
                return Retry(BAD_TOKEN_PAUSE, whole_account=True)
            case Forbidden():
                return Gone(str(error))
            case BadRequest() | ChatMigrated():
                return Permanent(str(error))
            case _:
                return Ambiguous(str(error))


async def _body(request: web.Request) -> bytes:
    raw = bytearray()
    async for chunk in request.content.iter_any():
        raw += chunk
        if len(raw) > MOST_BYTES:
            raise web.HTTPRequestEntityTooLarge(MOST_BYTES, len(raw))
    return bytes(raw)
