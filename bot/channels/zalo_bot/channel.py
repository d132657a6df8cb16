"""A bot of the Zalo Bot Platform: words and photos alone, numbers in place of buttons, no edits.

Use the webhook. A poll has no offset and nothing is acknowledged, and sources disagree whether an event that
was handed out once comes again: what a process had in hand when it died may be gone. Polling is for trying
the desk out where no address of its own can be reached.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal

import structlog
from aiohttp import web
from pydantic import SecretStr
from yarl import URL

from bot.alone import alone
from bot.channels import media, raw
from bot.channels.channel import (
    Ambiguous,
    Broken,
    Caps,
    Hook,
    HookFailed,
    Ingest,
    Outcome,
    Part,
    Permanent,
    Read,
    RemoteFile,
    Retry,
    Sent,
)
from bot.channels.zalo_bot import check, read
from bot.channels.zalo_bot.http import BAD_TOKEN, BUSY, IDLE, Client, NotSent, Refused, Unanswered
from bot.findings import Finding
from domain.messages import FileRef
from storage.mail.inbox import Arrived
from storage.mail.outbox import Delivery, Limits
from storage.store.engine import Store

log = structlog.get_logger(__name__)

ACCOUNT = "zalo-bot"
PATH = "/zalo-bot"
SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
API_URL = "https://bot-api.zaloplatforms.com"

LONG_POLL = 30
BETWEEN_POLLS = 1.0
"""Seconds at least: a platform that hands out an event again answers each poll at once."""
LONGEST_PAUSE = 60.0
BAD_TOKEN_PAUSE = timedelta(minutes=5)
BUSY_PAUSE = timedelta(seconds=30)
"""The platform does not say how long it wants to be left alone."""

FETCHED_WITHIN = timedelta(hours=2)
"""How long a photo can be fetched: Zalo does it at once, and whoever gets its link instead, soon."""

_BAD_REQUEST, _NO_SUCH = 400, 404
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

CAPS = Caps(
    max_text=2000,
    buttons=0,
    edit=False,
    # Zalo publishes no pace for bots: ten a second, and one a second to a chat, trouble nobody.
    limits=Limits(timedelta(milliseconds=100), 5, timedelta(seconds=1), timedelta(seconds=3)),
)


class ZaloBot:
    """One bot. Raises ValueError when it cannot work as it is set up.

    `link` gives a stored file a public address until a moment: Zalo takes photos by nothing else.
    """

    account = ACCOUNT

    def __init__(  # noqa: PLR0913, PLR0917 - each is a setting
        self,
        token: SecretStr,
        api_url: str,
        webhook_secret: SecretStr,
        mode: Literal["webhook", "polling"],
        store: Store,
        link: Callable[[FileRef, datetime, str], str] | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        secret = webhook_secret.get_secret_value()
        if mode == "webhook" and not 8 <= len(secret) <= 256:
            raise ValueError("ZALO_BOT_SECRET must be 8 to 256 letters")
        self.called = mode == "webhook"
        self.caps = replace(CAPS, album=1, media=frozenset({"photo"})) if link else CAPS
        self.names: tuple[str, ...] = ()
        """What the bot is called, once `learn_name` was told."""
        self._secret = secret
        self._store = store
        self._link = link
        self._sleep = sleep
        self._client = Client(token.get_secret_value(), api_url)
        # An emulator's photos lie beside it.
        self._anywhere = () if api_url.rstrip("/") == API_URL else (URL(api_url).host or "",)
        self.secrets = tuple(filter(None, (token.get_secret_value(), secret)))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    # --- what comes in ---------------------------------------------------------------------------

    def routes(self, ingest: Ingest) -> Sequence[web.AbstractRouteDef]:
        """Return the webhook's route; none where the events are polled."""

        async def take(event: object) -> None:
            await ingest(read.arrived(self.account, event))

        return [raw.webhook(PATH, SECRET_HEADER, self._secret, take)] if self.called else []

    async def examine(self, base_url: str) -> Sequence[Finding]:
        """Look at the token, and at how what people write comes to us."""
        wanted = f"{base_url}{PATH}" if self.called else ""
        return await check.examine(self.account, self._client, wanted, self.hook)

    async def listen(self, ingest: Ingest) -> None:
        """Poll for ever, as the only replica that does. Returns at once in webhook mode."""
        if not self.called:
            await alone(self._store, f"poll:{self.account}", partial(self._poll_on, ingest))

    async def _poll_on(self, ingest: Ingest) -> None:
        """Poll; whatever fails is tried again."""
        await self._warn_of_hook()
        failures = 0
        while True:
            seconds = BETWEEN_POLLS
            try:
                await self._poll(ingest)
                failures = 0
            except Exception as error:  # noqa: BLE001 - the database or the network: neither may end it
                failures += 1
                seconds = self._pause(error, failures)
            await self._sleep(seconds)

    async def _warn_of_hook(self) -> None:
        """Say it where a webhook is set: every poll would then be idle, and nobody would know why."""
        try:
            found = await self.hook()
        except HookFailed:
            return  # the polls will say why
        if found.url:
            note = "nothing comes by polling while it is: delete the webhook, or set ZALO_BOT_MODE=webhook"
            log.error("zalo_bot_webhook_is_set", account=self.account, note=note)

    async def _poll(self, ingest: Ingest) -> None:
        try:
            result = await self._client.call("getUpdates", LONG_POLL + 15.0, timeout=LONG_POLL)
        except Refused as refusal:
            if refusal.code == IDLE:
                return
            raise
        events = result if isinstance(result, list) else [result]
        await self._keep([read.arrived(self.account, raw.storable(one)) for one in events if one], ingest)

    async def _keep(self, arrivals: Sequence[Arrived], ingest: Ingest) -> None:
        """Store what was handed out, however long that takes: it may never be handed out again."""
        failures = 0
        while arrivals:
            done = await asyncio.gather(*map(ingest, arrivals), return_exceptions=True)
            arrivals = [one for one, error in zip(arrivals, done, strict=True) if error is not None]
            if arrivals:
                failures += 1
                log.warning("zalo_bot_not_stored", account=self.account, messages=len(arrivals))
                await self._sleep(min(2.0**failures, LONGEST_PAUSE))

    def _pause(self, error: Exception, failures: int) -> float:
        """Log a failed poll; return how many seconds to wait."""
        code = error.code if isinstance(error, Refused) else 0
        if code == BAD_TOKEN:
            log.error("zalo_bot_token_refused", account=self.account)
            return BAD_TOKEN_PAUSE.total_seconds()
        reason = f"{type(error).__name__}: {error}"
        log.warning("zalo_bot_poll_failed", account=self.account, reason=reason)
        return BUSY_PAUSE.total_seconds() if code == BUSY else min(2.0**failures, LONGEST_PAUSE)

    async def learn_name(self) -> None:
        """Ask Zalo what the bot is called, until it says so: groups speak to it by that name."""
        failures = 0
        while not self.names:
            try:
                self.names = read.names(await self._client.call("getMe"))
            except Exception as error:  # noqa: BLE001 - whatever is wrong, it may be over in a while
                failures += 1
                await self._sleep(self._pause(error, failures))

    def normalize(self, body: Any) -> Read | None:  # noqa: ANN401 - the Protocol's
        """Read a stored event; None for what is not said to the desk. Raises Unparsable."""
        return read.said(body, self.names)

    async def fetch(self, file: RemoteFile, most: int) -> bytes:
        """Return a photo. Raises TooBig or NotThere."""
        return await media.download(file.ref, most, self._anywhere)

    # --- what goes out ---------------------------------------------------------------------------

    async def send(self, delivery: Delivery, part: Part) -> Outcome:
        """Send words, or a photo by its link."""
        try:
            if part.files:
                return await self._photo(delivery, part.files[0])
            return await self._say(delivery, part.text)
        except NotSent:
            return Retry(timedelta(seconds=min(5 * 2**delivery.attempts, 600)))
        except Unanswered as error:
            return Ambiguous(str(error))
        except Refused as refusal:
            return self._refused(refusal)

    async def _say(self, delivery: Delivery, text: str) -> Sent:
        # It takes no control characters but a new line and a tab; people's words may hold some.
        return await self._call("sendMessage", delivery, text=_UNPRINTABLE.sub("", text))

    async def _photo(self, delivery: Delivery, file: FileRef) -> Sent:
        """Send a photo; if Zalo cannot fetch it, its link, so that the words with it are not held up."""
        assert self._link is not None  # noqa: S101 - without links the caps name no files
        link = self._link(file, delivery.at + FETCHED_WITHIN, delivery.lane)
        try:
            return await self._call("sendPhoto", delivery, photo=link)
        except Refused as refusal:
            if refusal.code != _BAD_REQUEST:
                raise
            log.warning("zalo_bot_photo_not_taken", account=self.account, file=file.id)
            return await self._say(delivery, f"📎 {link}")

    async def _call(self, method: str, delivery: Delivery, **what: str) -> Sent:
        result = await self._client.call(method, chat_id=delivery.address, **what)
        number = result.get("message_id") if isinstance(result, dict) else None
        return Sent(number if isinstance(number, str) else None)

    def _refused(self, refusal: Refused) -> Outcome:
        match refusal.code:
            case 401:
                log.error("zalo_bot_token_refused", account=self.account)
                return Broken(BAD_TOKEN_PAUSE)
            case 429:
                return Retry(BUSY_PAUSE, whole_account=True)
            case 400 | 404:
                return Permanent(str(refusal))
            case _:
                # 408 is a time-out, and 403 stands in Zalo's table as an internal error, not as a refusal:
                # either may come after the message was taken.
                return Ambiguous(str(refusal))

    # --- the webhook -----------------------------------------------------------------------------

    async def hook(self) -> Hook:
        """Ask Zalo what it calls. Raises HookFailed."""
        try:
            info = await self._client.call("getWebhookInfo")
        except Refused as refusal:
            if refusal.code == _NO_SUCH:  # there is none
                return Hook("")
            raise HookFailed(str(refusal)) from None
        except (NotSent, Unanswered) as error:
            raise HookFailed(str(error)) from None
        url = info.get("url") if isinstance(info, dict) else None
        return Hook(url if isinstance(url, str) else "")

    async def set_hook(self, base_url: str) -> bool:
        """Point Zalo at our webhook, unless it points there already. Raises HookFailed.

        Zalo does not say what secret it has: after a change of ours, delete the webhook first.
        """
        url = f"{base_url}{PATH}"
        if (await self.hook()).url == url:
            return False
        await self._set("setWebhook", url=url, secret_token=self._secret)
        return True

    async def delete_hook(self) -> None:
        """Have Zalo call nobody. Raises HookFailed."""
        await self._set("deleteWebhook")

    async def _set(self, method: str, **what: str) -> None:
        try:
            await self._client.call(method, **what)
        except (Refused, NotSent, Unanswered) as error:
            reason = str(error).replace(self._secret, "<secret>") if self._secret else str(error)
            raise HookFailed(reason) from None
